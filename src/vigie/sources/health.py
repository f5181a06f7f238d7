"""How each source stands: whether it answers, since when, how much of what it should bring."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from vigie.collect.budget import Budget
from vigie.collect.connector import Connector, Option, Permission
from vigie.collect.silence import is_silent
from vigie.model import Cursor, Run
from vigie.sources.lost import Lost
from vigie.sources.models import Connection, Work
from vigie.sources.renewals import ends_soon
from vigie.words import Words

STATES = ("refused", "failing", "late", "asking", "working", "waiting", "paused", "idle", "needs")
"""In the order of what a person must look at first; ``needs`` a key comes last."""
GRACE = timedelta(hours=1)
"""After which what is due and was not done is late."""


@dataclass(frozen=True, kw_only=True)
class Health:
    """How one source stands."""

    name: str
    label: Words
    state: str
    """One of ``STATES``."""
    since: datetime | None = None
    """Since when it has been so."""
    last_success: datetime | None = None
    next_run: datetime | None = None
    """Unknown while it is paused, or cannot be asked."""
    is_due: bool = False
    """That turn has come: it is asked as soon as a worker is free."""
    complete_to: datetime | None = None
    """Everything published before was read, for every account that was read at all."""
    accounts: int = 0
    """Accounts of the register it is asked about."""
    accounts_read: int = 0
    accounts_failing: int = 0
    """Accounts whose last reading failed."""
    failure: Mapping[str, str] | None = None
    """Why it failed the last time, by language."""
    misses: int = 0
    lacking: tuple[Option, ...] = ()
    granted: frozenset[str] | None = None
    missing: tuple[Permission, ...] = ()
    """Permissions the network did not grant."""
    lost: tuple[Lost, ...] = ()
    quarantined: int = 0
    budget: Budget | None = None
    key_ends_at: datetime | None = None
    """When the key ends, where that is soon and a person must enter another."""
    renewal_failure: Mapping[str, str] | None = None
    """Why the key could not be renewed the last time, by language."""
    silent: Run | None = None
    """The last run, where it should go on and gives no sign of life."""

    @property
    def is_connected(self) -> bool:
        """Whether it can be asked at all."""
        return self.state != "needs"

    @property
    def is_failing(self) -> bool:
        """Whether it did not answer the last time, and nothing changed since."""
        return self.state in ("refused", "failing")

    @property
    def shows_budget(self) -> bool:
        """Whether what is left is worth a line: a long period, or little left of a short one."""
        budget = self.budget
        if budget is None:
            return False
        left, allowed = budget.calls_left, budget.allowance.calls
        is_low = left is not None and allowed is not None and left < allowed / 2
        return is_low or budget.allowance.per >= timedelta(days=1)

    @property
    def needs_attention(self) -> bool:
        """Whether a person should look at it."""
        is_key_old = self.key_ends_at is not None or self.renewal_failure is not None
        return self.state in STATES[:3] or is_key_old or bool(self.missing or self.accounts_failing)


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What is known of one source, from which its health follows."""

    name: str
    connector: type[Connector]
    now: datetime
    subjects: frozenset[str] = frozenset()
    cursors: Sequence[Cursor] = ()
    quarantined: int = 0
    work: Work | None = None
    connection: Connection | None = None
    lacking: tuple[Option, ...] = ()
    lost: tuple[Lost, ...] = ()
    budget: Budget | None = None
    latest: Run | None = None
    """The run that began last, of those that are recent."""


def health_of(facts: Facts) -> Health:
    """Return how a source stands. Pure."""
    work, mine = facts.work, [one for one in facts.cursors if one.subject in facts.subjects]
    read = {one.subject for one in mine if one.succeeded_at is not None}
    granted = facts.connection.granted if facts.connection else None
    state = state_of(facts)
    return Health(
        name=facts.name,
        label=facts.connector.label,
        state=state,
        since=_since(state, facts),
        last_success=max((one.succeeded_at for one in mine if one.succeeded_at), default=None),
        next_run=work.due_at if work and state not in ("paused", "needs", "idle") else None,
        is_due=work is not None and work.due_at <= facts.now,
        complete_to=min((one.complete_to for one in mine if one.complete_to), default=None),
        accounts=len(facts.subjects),
        accounts_read=len(read),
        accounts_failing=len({one.subject for one in mine if one.misses}),
        failure=work.failure if work else None,
        misses=work.misses if work else 0,
        lacking=facts.lacking,
        granted=None if granted is None else frozenset(granted),
        missing=_missing(facts.connector, granted),
        lost=facts.lost,
        quarantined=facts.quarantined,
        budget=facts.budget,
        key_ends_at=_end_of_key(facts),
        renewal_failure=facts.connection.renewal_failure if facts.connection else None,
        silent=facts.latest if facts.latest and is_silent(facts.latest, now=facts.now) else None,
    )


def state_of(facts: Facts) -> str:
    """Return in which of the ``STATES`` a source is."""
    work = facts.work
    if facts.lacking:
        return "needs"
    if work is not None and work.is_paused:
        return "paused"
    if not facts.subjects:
        return "idle"
    if work is not None and work.claimed_by and work.held_until and work.held_until > facts.now:
        return "asking"
    if work is not None and work.misses and not _is_entered_since(facts):
        return "refused" if work.is_denied else "failing"
    return _quiet_state(facts)


def _quiet_state(facts: Facts) -> str:
    """Return the state of a source that did not fail the last time."""
    read = any(one.succeeded_at for one in facts.cursors if one.subject in facts.subjects)
    if not read:
        return "waiting"
    is_late = facts.work is None or facts.now - facts.work.due_at > GRACE
    return "late" if is_late else "working"


def _is_entered_since(facts: Facts) -> bool:
    """Whether a key was entered after the last failure: it has not been tried yet."""
    work, connection = facts.work, facts.connection
    return bool(
        connection and work and work.last_failure and connection.connected_at > work.last_failure
    )


def _since(state: str, facts: Facts) -> datetime | None:
    work = facts.work
    if work is None:
        return None
    if state in ("failing", "refused"):
        return work.failing_since
    if state == "late":
        return work.due_at
    return work.claimed_at if state == "asking" else None


def _end_of_key(facts: Facts) -> datetime | None:
    """Return when the key ends, where nobody but a person will see to another in time."""
    row = facts.connection
    return row.ends_at if row is not None and ends_soon(row, now=facts.now) else None


def _missing(connector: type[Connector], granted: Iterable[str] | None) -> tuple[Permission, ...]:
    if granted is None:
        return ()
    known = frozenset(granted)
    return tuple(one for one in connector.permissions if one.name not in known)
