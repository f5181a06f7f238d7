"""What was measured: values of indicators, and the identity of institutions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar

from vigie.model.record import Record


@dataclass(frozen=True, kw_only=True)
class Value(Record):
    """An indicator for a subject and a month, with how sure we are."""

    table: ClassVar[str] = "values"
    key: ClassVar[tuple[str, ...]] = ("indicator", "level", "subject", "network", "month_on")
    month: ClassVar[str | None] = "month_on"

    indicator: str
    level: str
    """account, institution (principal accounts), institution_all (secondary too), sector."""
    subject: str
    """The account's key, the institution's slug, or the name of the group."""
    network: str
    """A network, or ``all``."""
    month_on: date
    """First day of the month."""
    value: float | None
    low: float | None = None
    high: float | None = None
    n: int = 0
    coverage: float | None = None
    """Share of what should have been seen that was, 0 to 1."""
    seen_at: datetime | None = None
    """Freshness: the latest look that went into the value."""


@dataclass(frozen=True, kw_only=True)
class Identity(Record):
    """How far an institution was told from its peers by its posts of two years."""

    table: ClassVar[str] = "identities"
    key: ClassVar[tuple[str, ...]] = ("institution", "month_on")
    month: ClassVar[str | None] = "month_on"
    looked: ClassVar[str | None] = "computed_at"

    institution: str
    month_on: date
    """First day of the month with which the period ends."""
    computed_at: datetime
    """UTC."""
    first_on: date
    """The first day of the period."""
    language: str | None = None
    """Of the posts that were read: ISO 639-1."""
    posts: int = 0
    """Different posts of the institution that were read."""
    coverage: float | None = None
    """The share of its posts of the period that could be read: in that language, with words."""
    peers: tuple[str, ...] = ()
    missing: str | None = None
    """Why there is no figure: few_posts or few_peers."""
    cut_at: datetime | None = None
    """The moment between the two halves of the period."""
    value: float | None = None
    """Identifiability without names: 0.5 is guessing."""
    low: float | None = None
    high: float | None = None
    posted: float | None = None
    """The same of posts as they are, with names."""
    posted_low: float | None = None
    posted_high: float | None = None
    named: float | None = None
    """The difference: how much of it is the institution naming itself."""
    named_low: float | None = None
    named_high: float | None = None
    common: tuple[str, ...] = ()
    """What it and all its peers speak of alike."""
    terms_sought: int | None = None
    """Of its most distinctive terms, those looked for in mentions; unknown: too few mentions."""
    terms_by_chance: int | None = None
    """Those heard in as many mentions of its peers."""
    mentions: int | None = None
    run: str | None = None


@dataclass(frozen=True, kw_only=True)
class IdentityTerm(Record):
    """A term that an institution uses more than its peers, in both halves of a period."""

    table: ClassVar[str] = "identity_terms"
    key: ClassVar[tuple[str, ...]] = ("institution", "month_on", "term")
    month: ClassVar[str | None] = "month_on"
    looked: ClassVar[str | None] = None

    institution: str
    month_on: date
    term: str
    """Without accents and capitals."""
    written: str
    """As it is most often written."""
    kind: str
    """speciality, or habit (a way of writing)."""
    z: float
    """By how many standard deviations it is used more."""
    z_early: float
    z_late: float
    own: int
    """Posts of the institution that use it."""
    own_of: int
    peers: int
    peers_of: int
    is_declared: bool | None = None
    """A declared speciality speaks of it; unknown: it is a habit."""
    is_heard: bool | None = None
    """At least five people used it of the institution; unknown: it was not looked for."""


@dataclass(frozen=True, kw_only=True)
class IdentitySpeciality(Record):
    """A speciality that an institution declares, and whether it came through."""

    table: ClassVar[str] = "identity_specialities"
    key: ClassVar[tuple[str, ...]] = ("institution", "month_on", "name")
    month: ClassVar[str | None] = "month_on"
    looked: ClassVar[str | None] = None

    institution: str
    month_on: date
    name: str
    words: tuple[str, ...]
    state: str
    """through; alike (said, but no more than by peers); silent."""
    z: float
    own: int
    own_of: int
    peers: int
    peers_of: int


@dataclass(frozen=True, kw_only=True)
class IdentityPost(Record):
    """A post that shows what an institution is known for; its words stay in ``posts``."""

    table: ClassVar[str] = "identity_posts"
    key: ClassVar[tuple[str, ...]] = ("institution", "month_on", "network", "post")
    month: ClassVar[str | None] = "month_on"
    looked: ClassVar[str | None] = None

    institution: str
    month_on: date
    network: str
    post: str
    place: int
    """From 1."""
    terms: tuple[str, ...]
    """The distinctive terms it uses."""
