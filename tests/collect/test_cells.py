"""What a cell of an export says, and what it does not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vigie.collect.cells import (
    clean_text,
    decimal_number,
    identifier,
    is_unknown,
    plain_text,
    whole_number,
)
from vigie.errors import RowError


@pytest.mark.parametrize(
    ("cell", "number"),
    [
        ("12", 12),
        ("0", 0),
        ("2386.0", 2386),
        ("1 234", 1234),
        ("1\u202f234", 1234),
        ("1\u00a0234\u00a0567", 1234567),
        ("1,234", 1234),
        ("1,234.0", 1234),
        ("1'234", 1234),
        ("1’234", 1234),
        ("1.234", 1234),
        ("1.234.567", 1234567),
        ("12,0", 12),
        ("+3", 3),
        ("\uff11\uff12", 12),
    ],
)
def test_counts_are_read_as_people_write_them(cell: str, number: int) -> None:
    assert whole_number(cell) == number


@pytest.mark.parametrize("cell", [None, "", " ", "-", "–", "undefined", "NaN", "null", "N/A"])
def test_what_is_not_said_is_unknown_and_not_zero(cell: str | None) -> None:
    assert is_unknown(cell)
    assert whole_number(cell) is None


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        ("-4", "below zero"),
        ("−4", "below zero"),
        ("12,5 k", "rounded"),
        ("1.2M", "rounded"),
        ("1.2E+03", "rounded"),
        ("0.125", "not a whole number"),
        ("1.000", "can be 1 or 1000"),
        ("many", "not a whole number"),
        ("12345678901234567", "too great"),
    ],
)
def test_a_count_that_cannot_be_is_refused_with_the_reason(cell: str, reason: str) -> None:
    with pytest.raises(RowError, match=reason):
        whole_number(cell, column="Likes")


def test_a_refused_count_names_its_column() -> None:
    with pytest.raises(RowError) as refusal:
        whole_number("-4", column="Likes")
    assert refusal.value.column == "Likes"


def test_a_flow_may_be_below_zero_where_it_is_said() -> None:
    assert whole_number("-4", may_be_negative=True) == -4


@given(st.integers(min_value=0, max_value=10**15))
def test_every_count_comes_back_whatever_groups_its_digits(number: int) -> None:
    grouped = f"{number:,}"
    written = [
        str(number),
        f"{number}.0",
        grouped,
        *(grouped.replace(",", mark) for mark in " '\u202f"),
    ]
    assert {whole_number(cell) for cell in written} == {number}


@given(st.text(max_size=30))
def test_a_count_is_read_or_refused_and_nothing_else_happens(cell: str) -> None:
    try:
        number = whole_number(cell)
    except RowError:
        return
    assert number is None or number >= 0


@pytest.mark.parametrize(
    ("cell", "number"),
    [
        ("1 234,56", 1234.56),
        ("1,234.56", 1234.56),
        ("1.234,5", 1234.5),
        ("12,5\u202f%", 12.5),
        ("3.2", 3.2),
        ("1,234,567", 1234567),
        ("-0,5", -0.5),
        ("-", None),
    ],
)
def test_decimals_are_read_in_both_languages(cell: str, number: float | None) -> None:
    assert decimal_number(cell) == number


@pytest.mark.parametrize("cell", ["1,234", "twelve", "1.2.3,4,5"])
def test_a_decimal_that_can_be_read_two_ways_or_none_is_refused(cell: str) -> None:
    with pytest.raises(RowError):
        decimal_number(cell)


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ("1616469988369469445", "1616469988369469445"),
        (" 42 ", "42"),
        ("42.0", "42"),
        ("at://did:plc:abc/app.bsky.feed.post/3k", "at://did:plc:abc/app.bsky.feed.post/3k"),
        ("007", "007"),
        ("1e5f", "1e5f"),
    ],
)
def test_identifiers_stay_text(cell: str, text: str) -> None:
    assert identifier(cell) == text


@pytest.mark.parametrize(
    "cell", ["1.22641E+18", "1,22641E+18", "1.2264e18", "1.6164699883694694e+18", "9" * 19 + ".0"]
)
def test_an_identifier_that_a_spreadsheet_rounded_is_refused_with_the_remedy(cell: str) -> None:
    with pytest.raises(RowError, match=r"rounded the identifier .* in column id.*as text"):
        identifier(cell, column="id")


@pytest.mark.parametrize("cell", [None, "", "-", "NaN"])
def test_a_missing_identifier_is_refused(cell: str | None) -> None:
    with pytest.raises(RowError, match="missing"):
        identifier(cell)


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ("𝗢𝗽𝗲𝗻 𝑑𝑎𝑦", "Open day"),
        ("RÃ©sultats du mois dâ€™octobre", "Résultats du mois d’octobre"),
        ("L’été à l’université", "L’été à l’université"),
        ("one\r\ntwo\rthree", "one\ntwo\nthree"),
        ("a\x00b\u200e", "ab"),
        ("e\u0301te\u0301", "été"),
        ("😀 👩‍🎓", "😀 👩‍🎓"),
        ("  ", None),
        (None, None),
    ],
)
def test_words_are_kept_as_a_reader_means_them(cell: str | None, text: str | None) -> None:
    assert clean_text(cell) == text


def test_addresses_are_not_normalised() -> None:
    assert plain_text(" https://x.example/ﬁ\x00 ") == "https://x.example/ﬁ"
