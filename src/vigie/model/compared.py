"""What was compared and published: standings and editions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar

from vigie.model.record import Record


@dataclass(frozen=True, kw_only=True)
class Standing(Record):
    """Where an institution stands in its group in an edition, and how sure we are."""

    table: ClassVar[str] = "standings"
    key: ClassVar[tuple[str, ...]] = ("edition", "revision", "institution")

    edition: str
    """``2026-10``; with a suffix when several comparisons share a month."""
    revision: int
    """0 while it is a draft, 1 when first published, more after a correction."""
    month_on: date
    method: str
    """Name of the dated method, as ``vigie 2026.1``."""
    group: str
    """The peer group's key, as ``university.fr`` or ``university.fr.small``."""
    group_size: int
    institution: str
    score: float | None
    rank: int | None
    """Competition rank (1, 2, 2, 4); unknown where nothing could be scored."""
    is_tied: bool = False
    rank_low: int | None = None
    """Best rank of the 90 % interval (5 % of draws are better)."""
    rank_high: int | None = None
    first_ten: float | None = None
    """Probability of being among the first ten."""
    band: int | None = None
    """Institutions of one band cannot be told apart; 1 is the band of the leader."""
    previous_rank: int | None = None
    """In the edition of the month before, same group and method."""
    coverage: float | None = None
    """Share of the scores this place needs that are known."""
    seen_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class StandingPart(Record):
    """One score that went into a standing: a dimension on a network, with its weight."""

    table: ClassVar[str] = "standing_parts"
    key: ClassVar[tuple[str, ...]] = ("edition", "revision", "institution", "network", "dimension")

    edition: str
    revision: int
    group: str
    institution: str
    network: str
    dimension: str
    """audience, activity, engagement or responsiveness."""
    indicator: str
    """The indicator that measured it in this group and month."""
    is_present: bool
    value: float | None
    score: float | None
    weight: float
    """Share of the whole score, network weight times dimension weight."""


@dataclass(frozen=True, kw_only=True)
class OtherRank(Record):
    """The rank the same institution would have under another method."""

    table: ClassVar[str] = "other_ranks"
    key: ClassVar[tuple[str, ...]] = ("edition", "revision", "institution", "method", "listing")

    edition: str
    revision: int
    group: str
    institution: str
    method: str
    listing: str
    score: float | None
    rank: int | None


@dataclass(frozen=True, kw_only=True)
class MethodGap(Record):
    """A figure for want of which another method could not be used on a group of an edition."""

    table: ClassVar[str] = "method_gaps"
    key: ClassVar[tuple[str, ...]] = ("edition", "revision", "group", "method", "figure")

    edition: str
    revision: int
    group: str
    method: str
    figure: str
    """The name of the indicator, or of what no indicator gives."""


@dataclass(frozen=True, kw_only=True)
class Edition(Record):
    """A published comparison with its method, frozen for good."""

    table: ClassVar[str] = "editions"
    key: ClassVar[tuple[str, ...]] = ("edition", "revision")

    edition: str
    revision: int
    month_on: date
    method: str
    computed_at: datetime
    published_at: datetime | None = None
    """Unknown while it is a draft."""
    reason: str | None = None
    """Why this revision replaces the one before."""
    digest: str | None = None
    """SHA-256 over the open files of the edition."""
    is_invented: bool = False
