"""Looks at every file of the store and says what is wrong with it."""

from __future__ import annotations

from collections.abc import Iterator

import ibis.expr.types as ir
import pyarrow as pa
import pyarrow.parquet as pq

from vigie.errors import DamagedFileError, StoreError
from vigie.model import Record
from vigie.store.current import rows_of
from vigie.store.partitions import Damage, Kind, Partition, StoredFile
from vigie.store.schema import folder_of, known_columns, months_of
from vigie.store.stored import Stored
from vigie.words import Words, _


def check(store: Stored) -> list[Damage]:
    """Read every file to its last byte and return what is wrong with any of them."""
    return [damage for name in store.names_of_tables() for damage in _check_table(store, name)]


def _check_table(store: Stored, name: str) -> Iterator[Damage]:
    partitions = store.partitions.of(name)
    inside = store.files.path(name) + "/"
    yield from (damage for damage in store.damaged if damage.path.startswith(inside))
    sound = []
    for partition in partitions:
        for file in partition.files:
            found = _check_file(store, partition, file)
            yield from found
            sound += [] if found else [file]
    yield from _in_two_months(store, name, sound)


def _check_file(store: Stored, partition: Partition, file: StoredFile) -> list[Damage]:
    try:
        found = _wrong_with(store, partition, file)
    except FileNotFoundError:
        return []  # merged or forgotten since it was listed
    except DamagedFileError as error:
        found = (error.words, "unreadable") if store.files.exists(file.path) else None
    if found is None:
        return []
    return [Damage(path=file.path, table=partition.table, words=found[0], kind=found[1])]


def _wrong_with(store: Stored, partition: Partition, file: StoredFile) -> tuple[Words, Kind] | None:
    """Say what is wrong with a file, if anything, and what kind of damage that is."""
    record = store.record(partition.table)
    if _is_broken(store, file):
        words = _(
            "{path} is altered inside: it cannot be read whole. "
            "Run vigie store repair, then import its source again.",
            path=file.path,
        )
        return words, "unreadable"
    try:
        known_columns(record, file.footer.schema, file.path)
    except StoreError as error:
        return error.words, "unreadable"
    rows = rows_of(record, [file], engine=store.engine, files=store.files)
    if twice := _keys_twice(record, rows):
        words = _(
            "{path} holds {count} keys more than once. Run vigie store repair.",
            path=file.path,
            count=twice,
        )
        return words, "misfiled"
    if not _is_of_month(store, record, partition, file):
        words = _(
            "{path} holds rows of another month than its folder's. Run vigie store repair.",
            path=file.path,
        )
        return words, "misfiled"
    return None


def _is_broken(store: Stored, file: StoredFile) -> bool:
    """Read the file whole, each page against its checksum."""
    try:
        with store.files.opened(file.path) as opened:
            reader = pq.ParquetFile(opened, page_checksum_verification=True)
            rows: int = sum(batch.num_rows for batch in reader.iter_batches())
            return rows != file.footer.rows
    except FileNotFoundError:
        raise
    except (pa.ArrowException, OSError, ValueError):
        return True


def _keys_twice(record: type[Record], rows: ir.Table) -> int:
    counted = rows.group_by([rows[name] for name in record.key]).agg(times=rows.count())
    return int(counted.filter(counted.times > 1).count().to_pyarrow().as_py())


def _is_of_month(
    store: Stored, record: type[Record], partition: Partition, file: StoredFile
) -> bool:
    if record.month is None or partition.month is None:
        return record.month is None and partition.month is None
    with store.files.opened(file.path) as opened:
        days = pq.read_table(opened, columns=[record.month]).column(0)
    return set(months_of(days).unique().to_pylist()) <= {partition.month}


def _in_two_months(store: Stored, name: str, sound: list[StoredFile]) -> Iterator[Damage]:
    record = store.record(name)
    if record.month is None or record.month in record.key:
        return
    rows = rows_of(record, sound, engine=store.engine, files=store.files)
    months = rows.mutate(month_=rows[record.month].truncate("M"))
    twice = months.group_by(list(record.key)).agg(
        months=months.month_.nunique(), month=months.month_.min()
    )
    twice = twice.filter(twice.months > 1)
    counted = twice.group_by("month").agg(count=twice.count()).order_by("month")
    for found in counted.to_pyarrow().to_pylist():
        words = _(
            "{count} rows of the table {table} in {month} are also in a later month. "
            "Run vigie store repair: it keeps the newest look.",
            count=found["count"],
            table=name,
            month=folder_of(found["month"]),
        )
        path = store.files.path(name, folder_of(found["month"]))
        yield Damage(path=path, table=name, words=words, kind="two_months")
