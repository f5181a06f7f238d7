"""An inbox before a real server: its work, and the hand of one who answers."""

from __future__ import annotations

import time
from base64 import b64decode
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from vigie.http import Http
from vigie.http.addresses import Allowed
from vigie.http.patience import Patience
from vigie.inbox import changes
from vigie.inbox.bench import Bench
from vigie.inbox.boxes import member_of, put_box
from vigie.inbox.changes import Hand
from vigie.inbox.channel import Channel, Enclosed, Outgoing, Sent
from vigie.inbox.enclosures import Files
from vigie.inbox.models import Box, Conversation, Message
from vigie.inbox.owing import Terms
from vigie.inbox.sending import LEASE
from vigie.inbox.visible import Eyes
from vigie.inbox.working import read_box, send_all
from vigie.register.models import Institution
from vigie.register.rights import RIGHTS, Author
from vigie.settings import Settings

PATIENCE = 60.0
PICTURE = Enclosed(
    name="plan.png",
    content=b64decode(
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5E"
        "rkJggg=="
    ),
    alt="Le plan du rez-de-chaussée",
)
"""One dot, and the words for whoever does not see it."""


@dataclass(kw_only=True)
class Desk:
    """A box that is connected to a real server, and the work on it."""

    box: Box
    bench: Bench

    @classmethod
    def of(cls, channel: str, options: Mapping[str, str], *, folder: Path) -> Desk:
        """Connect a box to a server on this machine."""
        settings = Settings(home=folder / "home", private_addresses="127.0.0.1,localhost")
        institution = Institution.objects.create(slug="northfield", name="Northfield University")
        box = put_box(
            channel, institution=institution, label="Network", address="northfield",
            options=options, settings=settings, now=datetime.now(UTC),
        )  # fmt: skip
        return cls(box=box, bench=Bench(settings=settings, http=opener(), clock=now))

    def reads(self) -> int:
        """Read what came; return how many messages there are."""
        self.box.refresh_from_db()
        read_box(self.box, self.bench)
        return Message.objects.count()

    def reads_until(self, count: int) -> None:
        """Read until there are so many messages."""
        limit = time.monotonic() + PATIENCE
        while self.reads() < count:
            assert time.monotonic() < limit, list(Message.objects.values_list("words", flat=True))
            time.sleep(0.3)

    def replies(self, conversation: Conversation, words: str, *pictures: Enclosed) -> Message:
        """Hand a reply in and have it sent."""
        files = Files(enclosed=pictures, home=self.bench.settings.home)
        message = changes.reply(conversation, words, hand=hand(), files=files)
        send_all(self.bench)
        message.refresh_from_db()
        return message

    def dies_between_sending_and_writing(self, conversation: Conversation, words: str) -> Message:
        """Send a reply, then lose whoever sent it before it wrote that down; find it later."""
        message = changes.reply(conversation, words, hand=hand())
        kept = member_of(self.box)
        whole = kept.send

        def send(channel: Channel, outgoing: Outgoing, http: Http) -> Sent:
            whole(channel, outgoing, http)
            raise KeyboardInterrupt

        kept.send = send  # type: ignore[method-assign]  # it dies once
        try:
            send_all(self.bench)
        except KeyboardInterrupt:
            pass
        finally:
            kept.send = whole  # type: ignore[method-assign]
        message.refresh_from_db()
        assert message.state == "sending"
        long_ago = now() - LEASE - timedelta(minutes=1)
        Message.objects.filter(pk=message.pk).update(claimed_at=long_ago)
        return message


def opener() -> Http:
    """Return who opens connections, to this machine too; nobody has asked it to wait yet."""
    return Http(
        agent="vigie-tests",
        allowed=Allowed.of("127.0.0.1,localhost"),
        patience=Patience(tries=2, first_seconds=0.01),
    )


def now() -> datetime:
    """Return the moment."""
    return datetime.now(UTC)


def hand() -> Hand:
    """Return the hand of one who answers."""
    author = Author(name="alice", rights=RIGHTS["answerer"])
    return Hand(eyes=Eyes(author=author), terms=Terms(zone=ZoneInfo("Europe/Paris"), now=now()))


def until(found: Callable[[], object], *, seconds: float = PATIENCE) -> None:
    """Wait until something is there."""
    limit = time.monotonic() + seconds
    while not found():
        assert time.monotonic() < limit
        time.sleep(0.2)
