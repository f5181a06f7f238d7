"""Connectors with a key that must show nowhere, and a network that answers from a script."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from hypothesis import strategies as st

from tests.collect.answered import CONTEXT, SAMPLES, payload_of, told
from vigie.collect.connector import Ask, Connector, Page, Payload, Subject
from vigie.http import Answer, Http, Request
from vigie.http.opening import refusal

NOW = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
CANARY = "CANARY-token-3f9c1e"
"""Stands for every key: it must be found nowhere."""


def keyed(name: str, **options: str) -> Connector:
    """Return a connector whose keys are the canary."""
    kind = member(name)
    chosen = {one.name: CANARY if one.is_secret else one.default for one in kind.options}
    given = {"key": service_account()} if name == "ga4" else {}
    return kind({**chosen, **given, **options})


@cache
def service_account() -> str:
    """Return a key as Google gives it, made for these tests."""
    key = generate_private_key(public_exponent=65537, key_size=2048)
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    email = "vigie@northfield.iam.gserviceaccount.example"
    said = {"type": "service_account", "client_email": email, "private_key_id": CANARY}
    return json.dumps({**said, "private_key": pem})


def member(name: str) -> type[Connector]:
    """Return a connector's class, without the help of the other members."""
    module = import_module(f"vigie.collect.connectors.{name}")
    return next(
        found
        for found in vars(module).values()
        if isinstance(found, type)
        and issubclass(found, Connector)
        and found.__module__ == module.__name__
    )


@dataclass(kw_only=True)
class Scripted(Http):
    """Answers in turn what it was given, and remembers what it was asked."""

    agent: str = "test"
    answers: list[tuple[int, object]] = field(default_factory=list)
    headers: Mapping[str, str] = field(default_factory=dict)
    asked: list[Request] = field(default_factory=list)

    def ask(self, request: Request) -> Answer:
        self.asked.append(request)
        status, body = self.answers.pop(0)
        text = body if isinstance(body, str) else json.dumps(body)
        answer = Answer(
            url=request.shown,
            status=status,
            headers={"content-type": "application/json", **self.headers},
            body=text.encode(),
            at=NOW,
        )
        if status >= 400:
            raise refusal(answer)
        return answer


def scripted(*answers: object, status: int = 200, **headers: str) -> Scripted:
    """Return a network that answers this."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Scripted(answers=[(status, body) for body in answers], headers=named, clock=lambda: NOW)


def account(network: str, handle: str = "northfield", identifier: str | None = None) -> Subject:
    """Return an account of the register."""
    return Subject(
        subject=f"{network}:{handle}", network=network, handle=handle, identifier=identifier
    )


def walked(connector: Connector, ask: Ask, http: Scripted) -> list[Page]:
    """Read a stream to its end, as the caller does."""
    pages = []
    page: Page | None = None
    while page is None or page.next_page:
        if page is not None:
            ask = Ask(
                stream=ask.stream,
                subject=ask.subject,
                page=page.next_page,
                since=ask.since,
                posts=ask.posts,
            )
        page = connector.parse(connector.fetch(ask, http), CONTEXT)
        pages.append(page)
    return pages


def samples(name: str) -> list[Path]:
    """Return the samples of a connector."""
    return sorted((SAMPLES / name).glob("*.json"))


def sample(name: str, stem: str) -> Path:
    """Return one sample of a connector."""
    return next(path for path in samples(name) if path.stem == stem)


def body_of(path: Path) -> Any:
    """Return the answer of a sample."""
    return told(path)["payload"]["body"]


def with_body(path: Path, body: object) -> Payload:
    """Return the payload of a sample with another answer."""
    text = body if isinstance(body, str) else json.dumps(body)
    return replace(payload_of(path), body=text.encode())


WRONG = ("null", "true", "-3", "1.5", "NaN", '"9' + "9" * 20 + '"', '""', "[]", "{}", "[null]",
         '{"data": [1]}', '"2026-02-30T00:00:00Z"', '"\\ud800"')  # fmt: skip
"""What a place may hold instead, as JSON: made anew each time, since it is changed in turn."""


@st.composite
def mutated(draw: st.DrawFn, body: object) -> object:
    """Return an answer in which places were emptied, renamed or filled with something else."""
    copy = json.loads(json.dumps(body))
    for _turn in range(draw(st.integers(1, 4))):
        places = list(_places(copy))
        if not places:
            return copy
        holder, step = draw(st.sampled_from(places))
        if draw(st.booleans()):
            holder[step] = json.loads(draw(st.sampled_from(WRONG)))
        else:
            del holder[step]
    return copy


def _places(value: Any) -> Iterator[tuple[Any, Any]]:
    steps: Iterable[tuple[Any, Any]] = ()
    if isinstance(value, dict):
        steps = list(value.items())
    elif isinstance(value, list):
        steps = list(enumerate(value))
    for step, inner in steps:
        yield value, step
        yield from _places(inner)
