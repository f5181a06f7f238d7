"""Rows that stay columns until someone reads them."""

from __future__ import annotations

import pyarrow as pa

from vigie.present.rows import BATCH, Rows

SIZE = 2 * BATCH + 7


def _rows(made: list[int]) -> Rows:
    def make(row: object) -> dict[str, int]:
        made.append(row["n"])  # type: ignore[index]  # a row of the table below
        return {"n": made[-1]}

    return Rows(pa.table({"n": list(range(SIZE))}), make)  # type: ignore[arg-type]


def test_only_a_page_is_made() -> None:
    made: list[int] = []
    assert [row["n"] for row in _rows(made)[100:103]] == [100, 101, 102]
    assert made == [100, 101, 102]


def test_every_row_is_read_once_in_order() -> None:
    made: list[int] = []
    assert [row["n"] for row in _rows(made)] == list(range(SIZE)) == made


def test_last_row_is_found_from_the_end() -> None:
    assert _rows([])[-1] == {"n": SIZE - 1}


def test_page_past_the_end_is_empty() -> None:
    assert len(_rows([])[SIZE + 5 : SIZE + 9]) == 0
