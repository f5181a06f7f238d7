"""Writes files of the store: aside first, whole, then under their names."""

from __future__ import annotations

import itertools
import secrets
import threading
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from vigie.model import Record
from vigie.store.files import Files, Staged
from vigie.store.footer import footer_words
from vigie.store.partitions import SUFFIX
from vigie.store.schema import columns_of, folder_of, months_of

ROW_GROUP = 122_880
"""What an engine hands to one thread at a time."""
EPOCH = date(1970, 1, 1).toordinal()
UNIQUE = frozenset({"post", "text", "url", "words", "description", "name"})
"""Columns whose values seldom repeat: a dictionary of them only costs time."""


class Names:
    """Makes names of files that sort by the time they were made."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._last = 0
        self._lock = threading.Lock()

    def now(self) -> datetime:
        """Return the time."""
        return self._clock()

    def next(self, *, after: str = "") -> str:
        """Return a new name; it sorts after every name made before, and after that one."""
        with self._lock:
            floor = max(self._last, ticks(after))
            self._last = max(int(self._clock().timestamp() * 1_000_000), floor + 1)
            return f"{self._last:015x}-{secrets.token_hex(4)}"


def ticks(name: str) -> int:
    """Return when a name was made, in microseconds; 0 for what is no such name."""
    try:
        return int(name.partition("-")[0], 16)
    except ValueError:
        return 0


@dataclass(kw_only=True)
class Draft:
    """A file of one partition while it is written."""

    table: str
    month: date | None
    name: str
    names: Names
    staged: Staged
    writer: pq.ParquetWriter
    rows: int = 0
    revised: int = 0
    """Rows that are a newer look at something the partition holds."""

    @property
    def path(self) -> str:
        """Where it will appear."""
        return self.staged.path

    def write(self, batch: pa.RecordBatch | pa.Table) -> None:
        """Add rows."""
        rows = batch if isinstance(batch, pa.Table) else pa.Table.from_batches([batch])
        self.writer.write_table(rows, ROW_GROUP)
        self.rows += rows.num_rows

    def end(
        self,
        *,
        order: str | None = None,
        replaces: Collection[str] = (),
        apart: Collection[str] = (),
        merged: bool = False,
        change: str | None = None,
    ) -> None:
        """End the file with what it says of itself; nobody sees it yet."""
        said = footer_words(
            order=order or self.name,
            ended=self.names.now().timestamp(),
            replaces=replaces,
            apart=apart,
            merged=merged,
            change=change,
        )
        self.writer.add_key_value_metadata(said)
        self.writer.close()
        self.staged.close()

    def discard(self) -> None:
        """Leave no trace."""
        # A disk without room refuses the last bytes even of what is thrown away.
        with suppress(OSError):
            self.writer.close()
        self.writer.is_open = False
        self.staged.discard()


@dataclass(kw_only=True)
class Drafts:
    """The files that one change of the store writes: all shown at its end, or none."""

    files: Files
    names: Names
    made: list[Draft] = field(default_factory=list)

    def begin(
        self,
        record: type[Record],
        month: date | None,
        *,
        after: str = "",
        schema: pa.Schema | None = None,
    ) -> Draft:
        """Begin a file whose name comes after that order."""
        schema = schema or columns_of(record)
        name = self.names.next(after=after)
        path = self.files.path(record.table, folder_of(month), f"{name}{SUFFIX}")
        staged = self.files.staged(path)
        draft = Draft(
            table=record.table,
            month=month,
            name=name,
            names=self.names,
            staged=staged,
            writer=_begun(staged, schema),
        )
        self.made.append(draft)
        return draft

    def publish(self) -> None:
        """Show every file under its name, durably."""
        for draft in self.made:
            draft.staged.publish()
        self.files.settle([draft.path for draft in self.made])

    def discard(self) -> None:
        """Leave no trace of files that were not shown."""
        for draft in self.made:
            draft.discard()


def _begun(staged: Staged, schema: pa.Schema) -> pq.ParquetWriter:
    """Begin to write a file; leave no trace where not even that can be done."""
    try:
        return pq.ParquetWriter(
            staged.sink,
            schema,
            compression="zstd",
            compression_level=1,
            use_dictionary=[name for name in schema.names if name not in UNIQUE],
            write_page_checksum=True,
        )
    except OSError:
        staged.discard()
        raise


def by_month(record: type[Record], rows: pa.Table) -> Iterator[tuple[date | None, pa.Table]]:
    """Part rows by the month they belong to."""
    if record.month is None:
        yield None, rows
        return
    numbers = months_of(rows.column(record.month)).cast(pa.int32()).to_numpy()
    if np.any(numbers[1:] < numbers[:-1]):
        places = np.argsort(numbers, kind="stable")
        rows, numbers = rows.take(pa.array(places)), numbers[places]
    starts = [0, *(np.flatnonzero(np.diff(numbers)) + 1).tolist(), len(numbers)]
    for start, end in itertools.pairwise(starts):
        if end > start:
            month = date.fromordinal(EPOCH + int(numbers[start]))
            yield month, rows.slice(start, end - start)


def in_months(
    record: type[Record], batches: Iterable[pa.RecordBatch]
) -> Iterator[tuple[date | None, pa.Table]]:
    """Part batches that are sorted by month."""
    for batch in batches:
        if batch.num_rows:
            yield from by_month(record, pa.Table.from_batches([batch]))
