"""How a question asked of a service now would count, and the closed days that lie ahead."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from babel.dates import format_date
from django.db.models import Q

from vigie.inbox.calendars import named_holidays
from vigie.inbox.explaining import Counting, counting, sentence
from vigie.inbox.models import Closure, Hours, Target
from vigie.inbox.owing import Terms, place_of
from vigie.register.models import Service
from vigie.words import Words, _

HOLIDAYS_SHOWN = 8
INSTANT = timedelta(microseconds=1)


@dataclass(frozen=True, kw_only=True)
class Span:
    """A closure, as the page lists it."""

    closure: Closure
    when: Words | str


def holidays_of(service: Service, *, now: datetime, language: str) -> Mapping[date, str]:
    """Return the public holidays of a service's country, from last year on, with their names."""
    years = (now.year - 1, now.year, now.year + 1)
    country, region = place_of(service.institution)
    return named_holidays(country, region, years, language)


def holidays_ahead(service: Service, *, now: datetime, language: str) -> list[tuple[date, str]]:
    """Return the public holidays to come."""
    known = holidays_of(service, now=now, language=language)
    return [(day, known[day]) for day in sorted(known) if day >= now.date()][:HOLIDAYS_SHOWN]


def closures_ahead(service: Service, *, now: datetime, zone: ZoneInfo, language: str) -> list[Span]:
    """Return the closures to come: its own, and those of its whole institution."""
    return [Span(closure=row, when=span(row.starts_at, row.ends_at, zone=zone, language=language))
            for row in _closures(service, now)]  # fmt: skip


def _closures(service: Service, now: datetime) -> Sequence[Closure]:
    own = Q(service=service) | Q(service__isnull=True)
    rows = Closure.objects.filter(own, institution=service.institution, ends_at__gt=now)
    return list(rows.select_related("service", "institution"))


def span(starts: datetime, ends: datetime, *, zone: ZoneInfo, language: str) -> Words | str:
    """Say from when to when something lasts, in the days of a zone."""
    first, last = starts.astimezone(zone), ends.astimezone(zone)
    is_whole = (first.hour, first.minute, last.hour, last.minute) == (0, 0, 0, 0)
    final = (last - INSTANT) if is_whole else last
    begins = format_date(first.date(), "d MMM y", locale=language)
    if is_whole and first.date() == final.date():
        return begins
    finish = format_date(final.date(), "d MMM y", locale=language)
    if is_whole:
        return _("{first} to {last}", first=begins, last=finish)
    return _("{first}, {opens} to {last}, {closes}", first=begins, last=finish,
             opens=f"{first:%H:%M}", closes=f"{last:%H:%M}")  # fmt: skip


def now_of(
    service: Service, terms: Terms, *, language: str, target: Target | None
) -> Counting | None:
    """Return how a question would count that is asked now; none without a target."""
    if target is None:
        return None
    hours = Hours.objects.filter(service=service).first()
    keeps = hours is not None and hours.keeps_holidays
    return counting(
        terms.hours_of(service.pk),
        asked_at=terms.now,
        owed=timedelta(minutes=target.response_minutes),
        holidays=holidays_of(service, now=terms.now, language=language) if keeps else {},
        closures=[(row.name, row.starts_at, row.ends_at) for row in _closures(service, terms.now)],
    )


def sentence_now(service: Service, terms: Terms, *, language: str) -> Words:
    """Say how an ordinary question would count that is asked now."""
    target = terms.narrowest(service=service.pk, channel="", urgency="normal")
    found = now_of(service, terms, language=language, target=target)
    if found is None:
        return _("No target is set: a question asked now would never be late.")
    return sentence(found)
