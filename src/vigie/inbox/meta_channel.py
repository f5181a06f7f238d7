"""What the channels of Meta have in common: options, reading of what is told, looking again."""

from __future__ import annotations

import json
from abc import abstractmethod
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import ClassVar

from vigie.collect.connector import Option, Permission
from vigie.collect.graph import APP_SECRET, SERVICE, TOKEN, VERSION
from vigie.collect.nested import Item
from vigie.errors import InboxError, RowError, UnsureError
from vigie.inbox.channel import Channel, Incoming, Outgoing, Received, Sent, Unread, Withdrawn
from vigie.inbox.meta_graph import Graph
from vigie.inbox.meta_parts import Part, for_each_account, moment, parts_of
from vigie.words import Words, _

MARK = "vigie:"
"""Before the key of an answer of ours, where the network lets us leave one."""
SLACK = timedelta(seconds=5)
"""How far the network's clock may be behind ours."""
FIRST_LOOK = timedelta(days=7)
"""How far back is read when a box is first connected, and at most after an outage."""
OVERLAP = timedelta(minutes=5)
"""What is read twice, so that nothing falls between two looks."""
OPTIONS = (TOKEN, APP_SECRET, VERSION, SERVICE)
Read = Incoming | Withdrawn | str
"""What a part says; words: why it is left aside, by name."""


@dataclass(frozen=True, kw_only=True)
class Said:
    """Something that stands in a thread on the network."""

    key: str
    author: str
    words: str
    said_at: datetime


class MetaChannel(Channel):
    """A box that Meta tells of by webhook, and that is asked after an outage."""

    options: ClassVar[tuple[Option, ...]] = OPTIONS
    webhook: ClassVar[str] = "meta"
    every: ClassVar[timedelta] = timedelta(minutes=5)
    about: ClassVar[str]
    """What Meta calls the account: page or instagram."""
    fields: ClassVar[frozenset[str]]
    """What is read of what is told."""
    permissions: ClassVar[tuple[Permission, ...]] = ()

    @property
    def graph(self) -> Graph:
        """Meta's interface, with the options of this box."""
        given = {one.name: self.chosen.get(one.name) or one.default for one in self.options}
        return Graph(network=self.label, options=given, permissions=self.permissions)

    @classmethod
    def parts(cls, body: bytes) -> Mapping[str, bytes]:
        """Return the entries of each account that this channel reads something of."""
        return for_each_account(body, about=cls.about, fields=cls.fields)

    def receive(self, body: bytes) -> Received:
        """Read what Meta told, or what was asked of it since, in the same form."""
        return self._gathered(parts_of(body, about=self.about))

    def _gathered(self, parts: Iterable[Part]) -> Received:
        messages: list[Incoming] = []
        withdrawn: list[Withdrawn] = []
        unread: list[Unread] = []
        aside: Counter[str] = Counter()
        for position, part in enumerate(parts, 1):
            try:
                found = self._read(part)
            except RowError as error:
                unread.append(Unread(reason=error.words, position=position))
                continue
            if isinstance(found, Incoming):
                messages.append(found)
            elif isinstance(found, Withdrawn):
                withdrawn.append(found)
            else:
                aside[found] += 1
        return Received(
            messages=tuple(messages),
            withdrawn=tuple(withdrawn),
            unread=tuple(unread),
            ignored=dict(aside),
        )

    def _read(self, part: Part) -> Read:
        if part.account != self.address:
            return "another account"
        return self.read(part) if part.field in self.fields else part.kind

    @abstractmethod
    def read(self, part: Part) -> Read:
        """Read one part of our account, of a field that is read."""


@dataclass(frozen=True, kw_only=True)
class Place:
    """How far a box was looked through: a walk that was cut off goes on where it was."""

    since: datetime
    """What was said before is known."""
    begun: datetime
    """When this walk began: the next one is about what comes after."""
    cursor: str = ""
    is_done: bool = False

    @classmethod
    def read(cls, position: str, now: datetime) -> Place:
        """Read a place that was written down; at first, some days back."""
        known = json.loads(position) if position else {}
        earliest = now - FIRST_LOOK
        since = datetime.fromisoformat(known["since"]) if known else earliest
        begun = datetime.fromisoformat(known["begun"]) if known.get("cursor") else now
        return cls(since=max(since, earliest), begun=begun, cursor=known.get("cursor", ""))

    def after(self, cursor: str | None) -> Place:
        """Return the next place of the walk, or where the next walk begins."""
        if cursor:
            return replace(self, cursor=cursor)
        return Place(since=self.begun - OVERLAP, begun=self.begun, is_done=True)

    def __str__(self) -> str:
        """Return it as it is written down."""
        said = {"since": self.since.isoformat(), "begun": self.begun.isoformat()}
        return json.dumps(said | ({"cursor": self.cursor} if self.cursor else {}))


def is_since(item: Item, name: str, start: datetime) -> bool:
    """Whether something was said since; what has no date is let through, to be refused by name."""
    try:
        return moment(item, name) >= start
    except RowError:
        return True


def sent_words(outgoing: Outgoing, thread: Iterable[Said], *, ours: str) -> Said | None:
    """Return our own words in a thread, said after they were handed in."""
    for one in thread:
        is_after = one.said_at >= outgoing.handed_in_at - SLACK
        if one.author == ours and is_after and _same(one.words, outgoing.words):
            return one
    return None


def _same(one: str, other: str) -> bool:
    return one.split() == other.split()


def unsure(outgoing: Outgoing) -> UnsureError:
    """Return the error of an answer of which nobody can tell whether it went out."""
    return UnsureError(
        _(
            "The machine stopped while this answer was handed over, and the network does not tell "
            "whether it went out. Look at the conversation with {name} there, then send it again "
            "or close.",
            name=outgoing.to.name or outgoing.to.shown or outgoing.to.address,
        )
    )


def confirmed(answer: Item, *path: str, at: datetime, url: str = "") -> Sent:
    """Return what the network confirmed; without an identifier it confirmed nothing."""
    external = answer.name(*path)
    if external is None:
        raise InboxError(
            _("The network answered without saying that it took the message. Look at the "
              "conversation there before you send it again.")
        )  # fmt: skip
    return Sent(external=external, sent_at=at, url=url)


def dated(item: Item, name: str, part: Part) -> datetime:
    """Return when something was said; where it does not say, when it was told."""
    return moment(item, name) if item.name(name) else moment(part.told_at, "time")


def short_enough(words: str, *, most: int, network: Words) -> str:
    """Return words that the network takes; it counts bytes."""
    size = len(words.encode())
    if size > most:
        raise InboxError(
            _("{network} takes {most} bytes, and this answer has {size}: accents and emoji count "
              "for several. Shorten it, or send it in two.",
              network=network, most=most, size=size)
        )  # fmt: skip
    return words
