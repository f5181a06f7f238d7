"""The store: tables of observations as Parquet files in one folder, local or far away.

Rows are appended and never edited; of several looks at one thing the newest is read. Any
number of processes may read while others write: there is no lock, since a file appears whole,
under a name never used before, and says itself which files it replaces.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

import pyarrow as pa

from vigie.errors import SettingError
from vigie.plugins import members
from vigie.settings import Settings
from vigie.store import check, compact, engines, forget, repair, replace
from vigie.store.compact import GRACE, Compacted
from vigie.store.engine import Engine
from vigie.store.forget import Receipt
from vigie.store.intake import Appended, Intake
from vigie.store.partitions import Damage
from vigie.store.stored import Stored
from vigie.words import _

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
    engine = known[settings.engine](
        memory=settings.memory, threads=settings.threads, cluster=settings.cluster
    )
    return Store(settings.store_address, engine=engine)


class Store(Stored):
    """Every table by name, to be read and written. Safe to share between threads."""

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
