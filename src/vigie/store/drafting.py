"""Turns rows that wait into files of their months, unique by key and sorted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

import ibis.expr.types as ir
import pyarrow as pa
import pyarrow.compute as pc

from vigie.model import Record
from vigie.store.current import newest
from vigie.store.partitions import Partition
from vigie.store.schema import columns_of, order_of
from vigie.store.spool import PLACE, Spool, Waiting, spool_schema
from vigie.store.stored import Stored
from vigie.store.writing import ROW_GROUP, Draft, Drafts, in_months

ROWS_AT_ONCE = 250_000
"""Rows, old and new, of the months that are compared in one question."""
REVISES = "revises_"
"""Column that says a row is a newer look at something known."""

Month = date | None


def groups(
    waiting: Mapping[Month, Waiting], before: Mapping[Month, Partition]
) -> Iterator[list[Month]]:
    """Put small months together: one question each would cost more than it answers."""
    group: list[Month] = []
    rows = 0
    for month in sorted(waiting, key=lambda month: month or date.min):
        more = waiting[month].rows + (before[month].rows if month in before else 0)
        if group and rows + more > ROWS_AT_ONCE:
            yield group
            group, rows = [], 0
        group.append(month)
        rows += more
    if group:
        yield group


def waited(
    store: Stored,
    record: type[Record],
    waiting: Mapping[Month, Waiting],
    months: Sequence[Month],
) -> ir.Table:
    """Return the rows that wait for these months, the newest look at each thing."""
    paths = [path for month in months for path in waiting[month].paths]
    schema = spool_schema(record)
    rows = store.engine.parquet({tuple(schema.names): paths}, schema, Spool.disk)
    return store.engine.view(
        ("waited", record), lambda rows: newest(record, rows, place=PLACE).drop(PLACE), rows
    )


def in_order(record: type[Record], rows: pa.Table) -> bool:
    """Tell whether rows are unique by key and sorted already."""
    if len(rows) < 2:
        return True
    tied = pa.chunked_array([pa.repeat(pa.scalar(True), len(rows) - 1)])
    for name in order_of(record):
        one, following = rows[name].slice(0, len(rows) - 1), rows[name].slice(1)
        # What is unknown is in no order.
        falls = pc.fill_null(pc.less(following, one), True)
        if pc.any(pc.and_(tied, falls)).as_py():
            return False
        tied = pc.and_kleene(tied, pc.equal(one, following))
    return not pc.any(tied).as_py()


def drafted_as_is(
    record: type[Record],
    parts: Mapping[Month, pa.Table],
    before: Mapping[Month, Partition],
    drafts: Drafts,
) -> Iterator[Draft]:
    """Write rows that are in order, one file per month; each is to be ended by who asked for it."""
    for month, rows in parts.items():
        draft = _begun(record, month, before, drafts)
        for start in range(0, len(rows), ROW_GROUP):
            draft.write(rows.slice(start, ROW_GROUP))
        yield draft


def drafted(
    record: type[Record], rows: ir.Table, before: Mapping[Month, Partition], drafts: Drafts
) -> Iterator[Draft]:
    """Write rows into one file per month; each is to be ended by who asked for it."""
    names = columns_of(record).names
    draft: Draft | None = None
    batches = _sorted(record, rows).to_pyarrow_batches(chunk_size=ROW_GROUP)
    for month, part in in_months(record, batches):
        if draft is None or draft.month != month:
            if draft is not None:
                yield draft
            draft = _begun(record, month, before, drafts)
        draft.write(part.select(names))
        if REVISES in part.column_names:
            draft.revised += int(part.column(REVISES).to_numpy().sum())
    if draft is not None:
        yield draft


def _begun(
    record: type[Record], month: Month, before: Mapping[Month, Partition], drafts: Drafts
) -> Draft:
    after = before[month].last_order if month in before else ""
    return drafts.begin(record, month, after=after)


def _sorted(record: type[Record], rows: ir.Table) -> ir.Table:
    month = [rows[record.month].truncate("M")] if record.month else []
    return rows.order_by([*month, *(rows[name] for name in order_of(record))])
