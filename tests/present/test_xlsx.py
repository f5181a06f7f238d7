"""XLSX: figures as figures, text as text, nothing that runs."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import Any

import pytest
from openpyxl import load_workbook

from tests.present.formats import rendered
from tests.present.sample import COLUMNS, GRID, ROWS, sample
from vigie.errors import ReportError
from vigie.present.document import Document, Grid


def _open(document: Document, language: str = "en") -> Any:
    return load_workbook(io.BytesIO(rendered(document, "xlsx", language)))


def _sheet(document: Document) -> Any:
    return _open(document)["standings"]


def test_first_sheet_says_what_the_workbook_is() -> None:
    assert _open(sample()).worksheets[0]["A1"].value == "1,234 universities compared"


def test_each_table_has_its_sheet() -> None:
    assert _open(sample()).sheetnames == ["About", "standings", "standings 2"]


def test_figure_is_a_figure() -> None:
    row = [cell.value for cell in _sheet(sample())[4]]
    assert row[5:8] == [1234.56, 0.957, 1_034_567]


def test_share_is_shown_as_a_percentage() -> None:
    assert _sheet(sample())["G4"].number_format == "0.0%"


def test_unknown_is_a_hatched_cell_with_the_word() -> None:
    cell = _sheet(sample())["H5"]
    assert cell.value == "unknown"
    assert cell.fill.patternType is not None


def test_text_that_looks_like_a_formula_is_text() -> None:
    cell = _sheet(sample())["D6"]
    assert cell.data_type == "s"
    assert cell.value.startswith("=HYPERLINK")


def test_address_is_no_live_link() -> None:
    assert all(cell.hyperlink is None for row in _sheet(sample()).iter_rows() for cell in row)


def test_invented_is_said_on_every_sheet() -> None:
    words = [str(sheet["A2"].value) for sheet in _open(sample()).worksheets[1:]]
    assert words == ["These institutions are invented."] * 2


def test_sheet_names_are_made_acceptable_and_different() -> None:
    name = "a very long name: with [forbidden] signs / and more"
    grids = [Grid(name=name, caption="c", columns=COLUMNS, rows=ROWS) for _place in range(3)]
    names = _open(sample(blocks=grids)).sheetnames
    assert len({name.lower() for name in names}) == 4
    assert all(len(name) <= 31 for name in names)


def test_main_table_comes_first() -> None:
    main = Grid(name="everyone", caption="c", columns=COLUMNS, rows=ROWS)
    assert _open(sample(main=main, blocks=[GRID])).sheetnames == ["About", "everyone", "standings"]


def test_cell_longer_than_a_workbook_allows_is_cut() -> None:
    grid = Grid(name="standings", caption="c", columns=COLUMNS, rows=[{"name": "x" * 40_000}])
    assert len(_sheet(sample(blocks=[grid], is_invented=False))["B3"].value) == 32_767


def test_list_that_is_longer_than_a_sheet_is_refused_rather_than_cut() -> None:
    long = Grid(name="long", caption="Long", columns=COLUMNS, rows=[ROWS[0]] * 1_048_576)
    with pytest.raises(ReportError, match="Take CSV or JSON"):
        rendered(replace(sample(), blocks=[long]), "xlsx", "en")
