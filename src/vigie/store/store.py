"""The store: tables of observations as Parquet files in one folder, local or far away.

Rows are appended and never edited; of several looks at one thing the newest is read. Any
number of processes may read while others write: there is no lock, since a file appears whole,
under a name never used before, and says itself which files it replaces.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime, timedelta

import ibis.expr.types as ir
import pyarrow as pa

from vigie.errors import FullDiskError, SettingError
from vigie.model import TABLES, Record
from vigie.plugins import members
from vigie.settings import Settings
from vigie.store import check, compact, engines, forget, repair, replace
from vigie.store.buried import Buried
from vigie.store.burying import bury
from vigie.store.compact import GRACE, Compacted
from vigie.store.current import current
from vigie.store.engine import Engine
from vigie.store.files import Files
from vigie.store.forget import Erased, Receipt
from vigie.store.forgotten import Forgotten
from vigie.store.intake import Appended, Intake
from vigie.store.partitions import Damage, Partition, Partitions
from vigie.store.room import Reserve, writing
from vigie.store.schema import record_of
from vigie.store.writing import Drafts, Names
from vigie.words import _

MANY_FILES = 16
"""From so many files on, a partition that was just written to is merged at once."""

log = logging.getLogger(__name__)

__all__ = ["Appended", "Compacted", "Damage", "Intake", "Receipt", "Store", "open_store"]


def open_store(settings: Settings) -> Store:
    """Open the store the settings name; it is made when something is first written."""
    known = members(engines, Engine)
    if settings.engine not in known:
        raise SettingError(
            _(
                "There is no engine {engine}. The engines are: {engines}.",
                engine=settings.engine,
                engines=", ".join(known),
            )
        )
    engine = known[settings.engine](memory=settings.memory, threads=settings.threads)
    return Store(settings.store_address, engine=engine)


def _now() -> datetime:
    return datetime.now(UTC)


class Store:
    """Every table by name. Safe to share between threads."""

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

    def append(self, name: str, rows: pa.Table) -> Appended:
        """Keep new things and new looks; what it counts as kept is on the disk."""
        with self.intake() as intake:
            intake.add(name, rows)
            return intake.commit()[name]

    def intake(self) -> Intake:
        """Begin to take in many rows of one or several tables."""
        return Intake(self)

    def replace(self, name: str, rows: pa.Table, *, months: Sequence[date] | None = None) -> None:
        """Put these rows in the place of all rows, or of all those of some months."""
        with self.writing():
            replace.replace(self, name, rows, months=months)

    def compact(
        self,
        names: Iterable[str] | None = None,
        *,
        grace: timedelta = GRACE,
        least: int = 2,
    ) -> Compacted:
        """Merge partitions of at least so many files; remove those replaced before the grace."""
        chosen = self.names_of_tables() if names is None else list(names)
        with self.writing():
            return compact.compact(self, chosen, grace=grace, least=least)

    def forget(self, **where: str) -> Receipt:
        """Erase everything these columns name: ``account=…``, or ``network=…, post=…``."""
        with self.writing():
            return forget.forget(self, where)

    def check(self) -> list[Damage]:
        """Read every file and return what is wrong."""
        return check.check(self)

    def repair(self) -> list[Damage]:
        """Mend what a check finds and return what it was; nothing is deleted."""
        with self.writing():
            return repair.repair(self)

    def writing(self) -> AbstractContextManager[None]:
        """Say in words why something could not be written, where the disk is the reason."""
        return writing(self.files.root)

    def after_change(self, drafts: Drafts, forgotten: Forgotten, buried: Buried) -> None:
        """Do what new files call for: erase what was forgotten meanwhile, merge many files."""
        bury(self, drafts, before=buried)
        new = Forgotten(marks=Forgotten.read(self.files).marks - forgotten.marks)
        if new.marks:
            tables = {draft.table for draft in drafts.made}
            forget.erase(self, forget.marked_by(new), Erased(), tables)
        for table, month in {(draft.table, draft.month): None for draft in drafts.made}:
            partition = self.partitions.one(table, month)
            if len(partition.files) >= MANY_FILES:
                self._merge(partition)

    def _merge(self, partition: Partition) -> None:
        """Merge, where there is room: what was to be kept is on the disk already."""
        try:
            with self.writing():
                compact.merge(self, partition)
        except FullDiskError as error:
            log.warning("%s", error)

    def _parts(self, record: type[Record], months: Sequence[date] | None) -> list[Partition]:
        if months is None or record.month is None:
            return self.partitions.of(record.table)
        return self.partitions.of(record.table, [month.replace(day=1) for month in months])
