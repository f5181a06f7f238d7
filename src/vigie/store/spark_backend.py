"""Ibis's Spark where it would answer otherwise than Ibis's DuckDB: all engines say the same."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import ibis.expr.datatypes as dt
import ibis.expr.operations as ops
import pandas as pd
import pyarrow as pa
import sqlglot.expressions as sge
from ibis.backends.pyspark import Backend
from ibis.backends.pyspark.datatypes import PySparkSchema, PySparkType
from ibis.backends.sql.compilers.pyspark import PySparkCompiler
from ibis.expr.operations.udf import InputType
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from vigie.store.spark_rooms import naming_files

Columnwise = Callable[..., pa.Array]


class SparkCompiler(PySparkCompiler):  # type: ignore[misc]  # Ibis has no types
    """Ibis's words for Spark, mended."""

    def visit_ArrayIndex(self, op: Any, *, arg: Any, index: Any) -> Any:
        """Pick by a place that Spark takes, from the end where it is below 0; unknown: beyond."""
        place = self.if_(index < 0, index, index + 1)
        return self.f.try_element_at(arg, self.cast(place, dt.int32))

    def visit_ArraySlice(self, op: Any, *, arg: Any, start: Any, stop: Any) -> Any:
        """Cut by places that Spark takes."""
        first = self.cast(start, dt.int32)
        end = None if stop is None else self.cast(stop, dt.int32)
        return super().visit_ArraySlice(op, arg=arg, start=first, stop=end)

    def visit_CountStar(self, op: Any, *, arg: Any, where: Any) -> Any:
        """Count none where a condition is always unknown: a sum would be unknown, too."""
        return self.f.count(sge.Star()) if where is None else self.f.count_if(where)

    def visit_Quantile(self, op: Any, *, arg: Any, quantile: Any, where: Any) -> Any:
        """Say the share as a number: Spark takes nothing that is to be worked out."""
        share = sge.convert(float(op.quantile.value))
        return super().visit_Quantile(op, arg=arg, quantile=share, where=where)

    def visit_Median(self, op: Any, *, arg: Any, where: Any) -> Any:
        """Take the middle of those that are meant."""
        return self.f.percentile(arg if where is None else self.if_(where, arg, sge.Null()), 0.5)

    def visit_IsNull(self, op: Any, *, arg: Any) -> Any:
        """Ask whether it is unknown: what is not a number is known not to be one."""
        return arg.is_(sge.Null())

    def visit_NotNull(self, op: Any, *, arg: Any) -> Any:
        """Ask whether it is known."""
        return arg.is_(sge.Not(this=sge.Null()))


class SparkBackend(Backend):  # type: ignore[misc]  # Ibis has no types
    """A connection to Spark that hands over rows as they are, without a detour by pandas."""

    compiler = SparkCompiler()

    def to_pyarrow(
        self, expr: Any, /, *, params: Any = None, limit: Any = None, **_named: Any
    ) -> Any:
        """Answer, and let go of the rows in memory that the question was about."""
        with naming_files():
            self._run_pre_execute_hooks(expr)
            table = expr.as_table()
            found = self._session.sql(self.compile(table, params=params, limit=limit)).toArrow()
        for held in expr.op().find(ops.InMemoryTable):
            self._session.catalog.dropTempView(held.name)
            self._memtables.discard(held)
        return expr.__pyarrow_result__(found.cast(table.schema().to_pyarrow()))

    def _register_in_memory_table(self, op: ops.InMemoryTable) -> None:
        rows = op.data.to_pyarrow(op.schema)
        frame_of(self._session, rows, op.schema).createOrReplaceTempView(op.name)

    def _make_memtable_finalizer(self, name: str) -> None:
        """Leave nothing to be dropped at exit."""

    def _register_udfs(self, expr: Any) -> None:
        """Let the question call our own functions, a column at a time."""
        for function in expr.op().find(ops.ScalarUDF):
            if function.__input_type__ is not InputType.PYARROW:
                super()._register_udfs(expr)
                continue
            name = self.compiler.__sql_name__(function)
            self._session.udf.register(name, _columnwise(function))


def connected(session: SparkSession) -> SparkBackend:
    """Return a connection to a session of Spark."""
    SparkBackend.register_options()
    found: SparkBackend = SparkBackend().connect(session)
    return found


def frame_of(session: SparkSession, rows: pa.Table, columns: Any) -> DataFrame:
    """Return rows in memory as Spark has them."""
    return session.createDataFrame(rows, schema=PySparkSchema.from_ibis(columns))


def _columnwise(function: ops.ScalarUDF) -> Any:
    call: Columnwise = function.__func__
    kinds = [one.dtype.to_pyarrow() for one in function.args]
    answer = function.dtype.to_pyarrow()

    def each(*columns: pd.Series) -> pd.Series:
        given = [pa.Array.from_pandas(c, type=k) for c, k in zip(columns, kinds, strict=True)]
        return pd.Series(call(*given), dtype=pd.ArrowDtype(answer))

    return F.pandas_udf(each, returnType=PySparkType.from_ibis(function.dtype))
