"""Who is who, as whoever keeps the register says."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar

from vigie.model.record import Record


@dataclass(frozen=True, kw_only=True)
class Institution(Record):
    """A university or similar body that is compared or served."""

    table: ClassVar[str] = "institutions"
    key: ClassVar[tuple[str, ...]] = ("institution",)

    institution: str
    """Slug: lower case, stable, readable in an address."""
    name: str
    kind: str | None = None
    """university, engineering_school, business_school, art_school, institute, research, other."""
    country: str | None = None
    """ISO 3166-1 alpha-2."""
    region: str | None = None
    city: str | None = None
    website: str | None = None
    timezone: str | None = None
    uai: str | None = None
    other_uais: tuple[str, ...] = ()
    """Its other and former UAI codes: they tell who became whom."""
    ror: str | None = None
    wikidata: str | None = None
    eter: str | None = None
    short_name: str | None = None
    aliases: tuple[str, ...] = ()
    parent: str | None = None
    merged_into: str | None = None
    opened_on: date | None = None
    closed_on: date | None = None
    is_invented: bool = False


@dataclass(frozen=True, kw_only=True)
class Enrolment(Record):
    """How many students an institution had in an academic year."""

    table: ClassVar[str] = "enrolments"
    key: ClassVar[tuple[str, ...]] = ("institution", "year")

    institution: str
    year: int
    """The calendar year in which the academic year begins."""
    students: int


@dataclass(frozen=True, kw_only=True)
class Account(Record):
    """An institution's presence on a network."""

    table: ClassVar[str] = "accounts"
    key: ClassVar[tuple[str, ...]] = ("account",)

    account: str
    """``network:handle`` with the handle folded as the network folds it, or ``network:id``."""
    institution: str
    network: str
    handle: str | None = None
    identifier: str | None = None
    """The network's own immutable identifier, where it is known."""
    url: str | None = None
    name: str | None = None
    is_principal: bool = True
    """The principal account makes the headline; secondary ones are summed beside it."""
    opened_on: date | None = None
    closed_on: date | None = None


@dataclass(frozen=True, kw_only=True)
class Event(Record):
    """Something that breaks or explains a series: a purge, a merger, a metric renamed."""

    table: ClassVar[str] = "events"
    key: ClassVar[tuple[str, ...]] = ("event",)

    event: str
    day: date
    kind: str
    """purge, merger, metric_renamed, account_changed, other."""
    breaks_series: bool
    """Growth across this day is not computed."""
    network: str | None = None
    """None: every network."""
    institution: str | None = None
    """None: every institution."""
    account: str | None = None
    words: str | None = None


@dataclass(frozen=True, kw_only=True)
class Statement(Record):
    """An institution's reply to a published figure."""

    table: ClassVar[str] = "statements"
    key: ClassVar[tuple[str, ...]] = ("statement",)

    statement: str
    institution: str
    edition: str
    written_at: datetime
    words: str
    asks_correction: bool = False
