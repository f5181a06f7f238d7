"""CSV: opens rightly in a spreadsheet, and runs nothing there."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.present.formats import FORMATS, rendered
from tests.present.sample import GRID, sample
from vigie.errors import ReportError
from vigie.present.document import Cell, Column, Document, Grid, Interval, Paragraph


def _read(document: Document, language: str = "en") -> list[list[str]]:
    text = rendered(document, "csv", language).decode("utf-8-sig")
    return list(
        csv.reader(io.StringIO(text, newline=""), delimiter=";" if language == "fr" else ",")
    )


def _one(value: Cell) -> Document:
    grid = Grid(
        name="one", caption="One", columns=[Column(key="a", label="A")], rows=[{"a": value}]
    )
    return sample(blocks=[grid])


def test_file_begins_with_the_mark_a_spreadsheet_needs() -> None:
    assert rendered(sample(), "csv").startswith(b"\xef\xbb\xbf")


def test_interval_takes_three_columns_and_a_link_two() -> None:
    header = _read(sample())[0]
    assert header[:5] == ["Rank", "Rank, low", "Rank, high", "Institution", "Institution, address"]


def test_figures_are_plain_in_english() -> None:
    assert _read(sample())[1][5:8] == ["1234.56", "0.957", "1034567"]


def test_french_has_semicolons_and_decimal_commas() -> None:
    assert _read(sample(), "fr")[1][5:8] == ["1234,56", "0,957", "1034567"]


def test_unknown_is_an_empty_cell() -> None:
    assert _read(sample())[2][6:8] == ["", ""]


def test_date_is_the_same_everywhere() -> None:
    assert _read(sample(), "fr")[1][8] == "2026-10-01"


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", " =", "＝"])
def test_text_that_a_spreadsheet_would_run_is_disarmed(start: str) -> None:
    assert _read(_one(f"{start}1+1"))[1] == [f"'{start}1+1"]


def test_negative_figure_stays_a_figure() -> None:
    assert _read(_one(-3.5))[1] == ["-3.5"]


def test_no_number_is_empty() -> None:
    assert rendered(_one(float("nan")), "csv").splitlines()[1] in (b"", b'""')


def test_main_table_is_the_one_written() -> None:
    main = Grid(
        name="all", caption="All", columns=[Column(key="x", label="X")], rows=[{"x": "here"}]
    )
    assert _read(sample(main=main)) == [["X"], ["here"]]


def test_table_asked_for_by_name_is_the_one_written() -> None:
    other = Grid(
        name="other", caption="O", columns=[Column(key="x", label="X")], rows=[{"x": "it"}]
    )
    asked = sample(blocks=[GRID, other], choices={"grid": "other"})
    assert _read(asked) == [["X"], ["it"]]


def test_unknown_table_names_those_there_are() -> None:
    with pytest.raises(ReportError, match="standings"):
        rendered(sample(choices={"grid": "nothing"}), "csv")


def test_report_without_a_table_says_where_to_go() -> None:
    with pytest.raises(ReportError, match="PDF or JSON"):
        rendered(sample(blocks=[Paragraph(text="words")]), "csv")


def test_rows_are_written_while_they_are_read() -> None:
    read: list[int] = []

    class Endless(list[Mapping[str, Cell]]):
        def __iter__(self) -> Iterator[Mapping[str, Cell]]:
            for i in range(10_000):
                read.append(i)
                yield {"a": i}

    rows: Any = Endless([{"a": 0}])
    grid = Grid(name="long", caption="L", columns=[Column(key="a", label="A")], rows=rows)
    next(iter(FORMATS["csv"]().render(sample(blocks=[grid]), "en")))
    assert len(read) < 1_000


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r\0")))
def test_any_text_is_read_back(text: str) -> None:
    (found,) = _read(_one(text))[1] or [""]
    assert found in (text, "'" + text)


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_any_figure_is_read_back(value: float) -> None:
    low = Interval(value=value, low=value, high=value)
    assert [float(cell) for cell in _read(_one(low))[1]] == [value] * 3
