"""Puts a question that needs a key, and sees to it that the key is in nothing that comes back."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from vigie.collect.connector import KEPT_HEADERS, Ask, Payload
from vigie.collect.nested import Item
from vigie.errors import (
    BusyError,
    DeniedError,
    GarbledError,
    MissingError,
    NetworkError,
    RefusedError,
)
from vigie.http import Answer, Http, Request
from vigie.http.secrecy import struck, struck_bytes
from vigie.words import Words, _

SAID = 300
"""Letters of an answer that an error repeats."""


@dataclass(frozen=True, kw_only=True)
class Refusal:
    """What a network said when it refused, without the key it may have repeated."""

    network: Words
    status: int
    body: Item
    """The answer, where it is JSON."""
    said: str
    """Its beginning on one line."""
    headers: Mapping[str, str]
    now: datetime
    until: datetime | None = None
    """When to come back, where the network said it in a usual header."""


Meaning = Callable[[Refusal], NetworkError | None]
"""What a refusal means on one network; none: what its status means everywhere."""


def _never(refusal: Refusal) -> bool:
    return False


def asked(
    request: Request,
    http: Http,
    *,
    network: Words,
    meaning: Meaning,
    is_nothing: Callable[[Refusal], bool] = _never,
) -> Answer:
    """Put the question; raise what the network's refusal means, in words for a person.

    ``is_nothing`` tells a refusal that only says that there is nothing: it comes as an answer.
    """
    try:
        return http.ask(request)
    except RefusedError as error:
        refused = error
    # Outside of the handler, so that the error which may repeat the key is not carried along.
    refusal = _refusal(refused, request, network=network, now=http.clock())
    if is_nothing(refusal):
        body = json.dumps(refusal.body.value).encode()
        return Answer(
            url=request.shown,
            status=refusal.status,
            headers=refusal.headers,
            body=body,
            at=refusal.now,
        )
    raise meaning(refusal) or _usual(refusal, type(refused))


def received(ask: Ask, request: Request, answer: Answer, *, connector: str) -> Payload:
    """Return the answer as it is kept: as it came, but for keys that it repeats."""
    keys = request.secrets
    return Payload(
        connector=connector,
        network=ask.subject.network,
        stream=ask.stream,
        subject=ask.subject.subject,
        url=request.shown,
        status=answer.status,
        received_at=answer.at,
        body=struck_bytes(answer.body, keys),
        headers={
            name: struck(value, keys)
            for name, value in answer.headers.items()
            if name in KEPT_HEADERS
        },
        page=ask.page,
        posts=ask.posts,
    )


def body_of(payload: Payload) -> Item:
    """Return the object that an answer holds; refuse the whole answer where it holds none."""
    try:
        found = json.loads(payload.body)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise GarbledError(
            _(
                "{url} answered something that is not a JSON object. Ask again later; if it "
                "lasts, the network has changed.",
                url=payload.url,
            )
        )
    return Item(found)


def _refusal(error: RefusedError, request: Request, *, network: Words, now: datetime) -> Refusal:
    text = struck(error.body.decode("utf-8", "replace") or error.said, request.secrets)
    try:
        body = json.loads(text)
    except (ValueError, RecursionError):
        body = None
    return Refusal(
        network=network,
        status=error.status,
        body=Item(body),
        said=" ".join(text[:SAID].split()),
        headers=error.headers,
        now=now,
        until=error.until if isinstance(error, BusyError) else None,
    )


def _usual(refusal: Refusal, kind: type[RefusedError]) -> RefusedError:
    facts: dict[str, Words | str | int] = {
        "network": refusal.network, "status": refusal.status, "said": refusal.said,
    }  # fmt: skip
    if issubclass(kind, BusyError):
        words = _("{network} asks to wait: too many questions were put to it.", **facts)
        return BusyError(words, status=refusal.status, said=refusal.said, until=refusal.until)
    if issubclass(kind, DeniedError):
        words = _("{network} refused the key ({status}): {said}", **facts)
    elif issubclass(kind, MissingError):
        words = _("{network} does not have what was asked for ({status}): {said}", **facts)
    else:
        words = _("{network} refused the question ({status}): {said}", **facts)
    return kind(words, status=refusal.status, said=refusal.said)
