"""The contract of an engine: answers Ibis questions over the files of the store."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Hashable, Sequence

import ibis.expr.types as ir
import pyarrow as pa
from fsspec import AbstractFileSystem


class Engine(ABC):
    """Reads Parquet files as Ibis tables. One engine serves one process and all its threads.

    A table is asked for in the thread that reads it.
    """

    def __init__(self, *, memory: str = "1GB", threads: int = 2) -> None:
        self.memory = memory
        self.threads = threads

    @abstractmethod
    def parquet(
        self, paths: Sequence[str], schema: pa.Schema, files: AbstractFileSystem
    ) -> ir.Table:
        """Return the rows of these files as one table of that schema; no file, no rows.

        Every file has the columns of the schema; others it may have are left out.
        """

    @abstractmethod
    def memory_table(self, rows: pa.Table) -> ir.Table:
        """Return rows that are already in memory as a table of this engine."""

    @abstractmethod
    def view(self, key: Hashable, build: Callable[..., ir.Table], *tables: ir.Table) -> ir.Table:
        """Return what ``build`` makes of these tables, under a name: no row is read yet.

        The key stands for what is built, so that a question asked of ever new files need
        not be thought through again: of the same key only the tables may differ.
        """
