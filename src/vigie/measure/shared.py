"""What several indicators start from: built where it is needed, or once for all of them."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from vigie.measure.indicator import Tables


class Shared:
    """A function of the tables whose answer a pass over many indicators makes only once.

    Among tables that share their answers it is built once; otherwise, wherever it is asked for.
    """

    def __init__(self, build: Callable[[Tables], ir.Table]) -> None:
        self.build = build
        self.name = build.__name__
        self.__doc__ = build.__doc__

    def __call__(self, tables: Tables) -> ir.Table:
        return tables.share(self) if isinstance(tables, Sharing) else self.build(tables)


class Sharing(Mapping[str, ir.Table], ABC):
    """Tables, and the shared answers over them, each made when it is first asked for."""

    def __init__(self, tables: Tables) -> None:
        self._tables = dict(tables)
        self._shared: dict[str, ir.Table] = {}

    def share(self, one: Shared) -> ir.Table:
        """Return the answer, which is made now unless it was before."""
        if one.name not in self._shared:
            self._shared[one.name] = self.kept(one.name, one.build(self))
        return self._shared[one.name]

    @abstractmethod
    def kept(self, name: str, built: ir.Table) -> ir.Table:
        """Return a table that stands for this answer from now on."""

    def __getitem__(self, name: str) -> ir.Table:
        return self._tables[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._tables)

    def __len__(self) -> int:
        return len(self._tables)


class Held(Sharing):
    """Answers that are held in memory."""

    def __init__(self, tables: Tables, answered: Callable[[ir.Table], pa.Table]) -> None:
        super().__init__(tables)
        self._answered = answered

    def kept(self, name: str, built: ir.Table) -> ir.Table:
        """Ask at once, and hold the rows."""
        return ibis.memtable(self._answered(built))
