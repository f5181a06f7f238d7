"""Erases someone or something from every table, at once and for good, and says so."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Collection, Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from functools import reduce

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from vigie.errors import StoreError
from vigie.model import Record
from vigie.store.forgotten import RECEIPTS, Forgotten, Mark, columns_named
from vigie.store.partitions import Partition, StoredFile
from vigie.store.stored import Stored
from vigie.store.writing import Drafts
from vigie.words import _

ROUNDS = 5
"""A merge that began before may write the rows once more: look again until there are none."""

Test = Callable[[pa.Table], pa.ChunkedArray]
"""Tells of each row whether it goes; unknown: it stays."""
Choice = Callable[[type[Record]], "tuple[list[str], Test] | None"]
"""The columns a table is searched by and the test; none when it cannot hold what is asked."""


@dataclass(frozen=True, kw_only=True)
class Receipt:
    """What was forgotten, where, and when.

    What is kept in the store has a salted digest in the place of ``asked``.
    """

    receipt: str
    asked: Mapping[str, str]
    at: datetime
    erased: Mapping[str, int]
    """Rows erased by table; a table that could hold it and did not says 0."""
    files: int
    """Files written anew or removed."""
    unread: tuple[str, ...] = ()
    """Damaged files that could not be searched."""
    digest: str = ""
    """SHA-256 of the kept receipt."""


@dataclass(kw_only=True)
class Erased:
    """What a search for rows to erase did."""

    rows: dict[str, int] = field(default_factory=dict)
    files: int = 0


def forget(store: Stored, where: Mapping[str, str]) -> Receipt:
    """Erase the rows whose columns have these values, from every table that has the columns.

    The mark that keeps them from coming back is written first.
    """
    if not where or not any(columns_named(r, tuple(sorted(where))) for r in store.records.values()):
        raise StoreError(
            _(
                "No table has the columns {columns}: nothing can be forgotten by them. "
                "Name an account, or a network and a post.",
                columns=", ".join(sorted(where)) or "—",
            )
        )
    now, name = store.names.now().astimezone(UTC), store.names.next()
    mark = Mark.of(where, salt=Forgotten.read(store.files).salt)
    _keep(store, name, mark, {"at": now.isoformat(), "erased": {}, "files": 0, "unread": []})
    erased = erase_all(store, _named_by(where))
    unread = unsearched(store)
    facts = {"at": now.isoformat(), "erased": erased.rows, "files": erased.files}
    digest = _keep(store, name, mark, {**facts, "unread": list(unread)})
    return Receipt(
        receipt=name,
        asked=dict(where),
        at=now,
        erased=erased.rows,
        files=erased.files,
        unread=unread,
        digest=digest,
    )


def _keep(store: Stored, name: str, mark: Mark, facts: Mapping[str, object]) -> str:
    said = {key: value for key, value in asdict(mark).items() if key != "digest"}
    content = json.dumps({**said, "asked": mark.digest, **facts}, sort_keys=True, indent=1)
    store.files.write(store.files.path(RECEIPTS, f"{name}.json"), content.encode())
    return hashlib.sha256(content.encode()).hexdigest()


def _named_by(where: Mapping[str, str]) -> Choice:
    asked = tuple(sorted(where))

    def choose(record: type[Record]) -> tuple[list[str], Test] | None:
        named = columns_named(record, asked)
        if named is None:
            return None

        def goes(rows: pa.Table) -> pa.ChunkedArray:
            columns = zip(named, asked, strict=True)
            tests = [pc.equal(rows.column(column), where[name]) for column, name in columns]
            return reduce(pc.and_kleene, tests)

        return list(named), goes

    return choose


def marked_by(forgotten: Forgotten) -> Choice:
    """Return the choice of rows that bear one of these marks."""

    def choose(record: type[Record]) -> tuple[list[str], Test] | None:
        columns = forgotten.columns(record)
        if not columns:
            return None
        return columns, lambda rows: forgotten.is_forgotten(record, rows)

    return choose


def erase_all(store: Stored, choice: Choice, tables: Collection[str] | None = None) -> Erased:
    """Erase chosen rows until none is found any more."""
    erased = Erased()
    for _round in range(ROUNDS):
        before = erased.files
        erase(store, choice, erased, tables)
        if erased.files == before:
            break
    return erased


def erase(
    store: Stored, choice: Choice, erased: Erased, tables: Collection[str] | None = None
) -> None:
    """Rewrite every file that holds chosen rows, without them and without grace."""
    for name, record in store.records.items():
        chosen = choice(record) if tables is None or name in tables else None
        if chosen is None:
            continue
        erased.rows.setdefault(name, 0)
        for partition in store.partitions.of(name):
            for file in partition.hidden:
                if _count(store, file, *chosen):
                    erased.files += store.files.remove(file.path)
            for file in partition.files:
                if _count(store, file, *chosen):
                    erased.rows[name] += _rewrite(store, record, partition, file, chosen[1])
                    erased.files += 1


def _count(store: Stored, file: StoredFile, columns: list[str], goes: Test) -> int:
    if not set(columns).issubset(file.footer.schema.names):
        return 0
    try:
        with store.files.opened(file.path) as opened:
            batches = pq.ParquetFile(opened).iter_batches(columns=columns)
            return sum(pc.sum(goes(pa.Table.from_batches([b]))).as_py() or 0 for b in batches)
    except FileNotFoundError:
        return 0  # another process replaced it: the next round looks at what took its place


def _rewrite(
    store: Stored, record: type[Record], partition: Partition, file: StoredFile, goes: Test
) -> int:
    """Write a file anew without the rows that go; return how many they are."""
    drafts = Drafts(files=store.files, names=store.names)
    schema = file.footer.schema
    try:
        draft = drafts.begin(record, partition.month, after=partition.last_order, schema=schema)
        with store.files.opened(file.path) as opened:
            for batch in pq.ParquetFile(opened).iter_batches(batch_size=122_880):
                rows = pa.Table.from_batches([batch])
                draft.write(rows.filter(pc.invert(pc.fill_null(goes(rows), False))).cast(schema))
        draft.end(
            order=file.footer.order,
            replaces={file.name, *file.footer.replaces},
            apart=file.footer.apart,
        )
        drafts.publish()
    finally:
        drafts.discard()
    store.files.remove(file.path)
    return file.footer.rows - draft.rows


def unsearched(store: Stored) -> tuple[str, ...]:
    """Return the damaged files, in place or in quarantine, that no search can enter."""
    kept = store.files.path("quarantine")
    folders = [
        store.files.path("quarantine", table, month)
        for table in store.files.folders(kept)
        for month in store.files.folders(f"{kept}/{table}")
    ]
    found = [f"{folder}/{file.name}" for folder in folders for file in store.files.listing(folder)]
    return tuple(sorted([*store.partitions.damaged, *found]))
