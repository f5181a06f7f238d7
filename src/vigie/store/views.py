"""Views by names of their own: what is asked of ever new files is thought through once."""

from __future__ import annotations

import hashlib
import re
import threading
from abc import abstractmethod
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Any

import ibis
import ibis.expr.operations as ops
import ibis.expr.types as ir

from vigie.store.engine import Engine

VIEWS_KEPT = 1_000
"""Older views are dropped: a long-lived site makes a new one whenever files change."""
VIEW = "rows_[0-9a-f]{24}"


@dataclass(frozen=True, kw_only=True)
class Question:
    """SQL once compiled, and the views it was compiled for."""

    names: tuple[str, ...]
    sql: str
    columns: ibis.Schema


class ViewingEngine(Engine):
    """An engine in whose database questions have names."""

    namespace = ops.Namespace()
    """Where in the database the views are."""

    def __init__(self, *, memory: str = "1GB", threads: int = 2, cluster: str = "") -> None:
        super().__init__(memory=memory, threads=threads, cluster=cluster)
        self._lock = threading.Lock()
        self._views: OrderedDict[str, bool] = OrderedDict()
        self._questions: dict[Hashable, Question] = {}

    @property
    @abstractmethod
    def _backend(self) -> Any:
        """The connection of this thread: results of two threads never mix."""

    @abstractmethod
    def _ask_by_name(self, name: str, sql: str) -> None:
        """Let what SQL says be asked by a name."""

    @abstractmethod
    def _drop(self, name: str) -> None:
        """Let nothing be asked by a name any more."""

    def compiled(self, question: ir.Table) -> str:
        """Return a question over named tables in this engine's own words, for a workroom."""
        sql: str = self._backend.compile(question)
        return sql

    def view(self, key: Hashable, build: Callable[..., ir.Table], *tables: ir.Table) -> ir.Table:
        """Return what ``build`` makes of these tables, under a name: no row is read yet."""
        names = [view_name(table) for table in tables]
        known = self._questions.get(key)
        if known is not None and all(names):
            swap = dict(zip(known.names, names, strict=True))
            sql = re.sub(VIEW, lambda found: swap[found[0]], known.sql)
            return self._view(sql, known.columns)
        built = build(*tables)
        sql, columns = self.compiled(built), built.schema()
        if all(names) and len(set(names)) == len(names):
            self._questions[key] = Question(names=tuple(names), sql=sql, columns=columns)
        return self._view(sql, columns)

    def _view(self, sql: str, columns: ibis.Schema) -> ir.Table:
        return self._named(sql, columns, lambda name: self._ask_by_name(name, sql))

    def _named(self, said: str, columns: ibis.Schema, make: Callable[[str], None]) -> ir.Table:
        """Return the view of what is said, which is made unless it was before."""
        name = f"rows_{hashlib.sha256(said.encode()).hexdigest()[:24]}"
        with self._lock:
            if name not in self._views:
                make(name)
                self._views[name] = True
            self._views.move_to_end(name)
            while len(self._views) > VIEWS_KEPT:
                oldest, _kept = self._views.popitem(last=False)
                self._drop(oldest)
        table: ir.Table = ops.DatabaseTable(
            name=name, schema=columns, source=self._backend, namespace=self.namespace
        ).to_expr()
        return table


def view_name(table: ir.Table) -> str:
    """Return the name of a view of ours; nothing for any other expression."""
    operation = table.op()
    return operation.name if isinstance(operation, ops.DatabaseTable) else ""
