"""Rooms inside a DuckDB database: tables by names of their own, for questions asked together."""

from __future__ import annotations

import errno
import os
import re
import tempfile
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager

import duckdb
import pyarrow as pa

from vigie.store.engine import Workroom
from vigie.store.files import altered, gone, too_much
from vigie.store.room import full

BROKEN = "TProtocol|thrift|decompress|corrupt|snappy|zstd|lz4|parquet|page header|page size"
"""Words of errors that come from inside a file, and do not say which."""


class DuckdbRoom(Workroom):
    """A schema of the database, which every question has for its own."""

    def __init__(self, database: duckdb.DuckDBPyConnection, schema: str) -> None:
        self._database = database
        self._schema = schema
        self._small: dict[str, str] = {}
        self._database.cursor().execute(f"CREATE SCHEMA {schema}")

    def keep(self, name: str, sql: str) -> None:
        """Answer a question and keep its rows as a table."""
        with naming_files():
            self._inside().execute(f"CREATE TABLE {self._named(name)} AS {sql}")

    def take_in(self, name: str) -> None:
        """Read a small table once, for all questions: before that it is not there."""
        self.keep(name, self._small[name])

    def answer(self, sql: str) -> pa.Table:
        """Return the rows that answer a question."""
        with naming_files():
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
        with naming_files():
            inside = self._inside()
            self._number(inside, list(sources.values()), repeated)
            for name, (source, columns) in sources.items():
                numbered = [
                    f"{quoted(column)}::{self._named(column)} AS {quoted(column)}"
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
        nothing = ", ".join(f"'' AS {quoted(column)}" for column in repeated)
        if repeated:
            whole = " UNION ALL ".join([f"SELECT {nothing}", *told])
            inside.execute(f"CREATE TABLE told_ AS {whole}")
        for column in repeated:
            named = quoted(column)
            inside.execute(
                f"CREATE TYPE {self._named(column)} AS ENUM (SELECT DISTINCT {named} FROM told_ "
                f"WHERE {named} IS NOT NULL ORDER BY 1)"
            )

    def _named(self, name: str) -> str:
        return f"{self._schema}.{quoted(name)}"

    def leave(self) -> None:
        """Leave nothing behind."""
        self._database.cursor().execute(f"DROP SCHEMA IF EXISTS {self._schema} CASCADE")

    def _inside(self) -> duckdb.DuckDBPyConnection:
        cursor = self._database.cursor()
        cursor.execute(f"SET search_path = '{self._schema},main'")
        return cursor


def _known(columns: Sequence[str], repeated: Collection[str]) -> str:
    """Return the repeated columns as far as they are among these."""
    return ", ".join(
        f"{quoted(column) if column in columns else 'NULL'} AS {quoted(column)}"
        for column in repeated
    )


@contextmanager
def naming_files() -> Iterator[None]:
    try:
        yield
    except duckdb.OutOfMemoryException as error:
        raise too_much() from error
    except (duckdb.Error, OSError, pa.ArrowException) as error:
        if os.strerror(errno.ENOSPC) in str(error):
            raise full(tempfile.gettempdir()) from error
        if named := re.search(r"[\"']([^\"']*\.parquet)[\"']|(\S+\.parquet)", str(error)):
            raise gone(named[1] or named[2]) from error
        if re.search(BROKEN, str(error), re.IGNORECASE):
            raise altered() from error
        raise


def quoted(name: str) -> str:
    escaped = name.replace('"', '""')
    return f'"{escaped}"'
