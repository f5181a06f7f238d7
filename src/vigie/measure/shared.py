"""What several indicators start from: built where it is needed, or once for all of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from vigie.measure.indicator import Tables


class Shared:
    """A function of the tables whose answer a pass over many indicators makes only once.

    Among tables that hold its answer under its name it returns that; otherwise it is built.
    """

    def __init__(self, build: Callable[[Tables], ir.Table]) -> None:
        self.build = build
        self.name = build.__name__
        self.__doc__ = build.__doc__

    def __call__(self, tables: Tables) -> ir.Table:
        found = tables.get(self.name)
        return self.build(tables) if found is None else found


class Held(Mapping[str, ir.Table]):
    """Tables, and the shared answers over them, each made when it is first asked for."""

    def __init__(
        self,
        tables: Tables,
        shared: Iterable[Shared],
        answered: Callable[[ir.Table], pa.Table],
    ) -> None:
        self._tables = dict(tables)
        self._shared = {one.name: one for one in shared}
        self._answered = answered

    def __getitem__(self, name: str) -> ir.Table:
        if name not in self._tables:
            built = self._shared[name].build(self)
            self._tables[name] = ibis.memtable(self._answered(built))
        return self._tables[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._tables)

    def __len__(self) -> int:
        return len(self._tables)
