"""Counts of watched series by day, remembered: only months that changed are counted again."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path

import ibis
import ibis.expr.types as ir
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from vigie.listening.query import Query
from vigie.listening.series import COUNTED, Looking, counted
from vigie.listening.texts import READS, texts
from vigie.settings import Settings
from vigie.store.store import Store

EVERYTHING = ""
"""Under this name all posts of a network are counted, whatever they speak of."""
FOLDER = "counted"
VERSION = "3"
"""Changes when what is counted does."""
DATED = ("posts", "mentions")


Prints = Mapping[str, Mapping[date | None, str]]
"""Table → month → digest of what it is made of."""


class _Everything:
    def condition(self, _texts: ir.Table) -> ir.BooleanValue:
        return ibis.literal(True)

    def __str__(self) -> str:
        return EVERYTHING


def counts(
    store: Store, queries: Mapping[str, Query], *, settings: Settings, first: date, last: date
) -> pa.Table:
    """Return posts and authors by query, part and day, those of everything under no name.

    What was counted of a month is kept in a file of the home folder until something of the month
    changes; the files may be deleted any time.
    """
    looking: dict[str, Looking] = {**queries, EVERYTHING: _Everything()}
    prints = _prints(store)
    folder = settings.home / FOLDER
    found = [
        one
        for month in months_between(store, first, last)
        for one in _month(store, looking, folder, month, prints)
    ]
    every = pa.concat_tables(found) if found else COUNTED.empty_table()
    within = pc.and_(pc.greater_equal(every["day"], first), pc.less_equal(every["day"], last))
    return every.filter(within)


def months_between(store: Store, first: date, last: date) -> list[date]:
    """Return the months between two days in which there are posts of anyone."""
    known = sorted({month for name in DATED for month in store.months(name)})
    return [month for month in known if first.replace(day=1) <= month <= last]


def _prints(store: Store) -> Prints:
    return {name: store.fingerprints(name) for name in READS}


def _month(
    store: Store, looking: Mapping[str, Looking], folder: Path, month: date, prints: Prints
) -> list[pa.Table]:
    """Return the counts of each query in a month; those not known yet are counted together."""
    stem = _stem(month, prints)
    paths = {
        name: folder / f"{stem}-{_digest(str(query))}.parquet" for name, query in looking.items()
    }
    missing = {name: looking[name] for name, path in paths.items() if not path.exists()}
    if missing:
        rows = _count(store, missing, month)
        for name in missing:
            _keep(rows.filter(pc.equal(rows["query"], name)), paths[name])
        _clear(folder, month, stem)
    # The same words may be kept under another name: the file says the words alone.
    return [_named(pq.read_table(path, schema=COUNTED), name) for name, path in paths.items()]


def _stem(month: date, prints: Prints) -> str:
    """Return how the files of a month begin: it changes when what was seen of it does."""
    of = [f"{name}={known.get(month) or known.get(None, '')}" for name, known in prints.items()]
    return f"{month:%Y-%m}-{_digest(VERSION, *sorted(of))}"


def _digest(*parts: str) -> str:
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:16]


def _count(store: Store, missing: Mapping[str, Looking], month: date) -> pa.Table:
    tables = store.tables(READS, months=[month])
    last = (month + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    found = counted(store.view(texts, tables), missing, first=month, last=last)
    return found.select(COUNTED.names).to_pyarrow().cast(COUNTED)


def _named(rows: pa.Table, name: str) -> pa.Table:
    place = COUNTED.get_field_index("query")
    names = pa.array([name] * rows.num_rows, pa.string())
    return rows.set_column(place, COUNTED.field("query"), names)


def _keep(rows: pa.Table, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(f"{path.name}.tmp")
    pq.write_table(rows, aside)
    aside.replace(path)


def _clear(folder: Path, month: date, stem: str) -> None:
    """Remove what was counted of a month before it changed."""
    for path in folder.glob(f"{month:%Y-%m}-*.parquet"):
        if not path.name.startswith(stem):
            path.unlink(missing_ok=True)
