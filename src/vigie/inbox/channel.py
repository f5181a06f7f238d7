"""The contract of a channel: how messages come in, how an answer goes out, and until when."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from typing import ClassVar, Literal

from vigie.collect.connector import Option
from vigie.errors import InboxError
from vigie.http import Http
from vigie.inbox import channels as folder
from vigie.inbox.past import Kept, Past, PastPerson
from vigie.plugins import members
from vigie.words import Words, _


@dataclass(frozen=True, kw_only=True)
class Author:
    """Who wrote a message, as the channel names them."""

    network: str
    """A network, ``mail`` or ``form``."""
    address: str
    """The mail address, or the network's own identifier: what an answer is sent to."""
    shown: str = ""
    """The handle people know."""
    name: str = ""


@dataclass(frozen=True, kw_only=True)
class Enclosed:
    """A file that comes or goes with a message."""

    name: str
    content: bytes
    media_type: str = ""
    """As the sender calls it; what it is, its first bytes say."""
    refused: Words | None = None
    """Why it did not come; none: it did."""
    alt: str = ""
    """What a picture shows, for whoever does not see it."""


@dataclass(frozen=True, kw_only=True)
class Pictures:
    """Pictures that a network takes with an answer, and nothing else; each needs its words."""

    types: frozenset[str] = frozenset({"image/gif", "image/jpeg", "image/png", "image/webp"})
    most: int = 4
    largest: int
    """Bytes of one."""
    longest_alt: int
    """Characters that say what one shows."""


@dataclass(frozen=True, kw_only=True)
class PublicPost:
    """The public post a conversation hangs under, to be shown beside it."""

    network: str
    post: str
    url: str = ""
    words: str = ""
    said_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Incoming:
    """One message that came, as the channel understood it."""

    key: str
    """The channel's own identifier: what comes again under it is a duplicate."""
    thread: str
    """The channel's own name of the matter."""
    kind: str
    """mail, direct, comment, mention, review, form or found."""
    is_public: bool
    author: Author
    words: str
    said_at: datetime
    """UTC."""
    answers_to: str = ""
    also_threads: tuple[str, ...] = ()
    """Other names under which the matter may be known already (mail: every reference)."""
    subject: str = ""
    url: str = ""
    language: str = ""
    post: PublicPost | None = None
    enclosed: tuple[Enclosed, ...] = ()
    is_ours: bool = False
    """Written by us on the network's own page: an answer that is recorded, not a question."""
    is_automatic: bool = False
    """It says itself that a machine wrote it, or answers nobody (out of office, list, bounce)."""
    unwanted: Words | None = None
    """Why the network or the mail server says that nobody wants this; none: it does not."""
    is_past: bool = False
    """Of a download of the past: nobody waits for an answer. The author of what is ours is then
    whom it was written to."""
    past: Past | None = None
    """What else is known of its conversation; unknown: it comes from elsewhere."""
    kept: tuple[Kept, ...] = ()
    """Files of the past that were put in their place before it."""
    external: str | None = None
    """The network's identifier of what we said; unknown: the key is it."""
    by: PastPerson | None = None
    """Which of us said it then; unknown: it came, or nobody says."""
    edited_at: datetime | None = None
    """When its author changed it: these words take the place of earlier ones."""
    echo_of: str = ""
    """The key of an answer of ours that the network repeats to us, where it says so."""
    service: str = ""
    """Slug of the service that its author chose; empty: they did not say."""
    facts: Mapping[str, str] = field(default_factory=dict)
    """What sending an answer will need again, as text."""


@dataclass(frozen=True, kw_only=True)
class Withdrawn:
    """A message that its author took down."""

    key: str


@dataclass(frozen=True, kw_only=True)
class Returned:
    """An answer of ours that was taken, and came back all the same; or is late, or arrived."""

    key: str
    """That under which it was sent."""
    reason: Words
    """Why, and what to do instead."""
    fate: Literal["given_up", "late", "arrived"] = "given_up"
    """late: it has not arrived yet, and is still being tried."""
    until: datetime | None = None
    """Until when one that is late is tried, where its server says so."""


@dataclass(frozen=True, kw_only=True)
class Known:
    """A message that is kept, of which it is asked whether it still stands as it was."""

    key: str
    words: str
    edited_at: datetime | None = None
    facts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Unread:
    """A part of a payload that could not be read: kept in quarantine with the reason."""

    reason: Words
    position: int = 1


@dataclass(frozen=True, kw_only=True)
class Received:
    """What a payload said: every part became a message, was left aside, or was refused."""

    messages: tuple[Incoming, ...] = ()
    withdrawn: tuple[Withdrawn, ...] = ()
    returned: tuple[Returned, ...] = ()
    unread: tuple[Unread, ...] = ()
    ignored: Mapping[str, int] = field(default_factory=dict)
    """Why (``loop``, ``bounce``, ``echo``) → how many parts were left aside on purpose."""

    @property
    def seen(self) -> int:
        """Parts of the payload."""
        aside = sum(self.ignored.values())
        told = len(self.withdrawn) + len(self.returned)
        return len(self.messages) + told + len(self.unread) + aside


@dataclass(frozen=True, kw_only=True)
class Brought:
    """A payload that was fetched, and where to go on once it is safely kept."""

    body: bytes
    """Empty: nothing came, and that is known up to the position."""
    position: str


@dataclass(frozen=True, kw_only=True)
class Outgoing:
    """An answer to be sent."""

    key: str
    """Chosen by us before the first try: sending twice under it is sending once."""
    thread: str
    kind: str
    is_public: bool
    to: Author
    words: str
    handed_in_at: datetime
    answers_to: str = ""
    """The key of the message that is answered."""
    references: tuple[str, ...] = ()
    """Keys of all messages of the matter, oldest first."""
    subject: str = ""
    signature: str = ""
    enclosed: tuple[Enclosed, ...] = ()
    facts: Mapping[str, str] = field(default_factory=dict)
    """Those of the message that is answered."""
    incoming_at: datetime | None = None
    """When they wrote last: what the network still takes may depend on it."""
    is_automatic: bool = False
    """No person wrote it: networks may take it less long."""
    was_abandoned: bool = False
    """A worker stopped while it sent this: it may have gone out."""


@dataclass(frozen=True, kw_only=True)
class Sent:
    """What the network said when it took a message."""

    external: str
    sent_at: datetime
    url: str = ""


@dataclass(frozen=True, kw_only=True)
class Window:
    """Until when the network lets us answer, and what it asks for after that."""

    until: datetime | None = None
    """UTC; unknown: there is no limit."""
    words: Words | None = None
    """The rule, for people."""
    is_open: bool = True
    instead: Words | None = None
    """Where it is closed: what else can be done."""


class Channel(ABC):
    """A way in and out. The docstring of a member is its page in the documentation.

    ``receive`` is pure: payloads that were kept can be read again. Storing, the journal, retries
    and the choice of a service belong to whoever calls: a member knows its channel, nothing else.
    """

    label: ClassVar[Words]
    network: ClassVar[str]
    """A network, ``mail`` or ``form``."""
    options: ClassVar[tuple[Option, ...]] = ()
    guide: ClassVar[Words | None] = None
    """How a person connects it, step by step."""
    is_fetched: ClassVar[bool] = True
    """We ask for what is new; otherwise it is brought to us: a webhook, a form, a file."""
    every: ClassVar[timedelta] = timedelta(minutes=2)
    """How often it is asked."""
    tells: ClassVar[bool] = False
    """Its server tells of news at once: somebody waits there, between the turns (``wait``)."""
    looks_again: ClassVar[timedelta | None] = None
    """How often it is looked whether what came last still stands as it was; none: the network
    tells by itself what its authors change, or tells nobody."""
    most_looked_at: ClassVar[int] = 100
    """Messages, the newest, that are looked at again."""
    longest: ClassVar[int | None] = None
    """Characters an answer may have; unknown: no limit."""
    may_enclose: ClassVar[bool] = False
    """Files may go with an answer."""
    pictures: ClassVar[Pictures | None] = None
    """What of files may go; none: whatever is kept here."""
    has_address: ClassVar[bool] = True
    """People write to an address or an account; else it is the site's own, or a file."""
    begins: ClassVar[bool] = False
    """It can write to an address that wrote nothing by it: another way to someone."""
    sends_by: ClassVar[str] = ""
    """The option that names another box, by which answers go out; empty: they go out by this."""
    webhook: ClassVar[str] = ""
    """The way in by which the network calls us; empty: it does not."""
    finds: ClassVar[bool] = False
    """A public post that listening found can be asked for, and answered (``fetch_post``)."""

    def __init__(self, options: Mapping[str, str], *, address: str) -> None:
        """Take the options of a box, secrets opened, and its own address."""
        self.chosen = options
        self.address = address

    def fetch(self, position: str, http: Http) -> Iterator[Brought]:
        """Yield what came since a position (empty: since now, or a short while back)."""
        return iter(())

    def look_again(self, known: Sequence[Known], position: str, http: Http) -> Brought:
        """Return what of these was changed or taken down since, as a payload for ``receive``.

        Only what is surely gone is: who lost a permission, or is blocked, sees nothing either.
        """
        return Brought(body=b"", position=position)

    @classmethod
    def parts(cls, body: bytes) -> Mapping[str, bytes]:
        """Return what of a delivery is for boxes of this channel: address → payload.

        Pure. An empty payload says that it concerns the box, and that nothing is to be kept.
        """
        return {}

    def complete(self, body: bytes, http: Http) -> bytes | None:
        """Ask for what a payload only names; none when it says all."""
        return None

    def fetch_post(self, post: str, http: Http) -> bytes:
        """Return a public post that listening found, as a payload for ``receive``.

        The message that it leads to has the key that it has when the network tells of it.
        """
        raise InboxError(
            _("{channel} cannot ask for a post that was found. Answer it on the network’s page.",
              channel=self.label)
        )  # fmt: skip

    @abstractmethod
    def receive(self, body: bytes) -> Received:
        """Read a payload. Pure: no network, no clock; the same payload says the same."""

    @abstractmethod
    def send(self, outgoing: Outgoing, http: Http) -> Sent:
        """Send an answer; raise an ``InboxError`` or a ``NetworkError`` with words for a person."""

    def find(self, outgoing: Outgoing, http: Http) -> Sent | None:
        """Return what became of an answer that may have been sent before a crash.

        None: it is certain that it was not. A channel that cannot tell and whose network would
        take it twice raises ``UnsureError``: a person then looks.
        """
        return None

    def introduce(self, author: Author, http: Http) -> Author:
        """Ask for the name of someone whom the network only numbers."""
        return author

    def shown(self, post: PublicPost, http: Http) -> PublicPost:
        """Ask for the words of a public post that the network only numbers."""
        return post

    def files(self, facts: Mapping[str, str]) -> tuple[str, ...]:
        """Return the addresses of files that a message only points to."""
        return ()

    def window(self, *, last_incoming: datetime, now: datetime) -> Window:
        """Return how long we may answer what came last."""
        return Window()

    def wait(self, position: str, http: Http, *, seconds: float) -> bool:
        """Wait for news since a position; whether there is some. Of a channel that ``tells``.

        What came before it began to wait is news too: nothing falls between two waits.
        """
        return False


@cache
def known_channels() -> Mapping[str, type[Channel]]:
    """Return every channel by name."""
    return members(folder, Channel)
