"""DuckDB in the process, in memory, without a database file and without downloads."""

from __future__ import annotations

import errno
import hashlib
import itertools
import os
import re
import shutil
import tempfile
import threading
import weakref
from collections import OrderedDict
from collections.abc import Callable, Collection, Hashable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

import duckdb
import ibis
import ibis.expr.operations as ops
import ibis.expr.types as ir
import pyarrow as pa
from fsspec import AbstractFileSystem
from fsspec.implementations.local import LocalFileSystem
from ibis.backends.duckdb import Backend

from vigie.errors import DamagedFileError, StoreError
from vigie.store.engine import Columns, Engine, Workroom
from vigie.store.files import gone
from vigie.store.room import full
from vigie.words import _

VIEWS_KEPT = 1_000
"""Older views are dropped: a long-lived site makes a new one whenever files change."""
BROKEN = "TProtocol|thrift|decompress|corrupt|snappy|zstd|lz4|parquet|page header|page size"
"""Words of errors that come from inside a file, and do not say which."""


VIEW = "rows_[0-9a-f]{24}"


@dataclass(frozen=True, kw_only=True)
class Question:
    """SQL once compiled, and the views it was compiled for."""

    names: tuple[str, ...]
    sql: str
    columns: ibis.Schema


class DuckdbEngine(Engine):
    """The default engine: one database in memory, one cursor of it per thread."""

    def __init__(self, *, memory: str = "1GB", threads: int = 2) -> None:
        super().__init__(memory=memory, threads=threads)
        folder = tempfile.mkdtemp(prefix="vigie-duckdb-")
        weakref.finalize(self, shutil.rmtree, folder, ignore_errors=True)
        self._database = duckdb.connect(
            ":memory:",
            config={
                "autoinstall_known_extensions": False,
                "autoload_known_extensions": False,
                "memory_limit": memory,
                "threads": threads,
                "temp_directory": folder,
            },
        )
        self._database.execute("SET GLOBAL TimeZone = 'UTC'")
        self._thread = threading.local()
        self._lock = threading.Lock()
        self._views: OrderedDict[str, bool] = OrderedDict()
        self._questions: dict[Hashable, Question] = {}
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

    def view(self, key: Hashable, build: Callable[..., ir.Table], *tables: ir.Table) -> ir.Table:
        """Return what ``build`` makes of these tables, under a name: no row is read yet."""
        names = [_view_name(table) for table in tables]
        known = self._questions.get(key)
        if known is not None and all(names):
            swap = dict(zip(known.names, names, strict=True))
            sql = re.sub(VIEW, lambda found: swap[found[0]], known.sql)
            return self._view(sql, known.columns)
        built = build(*tables)
        sql, columns = self._backend.compile(built), built.schema()
        if all(names) and len(set(names)) == len(names):
            self._questions[key] = Question(names=tuple(names), sql=sql, columns=columns)
        return self._view(sql, columns)

    def compiled(self, question: ir.Table) -> str:
        """Return a question over named tables in this engine's own words, for a workroom."""
        sql: str = self._backend.compile(question)
        return sql

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
        room = _Room(self._database, schema)
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
        name = _view_name(table)
        return f"main.{name}" if name else f"({self.compiled(table)})"

    @property
    def _backend(self) -> Backend:
        """The connection of this thread: results of two threads never mix."""
        found = getattr(self._thread, "backend", None)
        if found is None:
            found = _NamingBackend.from_connection(self._database.cursor())
            self._thread.backend = found
        return found

    def _view(self, sql: str, columns: ibis.Schema) -> ir.Table:
        name = f"rows_{hashlib.sha256(sql.encode()).hexdigest()[:24]}"
        with self._lock:
            if name not in self._views:
                with _naming_files():
                    self._database.execute(f"CREATE OR REPLACE VIEW {name} AS {sql}")
                self._views[name] = True
            self._views.move_to_end(name)
            while len(self._views) > VIEWS_KEPT:
                oldest, _kept = self._views.popitem(last=False)
                self._database.execute(f"DROP VIEW IF EXISTS {oldest}")
        table: ir.Table = ops.DatabaseTable(
            name=name, schema=columns, source=self._backend
        ).to_expr()
        return table

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


class _Room(Workroom):
    """A schema of the database, which every question has for its own."""

    def __init__(self, database: duckdb.DuckDBPyConnection, schema: str) -> None:
        self._database = database
        self._schema = schema
        self._small: dict[str, str] = {}
        self._database.cursor().execute(f"CREATE SCHEMA {schema}")

    def keep(self, name: str, sql: str) -> None:
        """Answer a question and keep its rows as a table."""
        with _naming_files():
            self._inside().execute(f"CREATE TABLE {self._named(name)} AS {sql}")

    def take_in(self, name: str) -> None:
        """Read a small table once, for all questions: before that it is not there."""
        self.keep(name, self._small[name])

    def answer(self, sql: str) -> pa.Table:
        """Return the rows that answer a question."""
        with _naming_files():
            return self._inside().execute(sql).to_arrow_table()

    def hold(self, tables: Mapping[str, pa.Table]) -> None:
        """Take in rows that are in memory."""
        inside = self._inside()
        for name, rows in tables.items():
            inside.register("given_", rows)
            inside.execute(f"CREATE TABLE {self._named(name)} AS FROM given_")
            inside.unregister("given_")

    def name(
        self,
        sources: Mapping[str, tuple[str, Sequence[str]]],
        repeated: Collection[str],
        small: Collection[str],
    ) -> None:
        """Let sources, each with its columns, be called by names; number what is repeated."""
        with _naming_files():
            inside = self._inside()
            self._number(inside, list(sources.values()), repeated)
            for name, (source, columns) in sources.items():
                numbered = [
                    f"{_quoted(column)}::{self._named(column)} AS {_quoted(column)}"
                    for column in repeated
                    if column in columns
                ]
                instead = f"REPLACE ({', '.join(numbered)}) " if numbered else ""
                sql = f"SELECT * {instead}FROM {source}"
                if name in small:
                    self._small[name] = sql
                else:
                    inside.execute(f"CREATE VIEW {self._named(name)} AS {sql}")

    def _number(
        self,
        inside: duckdb.DuckDBPyConnection,
        sources: Sequence[tuple[str, Sequence[str]]],
        repeated: Collection[str],
    ) -> None:
        """Make a type for each column, that numbers its texts in their own order."""
        told = [
            f"SELECT DISTINCT {_known(columns, repeated)} FROM {source}"
            for source, columns in sources
            if not set(repeated).isdisjoint(columns)
        ]
        # There must be one text at least, even where there is no row.
        nothing = ", ".join(f"'' AS {_quoted(column)}" for column in repeated)
        if repeated:
            whole = " UNION ALL ".join([f"SELECT {nothing}", *told])
            inside.execute(f"CREATE TABLE told_ AS {whole}")
        for column in repeated:
            named = _quoted(column)
            inside.execute(
                f"CREATE TYPE {self._named(column)} AS ENUM (SELECT DISTINCT {named} FROM told_ "
                f"WHERE {named} IS NOT NULL ORDER BY 1)"
            )

    def _named(self, name: str) -> str:
        return f"{self._schema}.{_quoted(name)}"

    def leave(self) -> None:
        """Leave nothing behind."""
        self._database.cursor().execute(f"DROP SCHEMA IF EXISTS {self._schema} CASCADE")

    def _inside(self) -> duckdb.DuckDBPyConnection:
        cursor = self._database.cursor()
        cursor.execute(f"SET search_path = '{self._schema},main'")
        return cursor


def _chosen(columns: ibis.Schema, known: Collection[str]) -> str:
    """Return all columns, each of its kind: what is not known is nothing."""
    return ", ".join(
        f"{_quoted(name) if name in known else 'NULL'}::{_duckdb_type(columns[name])} "
        f"AS {_quoted(name)}"
        for name in columns.names
    )


def _known(columns: Sequence[str], repeated: Collection[str]) -> str:
    """Return the repeated columns as far as they are among these."""
    return ", ".join(
        f"{_quoted(column) if column in columns else 'NULL'} AS {_quoted(column)}"
        for column in repeated
    )


class _NamingBackend(Backend):  # type: ignore[misc]  # Ibis has no types
    """Ibis's DuckDB, which names a damaged file in the store's own words."""

    def to_pyarrow(self, expr: Any, /, **named: Any) -> Any:
        """Answer, and let go of the rows in memory that the question was about."""
        with _naming_files():
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
        with _naming_files():
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
        with _naming_files():
            batches = connection.execute(sql).to_arrow_reader(chunk_size)
        schema = table.schema().to_pyarrow()
        return pa.RecordBatchReader.from_batches(schema, _named_batches(batches, schema))


def _named_batches(batches: pa.RecordBatchReader, schema: pa.Schema) -> Iterator[pa.RecordBatch]:
    with _naming_files():
        for batch in batches:
            yield batch.cast(schema)


@contextmanager
def _naming_files() -> Iterator[None]:
    try:
        yield
    except duckdb.OutOfMemoryException as error:
        raise StoreError(
            _(
                "The question needs more memory than the setting memory allows. "
                "Raise it, or ask for fewer months."
            )
        ) from error
    except (duckdb.Error, OSError, pa.ArrowException) as error:
        if os.strerror(errno.ENOSPC) in str(error):
            raise full(tempfile.gettempdir()) from error
        if named := re.search(r"[\"']([^\"']*\.parquet)[\"']|(\S+\.parquet)", str(error)):
            raise gone(named[1] or named[2]) from error
        if not re.search(BROKEN, str(error), re.IGNORECASE):
            raise
        raise DamagedFileError(
            _(
                "A file of the store is altered inside, and the question stopped there. "
                "Run vigie store check, which names it, then vigie store repair."
            )
        ) from error


def _view_name(table: ir.Table) -> str:
    """Return the name of a view of ours; nothing for any other expression."""
    operation = table.op()
    return operation.name if isinstance(operation, ops.DatabaseTable) else ""


def _duckdb_type(kind: Any) -> str:
    return Backend.compiler.type_mapper.to_string(kind)  # type: ignore[no-any-return]


def _quoted(name: str) -> str:
    escaped = name.replace('"', '""')
    return f'"{escaped}"'


def _text(value: str) -> str:
    escaped = value.replace("'", "''")
    return f"'{escaped}'"
