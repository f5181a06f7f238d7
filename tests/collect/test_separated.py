"""CSV files of every make come back as they were written."""

from __future__ import annotations

import codecs
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.collect.making import rows_of, separated, whole, written
from vigie.collect.reading import PROBLEM, ROW, look
from vigie.collect.separated import cut

HEADER = ("Post id", "Text", "Likes")
CELL = st.text(
    st.one_of(
        st.sampled_from(list(",;\t|\"\n\r'é € “x” 12")),
        st.characters(codec="utf-8", exclude_characters="\x00\x1f\x1c\x1d\x1e\x85\u2028\u2029"),
    ),
    max_size=12,
)
ROWS = st.lists(st.tuples(CELL, CELL, CELL).filter(any), min_size=1, max_size=8)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=ROWS,
    separator=st.sampled_from([",", ";", "\t", "|"]),
    end=st.sampled_from(["\r\n", "\n"]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
)
def test_what_pythons_csv_writes_comes_back_cell_for_cell(
    tmp_path: Path, rows: list[tuple[str, str, str]], separator: str, end: str, encoding: str
) -> None:
    if end == "\n":  # Python's own csv module does not protect a lone carriage return then.
        rows = [(one.replace("\r", " "), two.replace("\r", " "), "3") for one, two, _three in rows]
    text = f"sep={separator}\n" + separated([HEADER, *rows], separator=separator, end=end)
    path = written(tmp_path / "posts.csv", text, encoding=encoding)
    assert [tuple(row.values()) for row in rows_of(path)] == rows


@given(rows=ROWS, separator=st.sampled_from([",", ";", "\t", "|"]))
def test_the_patient_cutter_agrees_with_pythons_csv(
    rows: list[tuple[str, str, str]], separator: str
) -> None:
    text = separated(rows, separator=separator)
    assert [record.cells for record in cut(text, separator)] == rows


@given(st.text(st.sampled_from('a,"\n\r'), max_size=30))
def test_every_letter_of_a_text_belongs_to_one_record(text: str) -> None:
    records = list(cut(text, ","))
    assert "".join(text[record.begin : record.end] for record in records) == text


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_the_separator_is_found(tmp_path: Path, separator: str) -> None:
    rows = [["1", "one, two; three", "1"], ["2", "a, b\nc; d", "12"], ["3", "x", "3"]]
    path = written(tmp_path / "x", separated([HEADER, *rows], separator=separator))
    assert look(path).separator == separator


def test_decimal_commas_do_not_make_a_separator(tmp_path: Path) -> None:
    text = "Ville;Taux;Part\nParis;12,5;13,5\nLyon;1,5;2,5\n"
    assert look(written(tmp_path / "x", text)).separator == ";"


def test_a_file_of_one_column_has_one_column(tmp_path: Path) -> None:
    path = written(tmp_path / "x", "handle\nnorthfield\nsouthbridge\n")
    assert rows_of(path) == [{"handle": "northfield"}, {"handle": "southbridge"}]


@pytest.mark.parametrize(
    ("encoding", "found"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8-sig"),
        ("utf-16", "utf-16"),
        ("utf-16-le", "utf-16-le"),
        ("utf-16-be", "utf-16-be"),
        ("cp1252", "cp1252"),
        ("mac_roman", "mac_roman"),
    ],
)
def test_the_encoding_is_found(tmp_path: Path, encoding: str, found: str) -> None:
    text = "Date;Texte\n2026-07-14;Résultats des étudiants à l’été, déjà élevés : 100 %\n" * 8
    path = written(tmp_path / "x", text, encoding=encoding)
    assert look(path).encoding == found
    assert rows_of(path)[0]["Texte"] == "Résultats des étudiants à l’été, déjà élevés : 100 %"


def test_utf_16_of_either_order_is_read(tmp_path: Path) -> None:
    content = codecs.BOM_UTF16_BE + "Date,Text\n2026-07-14,été\n".encode("utf-16-be")
    assert rows_of(written(tmp_path / "x", content)) == [{"Date": "2026-07-14", "Text": "été"}]


def test_letters_that_are_not_utf_8_like_the_rest_are_repaired_and_said(tmp_path: Path) -> None:
    good = "Résumé déjà été\n".encode() * 10
    path = written(tmp_path / "x", b"id,text\n1," + good.replace(b"\n", b"\n1,") + b"l\xe9ger\n")
    sample = look(path)
    assert whole(sample)[-1]["text"] == "léger"
    assert "not UTF-8" in str(sample.remarks[0])


def test_accents_far_from_the_beginning_are_read_in_their_encoding(tmp_path: Path) -> None:
    content = b"id,text\n" + b"1,plain\n" * 200_000 + "2,élève\n".encode("cp1252") * 9
    assert rows_of(written(tmp_path / "x", content))[-1] == {"id": "2", "text": "élève"}


def test_a_character_cut_between_two_pieces_is_whole(tmp_path: Path) -> None:
    rows = [[str(number), "é€😀" * 333] for number in range(2_000)]
    path = written(tmp_path / "x", separated([["id", "text"], *rows]))
    assert [list(row.values()) for row in rows_of(path)] == rows


def test_the_title_above_the_header_is_kept_apart(tmp_path: Path) -> None:
    content = '\ufeffsep=,\n"Views"\n"Date","Primary"\n"2026-08-01T00:00:00","67753"\n'
    sample = look(written(tmp_path / "Views.csv", content.encode("utf-16-le")))
    assert sample.preamble == ("sep=,", '"Views"')
    assert sample.columns == ("Date", "Primary")
    assert whole(sample)[0][ROW] == 4


def test_comments_above_the_header_are_kept_apart(tmp_path: Path) -> None:
    content = "# Start date: 20260801\n# End date: 20260831\n\nDate,Sessions\n20260801,5\n"
    sample = look(written(tmp_path / "ga4.csv", content))
    assert sample.columns == ("Date", "Sessions")
    assert sample.preamble[0] == "# Start date: 20260801"
    assert sample.first == 5


def test_descriptions_under_the_header_are_left_out_and_said(tmp_path: Path) -> None:
    described = ["", *["Lifetime: The total number of people who saw it."] * 3]
    rows = [["Post ID", "Reach", "Reach", "Clicks"], described, ["1", "2", "3", "4"]]
    sample = look(written(tmp_path / "x", separated(rows)))
    assert [row["Post ID"] for row in whole(sample)] == ["1"]
    assert "descriptions" in str(sample.remarks[0])


def test_columns_of_one_name_are_told_apart_and_it_is_said(tmp_path: Path) -> None:
    sample = look(written(tmp_path / "x", "Likes,Likes,,Likes\n1,2,3,4\n"))
    assert sample.columns == ("Likes", "Likes (2)", "column 3", "Likes (3)")
    assert "Likes" in str(sample.remarks[0])


def test_a_garbled_header_is_repaired(tmp_path: Path) -> None:
    sample = look(written(tmp_path / "x", "Jour;Montant dÃ©pensÃ©\u202f(EUR);RÃ©sultats\n1;2;3\n"))
    assert sample.columns == ("Jour", "Montant dépensé (EUR)", "Résultats")


def test_rows_are_numbered_as_a_spreadsheet_does(tmp_path: Path) -> None:
    text = 'id,text\n1,one\n\n2,"two\nlines"\nshort\n3,three\n'
    numbered = [(row["id"], row[ROW]) for row in whole(look(written(tmp_path / "x", text)))]
    assert sorted(numbered, key=lambda one: one[1]) == [
        ("1", 2), ("", 3), ("2", 4), ("short", 5), ("3", 6)
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("line", "problem"), [("1,2", "width 2 3"), ("1,2,3,4", "width 4 3"), ("1,2,3,,", None)]
)
def test_a_row_with_too_few_or_too_many_cells_comes_with_its_problem(
    tmp_path: Path, line: str, problem: str | None
) -> None:
    rows = whole(look(written(tmp_path / "x", f"a,b,c\n1,2,3\n{line}\n4,5,6\n")))
    found = {row[ROW]: row.get(PROBLEM) for row in rows}
    assert found == {2: None, 3: problem, 4: None}


def test_a_quotation_mark_never_closed_costs_one_row(tmp_path: Path) -> None:
    lines = [f"{number},text,{number}\n" for number in range(10)]
    text = "id,text,likes\n" + "".join([*lines, '99,"open,1\n', *lines])
    rows = whole(look(written(tmp_path / "x", text)))
    assert len(rows) == 21
    assert [row["id"] for row in rows if row.get(PROBLEM)] == ["99"]


def test_a_quotation_mark_never_closed_costs_one_row_of_a_long_file(tmp_path: Path) -> None:
    lines = [f"{number},{'text ' * 20},{number}\n" for number in range(60_000)]
    text = "id,text,likes\n" + "".join([*lines, '99,"open,1\n', *lines])
    rows = whole(look(written(tmp_path / "x", text)))
    assert len(rows) == 120_001
    assert [row["id"] for row in rows if row.get(PROBLEM)] == ["99"]


def test_a_row_longer_than_a_block_is_read(tmp_path: Path) -> None:
    rows = [["1", "short"], ["2", "long\n" * 2_000_000], ["3", "short"]]
    path = written(tmp_path / "x", separated([["id", "text"], *rows]))
    assert [list(row.values()) for row in rows_of(path)] == rows


def test_a_header_that_ends_with_a_separator_is_read(tmp_path: Path) -> None:
    assert rows_of(written(tmp_path / "x", "a;b;\n1;2\n3;4\n")) == [
        {"a": "1", "b": "2"},
        {"a": "3", "b": "4"},
    ]


def test_old_line_ends_are_read(tmp_path: Path) -> None:
    assert rows_of(written(tmp_path / "x", "a,b\r1,2\r3,4\r"))[1] == {"a": "3", "b": "4"}


def test_a_stray_null_does_not_make_a_text_binary(tmp_path: Path) -> None:
    rows = [["1", "a\x00b"], *[["2", "some words"]] * 100]
    assert len(rows_of(written(tmp_path / "x", separated([["id", "text"], *rows])))) == 101
