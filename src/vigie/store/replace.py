"""Replaces a table, or some of its months: a reader sees the old rows or the new ones."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import closing
from datetime import date

import pyarrow as pa

from vigie.errors import StoreError
from vigie.model import Record
from vigie.store.buried import Buried
from vigie.store.drafting import Month, drafted, drafted_as_is, groups, in_order, waited
from vigie.store.forgotten import Forgotten
from vigie.store.partitions import CHANGES, Partition
from vigie.store.schema import conform
from vigie.store.settling import settle
from vigie.store.spool import Spool
from vigie.store.stored import Stored
from vigie.store.writing import Draft, Drafts, by_month
from vigie.words import _

ATTEMPTS = 5


def replace(store: Stored, name: str, rows: pa.Table, *, months: Sequence[date] | None) -> None:
    """Put these rows in the place of a table's rows, or of those of some months.

    Where several months change, a mark written last shows all the new files at once. Where
    old files were merged meanwhile, the merger is not among those replaced: once more, then.
    """
    for _attempt in range(ATTEMPTS):
        if _replace_once(store, name, rows, months=months):
            return
    raise StoreError(
        _(
            "The table {table} is being compacted again and again, so it cannot be replaced. "
            "End the other process and try again.",
            table=name,
        )
    )


def _replace_once(
    store: Stored, name: str, rows: pa.Table, *, months: Sequence[date] | None
) -> bool:
    record = store.record(name)
    chosen = _chosen(record, months)
    forgotten, buried = Forgotten.read(store.files), Buried.read(store)
    kept = buried.without(record, forgotten.without(record, conform(record, rows)))
    parts = dict(by_month(record, kept))
    _refuse_others(name, parts, chosen)
    before = {part.month: part for part in store.partitions.of(name, chosen)}
    drafts = Drafts(files=store.files, names=store.names)
    try:
        change = _write(store, record, parts, before, drafts)
        drafts.publish()
        if change is not None:
            store.files.write(store.files.path(name, CHANGES, change), b"")
    finally:
        drafts.discard()
    settle(store, drafts, forgotten=forgotten, buried=buried)
    return not _survivor(store, name, before, {draft.name for draft in drafts.made})


def _survivor(
    store: Stored, name: str, before: Mapping[Month, Partition], mine: Collection[str]
) -> bool:
    """Tell whether a file that others made meanwhile of replaced ones is still seen."""
    return any(
        before[part.month].names & file.footer.replaces
        and file.name not in {*mine, *before[part.month].names}
        and file.footer.replaces.isdisjoint(mine)
        for part in store.partitions.of(name, list(before))
        for file in part.files
    )


def _chosen(record: type[Record], months: Sequence[date] | None) -> list[Month] | None:
    if months is None:
        return None
    if record.month is None:
        raise StoreError(
            _(
                "The table {table} is not parted by month: replace it whole.",
                table=record.table,
            )
        )
    return [month.replace(day=1) for month in months]


def _refuse_others(name: str, parts: Collection[Month], chosen: Sequence[Month] | None) -> None:
    other = [month for month in parts if chosen is not None and month not in chosen]
    if other:
        raise StoreError(
            _(
                "Rows of {month} were given for the table {table}, "
                "but that month is not among those to replace.",
                month=min(str(month)[:7] for month in other),
                table=name,
            )
        )


def _write(
    store: Stored,
    record: type[Record],
    parts: Mapping[Month, pa.Table],
    before: Mapping[Month, Partition],
    drafts: Drafts,
) -> str | None:
    """Write the new files; return the change they wait for, when they are several."""
    emptied = [month for month, part in before.items() if part.rows and month not in parts]
    change = store.names.next() if len(parts) + len(emptied) > 1 else None
    for draft in _drafted(store, record, parts, before, drafts):
        known = before.get(draft.month)
        draft.end(replaces=known.names if known else (), change=change)
    for month in emptied:
        draft = drafts.begin(record, month, after=before[month].last_order)
        draft.end(replaces=before[month].names, change=change)
    return change


def _drafted(
    store: Stored,
    record: type[Record],
    parts: Mapping[Month, pa.Table],
    before: Mapping[Month, Partition],
    drafts: Drafts,
) -> Iterator[Draft]:
    """Write the rows of each month: as they are when they are in order, or else by way of disk."""
    if all(in_order(record, rows) for rows in parts.values()):
        yield from drafted_as_is(record, parts, before, drafts)
        return
    with closing(Spool(store.files)) as spool:
        for rows in parts.values():
            spool.add(record, rows)
        spool.flush()
        waiting = spool.waiting[record.table]
        for months in groups(waiting, {}):
            yield from drafted(record, waited(store, record, waiting, months), before, drafts)
