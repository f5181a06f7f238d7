"""An invented channel: pigeons carry JSON in, and what goes out is on a list."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import ClassVar

from tests.cast import NOON
from vigie.errors import GarbledError, NoAnswerError
from vigie.http import Http
from vigie.inbox.channel import (
    Author,
    Channel,
    Enclosed,
    Incoming,
    Outgoing,
    Received,
    Sent,
    Unread,
    Window,
    Withdrawn,
)
from vigie.words import Words, _


def letter(key: str, **said: object) -> dict[str, object]:
    """Return one message as pigeons carry it."""
    return {"key": key, "thread": key, "author": "student1", "words": "Is it open?", **said}


def loft(*letters: Mapping[str, object]) -> bytes:
    """Return a payload of several messages."""
    return json.dumps(letters).encode()


@dataclass
class Sky:
    """What happened outside: it outlives a worker that dies."""

    delivered: list[Outgoing] = field(default_factory=list)
    breaks_before: int = 0
    breaks_after: int = 0


class Pigeon(Channel):
    """Carries messages; a day after the last one it carries no answer."""

    label: ClassVar[Words] = _("Pigeons")
    network: ClassVar[str] = "pigeon"

    def __init__(self, sky: Sky) -> None:
        super().__init__({}, address="loft")
        self.sky = sky

    def receive(self, body: bytes) -> Received:
        try:
            letters = json.loads(body)
        except ValueError as error:
            raise GarbledError(_("The pigeon lost its letter.")) from error
        messages, withdrawn, unread = [], [], []
        for position, one in enumerate(letters, 1):
            if one.get("gone"):
                withdrawn.append(Withdrawn(key=one["key"]))
            elif "words" not in one:
                unread.append(Unread(reason=_("A letter without words."), position=position))
            else:
                messages.append(_message(one))
        return Received(messages=tuple(messages), withdrawn=tuple(withdrawn), unread=tuple(unread))

    def send(self, outgoing: Outgoing, http: Http) -> Sent:
        if self.sky.breaks_before:
            self.sky.breaks_before -= 1
            raise NoAnswerError(_("The pigeon met a hawk."))
        self.sky.delivered.append(outgoing)
        if self.sky.breaks_after:
            self.sky.breaks_after -= 1
            raise KeyboardInterrupt
        return Sent(external=f"sky:{outgoing.key}", sent_at=NOON)

    def find(self, outgoing: Outgoing, http: Http) -> Sent | None:
        known = [one for one in self.sky.delivered if one.key == outgoing.key]
        return Sent(external=f"sky:{outgoing.key}", sent_at=NOON) if known else None

    def window(self, *, last_incoming: datetime, now: datetime) -> Window:
        until = last_incoming + timedelta(days=1)
        return Window(until=until, is_open=now < until, instead=_("Write a letter instead."))


def _message(one: Mapping[str, object]) -> Incoming:
    return Incoming(
        key=str(one["key"]),
        thread=str(one["thread"]),
        also_threads=tuple(str(name) for name in one.get("also", ())),  # type: ignore[attr-defined]  # a list in these letters
        kind="direct",
        is_public=False,
        author=Author(
            network="pigeon", address=str(one["author"]), name=str(one.get("name", one["author"]))
        ),
        words=str(one["words"]),
        said_at=datetime.fromisoformat(str(one.get("at", NOON.isoformat()))).astimezone(UTC),
        is_ours=bool(one.get("ours")),
        edited_at=datetime.fromisoformat(str(one["edited"])) if "edited" in one else None,
        is_automatic=bool(one.get("automatic")),
        enclosed=tuple(
            Enclosed(name=name, content=content.encode("latin-1"))
            for name, content in dict(one.get("files", {})).items()  # type: ignore[call-overload]  # a mapping in these letters
        ),
    )
