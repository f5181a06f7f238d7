"""Observations measured: only the months that changed."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import ibis.expr.types as ir
import pyarrow as pa

from vigie.columns import records_of, schema_of
from vigie.flow.closed import with_kept
from vigie.measure import plan as plans
from vigie.measure.carrying import Prepared
from vigie.measure.measuring import (
    READS,
    grouped,
    known_indicators,
    months_to_read,
    stale_months,
    values,
)
from vigie.measure.seen import Shares, digests, shares_seen, with_coverage
from vigie.model import Account, Cursor, Value
from vigie.settings import Settings
from vigie.store.store import Store

SEEN = "seen"
"""Under what name it is remembered how much of each month was seen."""
PLAN = "questions.json"
"""The questions of the last run: they are the same until definitions change."""

Prints = Mapping[date | None, str]
"""Month → digest of what it is made of."""


@dataclass(frozen=True, kw_only=True)
class Measured:
    """What a run of measure did."""

    months: tuple[date, ...]
    values: int
    seconds: float


def measure(
    store: Store,
    *,
    settings: Settings,
    everything: bool = False,
    progress: Callable[[int, int], None] = lambda done, of: None,
) -> Measured:
    """Bring the values up to date: only the months whose observations changed."""
    begun = time.monotonic()
    then = {} if everything else _measured_from(settings)
    now = {name: store.fingerprints(name) for name in READS}
    shares, seen = _seen(store)
    months = sorted({*stale_months(now, then), *_changed(seen, then.get(SEEN, {}), now["posts"])})
    if months:
        rows = _values(store, months, settings, progress)
        if shares:
            rows = with_coverage(rows, shares, _accounts(store), known_indicators())
        rows = with_kept(store, rows, months, settings=settings)
        store.replace("values", rows, months=months)
    else:
        rows = schema_of(Value).empty_table()
    _keep_measured_from(settings, {**now, SEEN: seen})
    return Measured(months=tuple(months), values=rows.num_rows, seconds=time.monotonic() - begun)


def _values(
    store: Store,
    months: Sequence[date],
    settings: Settings,
    progress: Callable[[int, int], None],
) -> pa.Table:
    """Measure as many months at once as fit into memory, with the questions of the last run."""
    known = _known_plan(settings)
    prepared = Prepared(store.engine, known)
    parts: list[pa.Table] = []
    done = 0
    for together in grouped(months, store.rows("posts")):
        tables = tables_near(store, together)
        parts.append(values(tables, months=together, prepared=prepared))
        done += len(together)
        progress(done, len(months))
    _keep_plan(settings, prepared.plan, known)
    return pa.concat_tables(parts)


def _seen(store: Store) -> tuple[Shares, Prints]:
    """Return how much of each month was seen of the accounts that are asked about."""
    cursors = records_of(Cursor, store.table("cursors").to_pyarrow())
    shares = shares_seen(cursors, store.months("posts")) if cursors else {}
    return shares, dict(digests(shares).items())


def _changed(now: Prints, then: Prints, known: Prints) -> set[date]:
    """Return the months of which more or less was seen than when they were measured."""
    return {month for month in known if month and now.get(month) != then.get(month)}


def _accounts(store: Store) -> list[Account]:
    return records_of(Account, store.table("accounts").to_pyarrow())


def tables_near(store: Store, months: Sequence[date]) -> dict[str, ir.Table]:
    """Return the tables that measuring these months reads, cut to the months it needs."""
    return {name: store.table(name, months=some) for name, some in months_to_read(months).items()}


def _measured_from(settings: Settings) -> dict[str, dict[date | None, str]]:
    path = settings.home / "measured.json"
    if not path.exists():
        return {}
    found = json.loads(path.read_text("utf-8"))
    return {
        name: {date.fromisoformat(month) if month else None: print_ for month, print_ in of.items()}
        for name, of in found.items()
    }


def _keep_measured_from(
    settings: Settings, prints: Mapping[str, Mapping[date | None, str]]
) -> None:
    plain = {
        name: {month.isoformat() if month else "": print_ for month, print_ in of.items()}
        for name, of in prints.items()
    }
    _write(settings.home / "measured.json", json.dumps(plain))


def _known_plan(settings: Settings) -> plans.Plan | None:
    path = settings.home / PLAN
    return plans.read(path.read_text("utf-8")) if path.exists() else None


def _keep_plan(settings: Settings, plan: plans.Plan | None, before: plans.Plan | None) -> None:
    if plan is not None and plan is not before:
        _write(settings.home / PLAN, plans.written(plan))


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(f"{path.name}.tmp")
    aside.write_text(text, "utf-8")
    aside.replace(path)
