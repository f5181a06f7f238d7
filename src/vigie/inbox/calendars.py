"""Days on which nobody answers: public holidays, and the events of a calendar that was read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from functools import lru_cache
from itertools import takewhile
from zoneinfo import ZoneInfo

import holidays
from dateutil.rrule import rruleset, rrulestr
from icalendar import Calendar, Component, Event

from vigie.errors import FileError
from vigie.words import _

MOST_EVENTS = 5_000
"""Of one calendar: more is no calendar of closures."""
END = b"END:VCALENDAR"
OWN_HOLIDAYS: Mapping[str, str] = {
    "057": "57", "067": "6AE", "068": "6AE", "971": "971", "972": "972", "973": "973",
    "974": "974", "975": "PM", "976": "976", "986": "WF", "987": "PF", "988": "NC",
}  # fmt: skip
"""Departments of France with holidays of their own, as a UAI begins → as the library names them."""


@dataclass(frozen=True, kw_only=True)
class CalendarEvent:
    """Something that a calendar says, and when: a closure if a person says so."""

    uid: str
    name: str
    starts_at: datetime
    ends_at: datetime
    is_whole_days: bool


def holiday_region(country: str, region: str, uai: str) -> str:
    """Return the region whose holidays an institution keeps.

    In France its department says it better than its region, of which only a part may have its own:
    Strasbourg rests on Good Friday, Reims does not.
    """
    return OWN_HOLIDAYS.get(uai[:3], region) if country == "FR" else region


@lru_cache(maxsize=64)
def public_holidays(country: str, region: str, years: tuple[int, ...]) -> frozenset[date]:
    """Return the public holidays of a country, and those of a region where it has its own.

    ``region`` is a code of ISO 3166-2 without the country, or a name; one that is not known counts
    for nothing. A country that is not known has none.
    """
    return frozenset(named_holidays(country, region, years))


@lru_cache(maxsize=64)
def named_holidays(
    country: str, region: str, years: tuple[int, ...], language: str = ""
) -> Mapping[date, str]:
    """Return the same days with their names, in a language where the country has it."""
    if country not in holidays.list_supported_countries():
        return {}
    own = _subdivision(country, region)
    wanted = {"en": "en_US"}.get(language, language) or None
    found = holidays.country_holidays(country, subdiv=own, years=years, language=wanted)
    return dict(found.items())


def _subdivision(country: str, region: str) -> str | None:
    """Return what the library calls a region, given by code or name; none: it is unknown there."""
    known = holidays.country_holidays(country).get_subdivision_aliases()
    return next((code for code, names in known.items() if region in (code, *names)), None)


def read_calendar(content: bytes, *, zone: ZoneInfo, until: datetime) -> list[CalendarEvent]:
    """Return the events of an iCal file up to a moment, each return of a repeated one by itself.

    Events without a time last whole days of the zone. Raises ``FileError`` for what is no
    calendar, or one without end.
    """
    try:
        calendar = Calendar.from_ical(content)
    except ValueError as error:
        raise _no_calendar(str(error)[:120]) from error
    if not content.rstrip().endswith(END):
        raise _no_calendar("END:VCALENDAR ?")
    found: list[CalendarEvent] = []
    for event in _events(calendar):
        for one in _returns(event, zone=zone, until=until):
            found.append(one)
            if len(found) > MOST_EVENTS:
                raise FileError(
                    _(
                        "This calendar has more than {count} events. Choose one that holds "
                        "closures only.",
                        count=MOST_EVENTS,
                    )
                )
    return sorted(found, key=lambda event: (event.starts_at, event.name))


def _no_calendar(reason: str) -> FileError:
    return FileError(
        _(
            "This is not a whole iCal calendar ({reason}). Choose a file that ends in .ics.",
            reason=reason,
        )
    )


def _events(calendar: Component) -> Iterator[Event]:
    for event in calendar.walk("VEVENT"):
        if isinstance(event, Event) and str(event.get("STATUS", "")).upper() != "CANCELLED":
            yield event


def _returns(event: Event, *, zone: ZoneInfo, until: datetime) -> Iterator[CalendarEvent]:
    try:
        begins, ends = event.start, event.end
    except (ValueError, KeyError) as error:
        raise FileError(
            _("The event “{name}” of this calendar has no usable dates: {reason}.",
              name=str(event.get("SUMMARY", "")), reason=str(error)[:120])
        ) from error  # fmt: skip
    is_whole = not isinstance(begins, datetime)
    lasts = ends - begins
    for start in _starts(event, begins, zone=zone, until=until):
        finish = start + lasts if is_whole else _utc(start, zone) + lasts
        yield CalendarEvent(
            uid=str(event.get("UID", "")),
            name=str(event.get("SUMMARY", "")),
            starts_at=_utc(start, zone),
            ends_at=_utc(finish, zone),
            is_whole_days=is_whole,
        )


def _starts(
    event: Event, begins: date | datetime, *, zone: ZoneInfo, until: datetime
) -> Sequence[date | datetime]:
    """Return when an event begins each time, in its own kind of time."""
    rule = event.get("RRULE")
    if rule is None:
        return [begins] if _utc(begins, zone) < until else []
    # Rules count on the wall clock: nine o'clock stays nine o'clock when the clocks change.
    local = _local(begins, zone)
    repeated = rruleset()
    written = rrulestr(_without_zone(rule.to_ical().decode(), zone), dtstart=local)
    repeated.rrule(written)  # type: ignore[arg-type]  # one rule is never a set
    for left_out in _left_out(event):
        repeated.exdate(_local(left_out, zone))
    last = until.astimezone(zone).replace(tzinfo=None)
    first = repeated.xafter(local, count=MOST_EVENTS + 1, inc=True)
    moments = takewhile(lambda moment: moment < last, first)
    if not isinstance(begins, datetime):
        return [moment.date() for moment in moments]
    return [moment.replace(tzinfo=begins.tzinfo or zone) for moment in moments]


def _left_out(event: Event) -> Iterator[date | datetime]:
    given = event.get("EXDATE")
    for dates in given if isinstance(given, list) else [given] if given else []:
        yield from (one.dt for one in dates.dts)


def _without_zone(rule: str, zone: ZoneInfo) -> str:
    """Return a rule whose end is local time, as its start is."""
    parts = []
    for part in rule.split(";"):
        name, _equals, value = part.partition("=")
        if name == "UNTIL" and value.endswith("Z"):
            moment = datetime.strptime(value, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
            value = moment.astimezone(zone).strftime("%Y%m%dT%H%M%S")
        parts.append(f"{name}={value}")
    return ";".join(parts)


def _local(moment: date | datetime, zone: ZoneInfo) -> datetime:
    if not isinstance(moment, datetime):
        return datetime.combine(moment, time(0))
    if moment.tzinfo is None:
        return moment
    return moment.astimezone(moment.tzinfo).replace(tzinfo=None)


def _utc(moment: date | datetime, zone: ZoneInfo) -> datetime:
    if not isinstance(moment, datetime):
        moment = datetime.combine(moment, time(0))
    return (moment if moment.tzinfo else moment.replace(tzinfo=zone)).astimezone(UTC)
