"""What one run of one connector is given, and what it finds out on its way."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from vigie.collect.budget import Budget
from vigie.collect.connector import Connector, Context, Subject
from vigie.collect.walking import Reach
from vigie.flow.journal import Failure, Named
from vigie.flow.keeping import Keeping
from vigie.flow.known import Known
from vigie.http import Http
from vigie.store.store import Store


@dataclass(frozen=True, kw_only=True)
class Progress:
    """How far a run is."""

    connector: str
    done: int
    total: int
    subject: str
    seen: int


@dataclass(kw_only=True)
class Errand:
    """Everything one run of one connector needs, and what it finds out on its way."""

    store: Store
    name: str
    connector: Connector
    subjects: Sequence[Subject]
    http: Http
    context: Context
    reach: Reach
    budget: Budget
    known: Known
    keeping: Keeping
    is_due_only: bool
    thinned: Mapping[str, int] = field(default_factory=dict)
    """Subject → of how many minutes one is read, where the budget does not reach for all."""
    only: str = ""
    """The one stream that is read; empty: all but those read apart."""
    clock: Callable[[], datetime]
    progress: Callable[[Progress], None]
    should_stop: Callable[[], bool]
    failures: list[Failure] = field(default_factory=list)
    found: dict[str, set[str]] = field(default_factory=dict)
    """Stream → metrics given for somebody in this run."""
    expected: dict[str, dict[str, int]] = field(default_factory=dict)
    """Stream → metric → accounts that used to have it and were read in this run."""
    named: dict[str, Named] = field(default_factory=dict)
    granted: frozenset[str] | None = None
    ends_at: datetime | None = None
    not_before: datetime | None = None
    is_short: bool = False
    """One of several servers asked to wait: its accounts were left for later."""
    asked: int = 0
    unanswered: int = 0
    """Accounts in a row that could not be asked."""
