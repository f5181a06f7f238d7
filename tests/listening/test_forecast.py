"""The forecast of a day, from the days before it alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from tests.listening.invented_series import FIRST, ordinary, put
from vigie.listening.calendar import event_days
from vigie.listening.forecast import ORDINARY, Counts, EventDays, forecast, tail
from vigie.listening.kept import KeptEvent

LAST = 199


def test_weekday_and_level_are_expected() -> None:
    told = forecast(ordinary(level=20).counts)
    thursday, sunday = LAST, LAST - 4
    assert (FIRST + timedelta(days=sunday)).weekday() == 6
    assert abs(told.expected[:, thursday].mean() - 20) < 1.5
    assert abs(told.expected[:, sunday].mean() - 8) < 1


def test_later_days_change_no_forecast() -> None:
    watched = ordinary()
    before = forecast(watched.counts).expected[:, :150].copy()
    watched.counts.posts[:, 150:] = 1_000
    assert np.array_equal(forecast(watched.counts).expected[:, :150], before)


def test_spike_hardly_moves_what_is_expected_the_day_after() -> None:
    watched = ordinary(level=10)
    quiet = forecast(watched.counts).expected[0, LAST]
    put(watched, 0, LAST - 1, 500)
    assert forecast(watched.counts).expected[0, LAST] < 1.5 * quiet


def test_new_series_is_not_judged_before_four_weeks() -> None:
    told = forecast(ordinary().counts)
    assert not told.is_judged[:, :28].any()
    assert told.is_judged[:, 28:].all()


def test_day_that_was_hardly_seen_neither_counts_nor_is_judged() -> None:
    watched = ordinary(level=20)
    seen = watched.counts.seen.copy()
    seen[:, 180:190] = 0.1
    posts = watched.counts.posts.copy()
    posts[:, 180:190] = 0
    told = forecast(Counts(days=watched.counts.days, posts=posts, seen=seen))
    assert not told.is_judged[:, 185].any()
    assert abs(told.expected[:, LAST].mean() - 20) < 1.5


def test_day_half_seen_counts_for_the_half() -> None:
    watched = ordinary(level=20)
    halved = np.random.default_rng(3).binomial(watched.counts.posts.astype(int), 0.5).astype(float)
    counts = Counts(days=watched.counts.days, posts=halved, seen=np.full_like(halved, 0.5))
    assert abs(forecast(counts).expected[:, LAST].mean() - 20) < 1.5


def event(day: int, *, factor: float | None, lasts: int = 1) -> KeptEvent:
    """Return an event of the invented series."""
    start = FIRST + timedelta(days=day)
    return KeptEvent(
        name=f"event-{day}", title={"en": "An event"}, kind="strike", first_day=start,
        last_day=start + timedelta(days=lasts - 1), factor=factor,
    )  # fmt: skip


def test_factor_of_a_person_is_taken_as_it_is() -> None:
    watched = ordinary()
    plain = forecast(watched.counts).expected[:, LAST]
    days = event_days([event(LAST, factor=3.0)], watched.series, watched.counts.days)
    assert np.allclose(forecast(watched.counts, days).expected[:, LAST], 3 * plain)


def test_factor_is_learned_from_events_of_the_same_kind() -> None:
    watched = ordinary(level=20)
    before = [event(100, factor=None, lasts=3), event(130, factor=None, lasts=3)]
    for one in before:
        start = (one.first_day - FIRST).days
        watched.counts.posts[:, start : start + 3] *= 5
    days = event_days([*before, event(LAST, factor=None)], watched.series, watched.counts.days)
    told = forecast(watched.counts, days)
    assert abs(told.factor[:, LAST].mean() - 5) < 0.7


def test_holiday_that_nobody_has_seen_lowers_nothing() -> None:
    watched = ordinary()
    plain = forecast(watched.counts).expected[:, LAST]
    holiday = replace(event(LAST, factor=None), kind="holidays")
    days = event_days([holiday], watched.series, watched.counts.days)
    assert np.allclose(forecast(watched.counts, days).expected[:, LAST], plain)


def test_holiday_the_archive_has_seen_lowers_what_is_expected() -> None:
    watched = ordinary(level=30)
    before = replace(event(100, factor=None, lasts=10), kind="holidays")
    watched.counts.posts[:, 100:110] = np.floor(watched.counts.posts[:, 100:110] / 4)
    again = replace(event(LAST, factor=None), kind="holidays")
    days = event_days([before, again], watched.series, watched.counts.days)
    assert forecast(watched.counts, days).factor[:, LAST].mean() < 0.5


def test_event_never_seen_before_widens_the_band() -> None:
    watched = ordinary()
    days = event_days([event(LAST, factor=None)], watched.series, watched.counts.days)
    assert (forecast(watched.counts, days).doubt[:, LAST] > 0.2).all()


def test_calendar_without_events_is_ordinary() -> None:
    assert (EventDays.none((2, 3)).events == ORDINARY).all()


@given(st.integers(0, 200), st.floats(0.01, 100), st.floats(0.01, 5))
def test_tail_is_that_of_the_negative_binomial(posts: int, expected: float, spread: float) -> None:
    size = 1 / spread
    known = stats.nbinom.sf(posts - 1, size, size / (size + expected))
    found = tail(np.array([float(posts)]), np.array([expected]), np.array([spread]))[0]
    assert np.isclose(found, known, rtol=1e-6, atol=1e-12)


@given(st.floats(0.1, 50), st.floats(0.01, 2), st.integers(0, 100))
def test_more_posts_are_never_likelier(expected: float, spread: float, posts: int) -> None:
    few, many = (
        tail(np.array([float(count)]), np.array([expected]), np.array([spread]))[0]
        for count in (posts, posts + 1)
    )
    assert many <= few
