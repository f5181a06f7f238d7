"""Whether a change changed anything: hand cases."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from vigie.inbox.before_after import effect

CHANGED = date(2026, 9, 1)
LONG_AGO = date(2025, 1, 1)
DAY = timedelta(days=1)


def spread(count: int, first: date, days: int) -> list[date]:
    return [first + (number * days // max(count, 1)) * DAY for number in range(count)]


def test_equal_times_on_both_sides_are_counted() -> None:
    today = CHANGED + 57 * DAY
    before, after = spread(40, CHANGED - 56 * DAY, 56), spread(10, CHANGED + DAY, 56)
    long_before = spread(99, LONG_AGO, 100)
    found = effect([*long_before, *before, *after], changed_on=CHANGED, first=LONG_AGO, today=today)
    assert (found.days, found.before, found.after) == (56, 40, 10)
    assert found.ratio == pytest.approx(0.25)
    assert found.weekly == (5, 1.25)
    assert found.low is not None
    assert found.high is not None
    assert found.low < 0.25 < found.high < 1
    assert found.is_told_apart


def test_the_interval_is_that_of_a_share_of_the_sum() -> None:
    days = [*spread(40, CHANGED - 56 * DAY, 56), *spread(10, CHANGED + DAY, 56)]
    found = effect(days, changed_on=CHANGED, first=LONG_AGO, today=CHANGED + 57 * DAY)
    # Wilson's limits of 10 of 50 at 90 % are 0.1234 and 0.3079 (worked out by hand).
    assert found.low == pytest.approx(0.1234 / 0.8766, abs=2e-3)
    assert found.high == pytest.approx(0.3079 / 0.6921, abs=2e-3)


def test_the_day_itself_counts_for_neither() -> None:
    found = effect([CHANGED] * 50, changed_on=CHANGED, first=LONG_AGO, today=CHANGED + 99 * DAY)
    assert (found.before, found.after) == (0, 0)


def test_three_weeks_are_too_early() -> None:
    days = [*spread(40, CHANGED - 21 * DAY, 21), *spread(1, CHANGED + DAY, 20)]
    found = effect(days, changed_on=CHANGED, first=LONG_AGO, today=CHANGED + 22 * DAY)
    assert found.is_too_early
    assert found.ratio is None


def test_what_is_known_only_since_lately_shortens_the_time_before() -> None:
    first = CHANGED - 10 * DAY
    found = effect([first], changed_on=CHANGED, first=first, today=CHANGED + 99 * DAY)
    assert (found.days, found.is_too_early) == (10, True)


def test_few_say_nothing() -> None:
    days = [CHANGED - DAY, CHANGED + DAY]
    found = effect(days, changed_on=CHANGED, first=LONG_AGO, today=CHANGED + 99 * DAY)
    assert (found.before, found.after, found.ratio) == (1, 1, None)
    assert not found.is_told_apart


def test_as_many_as_before_is_no_effect() -> None:
    days = [*spread(30, CHANGED - 56 * DAY, 56), *spread(28, CHANGED + DAY, 56)]
    found = effect(days, changed_on=CHANGED, first=LONG_AGO, today=CHANGED + 57 * DAY)
    assert not found.is_told_apart


def test_nothing_known_is_too_early() -> None:
    found = effect([], changed_on=CHANGED, first=None, today=CHANGED)
    assert found.is_too_early
