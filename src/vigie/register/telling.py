"""The ways in which a message reaches people: by mail, and by a call to an address."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.core.mail import EmailMessage

from vigie.errors import NetworkError
from vigie.http import Http, Request

FAILURES = (NetworkError, OSError)
"""What is raised when a message certainly, or perhaps, did not leave."""
PREFIX = "[Vigie] "


@dataclass(frozen=True, kw_only=True)
class Letter:
    """A message, in the reader's language."""

    subject: str
    text: str
    facts: Mapping[str, object] = field(default_factory=dict)
    """What a program that is called reads besides."""
    reply_to: str = ""
    """Where an answer to the mail goes; empty: where it came from."""
    headers: Mapping[str, str] = field(default_factory=dict)
    mark: str = ""
    """The same message has the same one however often it is sent: who receives it twice sees so."""


def write(letter: Letter, *, to: Sequence[str]) -> None:
    """Send it by mail."""
    marked = {"Message-ID": f"<{letter.mark}>"} if letter.mark else {}
    message = EmailMessage(
        subject=f"{PREFIX}{letter.subject}",
        body=letter.text,
        to=to,
        reply_to=[letter.reply_to] if letter.reply_to else None,
        headers={**letter.headers, **marked},
    )
    message.send()


def call(letter: Letter, *, address: str, http: Http) -> None:
    """Post it to an address as JSON; ``text`` is what chat rooms show."""
    body = {
        "text": f"{letter.subject}. {letter.text}",
        "subject": letter.subject,
        **letter.facts,
    }
    marked = {"Idempotency-Key": letter.mark} if letter.mark else {}
    http.ask(
        Request(
            url=address,
            method="POST",
            headers={"Content-Type": "application/json", **marked},
            body=json.dumps(body, ensure_ascii=False).encode(),
        )
    )
