"""The contract of a connector: ``fetch`` asks one network, ``parse`` reads what it answered."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import ClassVar
from zoneinfo import ZoneInfo

from vigie.collect.renewal import Keep, Renewal, nowhere
from vigie.collect.rights import Rights
from vigie.errors import SearchError
from vigie.http import Http
from vigie.model import Account, Institution, Record
from vigie.words import Words, _


@dataclass(frozen=True, kw_only=True)
class Option:
    """Something an installation may decide about a connector, under ``connect`` in the settings."""

    name: str
    label: Words
    default: str = ""
    is_secret: bool = False
    """A key or a token: encrypted at rest, never shown again, never in an address that is kept."""
    is_needed: bool = False
    """Without it the connector cannot ask at all."""


@dataclass(frozen=True, kw_only=True)
class Permission:
    """Something the network must grant, and what it is asked for."""

    name: str
    """As the network calls it: ``pages_read_engagement``."""
    reason: Words
    streams: tuple[str, ...] = ()
    """What stays empty without it."""


@dataclass(frozen=True, kw_only=True)
class Allowance:
    """What may be asked in a period, by the network's rules or the purse; unknown: no limit."""

    per: timedelta = timedelta(days=1)
    calls: int | None = None
    posts: int | None = None
    euros: float | None = None


@dataclass(frozen=True, kw_only=True)
class Syntax:
    """What a network's search understands; whatever more is wanted is sifted from its finds."""

    joins_words: bool = True
    """Words between spaces must all be there; otherwise one word is asked for at a time."""
    has_phrases: bool = True
    """Words in quotes must follow each other."""
    either: str | None = None
    """What stands between words of which one will do; none: one question for each."""
    most_letters: int = 200
    folds_accents: bool = False
    """A word with an accent finds it without, and the other way round."""


@dataclass(frozen=True, kw_only=True)
class Stream:
    """One thing a network can be asked for about an account: its profile, its posts, replies."""

    name: str
    """profile, posts, replies, mentions, insights, check, search …"""
    label: Words
    every: timedelta = timedelta(days=1)
    """How often it is due."""
    is_dated: bool = True
    """Pages go from the newest to the oldest: reading stops where enough is known."""
    keeps_all: bool = True
    """Its last page holds the oldest there is; a feed of the latest fifteen does not."""
    grows: tuple[str, ...] = ()
    """Metrics of a post that change when there is more to bring. Such a stream is asked for post
    by post, and only about those that changed since the last whole look."""


@dataclass(frozen=True, kw_only=True)
class Subject:
    """What is asked about: an account of the register, or a query."""

    subject: str
    """The account's key, ``network:handle``, or the query's name."""
    network: str
    handle: str | None = None
    identifier: str | None = None
    """The network's own immutable identifier, where it is known."""
    url: str | None = None
    words: str | None = None
    """What is searched for."""


@dataclass(frozen=True, kw_only=True)
class Ask:
    """One question: a page of a stream of a subject."""

    stream: str
    subject: Subject
    page: str | None = None
    """What the network said to ask with for the next page; none: the first page."""
    since: datetime | None = None
    """Nothing published earlier is wanted; a network that can be told is told (UTC)."""
    validators: Mapping[str, str] = field(default_factory=dict)
    """``etag`` and ``last-modified`` of the last whole look, for conditional requests."""
    posts: tuple[str, ...] = ()
    """Identifiers of posts that are asked for one by one (stream ``check``)."""


@dataclass(frozen=True, kw_only=True)
class Payload:
    """One answer exactly as received, with what was asked: all that ``parse`` may know."""

    connector: str
    network: str
    stream: str
    subject: str
    url: str
    """Without keys."""
    status: int
    received_at: datetime
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)
    """Names in lower case; only those in ``KEPT_HEADERS``."""
    page: str | None = None
    posts: tuple[str, ...] = ()


KEPT_HEADERS = frozenset({"content-type", "etag", "last-modified", "link"})
"""Headers kept with a payload: those that a reading may need."""


@dataclass(frozen=True, kw_only=True)
class Context:
    """What a payload does not say and every reading needs."""

    zone: ZoneInfo
    """Whose days count."""
    run: str
    pseudonym: Callable[[str, str], str]
    """(network, a person's identifier there) → pseudonym. Nobody is kept under another name."""
    accounts: Mapping[str, str] = field(default_factory=dict)
    """Accounts under study: the network's identifier → key. What is followed is sifted by it."""


@dataclass(frozen=True, kw_only=True)
class Unread:
    """One record of a payload that could not be read: it goes to quarantine, the rest goes on."""

    position: int
    """Its place in the payload, from 1."""
    field: str | None
    reason: Words
    content: str
    """The record as JSON text."""


@dataclass(frozen=True, kw_only=True)
class Page:
    """What a payload said: every item became one record, or was refused, or was skipped."""

    records: Sequence[Record] = ()
    """Posts, mentions, snapshots, tombstones …: one for each item that was understood."""
    unread: tuple[Unread, ...] = ()
    skipped: Mapping[str, int] = field(default_factory=dict)
    """Why (``repost``, ``not public``) → how many items were left aside on purpose."""
    next_page: str | None = None
    """What to ask with for the page after this one; none: this was the last."""
    oldest: datetime | None = None
    """The earliest publication on this page: says whether enough was read."""
    validators: Mapping[str, str] = field(default_factory=dict)
    fields: frozenset[str] = frozenset()
    """Metrics that the network gave for at least one item."""
    granted: frozenset[str] | None = None
    """Permissions the network says we have, where it says."""
    ends_at: datetime | None = None
    """When the key ends, where the network says it."""
    handles: Mapping[str, str] = field(default_factory=dict)
    """The network's identifier of an account → the handle it has now, where the answer says so."""

    @property
    def seen(self) -> int:
        """Items of the payload: *seen = records + refused + skipped*, by construction."""
        return len(self.records) + len(self.unread) + sum(self.skipped.values())


class Connector(ABC):
    """Asks one network. The docstring of a member is its page in the documentation.

    ``fetch`` puts one question and returns the answer untouched; ``parse`` is pure, so that
    answers kept from before can be read again. Cursors, budgets, retries, storing and the
    journal belong to whoever calls: a member knows its network and nothing else.
    """

    label: ClassVar[Words]
    """What people call the network."""
    network: ClassVar[str]
    """Its name in account keys; several connectors may serve one network."""
    streams: ClassVar[tuple[Stream, ...]]
    """What can be asked for, in the order in which it is."""
    rights: ClassVar[Rights]
    options: ClassVar[tuple[Option, ...]] = ()
    permissions: ClassVar[tuple[Permission, ...]] = ()
    allowance: ClassVar[Allowance] = Allowance()
    """What the network itself allows by its published rules; settings may lower it."""
    guide: ClassVar[Words | None] = None
    """How a person gets the keys, step by step; none where no key is needed."""
    is_one_server: ClassVar[bool] = True
    """All accounts are asked about at one place: when it is busy or down, it is for all."""
    stands_in_for: ClassVar[str | None] = None
    """A connector that tells more of the same accounts: where it can ask, this one need not."""
    syntax: ClassVar[Syntax] = Syntax()
    """What its search understands, where it has one."""
    key_lasts: ClassVar[Mapping[str, timedelta]] = MappingProxyType({})
    """Option → how long what a person enters there lasts at most, where it ends."""
    hears: ClassVar[bool] = False
    """``parse`` also reads what the network tells by itself (stream ``webhook``)."""
    posts_per_page: ClassVar[int] = 100
    """Posts that one question brings at most: what an estimate before a long run counts with."""

    def __init__(self, options: Mapping[str, str]) -> None:
        """Take the options, complete and checked (see ``collect.connecting``)."""
        self.chosen = options
        self.keep: Keep = nowhere
        """What a network gives in the place of a key goes here, before it is used."""

    @abstractmethod
    def fetch(self, ask: Ask, http: Http) -> Payload:
        """Put one question to the network; raise a ``NetworkError`` with words for a person."""

    @abstractmethod
    def parse(self, payload: Payload, context: Context) -> Page:
        """Read an answer. Pure: no network, no clock; the same payload gives the same page."""

    def cost(self, ask: Ask) -> int:
        """Return the units of the allowance that a question takes: one, unless they are weighed."""
        return 1

    @property
    def is_on_demand(self) -> bool:
        """Whether it is asked only when it is named: another connector reads the same accounts."""
        return False

    def subjects(
        self, accounts: Sequence[Account], institutions: Sequence[Institution]
    ) -> Sequence[Subject]:
        """Return what the register gives to ask about: by default its open accounts here."""
        return [
            Subject(
                subject=account.account,
                network=account.network,
                handle=account.handle,
                identifier=account.identifier,
                url=account.url,
            )
            for account in accounts
            if account.network == self.network and account.closed_on is None
        ]

    def renew(self, http: Http) -> Renewal | None:
        """Ask for a key in the place of the one entered, before that ends; none where nothing
        can be asked for, or where it comes by itself with the questions.
        """
        return None

    def search(self, words: str, *, name: str) -> Ask:
        """Return the question that finds public posts with these words, or refuse with the reason.

        ``name`` is what the finds are filed under.
        """
        raise SearchError(
            _(
                "{network} cannot be searched: it offers no public search that an institution may "
                "use.",
                network=self.label,
            )
        )

    def check(self, posts: Sequence[str], subject: Subject) -> Ask | None:
        """Return the question whether these posts still exist; none where it cannot be asked.

        The page it leads to holds a tombstone for each that is gone.
        """
        return None

    def follow(
        self, http: Http, *, cursor: str | None, accounts: Collection[str] = ()
    ) -> Iterator[Payload]:
        """Yield what happens on the network as it happens, from a cursor on, where it can.

        ``accounts`` are the network's identifiers of those under study: what names none of them
        is left aside at once. ``page`` of a payload is the cursor to go on with after it.
        """
        raise SearchError(_("{network} offers no live stream.", network=self.label))
