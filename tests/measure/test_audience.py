from datetime import date

import pytest

from tests.cast import NORTHFIELD_BLUESKY, snapshot
from tests.measure.asking import NOVEMBER, OCTOBER, SEPTEMBER, answer, value
from vigie.model import Enrolment, Event


def look(day: date, followers: int | None = 1_000, **changes: object):
    return snapshot(day, followers=followers, **changes)


def test_followers_are_those_of_the_last_look_of_the_month() -> None:
    looks = [look(date(2026, 10, 30), 30), look(date(2026, 10, 2), 20), look(date(2026, 11, 1), 99)]
    assert value("followers", snapshots=looks) == 30


def test_a_look_that_saw_no_number_does_not_hide_the_one_before() -> None:
    looks = [look(date(2026, 10, 2), 20), look(date(2026, 10, 30), None)]
    assert value("followers", snapshots=looks) == 20


@pytest.mark.parametrize(("day", "expected"), [(16, 7), (15, None)])
def test_followers_are_unknown_after_45_days(day: int, expected: float | None) -> None:
    assert value("followers", snapshots=[look(date(2026, 9, day), 7)]) == expected


def test_followers_never_come_from_a_later_look() -> None:
    assert value("followers", SEPTEMBER, snapshots=[look(date(2026, 10, 1))]) is None


def test_zero_followers_are_known() -> None:
    assert value("followers", snapshots=[look(date(2026, 10, 3), 0)]) == 0


def test_followers_say_when_they_were_seen_and_have_no_interval() -> None:
    found = answer("followers", snapshots=[look(date(2026, 10, 30))])
    assert found is not None
    assert (found["low"], found["high"], found["n"]) == (None, None, 1)
    assert found["seen_at"].date() == date(2026, 10, 30)


GROWN = (look(date(2026, 9, 30), 1_000), look(date(2026, 10, 31), 1_030))


def test_growth_is_the_change_since_the_previous_month_end() -> None:
    assert value("audience_growth", snapshots=GROWN) == pytest.approx(3.0)


def test_growth_is_unknown_when_one_look_serves_both_months() -> None:
    assert value("audience_growth", NOVEMBER, snapshots=[look(date(2026, 10, 20))]) is None


def test_growth_from_nobody_is_unknown() -> None:
    looks = [look(date(2026, 9, 30), 0), look(date(2026, 10, 31), 5)]
    assert value("audience_growth", snapshots=looks) is None


def test_growth_of_a_year_reaches_back_twelve_months() -> None:
    looks = [look(date(2025, 10, 31), 800), *GROWN]
    assert value("audience_growth_year", snapshots=looks) == pytest.approx(28.75)


def purge(day: date, **changes: object) -> Event:
    return Event(event="e", day=day, kind="purge", **{"breaks_series": True, **changes})  # type: ignore[arg-type]  # a test's own words


@pytest.mark.parametrize(
    "event",
    [
        purge(date(2026, 10, 5)),
        purge(date(2026, 10, 31)),
        purge(date(2026, 10, 5), network="bluesky"),
        purge(date(2026, 10, 5), institution="northfield"),
        purge(date(2026, 10, 5), account=NORTHFIELD_BLUESKY.account),
    ],
)
def test_growth_is_not_computed_across_a_break(event: Event) -> None:
    assert value("audience_growth", snapshots=GROWN, events=[event]) is None


@pytest.mark.parametrize(
    "event",
    [
        purge(date(2026, 10, 5), breaks_series=False),
        purge(date(2026, 9, 30)),
        purge(date(2026, 11, 1)),
        purge(date(2026, 10, 5), network="x"),
        purge(date(2026, 10, 5), institution="southbridge"),
        purge(date(2026, 10, 5), network="bluesky", institution="southbridge"),
    ],
)
def test_a_break_elsewhere_leaves_growth_alone(event: Event) -> None:
    assert value("audience_growth", snapshots=GROWN, events=[event]) == pytest.approx(3.0)


def test_growth_of_an_account_outside_the_register_is_still_computed() -> None:
    event = purge(date(2026, 10, 5), institution="southbridge")
    found = value("audience_growth", snapshots=GROWN, accounts=(), events=[event])
    assert found == pytest.approx(3.0)


def test_followers_per_student_take_the_academic_year_of_the_month() -> None:
    years = [
        Enrolment(institution="northfield", year=2026, students=2_000),
        Enrolment(institution="northfield", year=2025, students=500),
    ]
    looks = [look(date(2026, 8, 31)), look(date(2026, 9, 30))]
    assert value("followers_per_student", SEPTEMBER, snapshots=looks, enrolments=years) == 0.5
    assert value("followers_per_student", date(2026, 8, 1), snapshots=looks, enrolments=years) == 2


@pytest.mark.parametrize(("year", "expected"), [(2024, 0.5), (2023, None), (2027, None)])
def test_enrolment_may_be_two_years_late_and_no_more(year: int, expected: float | None) -> None:
    years = [Enrolment(institution="northfield", year=year, students=2_000)]
    found = value("followers_per_student", snapshots=[look(OCTOBER)], enrolments=years)
    assert found == expected


def test_no_students_is_no_ratio() -> None:
    years = [Enrolment(institution="northfield", year=2026, students=0)]
    assert value("followers_per_student", snapshots=[look(OCTOBER)], enrolments=years) is None
