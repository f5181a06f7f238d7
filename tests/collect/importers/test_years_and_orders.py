"""Dates that leave something out are read from what stands around them, or refused."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vigie.collect.day_order import is_day_first
from vigie.collect.yearless import with_years

LATEST = date(2026, 10, 1)
DAYS = st.dates(min_value=date(2015, 1, 1), max_value=LATEST)


def without_years(days: list[date]) -> list[tuple[int, int] | None]:
    return [(day.month, day.day) for day in days]


@given(last=DAYS, length=st.integers(1, 365), is_reversed=st.booleans())
def test_days_in_a_row_get_back_the_years_they_had(
    last: date, length: int, is_reversed: bool
) -> None:
    days = [last - timedelta(days=back) for back in range(length)]
    days = days if is_reversed else days[::-1]
    assert with_years(without_years(days), year=last.year, latest=LATEST) == days


@given(last=st.dates(min_value=date(2025, 10, 2), max_value=LATEST), length=st.integers(1, 365))
def test_without_a_year_it_is_the_latest_before_the_export(last: date, length: int) -> None:
    days = [last - timedelta(days=back) for back in range(length)]
    assert with_years(without_years(days), year=None, latest=LATEST) == days


def test_29_february_chooses_the_last_leap_year() -> None:
    assert with_years([(2, 28), (2, 29)], year=None, latest=LATEST) == [
        date(2024, 2, 28),
        date(2024, 2, 29),
    ]


def test_29_february_of_a_year_without_one_stays_unknown() -> None:
    assert with_years([(2, 29)], year=2025, latest=LATEST) == [None]


def test_a_cell_that_is_no_date_stays_unknown() -> None:
    assert with_years([None, (9, 28)], year=None, latest=LATEST) == [None, date(2026, 9, 28)]


@pytest.mark.parametrize(
    ("cells", "is_first"),
    [
        (["03/06/2026", "23/06/2026"], True),
        (["03/06/2026", "06/23/2026"], False),
        (["03/06/2026"], None),
        (["11/03/2026"], True),  # 3 November 2026 is after the export.
        (["23/06/2026", "06/23/2026"], None),
        ([], None),
        (["Lifetime", None], None),
    ],
)
def test_all_dates_together_tell_the_day_from_the_month(
    cells: list[str | None], is_first: bool | None
) -> None:
    assert is_day_first(cells, latest=LATEST) is is_first
