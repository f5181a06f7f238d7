"""What holds for every connector that needs a key: badly damaged answers, and no key shown."""

from __future__ import annotations

import json
import threading
import traceback
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.collect.answered import CONTEXT
from tests.collect.keyed import (
    CANARY,
    account,
    body_of,
    keyed,
    mutated,
    samples,
    scripted,
    with_body,
)
from vigie.collect.connector import Ask, Payload
from vigie.errors import GarbledError, NetworkError
from vigie.http import Http
from vigie.http.addresses import Allowed
from vigie.http.patience import Patience

NAMES = ["facebook", "ga4", "instagram", "linkedin", "matomo", "threads", "tiktok", "x", "youtube"]
FILES = [path for name in NAMES for path in samples(name)]
IDS = [f"{path.parent.name}/{path.stem}" for path in FILES]


@pytest.mark.parametrize("path", FILES, ids=IDS)
def test_damaged_answer_is_read_as_far_as_it_goes(path: Path) -> None:
    connector, body = keyed(path.parent.name), body_of(path)

    @given(mutated(body))
    @settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow])
    def holds(damaged: object) -> None:
        try:
            page = connector.parse(with_body(path, damaged), CONTEXT)
        except GarbledError:
            return
        assert page.seen >= 0
        assert all(one.content for one in page.unread)

    holds()


@pytest.mark.parametrize("name", NAMES)
@given(text=st.text(max_size=40))
def test_answer_that_is_no_json_is_garbled(name: str, text: str) -> None:
    path = samples(name)[0]
    try:
        found = json.loads(text)
    except ValueError:
        found = None
    if isinstance(found, dict):
        return
    with pytest.raises(GarbledError):
        keyed(name).parse(with_body(path, text or "<html>"), CONTEXT)


class Mirror(BaseHTTPRequestHandler):
    """Answers with the status the path asks for, and repeats everything it was told."""

    status = 200

    def do_GET(self) -> None:
        told = {"path": self.path, "headers": dict(self.headers), "message": self.path}
        body = json.dumps({"error": told, "detail": f"{self.path} {self.headers}", "data": [],
                           "paging": {"next": self.path}, "items": [], "access_token": CANARY,
                           "kind": self.told(), "expires_in": 3600}).encode()  # fmt: skip
        self.send_response(self.status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Link", f"<{self.path}>; rel=next")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_POST = do_GET

    def told(self) -> str:
        """Return the body of the question."""
        return self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture(params=[200, 400, 401, 403, 404, 429, 500])
def mirror(request: pytest.FixtureRequest) -> Iterator[str]:
    answering = type("Answering", (Mirror,), {"status": request.param})
    server = ThreadingHTTPServer(("127.0.0.1", 0), answering)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


def everything_said(payload: Payload | None, error: NetworkError | None) -> str:
    parts = [repr(payload), payload.body.decode() if payload else ""]
    if error is not None:
        told = "".join(traceback.format_exception(error))
        parts += [told, repr(error), str(vars(error)), str(getattr(error, "body", "")), told]
        assert error.__context__ is None
    return " ".join(parts)


@pytest.mark.parametrize("name", NAMES)
def test_key_is_in_no_payload_and_no_error(name: str, mirror: str) -> None:
    connector = keyed(name, service=mirror, token_service=mirror, own="northfield", account="1")
    http = Http(agent="test", allowed=Allowed.of("127.0.0.1"), patience=Patience(tries=1))
    for stream in (*(one.name for one in connector.streams), "check"):
        ask = Ask(stream=stream, subject=account(connector.network), posts=("1",))
        payload, error = None, None
        try:
            payload = connector.fetch(ask, http)
        except NetworkError as caught:
            error = caught
        assert CANARY not in everything_said(payload, error), stream
    assert http.calls > 0


@pytest.mark.parametrize("name", NAMES)
def test_key_does_not_show_in_the_question(name: str) -> None:
    connector = keyed(name, own="northfield", account="1")
    http = scripted(*[{"data": []}] * 20)
    for stream in connector.streams:
        try:
            connector.fetch(Ask(stream=stream.name, subject=account(connector.network)), http)
        except NetworkError:
            continue
    assert http.asked
    assert CANARY not in " ".join(f"{request!r} {request.shown}" for request in http.asked)
