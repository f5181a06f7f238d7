"""When things happened, as exports write it."""

# ruff: noqa: DTZ001  (times as exports write them, without a zone)

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vigie.collect.moments import calendar_day, local_day, moment
from vigie.errors import RowError

PARIS = ZoneInfo("Europe/Paris")
EXPORTED = datetime(2026, 11, 1, 12, tzinfo=UTC)


def read(cell: str | None, **said: object) -> datetime:
    return moment(cell, zone=PARIS, observed_at=EXPORTED, **said)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("cell", "when"),
    [
        ("Tue, Jul 14, 2026", "2026-07-13T22:00"),
        ("2017-01-30 19:05 +0000", "2017-01-30T19:05"),
        ("10/28/2026 14:30", "2026-10-28T13:30"),
        ("28/10/2026", "2026-10-27T23:00"),
        ("14.07.2026 08:00", "2026-07-14T06:00"),
        ("28 sept. 2026", "2026-09-27T22:00"),
        ("28\u202fsept.\u00a02026", "2026-09-27T22:00"),
        ("1er août 2026 à 14h05", "2026-08-01T12:05"),
        ("lundi 3 févr. 2025", "2025-02-02T23:00"),
        ("Jul 14, 2026, 3:45 PM", "2026-07-14T13:45"),
        ("Jul 14, 2026 12:05 am", "2026-07-13T22:05"),
        ("14-Jul-2026", "2026-07-13T22:00"),
        ("Tue Jul 14 10:00:00 +0000 2026", "2026-07-14T10:00"),
        ("2026-07-14T10:00:00Z", "2026-07-14T10:00"),
        ("2026-07-14T10:00:00.000+02:00", "2026-07-14T08:00"),
        ("2026/07/14 10:00", "2026-07-14T08:00"),
        ("1784023200", "2026-07-14T10:00"),
        ("1784023200000", "2026-07-14T10:00"),
    ],
)
def test_moments_of_real_exports_are_read_in_utc(cell: str, when: str) -> None:
    assert read(cell) == datetime.fromisoformat(when).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        ("03/04/2026", "day or the month first"),
        ("31/02/2026", "not a date"),
        ("2026-13-01", "not a date"),
        ("soon", "not a date"),
        ("", "missing"),
        (None, "missing"),
        ("2026-11-03", "in the future"),
        ("1970-01-01", "before the social networks"),
        ("Jul 14", "has no year"),
        ("1.22641E+18", "not a date"),
        ("99999999999999999999", "not a date"),
    ],
)
def test_a_moment_that_cannot_be_told_is_refused_with_the_reason(
    cell: str | None, reason: str
) -> None:
    with pytest.raises(RowError, match=reason):
        read(cell)


def test_a_person_may_say_which_is_the_day() -> None:
    assert read("03/04/2026", day_first=True).month == 4
    assert calendar_day("03/04/2026", day_first=False) == date(2026, 3, 4)


def test_a_person_may_say_the_year() -> None:
    assert calendar_day("Jul 14", year=2026) == date(2026, 7, 14)


def test_tomorrow_is_allowed_since_clocks_differ() -> None:
    assert read("2026-11-02 10:00").day == 2


def test_a_given_layout_comes_first() -> None:
    assert read("04032026", formats=["%d%m%Y"]).astimezone(PARIS).month == 3


def test_the_day_is_the_one_of_the_institution() -> None:
    assert local_day(datetime(2026, 7, 13, 22, 30, tzinfo=UTC), PARIS) == date(2026, 7, 14)


MOMENTS = st.datetimes(
    min_value=datetime(1996, 1, 1), max_value=datetime(2026, 10, 30), timezones=st.just(UTC)
).map(lambda when: when.replace(microsecond=0))


@given(MOMENTS)
def test_every_moment_comes_back_from_every_way_of_writing_it(when: datetime) -> None:
    written = [
        when.isoformat(),
        when.isoformat().replace("+00:00", "Z"),
        when.astimezone(PARIS).isoformat(),
        when.strftime("%a %b %d %H:%M:%S %z %Y"),
        when.strftime("%d %B %Y %H:%M:%S +0000"),
        str(int(when.timestamp())),
    ]
    assert {read(cell) for cell in written} == {when}


@given(st.text(max_size=40))
def test_a_moment_is_read_or_refused_and_nothing_else_happens(cell: str) -> None:
    try:
        found = read(cell)
    except RowError:
        return
    assert found <= EXPORTED + timedelta(days=1)
