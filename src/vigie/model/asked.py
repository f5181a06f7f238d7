"""What was asked of the networks, what they answered, and how far each was read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar

from vigie.model.record import Record


@dataclass(frozen=True, kw_only=True)
class Raw(Record):
    """An answer of a network exactly as received, kept for a while so that it can be read again."""

    table: ClassVar[str] = "raw"
    key: ClassVar[tuple[str, ...]] = ("raw",)
    month: ClassVar[str | None] = "received_on"

    raw: str
    """Digest of what was received, and of when and for whom."""
    connector: str
    network: str
    stream: str
    subject: str
    """The account or query that was asked about."""
    url: str
    """What was asked, without keys."""
    page: str | None = None
    posts: tuple[str, ...] = ()
    """Those that were asked for one by one."""
    status: int
    headers: str
    """Those the reading needs, as JSON."""
    received_at: datetime
    received_on: date
    """UTC."""
    body: bytes
    run: str | None = None


@dataclass(frozen=True, kw_only=True)
class Quarantined(Record):
    """One record of a network that could not be read: kept aside with the reason, to be retried."""

    table: ClassVar[str] = "quarantine"
    key: ClassVar[tuple[str, ...]] = ("quarantined",)
    looked: ClassVar[str | None] = "observed_at"

    quarantined: str
    """Digest of where it came from and of its content."""
    connector: str
    network: str
    stream: str
    subject: str
    raw: str | None = None
    """The answer it was in."""
    position: int
    """Its place in that answer, from 1."""
    field: str | None = None
    reason: str
    """A sentence kept unsaid (``words.kept``)."""
    content: str | None = None
    observed_at: datetime
    state: str
    """waiting, or read (a later reading understood it)."""
    run: str | None = None


@dataclass(frozen=True, kw_only=True)
class Cursor(Record):
    """How far one stream of one account was read, and how the last attempt went."""

    table: ClassVar[str] = "cursors"
    key: ClassVar[tuple[str, ...]] = ("connector", "subject", "stream")
    looked: ClassVar[str | None] = "asked_at"

    connector: str
    network: str
    subject: str
    stream: str
    position: str
    """Where to go on, as JSON (see ``collect.walking``)."""
    complete_from: datetime | None = None
    """Everything published between these two moments was seen."""
    complete_to: datetime | None = None
    asked_at: datetime
    succeeded_at: datetime | None = None
    failed_at: datetime | None = None
    failure: str | None = None
    """What went wrong the last time, kept unsaid (``words.kept``); unknown after a success."""
    misses: int = 0
    """Failures in a row."""
    fields: tuple[str, ...] = ()
    """Fields the network has given so far: one that disappears breaks a series."""
    lost: tuple[str, ...] = ()
    """Fields that disappeared."""
    run: str | None = None


@dataclass(frozen=True, kw_only=True)
class Visit(Record):
    """What came on a web site from a campaign on one day, as its analytics count."""

    table: ClassVar[str] = "visits"
    key: ClassVar[tuple[str, ...]] = ("site", "day", "utm_source", "utm_medium", "utm_campaign")
    month: ClassVar[str | None] = "day"
    looked: ClassVar[str | None] = "observed_at"

    site: str
    """The account of the analytics: ``matomo:…`` or ``ga4:…``."""
    day: date
    utm_source: str
    """Empty where the visit carries none."""
    utm_medium: str
    utm_campaign: str
    observed_at: datetime
    visits: int | None = None
    visitors: int | None = None
    conversions: int | None = None
    revenue: float | None = None
    source: str | None = None
    run: str | None = None


@dataclass(frozen=True, kw_only=True)
class Run(Record):
    """One execution of a step: what came, what was kept, what was refused."""

    table: ClassVar[str] = "runs"
    key: ClassVar[tuple[str, ...]] = ("run",)
    looked: ClassVar[str | None] = "ended_at"

    run: str
    step: str
    """import, collect, measure, index."""
    member: str | None = None
    """The importer or connector that worked."""
    subject: str | None = None
    """What it worked on: a file's name, an account."""
    digest: str | None = None
    """SHA-256 of the file read."""
    started_at: datetime
    ended_at: datetime
    read: int
    kept: int
    duplicate: int
    refused: int
    refused_file: str | None = None
    """Where the refused rows are kept with their reasons, relative to the home folder."""
    version: str | None = None
    skipped: int | None = None
    """Seen and left aside on purpose (a repost of others, something erased): read = kept +
    duplicate + refused + skipped."""
    calls: int | None = None
    """Questions put to the network."""
    cost: float | None = None
    """Euros, where the network asks for money."""
    state: str | None = None
    """running, done, short (of budget), failed or interrupted; unknown for older runs."""
    remarks: tuple[str, ...] = ()
    """Sentences kept unsaid (``words.kept``)."""


@dataclass(frozen=True, kw_only=True)
class Tombstone(Record):
    """A post its author took down: its words are erased, and never come back."""

    table: ClassVar[str] = "tombstones"
    key: ClassVar[tuple[str, ...]] = ("network", "post")
    looked: ClassVar[str | None] = None

    network: str
    post: str
    observed_at: datetime
    """When we learned of it, UTC."""
    reason: str
    """deleted (the network said so) or absent (asked for again, and not there)."""
    source: str | None = None
    run: str | None = None
