"""Workbooks, JSON, Parquet and archives give the rows that people see in them."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as parquet
import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.collect.making import rows_of, whole, written
from vigie.collect.reading import JSON, PROBLEM, ROW, look
from vigie.errors import FileError

Sheet = Sequence[Sequence[object]]


def workbook(path: Path, **sheets: Sheet) -> Path:
    """Write a workbook with these sheets."""
    with xlsxwriter.Workbook(path, {"default_date_format": "yyyy-mm-dd hh:mm"}) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
    return path


def test_cells_of_a_workbook_are_read_as_a_person_would_type_them(tmp_path: Path) -> None:
    row = ["1616469988369469445", 12, 2.5, datetime(2026, 7, 14, 10, 5), True, "é"]  # noqa: DTZ001
    path = workbook(tmp_path / "x", Posts=[["a", "b", "c", "d", "e", "f"], row])
    assert list(rows_of(path)[0].values()) == [
        "1616469988369469445", "12", "2.5", "2026-07-14 10:05:00", "true", "é"
    ]  # fmt: skip


def test_an_identifier_kept_as_a_number_shows_that_it_lost_digits(tmp_path: Path) -> None:
    path = workbook(tmp_path / "x", Posts=[["id", "n"], [1616469988369469445, 1]])
    assert "e+18" in str(rows_of(path)[0]["id"])


def test_rows_of_a_workbook_are_numbered_as_it_numbers_them(tmp_path: Path) -> None:
    sheet: Sheet = [["Posts of July"], [], ["id", "text"], ["1", "x"], [], ["2", "y"]]
    sample = look(workbook(tmp_path / "x", Posts=sheet))
    assert sample.preamble[0] == "Posts of July"
    assert [(row["id"], row[ROW]) for row in whole(sample) if row["id"]] == [("1", 4), ("2", 6)]


def test_a_line_of_descriptions_above_the_header_is_left_out(tmp_path: Path) -> None:
    described = [f"The number of times that your posts were {what} by others" for what in "abc"]
    sheet: Sheet = [described, ["Date", "Impressions", "Clicks"], ["07/14/2026", 3, 1]]
    sample = look(workbook(tmp_path / "x", Metrics=sheet))
    assert sample.columns == ("Date", "Impressions", "Clicks")
    assert "above the header" in str(sample.remarks[0])


def test_a_sheet_is_chosen_by_name(tmp_path: Path) -> None:
    path = workbook(tmp_path / "x", One=[["a"], ["1"]], Empty=[], Two=[["b"], ["2"]])
    assert look(path).parts == ("One", "Two")
    assert rows_of(path, part="Two") == [{"b": "2"}]


def test_a_sheet_that_is_not_there_is_refused_with_those_that_are(tmp_path: Path) -> None:
    path = workbook(tmp_path / "x", One=[["a"], ["1"]])
    with pytest.raises(FileError, match="Its sheets are: One"):
        look(path, part="Two")


def test_a_cell_beside_the_table_is_said_and_not_dropped(tmp_path: Path) -> None:
    rows: Sheet = [["a", "b"], *[["1", "2"]] * 300, ["3", "4", "", "note"]]
    found = whole(look(workbook(tmp_path / "x", One=rows)))
    assert [row[PROBLEM] for row in found if row[PROBLEM]] == ["width 4 2"]


def test_a_workbook_without_rows_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileError, match="header and no row"):
        look(workbook(tmp_path / "x", One=[["a", "b"]]))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=20)
@given(
    st.lists(
        st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "S"]), max_size=20),
        min_size=1,
        max_size=10,
    )
)
def test_texts_of_a_workbook_come_back(tmp_path: Path, texts: list[str]) -> None:
    path = tmp_path / "x"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["id", "text"])
        for number, text in enumerate(texts, start=1):
            sheet.write_string(number, 0, str(number))
            sheet.write_string(number, 1, text)
    assert [row["text"] for row in rows_of(path)] == texts


POSTS = [
    {"id": "1", "author": {"name": "northfield"}, "tags": ["a", "b"], "likes": 3, "sound": None},
    {"id": "2", "author": {"name": "southbridge"}, "tags": [], "likes": 0, "pinned": True},
]


@pytest.mark.parametrize(
    "text",
    [
        json.dumps(POSTS),
        json.dumps(POSTS, indent=2),
        json.dumps({"posts": POSTS}),
        json.dumps({"version": 2, "title": "x", "posts": POSTS, "few": [1]}),
        "\ufeff" + json.dumps(POSTS),
        "\n".join(map(json.dumps, POSTS)),
        "\n\n".join(map(json.dumps, POSTS)) + "\n",
        "\r\n".join(map(json.dumps, POSTS)),
    ],
)
def test_objects_become_rows_with_dotted_columns(tmp_path: Path, text: str) -> None:
    rows = rows_of(written(tmp_path / "x", text))
    assert [row["author.name"] for row in rows] == ["northfield", "southbridge"]
    assert [json.loads(str(row[JSON])) for row in rows] == POSTS
    assert rows[0]["tags"] == '["a", "b"]'
    assert (rows[0]["likes"], rows[1]["pinned"], rows[0]["pinned"]) == ("3", "true", None)


def test_one_object_alone_on_a_line_is_a_row(tmp_path: Path) -> None:
    sample = look(written(tmp_path / "x", json.dumps(POSTS[0]) + "\n"))
    assert (sample.kind, len(whole(sample))) == ("ndjson", 1)


def test_a_line_that_is_no_object_comes_with_its_problem(tmp_path: Path) -> None:
    text = "\n".join([json.dumps(POSTS[0]), '{"id": "9", "auth', json.dumps(POSTS[1])])
    rows = whole(look(written(tmp_path / "x", text)))
    assert [row[PROBLEM] for row in rows] == [None, "not_json", None]
    assert rows[1][JSON] == '{"id": "9", "auth'


def test_an_array_that_was_cut_gives_what_is_whole_and_says_the_rest(tmp_path: Path) -> None:
    rows = whole(look(written(tmp_path / "x", json.dumps(POSTS)[:-30])))
    assert [row[PROBLEM] for row in rows] == [None, "not_json"]


def test_a_long_array_is_read_in_pieces(tmp_path: Path) -> None:
    many = [{"id": str(number), "text": "é" * 900} for number in range(3_000)]
    rows = rows_of(written(tmp_path / "x", json.dumps(many, ensure_ascii=False)))
    assert [row["id"] for row in rows] == [one["id"] for one in many]


def test_parquet_is_read_as_text(tmp_path: Path) -> None:
    table = pa.table(
        {
            "id": pa.array([1616469988369469445], pa.int64()),
            "text": ["été"],
            "day": [date(2026, 7, 14)],
            "rate": [2.0],
            "tags": [["a"]],
            "none": pa.nulls(1, pa.string()),
        }
    )
    parquet.write_table(table, tmp_path / "x")
    assert rows_of(tmp_path / "x") == [
        {
            "id": "1616469988369469445",
            "text": "été",
            "day": "2026-07-14",
            "rate": "2",
            "tags": '["a"]',
            "none": None,
        }
    ]


def test_the_posts_are_found_in_an_archive(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "x", "w") as archive:
        archive.writestr("actor.json", json.dumps({"id": "me"}))
        archive.writestr("media/photo.jpg", b"\xff\xd8\xff")
        archive.writestr("outbox.json", json.dumps({"orderedItems": POSTS}))
    sample = look(tmp_path / "x")
    assert (sample.part, sample.parts) == ("outbox.json", ("outbox.json", "actor.json"))
    assert len(whole(sample)) == 2
