"""DuckDB in the process, in memory, without a database file and without downloads."""

from __future__ import annotations

import itertools
import sys
import threading
import weakref
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import Any

import duckdb
import ibis
import ibis.expr.operations as ops
import ibis.expr.types as ir
import pyarrow as pa
from fsspec import AbstractFileSystem
from fsspec.implementations.local import LocalFileSystem
from ibis.backends.duckdb import Backend

from vigie.store.duckdb_rooms import DuckdbRoom, naming_files, quoted
from vigie.store.engine import Columns, Workroom
from vigie.store.spilling import Spill
from vigie.store.views import ViewingEngine, view_name

CONNECTIONS_KEPT = 32


class DuckdbEngine(ViewingEngine):
    """The default engine: one database in memory, one cursor of it per thread."""

    speaks = f"duckdb {duckdb.__version__}"

    def __init__(self, *, memory: str = "1GB", threads: int = 2, cluster: str = "") -> None:
        super().__init__(memory=memory, threads=threads, cluster=cluster)
        spill = Spill()
        weakref.finalize(self, spill.let_go)
        self._database = duckdb.connect(
            ":memory:",
            config={
                "autoinstall_known_extensions": False,
                "autoload_known_extensions": False,
                "memory_limit": memory,
                "threads": threads,
                "temp_directory": str(spill.folder),
            },
        )
        self._database.execute("SET GLOBAL TimeZone = 'UTC'")
        self._backends: dict[int, Backend] = {}
        self._systems: set[str] = set()
        self._rooms = itertools.count(1)
        self._open_rooms = 0

    def parquet(
        self,
        paths: Mapping[Columns, Sequence[str]],
        schema: pa.Schema,
        files: AbstractFileSystem,
    ) -> ir.Table:
        """Return the rows of these files as one table of that schema; no file, no rows."""
        columns = ibis.Schema.from_pyarrow(schema)
        parts = [
            f"SELECT {_chosen(columns, known)} FROM {self._files(some, files)}"
            for known, some in paths.items()
        ]
        sql = " UNION ALL ".join(parts) or f"SELECT {_chosen(columns, ())} WHERE false"
        return self._view(sql, columns)

    def _files(self, paths: Sequence[str], files: AbstractFileSystem) -> str:
        listed = ", ".join(_text(self._address(path, files)) for path in paths)
        return f"read_parquet([{listed}], hive_partitioning=false)"

    def memory_table(self, rows: pa.Table) -> ir.Table:
        """Return rows that are already in memory as a table of this engine."""
        return ibis.memtable(rows)

    @contextmanager
    def workroom(
        self,
        tables: Mapping[str, ir.Table | pa.Table],
        *,
        repeated: Collection[str] = (),
        small: Collection[str] = (),
    ) -> Iterator[Workroom]:
        """Give tables names to be asked by, until the room is left: a schema of their own."""
        with self._lock:
            schema = f"room_{next(self._rooms)}"
        room = DuckdbRoom(self._database, schema)
        try:
            room.hold({n: one for n, one in tables.items() if isinstance(one, pa.Table)})
            asked = {n: one for n, one in tables.items() if isinstance(one, ir.Table)}
            room.name(
                {name: (self._source(table), table.columns) for name, table in asked.items()},
                repeated,
                small,
            )
            with self._undivided():
                yield room
        finally:
            room.leave()

    @contextmanager
    def _undivided(self) -> Iterator[None]:
        """Answer each question in the thread that asks it: they are small, and come together."""
        self._enter(1)
        try:
            yield
        finally:
            self._enter(-1)

    def _enter(self, rooms: int) -> None:
        with self._lock:
            self._open_rooms += rooms
            threads = 1 if self._open_rooms else self.threads
            self._database.execute(f"SET GLOBAL threads = {threads}")

    def _source(self, table: ir.Table) -> str:
        """Return what to select the rows of a table from."""
        name = view_name(table)
        return f"main.{name}" if name else f"({self.compiled(table)})"

    @property
    def _backend(self) -> Backend:
        """The connection of this thread: results of two threads never mix.

        It outlives the thread: a connection that is closed while its thread ends lets go of a
        lock of Python's that the thread no longer has. Where there are many, those of threads that
        run nothing are closed here, in one that does.
        """
        this = threading.get_ident()
        found = self._backends.get(this)
        if found is None:
            with self._lock:
                if len(self._backends) >= CONNECTIONS_KEPT:
                    for gone in self._backends.keys() - sys._current_frames().keys():
                        del self._backends[gone]
                found = _NamingBackend.from_connection(self._database.cursor())
                self._backends[this] = found
        return found

    def _ask_by_name(self, name: str, sql: str) -> None:
        with naming_files():
            self._database.execute(f"CREATE OR REPLACE VIEW {name} AS {sql}")

    def _drop(self, name: str) -> None:
        self._database.execute(f"DROP VIEW IF EXISTS {name}")

    def _address(self, path: str, files: AbstractFileSystem) -> str:
        if isinstance(files, LocalFileSystem):
            return path
        address: str = files.unstrip_protocol(path)
        protocol = address.partition("://")[0]
        with self._lock:
            if protocol not in self._systems:
                self._database.register_filesystem(files)
                self._systems.add(protocol)
        return address


def _chosen(columns: ibis.Schema, known: Collection[str]) -> str:
    """Return all columns, each of its kind: what is not known is nothing."""
    return ", ".join(
        f"{quoted(name) if name in known else 'NULL'}::{_duckdb_type(columns[name])} "
        f"AS {quoted(name)}"
        for name in columns.names
    )


class _NamingBackend(Backend):  # type: ignore[misc]  # Ibis has no types
    """Ibis's DuckDB, which names a damaged file in the store's own words."""

    def to_pyarrow(self, expr: Any, /, **named: Any) -> Any:
        """Answer, and let go of the rows in memory that the question was about."""
        with naming_files():
            found = super().to_pyarrow(expr, **named)
        # Ibis would keep them until the process ends; asked again, they are handed over again.
        for held in expr.op().find(ops.InMemoryTable):
            self.con.unregister(held.name)
            self._memtables.discard(held)
        return found

    def _register_udfs(self, expr: Any) -> None:
        """Let the question call our own functions; those of another thread are known already."""
        for function in expr.op().find(ops.ScalarUDF):
            with suppress(duckdb.CatalogException, duckdb.NotImplementedException):
                self._register_udf(function)(self.con)

    def _make_memtable_finalizer(self, name: str) -> None:
        """Leave nothing to be dropped at exit."""

    def execute(self, *given: Any, **named: Any) -> Any:
        with naming_files():
            return super().execute(*given, **named)

    def to_pyarrow_batches(
        self,
        expr: Any,
        /,
        *,
        params: Any = None,
        limit: Any = None,
        chunk_size: int = 122_880,
        **_named: Any,
    ) -> pa.RecordBatchReader:
        """Stream the rows; other questions may be asked in the same thread meanwhile."""
        self._run_pre_execute_hooks(expr)
        table = expr.as_table()
        sql = self.compile(table, params=params, limit=limit)
        # Rows in memory are known to this connection only.
        in_memory = table.op().find(ops.InMemoryTable)
        connection = self.con if in_memory else self.con.cursor()
        with naming_files():
            batches = connection.execute(sql).to_arrow_reader(chunk_size)
        schema = table.schema().to_pyarrow()
        return pa.RecordBatchReader.from_batches(schema, _named_batches(batches, schema))


def _named_batches(batches: pa.RecordBatchReader, schema: pa.Schema) -> Iterator[pa.RecordBatch]:
    with naming_files():
        for batch in batches:
            yield batch.cast(schema)


def _duckdb_type(kind: Any) -> str:
    return Backend.compiler.type_mapper.to_string(kind)  # type: ignore[no-any-return]


def _text(value: str) -> str:
    escaped = value.replace("'", "''")
    return f"'{escaped}'"
