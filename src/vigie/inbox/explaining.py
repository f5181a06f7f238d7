"""How a question asked now would count: until when, in which hours, past which closed days."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from zoneinfo import ZoneInfo

from babel.dates import format_date
from babel.lists import format_list

from vigie.inbox.clock import ServiceHours, Span, counted, due
from vigie.words import Words, _, plural, say

DAY = timedelta(days=1)
DAYS_SAID = 3
"""So many days are named; further ones are counted."""


@dataclass(frozen=True, kw_only=True)
class Shut:
    """Days on which nobody answers, and why."""

    name: str
    first: date
    last: date


@dataclass(frozen=True, kw_only=True)
class Counting:
    """Which hours lie between a question and the moment its answer is due."""

    asked_at: datetime
    due_at: datetime | None
    """Unknown: the service does not open again for so long."""
    zone: ZoneInfo
    spans: tuple[Span, ...]
    shut: tuple[Shut, ...]


def counting(
    hours: ServiceHours,
    *,
    asked_at: datetime,
    owed: timedelta,
    holidays: Mapping[date, str],
    closures: Sequence[tuple[str, datetime, datetime]],
) -> Counting:
    """Return how a question would count; ``holidays`` and ``closures`` carry their names."""
    until = due(hours, asked_at, owed)
    if until is None:
        return Counting(asked_at=asked_at, due_at=None, zone=hours.zone, spans=(), shut=())
    return Counting(
        asked_at=asked_at,
        due_at=until,
        zone=hours.zone,
        spans=tuple(counted(hours, asked_at, until)),
        shut=tuple(_shut(hours, asked_at, until, holidays, closures)),
    )


def _shut(
    hours: ServiceHours,
    start: datetime,
    end: datetime,
    holidays: Mapping[date, str],
    closures: Sequence[tuple[str, datetime, datetime]],
) -> list[Shut]:
    """Return the closed days on the way: those only that the usual week would have been open."""
    first, last = start.astimezone(hours.zone).date(), end.astimezone(hours.zone).date()
    found = [
        Shut(name=holidays[day], first=day, last=day)
        for day in sorted(hours.holidays)
        if first <= day <= last and day in holidays and hours.week[day.weekday()]
    ]
    for name, begins, ends in closures:
        if begins < end and ends > start:
            local = begins.astimezone(hours.zone).date()
            final = (ends - timedelta(microseconds=1)).astimezone(hours.zone).date()
            found.append(Shut(name=name, first=local, last=final))
    return sorted(found, key=lambda one: (one.first, one.last))


def sentence(one: Counting) -> Words:
    """Say how a question asked now would count."""
    if one.due_at is None:
        return _("A question asked now would never be due: the service stays closed for years.")
    if not one.shut:
        return _(
            "A question asked now would be due {due}: counted {spans}.",
            due=DueAt(one),
            spans=Days(one),
        )
    return _(
        "A question asked now would be due {due}: counted {spans}. Closed on the way: {shut}.",
        due=DueAt(one),
        spans=Days(one),
        shut=Closed(one.shut),
    )


@dataclass(frozen=True)
class DueAt:
    """When the answer is due, as people say it."""

    one: Counting

    def spoken(self, language: str) -> str:
        if self.one.due_at is None:
            return ""
        local = self.one.due_at.astimezone(self.one.zone)
        words = _("{day} at {clock}", day=_day(local.date(), self.one), clock=_clock(local))
        return say(words, language)


@dataclass(frozen=True)
class Days:
    """The hours that are counted, day by day."""

    one: Counting

    def spoken(self, language: str) -> str:
        days = _by_day(self.one)
        said = [say(words, language) for words in days[:DAYS_SAID]]
        left = len(days) - DAYS_SAID
        if left > 0:
            said.append(say(plural("{count} further day", "{count} further days", count=left),
                            language))  # fmt: skip
        return format_list(said, style="standard", locale=language)


@dataclass(frozen=True)
class Closed:
    """The closed days on the way, with their names."""

    shut: tuple[Shut, ...]

    def spoken(self, language: str) -> str:
        return "; ".join(say(_one_shut(one, language), language) for one in self.shut)


def _one_shut(one: Shut, language: str) -> Words:
    first = format_date(one.first, "d MMMM", locale=language)
    if one.first == one.last:
        return _("{day} ({name})", day=first, name=one.name)
    last = format_date(one.last, "d MMMM", locale=language)
    return _("{first} to {last} ({name})", first=first, last=last, name=one.name)


def _by_day(one: Counting) -> list[Words]:
    """Return the counted hours of each day as a phrase: 17:00–18:00 today."""
    local = [(early.astimezone(one.zone), late.astimezone(one.zone)) for early, late in one.spans]
    return [
        _("{hours} {day}", day=_day(day, one), hours=_spans(list(spans)))
        for day, spans in groupby(local, key=lambda span: span[0].date())
    ]


def _spans(spans: Sequence[Span]) -> str:
    return ", ".join(f"{_clock(early)}\u2013{_clock(late)}" for early, late in spans)


def _clock(local: datetime) -> str:
    return f"{local:%H:%M}"


@dataclass(frozen=True)
class Weekday:
    """A day by its name, with its date."""

    day: date

    def spoken(self, language: str) -> str:
        if language == "fr" and self.day.day == 1:
            return format_date(self.day, "EEEE '1ᵉʳ' MMMM", locale="fr")
        return format_date(self.day, "EEEE d MMMM", locale=language)


def _day(day: date, one: Counting) -> Words | Weekday:
    today = one.asked_at.astimezone(one.zone).date()
    if day == today:
        return _("today")
    return _("tomorrow") if day == today + DAY else Weekday(day)
