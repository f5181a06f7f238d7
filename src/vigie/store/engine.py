"""The contract of an engine: answers Ibis questions over the files of the store."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Hashable, Mapping, Sequence
from contextlib import AbstractContextManager

import ibis.expr.types as ir
import pyarrow as pa
from fsspec import AbstractFileSystem

Columns = tuple[str, ...]


class Workroom(ABC):
    """Where tables have names, and where answers are kept under a name until it is left.

    Any thread may ask.
    """

    @abstractmethod
    def keep(self, name: str, sql: str) -> None:
        """Answer a question and keep its rows as a table."""

    @abstractmethod
    def take_in(self, name: str) -> None:
        """Read a small table once, for all questions: before that it is not there."""

    @abstractmethod
    def answer(self, sql: str) -> pa.Table:
        """Return the rows that answer a question; what is repeated may come as a dictionary."""


class Engine(ABC):
    """Reads Parquet files as Ibis tables. One engine serves one process and all its threads.

    A table is asked for in the thread that reads it.
    """

    speaks: str
    """What its words are for, with the version: questions put into other words are not its own."""

    def __init__(self, *, memory: str = "1GB", threads: int = 2, cluster: str = "") -> None:
        self.memory = memory
        self.threads = threads
        self.cluster = cluster
        """Where it runs, if it can run elsewhere; nothing: here."""

    @abstractmethod
    def parquet(
        self,
        paths: Mapping[Columns, Sequence[str]],
        schema: pa.Schema,
        files: AbstractFileSystem,
    ) -> ir.Table:
        """Return the rows of these files as one table of that schema; no file, no rows.

        The files stand by which columns of the schema they have: any other is unknown. What else
        they may have is left out.
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

    @abstractmethod
    def compiled(self, question: ir.Table) -> str:
        """Return a question over named tables in this engine's own words, for a workroom."""

    @abstractmethod
    def workroom(
        self,
        tables: Mapping[str, ir.Table | pa.Table],
        *,
        repeated: Collection[str] = (),
        small: Collection[str] = (),
    ) -> AbstractContextManager[Workroom]:
        """Give tables names to be asked by, until the room is left.

        Columns that hold the same few texts again and again may be named as ``repeated``: an
        engine may then put numbers in their place. Tables that are ``small`` must be taken in.
        """
