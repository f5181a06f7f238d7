"""Observations measured: only the months that changed."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import ibis.expr.types as ir

from vigie.columns import schema_of
from vigie.measure.measuring import READS, months_to_read, stale_months, values
from vigie.model import Value
from vigie.settings import Settings
from vigie.store.store import Store


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
    months = stale_months(now, then)
    if months:
        tables = tables_near(store, months)
        rows = values(tables, months=months, progress=progress)
        store.replace("values", rows, months=months)
    else:
        rows = schema_of(Value).empty_table()
    _keep_measured_from(settings, now)
    return Measured(months=tuple(months), values=rows.num_rows, seconds=time.monotonic() - begun)


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
    aside = settings.home / "measured.json.tmp"
    aside.parent.mkdir(parents=True, exist_ok=True)
    aside.write_text(json.dumps(plain), "utf-8")
    aside.replace(settings.home / "measured.json")
