"""A sentence says how a question asked now would count."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from vigie.inbox.clock import Period, ServiceHours, always
from vigie.inbox.explaining import counting, sentence
from vigie.words import say

PARIS = ZoneInfo("Europe/Paris")
OFFICE = (
    Period(starts=time(9), ends=time(12)),
    Period(starts=time(14), ends=time(18)),
)
ALL_SAINTS = date(2026, 11, 1)
ARMISTICE = date(2026, 11, 11)


def hours(**changes: object) -> ServiceHours:
    week = (OFFICE,) * 5 + ((), ())
    return ServiceHours(**{"zone": PARIS, "week": week, **changes})  # type: ignore[arg-type]


def asked(local: str, owed: int, service: ServiceHours, **names: object) -> str:
    moment = datetime.fromisoformat(local).replace(tzinfo=PARIS).astimezone(UTC)
    given = {"holidays": {}, "closures": [], **names}
    found = counting(service, asked_at=moment, owed=timedelta(hours=owed), **given)  # type: ignore[arg-type]
    return say(sentence(found), "en")


def test_evening_and_the_next_morning_are_counted() -> None:
    assert asked("2026-10-05 17:00", 2, hours()) == (
        "A question asked now would be due tomorrow at 10:00: "
        "counted 17:00–18:00 today and 09:00–10:00 tomorrow."
    )


def test_holiday_on_the_way_is_named() -> None:
    service = hours(holidays=frozenset({ARMISTICE, ALL_SAINTS}))
    words = asked("2026-11-10 17:00", 2, service, holidays={ARMISTICE: "Armistice"})
    assert "due Thursday 12 November at 10:00" in words
    assert words.endswith("Closed on the way: 11 November (Armistice).")


def test_holiday_on_a_day_that_is_closed_anyway_is_not_named() -> None:
    service = hours(holidays=frozenset({ALL_SAINTS}))
    words = asked("2026-10-30 17:00", 2, service, holidays={ALL_SAINTS: "All Saints"})
    assert "All Saints" not in words


def test_closure_on_the_way_is_named_with_its_days() -> None:
    starts = datetime(2026, 12, 19, tzinfo=PARIS).astimezone(UTC)
    ends = datetime(2027, 1, 4, tzinfo=PARIS).astimezone(UTC)
    service = hours(closures=((starts, ends),))
    words = asked("2026-12-18 17:00", 2, service, closures=[("Winter break", starts, ends)])
    assert "due Monday 4 January at 10:00" in words
    assert "19 December to 3 January (Winter break)" in words


def test_many_days_are_counted_rather_than_named() -> None:
    assert "and 3 further days" in asked("2026-10-05 09:00", 40, hours())


def test_service_that_never_opens_says_so() -> None:
    assert "never be due" in asked("2026-10-05 09:00", 1, hours(week=((),) * 7))


@pytest.mark.parametrize(
    ("language", "day"), [("fr", "demain à 01:00"), ("en", "tomorrow at 01:00")]
)
def test_sentence_is_said_in_both_languages(language: str, day: str) -> None:
    moment = datetime(2026, 10, 5, 22, tzinfo=PARIS).astimezone(UTC)
    found = counting(always(PARIS), asked_at=moment, owed=timedelta(hours=3), holidays={},
                     closures=[])  # fmt: skip
    assert day in say(sentence(found), language)
