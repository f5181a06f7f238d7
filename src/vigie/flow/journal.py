"""The journal of collecting: every run says what came and what became of it, even if killed."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from vigie.columns import records_of, table_of
from vigie.errors import FullDiskError
from vigie.model import Run
from vigie.store.store import Appended, Store
from vigie.words import Words

STEP = "collect"
SILENT = timedelta(minutes=10)
"""A run that gives no sign for so long was interrupted."""


@dataclass(frozen=True, kw_only=True)
class Counts:
    """What became of what was seen: *seen = kept + duplicate + refused + skipped*."""

    seen: int = 0
    kept: int = 0
    duplicate: int = 0
    refused: int = 0
    skipped: int = 0
    calls: int = 0
    cost: float = 0.0

    def __add__(self, other: Counts) -> Counts:
        return Counts(**{name: getattr(self, name) + getattr(other, name) for name in vars(self)})


@dataclass(frozen=True, kw_only=True)
class Failure:
    """What could not be read of an account, and why."""

    subject: str
    stream: str
    words: Words
    is_denied: bool = False
    """The network refused the key: only a person can mend it."""


@dataclass(frozen=True, kw_only=True)
class Named:
    """The identifier and the handle that a network gives an account of the register."""

    account: str
    identifier: str
    handle: str
    is_renamed: bool
    """The handle is not the one the register knows."""


@dataclass(frozen=True, kw_only=True)
class Collected:
    """What one run of one connector did."""

    run: str
    connector: str
    state: str
    """done, short (of budget or time), failed, or interrupted."""
    counts: Counts
    asked: int
    """Accounts asked about."""
    accounts: int
    """Accounts that were to be asked about."""
    failures: tuple[Failure, ...] = ()
    lost: tuple[tuple[str, str], ...] = ()
    """(stream, field) that the network used to give and gave for nobody any more."""
    named: tuple[Named, ...] = ()
    """What the network says of accounts that the register does not say, or says otherwise."""
    granted: frozenset[str] | None = None
    """Permissions the network says we have, where it says."""
    not_before: datetime | None = None
    """When the network wants to be asked again, or the budget allows it, at the earliest."""
    remarks: tuple[Words, ...] = ()
    seconds: float = 0.0


def runs_of(store: Store, connector: str) -> list[Run]:
    """Return the runs of a connector, the latest first."""
    runs = store.table("runs")
    mine = runs.filter((runs.step == STEP) & (runs.member == connector))
    found = records_of(Run, mine.to_pyarrow())
    return sorted(found, key=lambda run: run.started_at, reverse=True)


@dataclass(kw_only=True)
class Journal:
    """Writes the run of a connector: when it begins, after every commit, when it ends."""

    store: Store
    connector: str
    clock: Callable[[], datetime]
    step: str = STEP
    counts: Counts = field(default_factory=Counts)
    """Of what is on the disk."""

    def __post_init__(self) -> None:
        self.started_at = self.clock()
        self.run = f"{self.started_at:%Y%m%dT%H%M%S}-{uuid.uuid4().hex[:8]}"

    def begin(self) -> None:
        """Say that a run began; close those that were interrupted without a word."""
        for run in runs_of(self.store, self.connector):
            if run.state == "running" and self.clock() - run.ended_at > SILENT:
                self._append(replace(run, state="interrupted", ended_at=run.ended_at))
        self.write("running")
        self.store.reserve.hold()

    def committed(self, added: Mapping[str, Appended], pages: Counts) -> None:
        """Count what a commit put on the disk."""
        forgotten = sum(one.forgotten for one in added.values())
        self.counts += replace(
            pages,
            kept=sum(one.kept for one in added.values()),
            duplicate=sum(one.duplicate for one in added.values()),
            skipped=pages.skipped + forgotten,
        )
        self.write("running")

    def lost(self, pages: Counts) -> None:
        """Count what came and could not be kept: it was asked for, and is left aside."""
        self.counts += Counts(
            seen=pages.seen, skipped=pages.seen, calls=pages.calls, cost=pages.cost
        )

    def end(self, state: str, *, remarks: tuple[Words, ...] = ()) -> None:
        """Write how the run ended, even where the disk has no room for more than that."""
        try:
            self.write(state, remarks=remarks)
        except FullDiskError:
            if not self.store.reserve.give_back():
                raise
            self.write(state, remarks=remarks)

    def write(self, state: str, *, remarks: tuple[Words, ...] = ()) -> None:
        """Write the run as it stands."""
        self._append(
            Run(
                run=self.run,
                step=self.step,
                member=self.connector,
                started_at=self.started_at,
                ended_at=self.clock(),
                read=self.counts.seen,
                kept=self.counts.kept,
                duplicate=self.counts.duplicate,
                refused=self.counts.refused,
                skipped=self.counts.skipped,
                calls=self.counts.calls,
                cost=self.counts.cost or None,
                state=state,
                remarks=tuple(str(remark) for remark in remarks),
            )
        )

    def _append(self, run: Run) -> None:
        self.store.append("runs", table_of(Run, [run]))
