"""Replaces a table, or some of its months: a reader sees the old rows or the new ones."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

import pyarrow as pa

from vigie.errors import StoreError
from vigie.model import Record
from vigie.store.buried import Buried
from vigie.store.drafting import Month, drafted, drafted_in_order, groups, in_order, waited
from vigie.store.forgotten import Forgotten
from vigie.store.partitions import CHANGES, Partition
from vigie.store.schema import conform
from vigie.store.spool import Spool, Waiting
from vigie.store.writing import ROW_GROUP, Draft, Drafts
from vigie.words import _

if TYPE_CHECKING:
    from vigie.store.store import Store

ATTEMPTS = 5


def replace(store: Store, name: str, rows: pa.Table, *, months: Sequence[date] | None) -> None:
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
    store: Store, name: str, rows: pa.Table, *, months: Sequence[date] | None
) -> bool:
    record = store.record(name)
    chosen = _chosen(record, months)
    forgotten, buried = Forgotten.read(store.files), Buried.read(store)
    spool = Spool(store.files)
    drafts = Drafts(files=store.files, names=store.names)
    try:
        spool.add(record, buried.without(record, forgotten.without(record, conform(record, rows))))
        waiting = spool.waiting[name]
        if not in_order(record, waiting):
            spool.flush()
        _refuse_others(name, waiting, chosen)
        before = {part.month: part for part in store.partitions.of(name, chosen)}
        change = _write(store, record, waiting, before, drafts)
        drafts.publish()
        if change is not None:
            store.files.write(store.files.path(name, CHANGES, change), b"")
    finally:
        drafts.discard()
        spool.close()
    store.after_change(drafts, forgotten, buried)
    return not _survivor(store, name, before, {draft.name for draft in drafts.made})


def _survivor(
    store: Store, name: str, before: Mapping[Month, Partition], mine: Collection[str]
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


def _refuse_others(
    name: str, waiting: Mapping[Month, Waiting], chosen: Sequence[Month] | None
) -> None:
    other = [month for month in waiting if chosen is not None and month not in chosen]
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
    store: Store,
    record: type[Record],
    waiting: Mapping[Month, Waiting],
    before: Mapping[Month, Partition],
    drafts: Drafts,
) -> str | None:
    """Write the new files; return the change they wait for, when they are several."""
    emptied = [month for month, part in before.items() if part.rows and month not in waiting]
    change = store.names.next() if len(waiting) + len(emptied) > 1 else None
    for months in groups(waiting, {}):
        for draft in _drafted(store, record, waiting, months, before, drafts):
            known = before.get(draft.month)
            draft.end(replaces=known.names if known else (), change=change)
    for month in emptied:
        draft = drafts.begin(record, month, after=before[month].last_order)
        draft.end(replaces=before[month].names, change=change)
    return change


def _drafted(
    store: Store,
    record: type[Record],
    waiting: Mapping[Month, Waiting],
    months: Sequence[Month],
    before: Mapping[Month, Partition],
    drafts: Drafts,
) -> Iterator[Draft]:
    """Write what waits for some months: as it is when it is still in memory, for it is in order."""
    held = [rows for month in months for rows in waiting[month].held]
    if not held:
        return drafted(record, waited(store, record, waiting, months), before, drafts)
    batches = (batch for rows in held for batch in rows.to_batches(ROW_GROUP))
    return drafted_in_order(record, batches, before, drafts)
