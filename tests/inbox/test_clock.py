"""Service hours, against a clock that looks at every minute."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from vigie.inbox.clock import (
    ENDLESS,
    Period,
    ServiceHours,
    Span,
    always,
    counted,
    due,
    elapsed,
    is_open,
    merged,
    opens_next,
)

PARIS = ZoneInfo("Europe/Paris")
MINUTE = timedelta(minutes=1)


def period(starts: str, ends: str) -> Period:
    return Period(starts=time.fromisoformat(starts), ends=time.fromisoformat(ends))


OFFICE = (period("08:30", "12:00"), period("13:30", "17:00"))
WEEK = (OFFICE, OFFICE, OFFICE, OFFICE, OFFICE, (), ())
LIBRARY = ServiceHours(zone=PARIS, week=WEEK)


def paris(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=PARIS).astimezone(UTC)


# ── the slow, obvious clock ───────────────────────────────────────────────────────────


def is_open_at(hours: ServiceHours, moment: datetime) -> bool:
    local = moment.astimezone(hours.zone)
    if local.date() in hours.holidays:
        return False
    if any(early <= moment < late for early, late in hours.closures):
        return False
    today, clock = hours.week[local.weekday()], local.time()
    yesterday = hours.week[(local.weekday() - 1) % 7]
    inside = any(
        one.starts <= clock and (clock < one.ends or one.ends <= one.starts) for one in today
    )
    return inside or any(one.ends <= one.starts and clock < one.ends for one in yesterday)


def slow_elapsed(hours: ServiceHours, start: datetime, end: datetime) -> timedelta:
    passed, moment = timedelta(0), start
    while moment < end:
        passed += MINUTE if is_open_at(hours, moment) else timedelta(0)
        moment += MINUTE
    return passed


def slow_due(
    hours: ServiceHours, start: datetime, owed: timedelta, pauses: list[Span], until: datetime
) -> datetime | None:
    passed, moment = timedelta(0), start
    while moment < until:
        paused = any(early <= moment < late for early, late in pauses)
        passed += MINUTE if not paused and is_open_at(hours, moment) else timedelta(0)
        moment += MINUTE
        if passed >= owed:
            return moment
    return None


# ── any hours, around changes of the clocks ───────────────────────────────────────────

CLOCKS = some.builds(time, some.integers(0, 23), some.sampled_from([0, 15, 30, 45]))
PERIODS = some.lists(some.builds(Period, starts=CLOCKS, ends=CLOCKS), max_size=3).map(tuple)
ZONES = some.sampled_from(["Europe/Paris", "America/Havana", "Australia/Lord_Howe", "UTC"])
STARTS = some.sampled_from(["2026-03-27", "2026-10-23", "2026-03-06", "2026-04-03", "2026-06-01"])
MINUTES = some.integers(0, 5 * 24 * 60)


def span(start: datetime, ahead: int, length: int) -> Span:
    return start + ahead * MINUTE, start + (ahead + length) * MINUTE


@some.composite
def situations(draw: some.DrawFn) -> tuple[ServiceHours, datetime, datetime, list[Span]]:
    begins = datetime.fromisoformat(draw(STARTS)).replace(tzinfo=UTC)
    start = begins + draw(some.integers(0, 3000)) * MINUTE
    closures = draw(some.lists(some.tuples(MINUTES, some.integers(1, 2000)), max_size=2))
    pauses = draw(some.lists(some.tuples(MINUTES, some.integers(1, 2000)), max_size=2))
    hours = ServiceHours(
        zone=ZoneInfo(draw(ZONES)),
        week=tuple(draw(PERIODS) for _day in range(7)),
        holidays=draw(some.frozensets(some.integers(0, 6), max_size=2).map(
            lambda days: frozenset(begins.date() + timedelta(days=day) for day in days))),
        closures=tuple(span(start, *one) for one in closures),
    )  # fmt: skip
    return hours, start, start + draw(MINUTES) * MINUTE, [span(start, *one) for one in pauses]


@settings(max_examples=60)
@given(situations())
def test_hours_between_two_moments_are_the_minutes_that_count(
    situation: tuple[ServiceHours, datetime, datetime, list[Span]],
) -> None:
    hours, start, end, _pauses = situation
    assert elapsed(hours, start, end) == slow_elapsed(hours, start, end)


@settings(max_examples=60)
@given(situations(), some.integers(1, 2000))
def test_due_time_is_when_the_minutes_owed_have_passed(
    situation: tuple[ServiceHours, datetime, datetime, list[Span]], owed: int
) -> None:
    hours, start, _end, pauses = situation
    until = start + timedelta(days=6)
    found = due(hours, start, owed * MINUTE, pauses=pauses)
    slow = slow_due(hours, start, owed * MINUTE, pauses, until)
    assert found == slow if slow is not None else found is None or found >= until


@given(situations())
def test_what_is_counted_adds_up_to_what_passed(
    situation: tuple[ServiceHours, datetime, datetime, list[Span]],
) -> None:
    hours, start, end, _pauses = situation
    shown = counted(hours, start, end)
    assert sum((b - a for a, b in shown), timedelta(0)) == elapsed(hours, start, end)
    assert shown == merged(shown)


# ── cases people will ask about ───────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("asked", "owed", "expected"),
    [
        ("2026-10-01 09:00", 60, "2026-10-01 10:00"),
        ("2026-10-01 11:30", 60, "2026-10-01 14:00"),
        ("2026-10-02 16:30", 60, "2026-10-05 09:00"),
        ("2026-10-03 12:00", 30, "2026-10-05 09:00"),
        ("2026-10-01 08:30", 210, "2026-10-01 12:00"),
    ],
    ids=["in the morning", "over lunch", "over the weekend", "on Saturday", "to the last minute"],
)
def test_answer_is_due_in_service_hours(asked: str, owed: int, expected: str) -> None:
    assert due(LIBRARY, paris(asked), owed * MINUTE) == paris(expected)


def test_shift_past_midnight_counts_on_both_days() -> None:
    night = ServiceHours(zone=PARIS, week=((period("22:00", "02:00"),), *((),) * 6))
    assert elapsed(night, paris("2026-10-05 00:00"), paris("2026-10-07 00:00")) == timedelta(
        hours=4
    )


def test_hour_that_the_clocks_skip_is_not_counted() -> None:
    night = ServiceHours(zone=PARIS, week=(*((),) * 6, (period("01:00", "04:00"),)))
    day = paris("2026-03-29 00:00"), paris("2026-03-30 00:00")
    assert elapsed(night, *day) == timedelta(hours=2)


def test_hour_that_the_clocks_repeat_counts_twice() -> None:
    night = ServiceHours(zone=PARIS, week=(*((),) * 6, (period("01:00", "04:00"),)))
    day = paris("2026-10-25 00:00"), paris("2026-10-26 00:00")
    assert elapsed(night, *day) == timedelta(hours=4)


def test_holiday_moves_what_is_due_to_the_next_day() -> None:
    hours = ServiceHours(zone=PARIS, week=WEEK, holidays=frozenset({date(2026, 11, 11)}))
    assert due(hours, paris("2026-11-10 16:30"), 60 * MINUTE) == paris("2026-11-12 09:00")


def test_closure_of_an_afternoon_moves_what_is_due() -> None:
    shut = (paris("2026-10-01 13:30"), paris("2026-10-01 17:00"))
    hours = ServiceHours(zone=PARIS, week=WEEK, closures=(shut,))
    assert due(hours, paris("2026-10-01 11:30"), 60 * MINUTE) == paris("2026-10-02 09:00")


def test_answer_is_due_at_the_very_moment_a_pause_begins() -> None:
    pause = (paris("2026-10-01 10:00"), paris("2026-10-01 15:00"))
    found = due(LIBRARY, paris("2026-10-01 09:00"), 60 * MINUTE, pauses=[pause])
    assert found == paris("2026-10-01 10:00")


def test_waiting_for_the_person_stops_the_clock() -> None:
    pause = (paris("2026-10-01 09:30"), paris("2026-10-01 15:00"))
    found = due(LIBRARY, paris("2026-10-01 09:00"), 60 * MINUTE, pauses=[pause])
    assert found == paris("2026-10-01 15:30")


def test_nothing_is_due_while_we_wait_without_an_end() -> None:
    pause = (paris("2026-10-01 09:30"), ENDLESS)
    assert due(LIBRARY, paris("2026-10-01 09:00"), 60 * MINUTE, pauses=[pause]) is None


def test_service_without_hours_owes_nothing() -> None:
    assert due(ServiceHours(zone=PARIS, week=((),) * 7), paris("2026-10-01 09:00"), MINUTE) is None


def test_service_that_never_closes_counts_every_minute() -> None:
    asked = paris("2026-10-03 23:59")
    assert due(always(PARIS), asked, timedelta(days=30)) == asked + timedelta(days=30)


def test_answer_may_be_due_years_after_a_long_closure() -> None:
    shut = (paris("2026-10-01 00:00"), paris("2028-10-02 00:00"))
    hours = ServiceHours(zone=PARIS, week=WEEK, closures=(shut,))
    assert due(hours, paris("2026-09-30 16:30"), 60 * MINUTE) == paris("2028-10-02 09:00")


def test_service_says_when_it_opens_next() -> None:
    assert opens_next(LIBRARY, paris("2026-10-03 12:00")) == paris("2026-10-05 08:30")


def test_last_minute_is_open_and_the_end_is_not() -> None:
    assert is_open(LIBRARY, paris("2026-10-01 11:59"))
    assert not is_open(LIBRARY, paris("2026-10-01 12:00"))
