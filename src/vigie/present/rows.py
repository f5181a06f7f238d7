"""Rows that stay columns until someone reads them: a page of a long list costs a page."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, overload

import pyarrow as pa

from vigie.present.document import Cell

BATCH = 500
"""Rows made at once when a whole list is read."""


class Rows(Sequence[Mapping[str, Cell]]):
    """The rows of an Arrow table, each made into cells only when it is asked for."""

    def __init__(
        self, table: pa.Table, make: Callable[[Mapping[str, Any]], Mapping[str, Cell]]
    ) -> None:
        self.table = table
        self._make = make

    def __len__(self) -> int:
        return int(self.table.num_rows)

    @overload
    def __getitem__(self, place: int) -> Mapping[str, Cell]: ...
    @overload
    def __getitem__(self, place: slice) -> Rows: ...
    def __getitem__(self, place: int | slice) -> Mapping[str, Cell] | Rows:
        if isinstance(place, int):
            (row,) = self.table.slice(range(len(self))[place], 1).to_pylist()
            return self._make(row)
        start, stop, step = place.indices(len(self))
        if step != 1:
            return Rows(self.table.take(list(range(start, stop, step))), self._make)
        return Rows(self.table.slice(start, max(stop - start, 0)), self._make)

    def __iter__(self) -> Iterator[Mapping[str, Cell]]:
        for start in range(0, len(self), BATCH):
            for row in self.table.slice(start, BATCH).to_pylist():
                yield self._make(row)
