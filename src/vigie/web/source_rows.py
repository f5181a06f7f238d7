"""What the page of a source lists: its accounts, its journal, its quarantine."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from vigie.collect.connector import Connector
from vigie.collect.silence import as_it_stands
from vigie.columns import records_of
from vigie.model import Account, Cursor, Quarantined, Run
from vigie.sources.health import Facts
from vigie.store.store import Store
from vigie.words import Words, unsaid

JOURNAL = ("collect", "reparse", "webhook")
RUNS_SHOWN = 50
PAGE = 50


@dataclass(frozen=True, kw_only=True)
class AccountRow:
    """How far one account was read."""

    account: str
    institution: str | None
    complete_from: datetime | None = None
    complete_to: datetime | None = None
    succeeded_at: datetime | None = None
    misses: int = 0
    problems: tuple[tuple[Words, Words], ...] = ()
    """(what could not be read, why)."""

    @property
    def order(self) -> tuple[bool, bool, str]:
        """Those with a problem first, then those never read."""
        return (not self.problems, self.succeeded_at is not None, self.account)


def accounts(facts: Facts, registered: Iterable[Account]) -> list[AccountRow]:
    """Return every account a connector is asked about, with how far it was read."""
    institutions = {one.account: one.institution for one in registered}
    labels = {stream.name: stream.label for stream in facts.connector.streams}
    found: dict[str, list[Cursor]] = {subject: [] for subject in facts.subjects}
    for cursor in facts.cursors:
        if cursor.subject in found:
            found[cursor.subject].append(cursor)
    rows = [
        _row(name, cursors, institutions.get(name), labels, facts.connector)
        for name, cursors in found.items()
    ]
    return sorted(rows, key=lambda row: row.order)


def _row(
    name: str,
    cursors: Sequence[Cursor],
    institution: str | None,
    labels: Mapping[str, Words],
    connector: type[Connector],
) -> AccountRow:
    dated = {stream.name for stream in connector.streams if stream.is_dated}
    read = [one for one in cursors if one.stream in dated and one.complete_to is not None]
    return AccountRow(
        account=name,
        institution=institution,
        complete_from=max((one.complete_from for one in read if one.complete_from), default=None),
        complete_to=min((one.complete_to for one in read if one.complete_to), default=None),
        succeeded_at=max((one.succeeded_at for one in cursors if one.succeeded_at), default=None),
        misses=max((one.misses for one in cursors), default=0),
        problems=tuple(
            (labels.get(one.stream, Words(one.stream)), unsaid(one.failure))
            for one in cursors
            if one.failure
        ),
    )


def journal(store: Store, name: str, *, now: datetime) -> list[Run]:
    """Return the latest runs of a connector, the newest first, as they stand now."""
    runs = store.table("runs")
    mine = runs.filter((runs.member == name) & runs.step.isin(list(JOURNAL)))
    latest = mine.order_by(mine.started_at.desc(), mine.run).limit(RUNS_SHOWN)
    return [as_it_stands(run, now=now) for run in records_of(Run, latest.to_pyarrow())]


def quarantine(store: Store, name: str, *, page: int) -> list[tuple[Quarantined, bool]]:
    """Return a page of what waits in quarantine, the newest first.

    Beside each stands whether the answer it came in is still kept: it is let go in time, and at
    once where its author took down another post of the same answer.
    """
    table = store.table("quarantine")
    mine = table.filter((table.connector == name) & (table.state == "waiting"))
    ordered = mine.order_by(mine.observed_at.desc(), mine.quarantined)
    found = records_of(Quarantined, ordered.limit(PAGE, offset=(page - 1) * PAGE).to_pyarrow())
    kept = _kept(store, [one.raw for one in found if one.raw])
    return [(one, one.raw in kept) for one in found]


def _kept(store: Store, answers: Sequence[str]) -> set[str]:
    raw = store.table("raw")
    names = raw.filter(raw.raw.isin(list(answers))).raw if answers else None
    return set() if names is None else set(names.to_pyarrow().to_pylist())
