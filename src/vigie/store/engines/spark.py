"""Spark over the same files, in this process or on a cluster, for what outgrows one machine."""

from __future__ import annotations

import threading
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import reduce
from importlib import import_module
from typing import TYPE_CHECKING, Any

import ibis
import ibis.expr.operations as ops
import ibis.expr.types as ir
import pyarrow as pa
from fsspec import AbstractFileSystem
from fsspec.implementations.local import LocalFileSystem

from vigie.errors import SettingError, StoreError
from vigie.store.engine import Columns, Workroom
from vigie.store.views import ViewingEngine, view_name
from vigie.words import _

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

SCHEMES = {
    "s3": "s3a", "s3a": "s3a", "gs": "gs", "gcs": "gs", "abfs": "abfs", "abfss": "abfss",
    "hdfs": "hdfs",
}  # fmt: skip
"""What addresses of far stores begin with, here and in Spark's words."""
EVERYWHERE = "global_temp"
"""The database whose views every session sees."""


class SparkEngine(ViewingEngine):
    """Apache Spark: slower on one machine, and not bound to one."""

    namespace = ops.Namespace(database=EVERYWHERE)

    def __init__(self, *, memory: str = "1GB", threads: int = 2, cluster: str = "") -> None:
        super().__init__(memory=memory, threads=threads, cluster=cluster)
        self._sessions = _required("vigie.store.spark_session")
        self._backends = _required("vigie.store.spark_backend")
        self._rooms = _required("vigie.store.spark_rooms")
        self._session: SparkSession = self._sessions.started(
            memory=memory, threads=threads, cluster=cluster
        )
        self.speaks = f"spark {self._session.version}"
        self._of_thread = threading.local()

    def parquet(
        self,
        paths: Mapping[Columns, Sequence[str]],
        schema: pa.Schema,
        files: AbstractFileSystem,
    ) -> ir.Table:
        """Return the rows of these files as one table of that schema; no file, no rows."""
        columns = ibis.Schema.from_pyarrow(schema)
        found = {
            known: [_address(path, files) for path in some] for known, some in paths.items() if some
        }

        def make(name: str) -> None:
            parts = [self._read(some, known, columns) for known, some in found.items()]
            parts = parts or [self._frame(schema.empty_table(), columns)]
            whole: DataFrame = reduce(lambda one, other: one.unionAll(other), parts)
            whole.createOrReplaceGlobalTempView(name)

        return self._named(repr((sorted(found.items()), columns)), columns, make)

    def _read(self, paths: Sequence[str], known: Columns, columns: ibis.Schema) -> DataFrame:
        """Return the rows of files that have some of the columns: the others are nothing."""
        from pyspark.sql import functions as F

        kinds = {name: self._backends.PySparkType.from_ibis(kind) for name, kind in columns.items()}
        held = ibis.schema({name: columns[name] for name in known})
        reader = self._session.read.schema(self._backends.PySparkSchema.from_ibis(held))
        with self._rooms.naming_files():
            rows = reader.option("recursiveFileLookup", True).parquet(*paths)
        return rows.select(
            *(
                F.col(f"`{name}`") if name in known else F.lit(None).cast(kind).alias(name)
                for name, kind in kinds.items()
            )
        )

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
        """Give tables names to be asked by, until the room is left: a session of their own."""
        session = self._sessions.own(self._session)
        room = self._rooms.SparkRoom(session)
        try:
            for name, table in tables.items():
                if isinstance(table, pa.Table):
                    columns = ibis.Schema.from_pyarrow(table.schema)
                    room.hold(name, self._backends.frame_of(session, table, columns))
                else:
                    room.name(name, self._all_of(table), is_small=name in small)
            yield room
        finally:
            room.leave()

    def _all_of(self, table: ir.Table) -> str:
        name = view_name(table)
        return f"SELECT * FROM {EVERYWHERE}.{name}" if name else self.compiled(table)

    @property
    def _backend(self) -> Any:
        if not hasattr(self._of_thread, "backend"):
            session = self._sessions.own(self._session)
            self._of_thread.backend = self._backends.connected(session)
        return self._of_thread.backend

    def _frame(self, rows: pa.Table, columns: ibis.Schema) -> DataFrame:
        frame: DataFrame = self._backends.frame_of(self._session, rows, columns)
        return frame

    def _ask_by_name(self, name: str, sql: str) -> None:
        with self._rooms.naming_files():
            self._session.sql(sql).createOrReplaceGlobalTempView(name)

    def _drop(self, name: str) -> None:
        self._session.catalog.dropGlobalTempView(name)


def _required(module: str) -> Any:
    """Return a module of ours that needs pyspark, which few have."""
    try:
        return import_module(module)
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in ("pyspark", "py4j", "pandas"):
            raise
        raise SettingError(
            _(
                "The engine spark needs the Python package {package}, which is not installed. Run "
                "pip install --require-hashes -r requirements-spark.lock, or set the engine to "
                "duckdb.",
                package=error.name or "pyspark",
            )
        ) from error


def _address(path: str, files: AbstractFileSystem) -> str:
    """Return where a file is in Spark's words, in which some signs stand for several names."""
    if isinstance(files, LocalFileSystem):
        whole = f"file:{path}"
    else:
        scheme, _sign, rest = files.unstrip_protocol(path).partition("://")
        if scheme not in SCHEMES:
            raise StoreError(
                _(
                    "The engine spark cannot open {address}: it reads folders and addresses that "
                    "begin with {schemes}. Move the store, or set the engine to duckdb.",
                    address=f"{scheme}://{rest}",
                    schemes=", ".join(f"{name}://" for name in SCHEMES),
                )
            )
        whole = f"{SCHEMES[scheme]}://{rest}"
    return "".join(f"\\{sign}" if sign in "{}[]*?\\" else sign for sign in whole)
