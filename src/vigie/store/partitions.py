"""Which files of a table count now: the ones published, less the ones they replace."""

from __future__ import annotations

import itertools
import logging
import re
from collections.abc import Collection, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from typing import Literal

import pyarrow as pa

from vigie.store.files import ASIDE, Files, Found
from vigie.store.footer import Footer, read_footer
from vigie.store.schema import folder_of
from vigie.words import Words, _

SUFFIX = ".parquet"
CHANGES = "changes"
"""Folder of a table that holds one mark per change of several partitions at once."""

LOG = logging.getLogger(__name__)


Kind = Literal["unreadable", "misfiled", "two_months"]


@dataclass(frozen=True, kw_only=True)
class Damage:
    """Something wrong with a file of the store, and where."""

    path: str
    table: str
    words: Words
    kind: Kind = "unreadable"


@dataclass(frozen=True, kw_only=True)
class StoredFile:
    """A whole file of a partition."""

    path: str
    name: str
    footer: Footer


@dataclass(frozen=True, kw_only=True)
class Partition:
    """The files of one month of a table (or of all of it), oldest first."""

    table: str
    month: date | None
    files: tuple[StoredFile, ...]
    """What a reader sees."""
    hidden: tuple[StoredFile, ...] = ()
    """What other files replace: kept for readers that began before."""
    pending: tuple[StoredFile, ...] = ()
    """What belongs to a change that is not done yet."""

    @property
    def rows(self) -> int:
        """How many rows the files hold, superseded looks included."""
        return sum(file.footer.rows for file in self.files)

    @property
    def names(self) -> frozenset[str]:
        """The names of every file that counts or has counted."""
        return frozenset(file.name for file in (*self.files, *self.hidden))

    @property
    def last_order(self) -> str:
        """The greatest order among its files: a new file must come after it."""
        return max((file.footer.order for file in (*self.files, *self.hidden)), default="")


Known = dict[str, StoredFile | Damage]
Listed = tuple[Found, ...]


class Partitions:
    """Lists the partitions of tables; footers are read once, since files never change."""

    def __init__(self, files: Files) -> None:
        self._files = files
        self._seen: dict[str, tuple[Listed, Known]] = {}
        self.damaged: dict[str, Damage] = {}

    def of(self, table: str, months: Collection[date | None] | None = None) -> list[Partition]:
        """Return the partitions of a table that have files, by month.

        The marks of changes are read before the files, so that of a change of several
        partitions a reader sees all or nothing.
        """
        done = self.changes(table)
        wanted = None if months is None else {folder_of(month) for month in months}
        found = [
            self._partition(table, folder, done)
            for folder in self._files.folders(self._files.path(table))
            if is_partition(folder) and (wanted is None or folder in wanted)
        ]
        return [part for part in found if part.files or part.hidden or part.pending]

    def one(self, table: str, month: date | None) -> Partition:
        """Return one partition, even when it has no files."""
        return self._partition(table, folder_of(month), self.changes(table))

    def changes(self, table: str) -> frozenset[str]:
        """Return the changes of several partitions that are done."""
        listed = self._files.listing(self._files.path(table, CHANGES))
        return frozenset(found.name for found in listed if not found.name.startswith(ASIDE))

    def _partition(self, table: str, folder: str, done: frozenset[str]) -> Partition:
        found = self._stored(table, self._files.path(table, folder))
        counted = [f for f in found if f.footer.change is None or f.footer.change in done]
        replaced = frozenset(itertools.chain.from_iterable(f.footer.replaces for f in counted))
        counted.sort(key=lambda file: (file.footer.order, file.name))
        return Partition(
            table=table,
            month=month_of(folder),
            files=tuple(file for file in counted if file.name not in replaced),
            hidden=tuple(file for file in counted if file.name in replaced),
            pending=tuple(f for f in found if f.footer.change not in {None, *done}),
        )

    def _stored(self, table: str, folder: str) -> list[StoredFile]:
        known = self._looked(table, folder)
        while known is None:  # a file went away after it was listed: something replaced it
            known = self._looked(table, folder)
        self._remember_damage(folder, known.values())
        return [file for file in known.values() if isinstance(file, StoredFile)]

    def _looked(self, table: str, folder: str) -> Known | None:
        listed = tuple(
            found
            for found in self._files.listing(folder)
            if found.name.endswith(SUFFIX) and not found.name.startswith(ASIDE)
        )
        before, known = self._seen.get(folder, ((), {}))
        if listed == before:
            return known
        try:
            looked = self._read(table, folder, listed, _paired(before, known))
        except FileNotFoundError:
            return None
        self._seen[folder] = (listed, looked)
        return looked

    def _read(
        self,
        table: str,
        folder: str,
        listed: Listed,
        before: Mapping[Found, StoredFile | Damage],
    ) -> Known:
        new = [found for found in listed if found not in before]
        # Far away, what takes time is the wait for each answer.
        if len(new) > 1 and not self._files.is_local:
            with ThreadPoolExecutor(8) as pool:
                looked = list(pool.map(lambda found: self._look(table, folder, found), new))
        else:
            looked = [self._look(table, folder, found) for found in new]
        every = {**before, **dict(zip(new, looked, strict=True))}
        return {found.name: every[found] for found in listed}

    def _look(self, table: str, folder: str, found: Found) -> StoredFile | Damage:
        path = f"{folder}/{found.name}"
        name = found.name.removesuffix(SUFFIX)
        try:
            with self._files.opened(path) as file:
                return StoredFile(path=path, name=name, footer=read_footer(file, name=name))
        except FileNotFoundError:
            raise
        except (pa.ArrowException, OSError, ValueError):
            return Damage(
                path=path,
                table=table,
                words=_(
                    "{path} is cut short or altered: its {size} bytes cannot be read. "
                    "Run vigie store repair, then import its source again.",
                    path=path,
                    size=found.size,
                ),
            )

    def _remember_damage(self, folder: str, known: Iterable[StoredFile | Damage]) -> None:
        damaged = {found.path: found for found in known if isinstance(found, Damage)}
        for path in list(self.damaged):
            if path.rpartition("/")[0] == folder and path not in damaged:
                self.damaged.pop(path, None)
        for path, damage in damaged.items():
            if path not in self.damaged:
                LOG.warning("%s", damage.words)
            self.damaged[path] = damage


def _paired(listed: Listed, known: Known) -> dict[Found, StoredFile | Damage]:
    return dict(zip(listed, known.values(), strict=True))


def is_partition(folder: str) -> bool:
    """Tell whether a folder's name is that of a partition."""
    return re.fullmatch(r"all|(?!0000)\d{4}-(0[1-9]|1[0-2])", folder) is not None


def month_of(folder: str) -> date | None:
    """Return the month of a partition by its folder's name; none for a table in one piece."""
    return None if folder == "all" else date(int(folder[:4]), int(folder[5:]), 1)
