"""The journal of collecting: every run says what came and what became of it, even if killed."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from vigie.collect.silence import is_silent
from vigie.columns import records_of, table_of
from vigie.errors import FullDiskError
from vigie.model import Run
from vigie.store.store import Appended, Store
from vigie.words import Words, kept, plural

STEP = "collect"
STEPS = (STEP, "reparse", "webhook")
"""Those whose runs are written while they go on."""
JUMP = 2
"""Minutes by which a clock may differ from the time that passed, before it is said."""


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
    ends_at: datetime | None = None
    """When the key ends, where the network says it."""
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


def silent_runs(store: Store, *, now: datetime) -> list[Run]:
    """Return the runs that should go on and give no sign of life, the latest first."""
    runs = store.table("runs")
    going_on = runs.filter(runs.step.isin(list(STEPS)) & (runs.state == "running"))
    found = records_of(Run, going_on.to_pyarrow())
    silent = [run for run in found if is_silent(run, now=now)]
    return sorted(silent, key=lambda run: run.started_at, reverse=True)


def close_silent(store: Store, *, now: datetime, connector: str | None = None) -> list[Run]:
    """Write down that runs without a sign of life were interrupted; return them."""
    found = [
        replace(run, state="interrupted")
        for run in silent_runs(store, now=now)
        if connector in (None, run.member)
    ]
    if found:
        store.append("runs", table_of(Run, found))
    return found


@dataclass(kw_only=True)
class Journal:
    """Writes the run of a connector: when it begins, after every commit, when it ends."""

    store: Store
    connector: str
    clock: Callable[[], datetime]
    step: str = STEP
    monotonic: Callable[[], float] = time.monotonic
    counts: Counts = field(default_factory=Counts)
    """Of what is on the disk."""

    def __post_init__(self) -> None:
        self.started_at = self.written_at = self.clock()
        self._begun = self.monotonic()
        self.run = f"{self.started_at:%Y%m%dT%H%M%S}-{uuid.uuid4().hex[:8]}"

    def begin(self) -> None:
        """Say that a run began; close those that were interrupted without a word."""
        close_silent(self.store, now=self.clock(), connector=self.connector)
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

    def remarks(self) -> tuple[Words, ...]:
        """Say whether the clock of this machine was set while the run went on."""
        elapsed = timedelta(seconds=self.monotonic() - self._begun)
        minutes = round((self.clock() - self.started_at - elapsed) / timedelta(minutes=1))
        if abs(minutes) < JUMP:
            return ()
        forward = plural(
            "The clock of this machine was set forward by {count} minute during this run. "
            "Nothing is lost by it; the moments noted before may be wrong.",
            "The clock of this machine was set forward by {count} minutes during this run. "
            "Nothing is lost by it; the moments noted before may be wrong.",
            count=abs(minutes),
        )
        back = plural(
            "The clock of this machine was set back by {count} minute during this run. "
            "Nothing is lost by it; the moments noted before may be wrong.",
            "The clock of this machine was set back by {count} minutes during this run. "
            "Nothing is lost by it; the moments noted before may be wrong.",
            count=abs(minutes),
        )
        return (forward,) if minutes > 0 else (back,)

    def end(self, state: str, *, remarks: tuple[Words, ...] = ()) -> None:
        """Write how the run ended, even where the disk has no room for more than that."""
        try:
            self.write(state, remarks=remarks)
        except FullDiskError:
            if not self.store.reserve.give_back():
                raise
            self.write(state, remarks=remarks)

    def write(self, state: str, *, remarks: tuple[Words, ...] = ()) -> None:
        """Write the run as it stands; of two writings the later is never the older one."""
        self.written_at = max(self.written_at, self.clock())
        self._append(
            Run(
                run=self.run,
                step=self.step,
                member=self.connector,
                started_at=self.started_at,
                ended_at=self.written_at,
                read=self.counts.seen,
                kept=self.counts.kept,
                duplicate=self.counts.duplicate,
                refused=self.counts.refused,
                skipped=self.counts.skipped,
                calls=self.counts.calls,
                cost=self.counts.cost or None,
                state=state,
                remarks=tuple(kept(remark) for remark in remarks),
            )
        )

    def _append(self, run: Run) -> None:
        self.store.append("runs", table_of(Run, [run]))
