"""What texts were understood to say, and what is new among them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar

from vigie.model.record import Record


@dataclass(frozen=True, kw_only=True)
class Label(Record):
    """What an annotator answered to one question about one post, own or someone else's."""

    table: ClassVar[str] = "labels"
    key: ClassVar[tuple[str, ...]] = ("network", "post", "question", "annotator")
    month: ClassVar[str | None] = "published_on"
    looked: ClassVar[str | None] = "labelled_at"

    network: str
    post: str
    """The network's own identifier."""
    published_on: date
    """The day of the post, so that labels lie beside what they are about."""
    question: str
    """The name of the classifier that puts the question: intent, tone, service, language …"""
    annotator: str
    """``rules 1``, ``model 3``: a classifier's version; or ``person:`` and a name."""
    answers: tuple[str, ...] = ()
    """Those given, the surest first; none: the annotator looked and could not say."""
    certainties: tuple[float, ...] = ()
    """How sure of each answer, 0 to 1."""
    labelled_at: datetime
    """UTC."""
    run: str | None = None
    text_mark: str | None = None
    """Which words were read: the beginning of their MD5 digest. A post that was edited since is due
    again; unknown: a person answered, or the label is older than this column."""


@dataclass(frozen=True, kw_only=True)
class Spike(Record):
    """A day on which a watched query brought more than chance explains, as it was found."""

    table: ClassVar[str] = "spikes"
    key: ClassVar[tuple[str, ...]] = ("spike",)
    month: ClassVar[str | None] = "day"
    looked: ClassVar[str | None] = "observed_at"

    spike: str
    """Digest of kind, series and day: the same whenever it is found."""
    kind: str
    """burst (a single day) or rise (a fortnight that creeps up)."""
    query: str
    """Name of the query."""
    facet: str
    """What part of its posts: all, network, institution, intent, service, tone."""
    value: str
    """Which network, institution …; empty for all."""
    day: date
    """The day, or the last of the fortnight, in the time zone of the installation."""
    posts: int
    """Duplicates and reposts left out."""
    authors: int
    """Distinct."""
    expected: float
    """What weekday, level and calendar let expect."""
    low: float | None = None
    high: float | None = None
    """Between which nine such days in ten lie."""
    factor: float | None = None
    """What the calendar multiplied the expectation by."""
    seen: float
    """The share of the day that was collected and, of a query that is sampled, kept."""
    stands_for: float | None = None
    """Posts for which each that was counted stands, where the query is sampled."""
    chance: float
    """How often an ordinary day of the archive surprises so much."""
    false_share: float
    """The least share of false discoveries at which it is found."""
    observed_at: datetime
    """When this was found, UTC; a later look at a day that went on counts more."""
    run: str | None = None


@dataclass(frozen=True, kw_only=True)
class ThemeFound(Record):
    """A theme of the last half-year, as the newest run found it: replaced whole."""

    table: ClassVar[str] = "themes"
    key: ClassVar[tuple[str, ...]] = ("scope", "theme")

    scope: str
    """Whose posts: others or own."""
    theme: str
    """Of the run in which it was first seen: a theme keeps it from run to run."""
    terms: tuple[str, ...] = ()
    """The strongest first, folded."""
    weights: tuple[float, ...] = ()
    written: tuple[str, ...] = ()
    """The terms as people write them."""
    posts: int
    authors: int
    first_day: date
    """Of the posts that were read."""
    last_day: date
    observed_at: datetime


@dataclass(frozen=True, kw_only=True)
class ThemedPost(Record):
    """Which theme a post of the last half-year is of, as the newest run found it."""

    table: ClassVar[str] = "themed"
    key: ClassVar[tuple[str, ...]] = ("network", "post")
    month: ClassVar[str | None] = "published_on"

    network: str
    post: str
    published_on: date
    scope: str
    theme: str
    strength: float
    """How much of the post is of its theme, 0 to 1."""


@dataclass(frozen=True, kw_only=True)
class EmergingTerm(Record):
    """A term that is said all of a sudden, as the newest run found it: replaced whole."""

    table: ClassVar[str] = "emerging"
    key: ClassVar[tuple[str, ...]] = ("scope", "term")

    scope: str
    term: str
    """Folded."""
    written: str
    first_day: date
    """The newest posts are those from this day …"""
    last_day: date
    """… to this one."""
    posts: int
    authors: int
    before: int
    """Posts of the half-year before that say it."""
    expected: float
    score: float
    """−log10 of the chance that so many say it."""
    limit: float
    """The score that one quiet day in twenty reaches."""
    said_in: tuple[str, ...] = ()
    """The newest posts that say it: network, a space, and the network's own identifier."""
    observed_at: datetime
