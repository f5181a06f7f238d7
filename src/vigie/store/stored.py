"""What a store is made of, and how it is read: the tables of one folder, by name."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime

import ibis.expr.types as ir

from vigie.model import TABLES, Record
from vigie.store.current import current
from vigie.store.engine import Engine
from vigie.store.files import Files
from vigie.store.partitions import Damage, Partition, Partitions
from vigie.store.room import Reserve, writing
from vigie.store.schema import record_of
from vigie.store.writing import Names


def _now() -> datetime:
    return datetime.now(UTC)


class Stored:
    """Every table by name, to be read. Safe to share between threads."""

    def __init__(
        self,
        address: str,
        *,
        engine: Engine,
        clock: Callable[[], datetime] = _now,
        records: Mapping[str, type[Record]] = TABLES,
        files: Callable[[str], Files] = Files,
    ) -> None:
        self.engine = engine
        self.files = files(address)
        self.reserve = Reserve(files=self.files)
        self.names = Names(clock)
        self.records = records
        self.partitions = Partitions(self.files)
        self.unburied: set[str] = set()
        """Erasings of what was taken down that broke off here: they are finished next."""

    def record(self, name: str) -> type[Record]:
        """Return the class of a table's rows."""
        return record_of(self.records, name)

    def names_of_tables(self) -> list[str]:
        """Return the tables that have files."""
        return [name for name in self.files.folders(self.files.root) if name in self.records]

    @property
    def damaged(self) -> tuple[Damage, ...]:
        """The files left out of what was read so far, since they cannot be read."""
        return tuple(damage for _path, damage in sorted(self.partitions.damaged.items()))

    def table(self, name: str, *, months: Sequence[date] | None = None) -> ir.Table:
        """Return the newest look at each thing, of some months or all; never an error when empty.

        Months matter only to tables parted by month. A damaged file is left out, logged and
        named in ``damaged``.
        """
        record = self.record(name)
        parts = self._parts(record, months)
        return current(record, parts, engine=self.engine, files=self.files)

    def tables(
        self, names: Iterable[str], *, months: Sequence[date] | None = None
    ) -> dict[str, ir.Table]:
        """Return several tables by name."""
        return {name: self.table(name, months=months) for name in names}

    def view(
        self,
        build: Callable[[Mapping[str, ir.Table]], ir.Table],
        tables: Mapping[str, ir.Table],
    ) -> ir.Table:
        """Return what ``build`` makes of this store's own tables, under a name.

        What is asked of it is then a short question, however long the way to it: it is thought
        through once, and not with every question. ``build`` must say the same of the same tables.
        """
        names = tuple(tables)
        return self.engine.view(
            (build, names),
            lambda *given: build(dict(zip(names, given, strict=True))),
            *tables.values(),
        )

    def months(self, name: str) -> list[date]:
        """Return the months in which a table has rows, earliest first."""
        parts = self.partitions.of(self.record(name).table)
        return [part.month for part in parts if part.month is not None and part.rows]

    def rows(self, name: str) -> dict[date, int]:
        """Return by month how many rows a table holds, superseded looks included."""
        parts = self.partitions.of(self.record(name).table)
        return {part.month: part.rows for part in parts if part.month is not None}

    def fingerprints(self, name: str) -> dict[date | None, str]:
        """Return by month a digest of what the table is made of: it changes when rows may have."""
        return {
            part.month: hashlib.sha256(
                "\n".join(sorted(file.name for file in part.files)).encode()
            ).hexdigest()
            for part in self._parts(self.record(name), None)
            if part.rows
        }

    def writing(self) -> AbstractContextManager[None]:
        """Say in words why something could not be written, where the disk is the reason."""
        return writing(self.files.root)

    def _parts(self, record: type[Record], months: Sequence[date] | None) -> list[Partition]:
        if months is None or record.month is None:
            return self.partitions.of(record.table)
        return self.partitions.of(record.table, [month.replace(day=1) for month in months])
