"""Months whose mentions were let go: their figures stay, since nothing could make them again."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import date

import pyarrow as pa

from vigie.measure.measuring import known_indicators
from vigie.model import Mention, Value
from vigie.settings import Settings
from vigie.store.store import Store

KEPT = "months_let_go.json"


def kept_months(settings: Settings) -> set[date]:
    """Return the months whose mentions were let go after they were measured."""
    path = settings.home / KEPT
    if not path.exists():
        return set()
    return {date.fromisoformat(month) for month in json.loads(path.read_text("utf-8"))}


def keep_months(settings: Settings, months: Iterable[date]) -> None:
    """Remember that mentions of these months are let go."""
    path = settings.home / KEPT
    path.parent.mkdir(parents=True, exist_ok=True)
    every = sorted(kept_months(settings) | set(months))
    aside = path.with_name(f"{path.name}.tmp")
    aside.write_text(json.dumps([str(month) for month in every]), "utf-8")
    aside.replace(path)


def with_kept(
    store: Store, rows: pa.Table, months: Sequence[date], *, settings: Settings
) -> pa.Table:
    """Return new values, those made of mentions replaced by the old ones in months let go of."""
    closed = kept_months(settings) & set(months)
    if not closed:
        return rows
    names = [name for name, one in known_indicators().items() if Mention.table in one.needs]
    before = store.table(Value.table, months=sorted(closed))
    old = before.filter(before.indicator.isin(names)).to_pyarrow().cast(rows.schema)
    made = [
        month in closed and name in names
        for month, name in zip(
            rows["month_on"].to_pylist(), rows["indicator"].to_pylist(), strict=True
        )
    ]
    stays = rows.filter(pa.array([not one for one in made], pa.bool_()))
    return pa.concat_tables([stays, old])
