"""Counts of watched series by day, remembered: only months that changed are counted again."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
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
TOGETHER = 300_000
"""Rows of the store that are counted at once: of a small store, to think a question through takes
longer than to answer it."""


Prints = Mapping[str, Mapping[date | None, str]]
"""Table → month → digest of what it is made of."""


class _Everything:
    def condition(self, _texts: ir.Table) -> ir.BooleanValue:
        return ibis.literal(True)

    def __str__(self) -> str:
        return EVERYTHING


def counts(
    store: Store,
    queries: Mapping[str, Query],
    *,
    settings: Settings,
    first: date,
    last: date,
    together: int = TOGETHER,
) -> pa.Table:
    """Return posts and authors by query, part and day, those of everything under no name.

    What was counted of a month is kept in a file of the home folder until something of the month
    changes; the files may be deleted any time.
    """
    looking: dict[str, Looking] = {**queries, EVERYTHING: _Everything()}
    prints = _prints(store)
    known = [
        _Counted.of(month, looking, settings.home / FOLDER, prints)
        for month in months_between(store, first, last)
    ]
    for turn in _in_turns([one for one in known if one.missing], store, most=together):
        _count(store, looking, turn)
    found = [rows for one in known for rows in one.read()]
    every = pa.concat_tables(found) if found else COUNTED.empty_table()
    within = pc.and_(pc.greater_equal(every["day"], first), pc.less_equal(every["day"], last))
    return every.filter(within)


def months_between(store: Store, first: date, last: date) -> list[date]:
    """Return the months between two days in which there are posts of anyone."""
    known = sorted({month for name in DATED for month in store.months(name)})
    return [month for month in known if first.replace(day=1) <= month <= last]


def _prints(store: Store) -> Prints:
    return {name: store.fingerprints(name) for name in READS}


@dataclass(frozen=True, kw_only=True)
class _Counted:
    """The files that say what was counted of a month, one for each query."""

    month: date
    folder: Path
    stem: str
    paths: Mapping[str, Path]

    @classmethod
    def of(
        cls, month: date, looking: Mapping[str, Looking], folder: Path, prints: Prints
    ) -> _Counted:
        stem = _stem(month, prints)
        paths = {
            name: folder / f"{stem}-{_digest(str(query))}.parquet"
            for name, query in looking.items()
        }
        return cls(month=month, folder=folder, stem=stem, paths=paths)

    @property
    def missing(self) -> tuple[str, ...]:
        """The queries that were not counted yet."""
        return tuple(name for name, path in self.paths.items() if not path.exists())

    @property
    def last(self) -> date:
        """The last day of the month."""
        return (self.month + timedelta(days=31)).replace(day=1) - timedelta(days=1)

    def keep(self, rows: pa.Table, names: Sequence[str]) -> None:
        """Keep what was counted of some months for those queries, as far as it is of this one."""
        days = rows["day"]
        within = pc.and_(pc.greater_equal(days, self.month), pc.less_equal(days, self.last))
        mine = rows.filter(within)
        for name in names:
            _keep(mine.filter(pc.equal(mine["query"], name)), self.paths[name])
        _clear(self.folder, self.month, self.stem)

    def read(self) -> list[pa.Table]:
        """Return the counts of each query; the same words may be kept under another name."""
        return [
            _named(pq.read_table(path, schema=COUNTED), name) for name, path in self.paths.items()
        ]


def _in_turns(lacking: Sequence[_Counted], store: Store, *, most: int) -> Iterator[list[_Counted]]:
    """Put months together that lack the same queries, few at once where they are large."""
    rows = [store.rows(name) for name in DATED]
    turn: list[_Counted] = []
    size = 0
    for one in lacking:
        mine = sum(known.get(one.month, 0) for known in rows)
        if turn and (turn[0].missing != one.missing or size + mine > most):
            yield turn
            turn, size = [], 0
        turn.append(one)
        size += mine
    if turn:
        yield turn


def _stem(month: date, prints: Prints) -> str:
    """Return how the files of a month begin: it changes when what was seen of it does."""
    of = [f"{name}={known.get(month) or known.get(None, '')}" for name, known in prints.items()]
    return f"{month:%Y-%m}-{_digest(VERSION, *sorted(of))}"


def _digest(*parts: str) -> str:
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:16]


def _count(store: Store, looking: Mapping[str, Looking], turn: Sequence[_Counted]) -> None:
    """Count some months for the queries they lack, and keep it month by month."""
    names = turn[0].missing
    tables = store.tables(READS, months=[one.month for one in turn])
    found = counted(
        store.view(texts, tables), {name: looking[name] for name in names},
        first=turn[0].month, last=turn[-1].last,
    )  # fmt: skip
    rows = found.select(COUNTED.names).to_pyarrow().cast(COUNTED)
    for one in turn:
        one.keep(rows, names)


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
