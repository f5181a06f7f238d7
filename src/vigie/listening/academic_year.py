"""The French academic year by rule: where official dates move, ours are near and can be corrected.

Each rule was laid beside the official dates of 2023 to 2026 (Parcoursup, baccalauréat, public
holidays) and lies within five days of them; what each university decides for itself (terms, exams)
follows common use. The factors are a first guess that the archive itself corrects.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from dateutil.easter import easter

from vigie.listening.kept import KeptEvent
from vigie.words import LANGUAGES, Words, _, say

FRENCH_ZONES = frozenset(
    {"Europe/Paris", "America/Guadeloupe", "America/Martinique", "America/Cayenne",
     "Indian/Reunion", "Indian/Mayotte", "Pacific/Noumea", "Pacific/Tahiti"}
)  # fmt: skip
"""Where the calendar below is offered."""

MONDAY, WEDNESDAY, THURSDAY, SATURDAY = 0, 2, 3, 5
Days = tuple[date, date]


@dataclass(frozen=True, kw_only=True)
class Rule:
    """Something that comes back every year: when, and how much it usually changes a day."""

    name: str
    title: Words
    kind: str
    factor: float
    days: Callable[[int], Days]
    """Calendar year → first and last day."""


def defaults(first: date, last: date) -> tuple[KeptEvent, ...]:
    """Return the events of the French academic year that touch these days, in order."""
    found = [
        event
        for year in range(first.year - 1, last.year + 1)
        for rule in RULES
        if (event := _event(rule, year)).first_day <= last and event.last_day >= first
    ]
    return tuple(sorted(found, key=lambda event: (event.first_day, event.name)))


def usual_factor(event: KeptEvent) -> float:
    """Return the factor an event is believed to have before the archive says more."""
    by_name = {rule.name: rule.factor for rule in RULES}
    return by_name.get(family(event), KIND_FACTORS.get(event.kind, 1.0))


def family(event: KeptEvent) -> str:
    """Return what an event shares with itself in other years; a team's own, with its kind."""
    stem, _dash, year = event.name.rpartition("-")
    return stem if year.isdigit() and stem in _NAMES else event.kind


KIND_FACTORS = {
    "term": 1.5, "admissions": 1.5, "exams": 1.1, "results": 1.5, "holidays": 0.6,
    "strike": 2.0, "open_days": 1.3, "other": 1.0,
}  # fmt: skip
"""For events that a team adds without saying how much they change."""


def _event(rule: Rule, year: int) -> KeptEvent:
    first, last = rule.days(year)
    return KeptEvent(
        name=f"{rule.name}-{year}",
        title={language: say(rule.title, language) for language in LANGUAGES},
        kind=rule.kind,
        first_day=first,
        last_day=last,
        factor=None,
        source="default",
    )


def _nth(year: int, month: int, weekday: int, number: int) -> date:
    """Return the first, second … such weekday of a month."""
    first = date(year, month, 1)
    return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (number - 1))


def _on(
    month: int, weekday: int, number: int, *, lasts: int, before: int = 0
) -> Callable[[int], Days]:
    def days(year: int) -> Days:
        start = _nth(year, month, weekday, number)
        return start - timedelta(days=before), start + timedelta(days=lasts - 1)

    return days


def _fixed(month: int, day: int, *, lasts: int = 1) -> Callable[[int], Days]:
    def days(year: int) -> Days:
        start = date(year, month, day)
        return start, start + timedelta(days=lasts - 1)

    return days


def _after_easter(after: int) -> Callable[[int], Days]:
    def days(year: int) -> Days:
        day = easter(year) + timedelta(days=after)
        return day, day

    return days


def _next_working(month: int, day: int, *, lasts: int) -> Callable[[int], Days]:
    def days(year: int) -> Days:
        start = date(year, month, day)
        while start.weekday() >= SATURDAY:
            start += timedelta(days=1)
        return start, start + timedelta(days=lasts - 1)

    return days


def _christmas(year: int) -> Days:
    """Return from the Saturday on or before 23 December to the first Sunday after 1 January."""
    start = date(year, 12, 23)
    start -= timedelta(days=(start.weekday() - SATURDAY) % 7)
    return start, start + timedelta(days=15)


RULES = (
    Rule(name="rentree", title=_("Start of the academic year"), kind="term", factor=1.5,
         days=_on(9, MONDAY, 1, lasts=19)),
    Rule(name="autumn-break", title=_("Autumn break"), kind="holidays", factor=0.7,
         days=_fixed(10, 27, lasts=7)),
    Rule(name="christmas", title=_("Christmas holidays"), kind="holidays", factor=0.5,
         days=_christmas),
    Rule(name="january-exams", title=_("Exams of the first semester"), kind="exams", factor=1.1,
         days=_on(1, MONDAY, 2, lasts=12)),
    Rule(name="parcoursup-wishes", title=_("Parcoursup: wishes open"), kind="admissions",
         factor=1.5, days=_on(1, WEDNESDAY, 3, lasts=4)),
    Rule(name="open-days", title=_("Open days"), kind="open_days", factor=1.3,
         days=_on(2, SATURDAY, 1, lasts=2, before=2)),
    Rule(name="winter-results", title=_("Results of the first semester"), kind="results",
         factor=1.2, days=_on(2, MONDAY, 2, lasts=7)),
    Rule(name="mon-master-wishes", title=_("Mon Master: applications open"), kind="admissions",
         factor=1.3, days=_on(2, MONDAY, 4, lasts=4)),
    Rule(name="parcoursup-deadline", title=_("Parcoursup: last day for wishes"),
         kind="admissions", factor=1.5, days=_on(3, THURSDAY, 2, lasts=1, before=2)),
    Rule(name="parcoursup-complete", title=_("Parcoursup: last day to complete the file"),
         kind="admissions", factor=1.4, days=_on(4, WEDNESDAY, 1, lasts=2, before=1)),
    Rule(name="spring-exams", title=_("Exams of the second semester"), kind="exams", factor=1.1,
         days=_on(5, MONDAY, 1, lasts=19)),
    Rule(name="parcoursup-answers", title=_("Parcoursup: first answers"), kind="results",
         factor=2.5, days=_next_working(6, 1, lasts=4)),
    Rule(name="mon-master-answers", title=_("Mon Master: first answers"), kind="results",
         factor=1.5, days=_next_working(6, 2, lasts=4)),
    Rule(name="bac-exams", title=_("Baccalauréat: written exams"), kind="exams", factor=1.3,
         days=_on(6, MONDAY, 3, lasts=5)),
    Rule(name="summer-results", title=_("Results of the second semester"), kind="results",
         factor=1.2, days=_on(6, MONDAY, 4, lasts=7)),
    Rule(name="bac-results", title=_("Baccalauréat: results, enrolment begins"), kind="results",
         factor=1.8, days=_next_working(7, 4, lasts=5)),
    Rule(name="parcoursup-end", title=_("Parcoursup: end of the main phase"), kind="admissions",
         factor=1.4, days=_fixed(7, 10, lasts=3)),
    Rule(name="summer", title=_("Summer closing"), kind="holidays", factor=0.5,
         days=_fixed(7, 20, lasts=34)),
    Rule(name="new-year", title=_("New Year’s Day"), kind="holidays", factor=0.4,
         days=_fixed(1, 1)),
    Rule(name="easter-monday", title=_("Easter Monday"), kind="holidays", factor=0.5,
         days=_after_easter(1)),
    Rule(name="labour-day", title=_("Labour Day"), kind="holidays", factor=0.5,
         days=_fixed(5, 1)),
    Rule(name="victory-day", title=_("Victory Day"), kind="holidays", factor=0.6,
         days=_fixed(5, 8)),
    Rule(name="ascension", title=_("Ascension Day"), kind="holidays", factor=0.5,
         days=_after_easter(39)),
    Rule(name="whit-monday", title=_("Whit Monday"), kind="holidays", factor=0.6,
         days=_after_easter(50)),
    Rule(name="national-day", title=_("National Day"), kind="holidays", factor=0.5,
         days=_fixed(7, 14)),
    Rule(name="all-saints", title=_("All Saints’ Day"), kind="holidays", factor=0.5,
         days=_fixed(11, 1)),
    Rule(name="armistice", title=_("Armistice Day"), kind="holidays", factor=0.5,
         days=_fixed(11, 11)),
)  # fmt: skip
_NAMES = frozenset(rule.name for rule in RULES)
