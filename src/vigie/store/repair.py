"""Mends what a check finds: nothing is deleted, what cannot be read is put aside."""

from __future__ import annotations

import ibis
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from vigie.model import Record
from vigie.store.check import check
from vigie.store.compact import GRACE, sweep
from vigie.store.current import current
from vigie.store.drafting import drafted
from vigie.store.intake import Intake
from vigie.store.partitions import Damage, Partition
from vigie.store.schema import columns_of
from vigie.store.stored import Stored
from vigie.store.writing import Drafts

QUARANTINE = "quarantine"


def repair(store: Stored) -> list[Damage]:
    """Mend everything a check finds, remove what was left half-written, return what was found.

    An unreadable file goes to quarantine; so does one whose rows lie wrong, after its rows
    were taken in anew. Of one key in two months the newest look stays.
    """
    found = check(store)
    for damage in found:
        if damage.kind == "misfiled":
            _take_in_anew(store, damage)
        elif damage.kind == "unreadable":
            _put_aside(store, damage.path)
    for name in sorted({damage.table for damage in found if damage.kind != "unreadable"}):
        _keep_newest_of_months(store, store.record(name))
    sweep(store, grace=GRACE)
    return found


def _put_aside(store: Stored, path: str) -> None:
    inside = path.removeprefix(store.files.root + "/")
    store.files.move(path, store.files.path(QUARANTINE, inside))


def _take_in_anew(store: Stored, damage: Damage) -> None:
    if not store.files.exists(damage.path):
        return  # named twice: already mended
    record = store.record(damage.table)
    with Intake(store) as intake:
        with store.files.opened(damage.path) as opened:
            for batch in pq.ParquetFile(opened).iter_batches():
                intake.add(damage.table, _known(record, pa.Table.from_batches([batch])))
        # Aside first: while the file is in place its rows would count as known.
        _put_aside(store, damage.path)
        intake.commit()


def _known(record: type[Record], rows: pa.Table) -> pa.Table:
    return rows.select([name for name in columns_of(record).names if name in rows.column_names])


def _keep_newest_of_months(store: Stored, record: type[Record]) -> None:
    partitions = store.partitions.of(record.table)
    if record.month is None or record.month in record.key:
        return
    rows = current(record, partitions, engine=store.engine, files=store.files)
    rows = rows.mutate(month_=rows[record.month].truncate("M"))
    by = [rows[record.looked].desc()] if record.looked else []
    window = ibis.window(
        group_by=[rows[name] for name in record.key], order_by=[*by, rows.month_.desc()]
    )
    old = rows.filter(ibis.row_number().over(window) > 0).select(*record.key, "month_")
    losers = old.to_pyarrow()
    for partition in partitions:
        mine = losers.filter(pc.equal(losers.column("month_"), pa.scalar(partition.month)))
        if mine.num_rows:
            _rewrite_without(store, record, partition, mine.select(list(record.key)))


def _rewrite_without(
    store: Stored, record: type[Record], partition: Partition, losers: pa.Table
) -> None:
    rows = current(record, [partition], engine=store.engine, files=store.files)
    left = rows.anti_join(store.engine.memory_table(losers), list(record.key))
    drafts = Drafts(files=store.files, names=store.names)
    try:
        made = list(drafted(record, left, {partition.month: partition}, drafts))
        made = made or [drafts.begin(record, partition.month, after=partition.last_order)]
        for draft in made:
            draft.end(replaces=partition.names)
        drafts.publish()
    finally:
        drafts.discard()
