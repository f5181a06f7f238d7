"""The newest look at each thing: superseded looks are left out when a table is read."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Sequence
from functools import reduce

import ibis
import ibis.expr.types as ir

from vigie.model import Record
from vigie.store.engine import Engine
from vigie.store.files import Files
from vigie.store.partitions import Partition, StoredFile
from vigie.store.schema import columns_of, known_columns

MOST_COMPARED = 64
"""Above so many files in a partition, all are compared: finding out costs more."""


def current(
    record: type[Record], partitions: Iterable[Partition], *, engine: Engine, files: Files
) -> ir.Table:
    """Return the newest look at each thing in these partitions.

    Only files that may share a key with another are compared; the others are read as they
    are. Between looks of the same moment, the one that came into the store last wins.
    """
    alone: list[StoredFile] = []
    levels: list[list[StoredFile]] = []
    for partition in partitions:
        plain, mixed = sharing(partition.files)
        alone += plain
        for place, file in enumerate(mixed):
            levels += [[]] if place == len(levels) else []
            levels[place].append(file)
    parts = [rows_of(record, level, engine=engine, files=files) for level in (alone, *levels)]
    if not levels:
        return parts[0]

    def build(plain: ir.Table, *mixed: ir.Table) -> ir.Table:
        placed = [
            rows.mutate(place_=ibis.literal(place, type="int64"))
            for place, rows in enumerate(mixed)
        ]
        return plain.union(newest(record, _union(placed), place="place_").drop("place_"))

    return engine.view(("current", record, len(levels)), build, *parts)


def sharing(files: Sequence[StoredFile]) -> tuple[list[StoredFile], list[StoredFile]]:
    """Part the files that hold no key of another from those that may."""
    if len(files) < 2:
        return list(files), []
    if len(files) > MOST_COMPARED:
        return [], list(files)
    mixed = {
        file.name
        for one, other in itertools.combinations(files, 2)
        if one.name not in other.footer.apart and other.name not in one.footer.apart
        for file in (one, other)
    }
    alone = [file for file in files if file.name not in mixed]
    return alone, [file for file in files if file.name in mixed]


def rows_of(
    record: type[Record], stored: Sequence[StoredFile], *, engine: Engine, files: Files
) -> ir.Table:
    """Return every row of these files; a column that a file lacks is unknown."""
    groups: dict[tuple[str, ...], list[str]] = {}
    for file in stored:
        if file.footer.rows:
            names = known_columns(record, file.footer.schema, file.path)
            groups.setdefault(names, []).append(file.path)
    return engine.parquet(groups, columns_of(record), files.system)


def newest(record: type[Record], rows: ir.Table, *, place: str) -> ir.Table:
    """Keep of each key the newest look; between equal looks, the one of the greatest place."""
    by = [rows[record.looked].desc()] if record.looked else []
    window = ibis.window(
        group_by=[rows[name] for name in record.key], order_by=[*by, rows[place].desc()]
    )
    return rows.filter(ibis.row_number().over(window) == 0)


def _union(parts: Sequence[ir.Table]) -> ir.Table:
    join: Callable[[ir.Table, ir.Table], ir.Table] = lambda one, other: one.union(other)  # noqa: E731
    return reduce(join, parts)
