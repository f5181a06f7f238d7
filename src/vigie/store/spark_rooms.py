"""Rooms inside Spark: tables by names of their own, for questions asked together."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import unquote

import pyarrow as pa
from py4j.protocol import Py4JError
from pyspark.errors import PySparkException
from pyspark.sql import DataFrame, SparkSession

from vigie.store.engine import Workroom
from vigie.store.files import altered, gone, too_much

TOO_MUCH = "OutOfMemory|UNABLE_TO_ACQUIRE_MEMORY|maxResultSize"
BROKEN = "corrupt|could not verify page integrity|is not a Parquet file|can not read class|zstd"
"""Words of errors that come from inside a file, and do not say which."""


class SparkRoom(Workroom):
    """A session of Spark, whose views no other has."""

    def __init__(self, session: SparkSession) -> None:
        self._session = session
        self._small: dict[str, str] = {}
        self._kept: list[DataFrame] = []
        self._named: list[str] = []

    def keep(self, name: str, sql: str) -> None:
        """Answer a question and keep its rows as a table."""
        with naming_files():
            rows = self._session.sql(sql).persist()
            self._kept.append(rows)
            self._show(name, rows)

    def take_in(self, name: str) -> None:
        """Read a small table once, for all questions: before that it is not there."""
        self.keep(name, self._small[name])

    def answer(self, sql: str) -> pa.Table:
        """Return the rows that answer a question."""
        with naming_files():
            return self._session.sql(sql).toArrow()

    def hold(self, name: str, rows: DataFrame) -> None:
        """Let rows be asked by a name."""
        self._show(name, rows)

    def name(self, name: str, sql: str, *, is_small: bool) -> None:
        """Let what SQL says be asked by a name, at once or when it is taken in."""
        if is_small:
            self._small[name] = sql
            return
        with naming_files():
            self._show(name, self._session.sql(sql))

    def _show(self, name: str, rows: DataFrame) -> None:
        rows.createOrReplaceTempView(name)
        self._named.append(name)

    def leave(self) -> None:
        """Leave nothing behind."""
        for rows in self._kept:
            rows.unpersist()
        for name in self._named:
            self._session.catalog.dropTempView(name)


@contextmanager
def naming_files() -> Iterator[None]:
    """Name a damaged file in the store's own words."""
    try:
        yield
    except (PySparkException, Py4JError, pa.ArrowException) as error:
        said = str(error)
        if re.search(TOO_MUCH, said):
            raise too_much() from error
        if named := re.search(r"(?:file:(?://)?)?([^\s'\"\[\]]*\.parquet)", said):
            raise gone(unquote(named[1])) from error
        if re.search(BROKEN, said, re.IGNORECASE):
            raise altered() from error
        raise
