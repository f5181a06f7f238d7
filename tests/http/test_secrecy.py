"""A key shows nowhere: not in logs, errors, tracebacks, addresses, nor what is kept."""

from __future__ import annotations

import base64
import html
import json
import logging
import traceback
from collections.abc import Callable, Iterator
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.http import faults
from tests.http.faults import FaultServer
from tests.http.streams import StreamServer
from tests.http.waiting import Clock, opener
from vigie.errors import DeniedError, GarbledError, RefusedError, VigieError
from vigie.http import Answer, Http, Request
from vigie.http.addresses import Allowed
from vigie.http.patience import Patience
from vigie.http.secrecy import STRUCK, secrets_of, struck

CANARY = "c4n4ry/+é&<key>-of-northfield"
FORMS = {CANARY, quote(CANARY), quote(CANARY, safe=""), quote_plus(CANARY), html.escape(CANARY),
         json.dumps(CANARY)[1:-1], "c4n4ry"}  # fmt: skip


def secret(url: str, **given: object) -> Request:
    return Request(
        url=url,
        params={"limit": "2"},
        secret_params={"access_token": CANARY},
        secret_headers={"Authorization": f"Bearer {CANARY}"},
        **given,  # type: ignore[arg-type]
    )


def shown(error: BaseException) -> str:
    """Return everything an error could show: words, fields, and the variables of its frames.

    The test's own frames are left out: they hold the key, as a connector's do.
    """
    texts = []
    seen: BaseException | None = error
    while seen is not None:
        texts += ["".join(traceback.format_exception_only(seen)), repr(seen), repr(vars(seen))]
        for frame, _line in traceback.walk_tb(seen.__traceback__):
            if "tests" not in Path(frame.f_code.co_filename).parts:
                texts += [f"{name} = {value!r}" for name, value in frame.f_locals.items()]
        seen = seen.__context__
    return "\n".join(texts)


def leaks(text: str) -> list[str]:
    return [line for line in text.splitlines() if any(form in line for form in FORMS)]


def test_what_a_frame_holds_would_be_seen() -> None:
    with pytest.raises(ValueError, match="name='c4n4ry'") as caught:
        json.JSONDecoder(object_hook=lambda found: int(f"name='{found['a']}'")).decode(
            '{"a": "c4n4ry"}'
        )
    assert leaks(shown(caught.value)) != []


@pytest.fixture
def log() -> Iterator[list[str]]:
    """Everything anyone writes to a log, from the lowest level on."""
    written: list[str] = []

    class Ear(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            written.append(f"{record.getMessage()} {record.args!r}")

    root, ear = logging.getLogger(), Ear()
    before = root.level
    root.addHandler(ear)
    root.setLevel(logging.DEBUG)
    yield written
    root.setLevel(before)
    root.removeHandler(ear)


FAULTS: dict[str, faults.Behaviour] = {
    **{f"status {status}": faults.says(status) for status in (400, 401, 403, 404, 410, 429, 500)},
    "repeats the question": faults.repeats,
    "busy": faults.says(429, b"", retry_after="999"),
    "reset": faults.resets,
    "closed": faults.closes,
    "silent": faults.hangs,
    "half": faults.half(),
    "drips": faults.drips(),
    "not http": faults.speaks_another_language,
    "many headers": faults.too_many_headers,
    "too large": faults.endless,
    "circles": faults.redirects(f"/?access_token={quote(CANARY)}&other={quote(CANARY)}"),
    "goes inside": faults.redirects(f"http://10.0.0.1/?access_token={quote(CANARY)}"),
    "goes to a user": faults.redirects(f"http://{quote(CANARY, safe='')}@127.0.0.1/"),
    "goes to another scheme": faults.redirects(f"ftp://x/{quote(CANARY, safe='')}"),
}


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
def test_no_error_shows_a_key(
    server: FaultServer, clock: Clock, log: list[str], fault: faults.Behaviour
) -> None:
    server.then(fault)
    patience = Patience(tries=2)
    with (
        opener(clock, patience=patience, most_bytes=1 << 20) as http,
        pytest.raises(VigieError) as caught,
    ):
        http.ask(secret(server.url("/feed")))
    assert leaks(shown(caught.value)) == []
    assert leaks("\n".join(log)) == []


BEFORE: dict[str, Callable[[], tuple[Allowed, Request]]] = {
    "private": lambda: (Allowed(), secret("http://127.0.0.1/")),
    "not encrypted": lambda: (Allowed(resolve=lambda *_: ["93.184.216.34"]),
                              secret("http://northfield.example/")),
    "line break in a key": lambda: (Allowed.of("127.0.0.1"), Request(
        url="http://127.0.0.1:9/", secret_headers={"x-key": f"{CANARY}\r\nEvil: 1"})),
    "letter in a key": lambda: (Allowed.of("127.0.0.1"), Request(
        url="http://127.0.0.1:9/", secret_headers={"x-key": f"{CANARY}€"})),
    "nobody listens": lambda: (Allowed.of("127.0.0.1"), secret("http://127.0.0.1:9/")),
    "user": lambda: (Allowed(), Request(
        url=f"https://{quote(CANARY, safe='')}:{quote(CANARY, safe='')}@northfield.example/")),
}  # fmt: skip


@pytest.mark.parametrize("case", BEFORE.values(), ids=BEFORE)
def test_no_refusal_before_asking_shows_a_key(
    clock: Clock, log: list[str], case: Callable[[], tuple[Allowed, Request]]
) -> None:
    allowed, request = case()
    with opener(clock, allowed=allowed) as http, pytest.raises(VigieError) as caught:
        http.ask(request)
    assert leaks(shown(caught.value)) == []
    assert leaks("\n".join(log)) == []


def test_a_key_that_cannot_be_sent_is_not_sent(http: Http, server: FaultServer) -> None:
    request = Request(url=server.url(), secret_headers={"x-key": "abc\r\nHost: evil"})
    with pytest.raises(DeniedError, match="Enter the key again"):
        http.ask(request)
    assert server.connections == 0


def test_spaces_around_a_pasted_key_are_dropped(http: Http, server: FaultServer) -> None:
    http.ask(Request(url=server.url(), secret_headers={"x-key": " abc\n"}))
    assert server.asked[0].headers["x-key"] == "abc"


def test_a_question_that_goes_well_leaves_nothing_in_the_log(
    http: Http, server: FaultServer, log: list[str]
) -> None:
    answer = http.ask(secret(server.url("/feed")))
    assert answer.url == server.url("/feed?limit=2")
    assert leaks(repr(answer) + repr(secret(server.url())) + "\n".join(log)) == []
    assert quote_plus(CANARY) in server.asked[0].path


def test_printing_what_is_sent_cannot_be_switched_on(
    http: Http, server: FaultServer, capsys: pytest.CaptureFixture[str]
) -> None:
    HTTPConnection.debuglevel = 1
    try:
        http.ask(secret(server.url()))
    finally:
        HTTPConnection.debuglevel = 0
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("fault", ["refused", "broken", "closed"])
def test_no_live_stream_shows_a_key(clock: Clock, log: list[str], fault: str) -> None:
    with StreamServer(fault) as stream, opener(clock) as http:
        with pytest.raises(VigieError) as caught:
            list(http.follow(secret(stream.url())))
        assert "c4n4ry" in stream.authorizations[0]
    assert leaks(shown(caught.value)) == []
    assert leaks("\n".join(log)) == []


def test_the_refusal_of_a_server_is_repeated_without_our_keys(
    http: Http, server: FaultServer
) -> None:
    server.then(faults.says(400, b'{"error": "token abcdefghijkl is bad for page 12"}'))
    with pytest.raises(RefusedError) as caught:
        http.ask(Request(url=server.url(), secret_params={"t": "abcdefghijkl"}))
    assert caught.value.said == f'{{"error": "token {STRUCK} is bad for page 12"}}'


def test_a_password_is_struck_though_it_was_sent_packed() -> None:
    packed = base64.b64encode(b"bob:open-sesame").decode()
    assert struck("bad login open-sesame", secrets_of([f"Basic {packed}"], None)) == (
        f"bad login {STRUCK}"
    )


def test_a_new_token_in_a_broken_answer_is_not_repeated() -> None:
    answer = _answer(b'{"access_token":"EAABwzLixnjYBO", "expires')
    with pytest.raises(GarbledError) as caught:
        answer.json()
    assert "EAAB" not in str(caught.value)


def test_what_is_posted_is_not_repeated(http: Http, server: FaultServer) -> None:
    server.then(faults.repeats)
    body = b'{"identifier": "northfield.edu", "password": "abcd-efgh-ijkl-mnop"}'
    request = Request(url=server.url(), method="POST", body=body)
    with pytest.raises(RefusedError) as caught:
        http.ask(request)
    assert "efgh" not in shown(caught.value) + repr(request)


def test_keys_in_links_to_the_next_page_are_not_kept(http: Http, server: FaultServer) -> None:
    link = "https:\\/\\/graph.example\\/me?access_token=EAABwzLixnjYBO&after=Mg"
    server.then(faults.says(200, f'{{"paging": {{"next": "{link}"}}}}'.encode()))
    answer = http.ask(Request(url=server.url(), secret_params={"access_token": "EAABwzLixnjYBO"}))
    assert b"EAABwz" not in answer.kept
    assert json.loads(answer.kept)["paging"]["next"].endswith("&after=Mg")


def test_an_answer_without_keys_is_kept_as_it_came() -> None:
    body = b'{"token": "public word", "a": 1}'
    assert _answer(body).kept == body


@given(st.text(min_size=8, max_size=40).filter(lambda text: text.strip() == text), st.text())
def test_no_form_of_a_key_is_left(key: str, around: str) -> None:
    forms = [key, quote(key), quote_plus(key), html.escape(key), json.dumps(key)[1:-1]]
    for form in forms:
        assert form not in struck(f"{around} {form} {around}", secrets_of([key], None))


@given(st.binary(max_size=200))
def test_what_a_server_says_fits_on_one_printable_line(body: bytes) -> None:
    said = _answer(body).said
    assert said.isprintable()
    assert len(said) <= 300


def _answer(body: bytes) -> Answer:
    return Answer(url="https://a.example/", status=200, headers={}, body=body, at=Clock().now())


def test_key_of_a_form_is_struck_without_its_name() -> None:
    body = b"module=API&token_auth=0123456789abcdef0123&grant_type=refresh_token"
    answered = "no access for 0123456789abcdef0123: send a refresh_token"
    assert struck(answered, secrets_of([], body)) == f"no access for {STRUCK}: send a refresh_token"
