"""Figures, ranks and dates in the reader's language."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vigie.present import writing
from vigie.present.document import Column, Interval
from vigie.words import _, say

RANK = Column(key="rank", label="Rank", kind="rank")


@pytest.mark.parametrize(
    ("place", "english", "french"),
    [(1, "1st", "1ᵉʳ"), (2, "2nd", "2ᵉ"), (3, "3rd", "3ᵉ"), (4, "4th", "4ᵉ"), (11, "11th", "11ᵉ"),
     (21, "21st", "21ᵉ"), (112, "112th", "112ᵉ"), (1_002, "1,002nd", "1\u202f002ᵉ")],
)  # fmt: skip
def test_rank_is_written_as_each_language_does(place: int, english: str, french: str) -> None:
    assert (writing.rank(place, "en"), writing.rank(place, "fr")) == (english, french)


def test_french_thousands_have_a_narrow_space_and_a_comma() -> None:
    assert writing.number(1_234_567.891, "fr", decimals=2) == "1\u202f234\u202f567,89"


def test_english_thousands_have_a_comma_and_a_point() -> None:
    assert writing.number(1_234_567.891, "en", decimals=2) == "1,234,567.89"


def test_what_fell_has_a_true_minus() -> None:
    assert writing.number(-3, "en", sign=True) == "−3"


def test_what_rounds_to_nothing_has_no_sign() -> None:
    assert writing.number(-0.04, "en", decimals=1) == "0.0"


def test_french_percent_stands_off_by_a_narrow_space() -> None:
    assert writing.percent(0.1234, "fr", decimals=1) == "12,3\u202f%"


def test_first_of_the_month_is_an_ordinal_in_french() -> None:
    assert writing.day(date(2026, 10, 1), "fr") == "1ᵉʳ octobre 2026"


def test_moment_says_that_it_is_in_universal_time() -> None:
    moment = datetime(2026, 10, 2, 9, 5, tzinfo=UTC)
    assert writing.moment(moment, "en") == "2 October 2026, 09:05 UTC"


def test_rank_is_never_written_without_its_interval() -> None:
    shown = writing.cell(Interval(value=7, low=4, high=12), RANK, "en")
    assert shown == "7th (between 4th and 12th)"


def test_open_end_is_never_taken_for_an_exact_figure() -> None:
    hours = Column(key="a", label="A", kind="decimal")
    assert writing.cell(Interval(value=43.2, low=18.4), hours, "en") == "43.2 (18.4 or more)"
    assert writing.cell(Interval(value=None, low=18.4), hours, "en") == "18.4 or more"


def test_unknown_is_a_word() -> None:
    assert writing.cell(None, RANK, "en") == "unknown"


def test_no_number_is_unknown_too() -> None:
    assert writing.cell(float("nan"), Column(key="a", label="A", kind="decimal"), "en") == "unknown"


def test_large_figure_in_a_sentence_is_said_in_millions() -> None:
    assert say(_("{n}", n=writing.Rounded(1_034_567)), "fr") == "1,0 million"


def test_rank_in_a_sentence_follows_the_language() -> None:
    assert say(_("{rank}", rank=writing.Rank(1)), "fr") == "1ᵉʳ"


@given(st.floats(allow_nan=False, allow_infinity=False, width=32), st.integers(0, 4))
def test_any_figure_is_read_back_as_it_was_written(value: float, decimals: int) -> None:
    text = writing.number(value, "en", decimals=decimals).replace(",", "").replace("−", "-")
    assert float(text) == float(f"{value:.{decimals}f}")


@pytest.mark.parametrize(
    ("value", "shown"),
    [(1.0, "100%"), (0.998, "over 99%"), (0.65, "65%"), (0.001, "under 1%"), (0.0, "0%")],
)
def test_almost_sure_is_not_written_as_sure(value: float, shown: str) -> None:
    assert writing.chance(value, "en") == shown
