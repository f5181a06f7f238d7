"""Rows that wait on disk, by month, until an intake is committed."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from fsspec.implementations.local import LocalFileSystem

from vigie.model import Record
from vigie.store.files import ASIDE, Files
from vigie.store.schema import columns_of
from vigie.store.writing import by_month

MEMORY = 32 * 1024 * 1024
"""Bytes of rows held before they go to disk."""
PLACE = "place_"
"""Column that remembers in which order the rows came."""
SPOOL = f"{ASIDE}intake-"


@dataclass(kw_only=True)
class Waiting:
    """The rows of one month of a table that wait."""

    rows: int = 0
    held: list[pa.Table] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)


class Spool:
    """Keeps added rows on disk and few in memory, parted by table and month."""

    disk = LocalFileSystem()

    def __init__(self, files: Files) -> None:
        self._files = files
        self._folder: Path | None = None
        self._rows = 0
        self._bytes = 0
        self._written = 0
        self.waiting: dict[str, dict[date | None, Waiting]] = {}

    def add(self, record: type[Record], rows: pa.Table) -> None:
        """Let rows of the record's own schema wait."""
        months = self.waiting.setdefault(record.table, {})
        places = np.arange(self._rows, self._rows + rows.num_rows)
        for month, part in by_month(record, rows.append_column(PLACE, pa.array(places))):
            waiting = months.setdefault(month, Waiting())
            waiting.held.append(part)
            waiting.rows += part.num_rows
        self._rows += rows.num_rows
        self._bytes += rows.nbytes
        if self._bytes >= MEMORY:
            self.flush()

    def flush(self) -> None:
        """Write what is held in memory."""
        for months in self.waiting.values():
            for waiting in months.values():
                if waiting.held:
                    self._write(waiting)
        self._bytes = 0

    def _write(self, waiting: Waiting) -> None:
        if self._folder is None:
            self._folder = self._files.workplace(SPOOL)
        path = self._folder / f"{self._written}.parquet"
        self._written += 1
        rows = pa.concat_tables(waiting.held)
        with self._files.sink(path) as sink:
            pq.write_table(rows, sink, compression="lz4", use_dictionary=False)
        waiting.paths.append(str(path))
        waiting.held.clear()

    def close(self) -> None:
        """Leave no trace."""
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)


def spool_schema(record: type[Record]) -> pa.Schema:
    """Return the columns of rows that wait."""
    return columns_of(record).append(pa.field(PLACE, pa.int64()))
