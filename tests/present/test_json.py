"""JSON: everything said, stable, unknown as null."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests.present.formats import FORMATS, rendered
from tests.present.sample import sample
from vigie.present.document import Cell, Column, Document, Grid, Section


def _read(document: Document, language: str = "en") -> dict[str, Any]:
    found: dict[str, Any] = json.loads(rendered(document, "json", language))
    return found


def _grid(document: Document) -> dict[str, Any]:
    (section,) = [block for block in _read(document)["blocks"] if block["type"] == "section"]
    found: dict[str, Any] = section["blocks"][-1]
    return found


def test_document_says_what_it_is() -> None:
    found = _read(sample())
    assert (found["name"], found["language"], found["is_invented"]) == ("sample", "en", True)


def test_blocks_keep_their_order() -> None:
    kinds = [block["type"] for block in _read(sample())["blocks"]]
    assert kinds == ["note", "figures", "section"]


def test_unknown_is_null() -> None:
    assert _grid(sample())["rows"][1]["followers"] is None


def test_interval_keeps_its_ends() -> None:
    assert _grid(sample())["rows"][0]["rank"] == {"value": 1, "low": 1, "high": 4}


def test_link_keeps_its_address() -> None:
    assert _grid(sample())["rows"][0]["name"]["href"] == "/institutions/northfield/"


def test_date_is_iso() -> None:
    assert _grid(sample())["rows"][0]["month"] == "2026-10-01"


def test_columns_say_how_figures_are_meant() -> None:
    column = _grid(sample())["columns"][4]
    assert (column["key"], column["kind"], column["unit"]) == ("followers", "integer", "people")


def test_chart_carries_its_sentence_and_its_table() -> None:
    chart = _read(sample())["blocks"][2]["blocks"][1]
    assert chart["table"]["name"] == "standings"
    assert chart["sentence"].startswith("Northfield")


def test_no_number_is_null() -> None:
    grid = Grid(name="a", caption="A", columns=[Column(key="a", label="A", kind="decimal")],
                rows=[{"a": float("inf")}])  # fmt: skip
    assert _read(sample(blocks=[grid]))["blocks"][0]["rows"] == [{"a": None}]


def test_long_table_comes_in_pieces() -> None:
    rows = [{"a": i} for i in range(5_000)]
    grid = Grid(name="a", caption="A", columns=[Column(key="a", label="A")], rows=rows)
    pieces = list(FORMATS["json"]().render(sample(blocks=[grid]), "en"))
    assert len(pieces) > 20
    assert len(json.loads(b"".join(pieces))["blocks"][0]["rows"]) == 5_000


FIGURES = st.one_of(st.integers(), st.floats(allow_nan=False, allow_infinity=False))


@given(st.lists(st.one_of(st.none(), st.booleans(), st.text(), FIGURES), max_size=5))
def test_any_cell_is_read_back(values: list[Cell]) -> None:
    grid = Grid(name="a", caption="A", columns=[Column(key="a", label="A")],
                rows=[{"a": value} for value in values])  # fmt: skip
    document = sample(blocks=[Section(title="S", blocks=[grid])])
    assert [row["a"] for row in _grid(document)["rows"]] == values
