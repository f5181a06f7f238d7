"""The contract of a published method: figures in, scores out, and a check against its own table."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import ClassVar

from vigie.words import Words


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One institution on one network in the period compared."""

    institution: str
    network: str
    is_present: bool = True
    """False: no account there, a fact. True with unknown metrics: nobody looked."""
    metrics: Mapping[str, float | None] = field(default_factory=dict)
    """Indicator or metric name → figure; missing or None is unknown."""


@dataclass(frozen=True, kw_only=True)
class Listing:
    """One list a method publishes: a score per institution, and which end leads."""

    name: str
    label: Words
    scores: Mapping[str, float | None]
    unit: Words | None = None
    higher_leads: bool = True


@dataclass(frozen=True, kw_only=True)
class Fact:
    """One figure of the published record, as printed, with its page."""

    source_url: str
    publisher: str
    date: str
    network: str
    category: str
    institution: str
    rank: int | None
    metric: str
    value: float | None


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What re-running a method says of one printed figure."""

    method: str
    subject: str
    printed: str
    computed: str
    agrees: bool
    words: Words
    """Plain words: *the same*, *the printed figure is a slip: …*."""
    source_url: str


class Method(ABC):
    """A way of comparing institutions. The docstring of a member is its published definition."""

    label: ClassVar[Words]
    author: ClassVar[str]
    since: ClassVar[str]
    """When it was first published, as printed (``2010-11``)."""
    source_url: ClassVar[str | None] = None
    needs: ClassVar[frozenset[str]]
    """Names of the metrics it reads from the entries."""
    network: ClassVar[str | None] = None
    """The only network it speaks of; None: any."""
    unmeasured: ClassVar[Mapping[str, Words]] = MappingProxyType({})
    """Those of its needs that no indicator gives, in words: the method cannot be used here."""

    @abstractmethod
    def listings(self, entries: Sequence[Entry]) -> Sequence[Listing]:
        """Score every institution of one group; the first listing is the headline."""

    @abstractmethod
    def check(self, facts: Sequence[Fact]) -> Iterator[Verdict]:
        """Re-run the method on its own published table and judge every row it can."""
