"""Public holidays, and calendars as universities write them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from vigie.errors import FileError
from vigie.inbox.calendars import (
    CalendarEvent,
    holiday_region,
    named_holidays,
    public_holidays,
    read_calendar,
)

PARIS = ZoneInfo("Europe/Paris")
UNTIL = datetime(2027, 9, 1, tzinfo=UTC)


def calendar(*events: str) -> bytes:
    inside = "".join(f"BEGIN:VEVENT\r\nUID:{n}\r\n{text}\r\nEND:VEVENT\r\n"
                     for n, text in enumerate(events))  # fmt: skip
    return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{inside}END:VCALENDAR\r\n".encode()


def read(*events: str) -> list[CalendarEvent]:
    return read_calendar(calendar(*events), zone=PARIS, until=UNTIL)


def test_victory_day_of_1945_is_a_holiday_in_france() -> None:
    assert date(2026, 5, 8) in public_holidays("FR", "", (2026,))


def test_boxing_day_is_a_holiday_in_alsace_alone() -> None:
    day = date(2026, 12, 26)
    assert day in public_holidays("FR", "6AE", (2026,))
    assert day not in public_holidays("FR", "", (2026,))


@pytest.mark.parametrize(
    ("region", "uai", "rests"),
    [
        ("Grand Est", "0673021V", True), ("Grand Est", "0511296G", False),
        ("La Réunion", "", False), ("", "0573227F", True),
    ],
)  # fmt: skip
def test_department_says_who_rests_on_good_friday(region: str, uai: str, rests: bool) -> None:
    own = holiday_region("FR", region, uai)
    assert (date(2026, 4, 3) in public_holidays("FR", own, (2026,))) is rests


def test_reunion_rests_on_the_day_slavery_ended() -> None:
    day = date(2026, 12, 20)
    for region, uai in (("La Réunion", ""), ("", "9740478B")):
        own = holiday_region("FR", region, uai)
        assert day in public_holidays("FR", own, (2026,))


def test_holidays_are_named_in_both_languages() -> None:
    for language, name in (("fr", "Jour de l'an"), ("en", "New Year's Day")):
        assert named_holidays("FR", "", (2026,), language)[date(2026, 1, 1)] == name


@pytest.mark.parametrize(("country", "region"), [("XX", ""), ("", "")])
def test_country_that_is_not_known_has_no_holidays(country: str, region: str) -> None:
    assert public_holidays(country, region, (2026,)) == frozenset()


def test_whole_days_are_days_of_the_institution() -> None:
    (found,) = read("SUMMARY:Fermeture de Noël\r\nDTSTART;VALUE=DATE:20261221\r\n"
                    "DTEND;VALUE=DATE:20270104")  # fmt: skip
    assert found.starts_at == datetime(2026, 12, 20, 23, tzinfo=UTC)
    assert found.ends_at == datetime(2027, 1, 3, 23, tzinfo=UTC)
    assert found.name == "Fermeture de Noël"


def test_event_of_a_day_without_an_end_lasts_that_day() -> None:
    (found,) = read("SUMMARY:Pont\r\nDTSTART;VALUE=DATE:20270507")
    assert found.ends_at - found.starts_at == timedelta(days=1)


def test_repeated_event_stays_at_its_hour_when_the_clocks_change() -> None:
    found = read("SUMMARY:Réunion\r\nDTSTART;TZID=Europe/Paris:20261023T140000\r\n"
                 "DURATION:PT2H\r\nRRULE:FREQ=WEEKLY;COUNT=2")  # fmt: skip
    assert [one.starts_at.hour for one in found] == [12, 13]


def test_return_that_was_left_out_is_left_out() -> None:
    found = read("SUMMARY:Closed\r\nDTSTART;VALUE=DATE:20261002\r\n"
                 "RRULE:FREQ=DAILY;UNTIL=20261004\r\nEXDATE;VALUE=DATE:20261003")  # fmt: skip
    assert [one.starts_at.astimezone(PARIS).day for one in found] == [2, 4]


def test_rule_that_ends_in_universal_time_is_read() -> None:
    found = read("SUMMARY:Closed\r\nDTSTART;TZID=Europe/Paris:20261001T080000\r\n"
                 "DTEND;TZID=Europe/Paris:20261001T090000\r\n"
                 "RRULE:FREQ=DAILY;UNTIL=20261002T060000Z")  # fmt: skip
    assert len(found) == 2


def test_rule_without_an_end_stops_where_we_stop_looking() -> None:
    found = read("SUMMARY:Closed\r\nDTSTART;VALUE=DATE:20261001\r\nRRULE:FREQ=MONTHLY")
    assert max(one.starts_at for one in found) < UNTIL


def test_event_that_was_cancelled_is_left_out() -> None:
    assert read("SUMMARY:Closed\r\nDTSTART;VALUE=DATE:20261001\r\nSTATUS:CANCELLED") == []


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 a workbook", b"BEGIN:VCALENDAR\r\nEND:"])
def test_what_is_no_calendar_is_refused_in_words(content: bytes) -> None:
    with pytest.raises(FileError, match="calendar"):
        read_calendar(content, zone=PARIS, until=UNTIL)


def test_calendar_with_endless_seconds_is_refused() -> None:
    with pytest.raises(FileError, match="more than"):
        read("SUMMARY:Bomb\r\nDTSTART:20261001T000000Z\r\nRRULE:FREQ=SECONDLY")
