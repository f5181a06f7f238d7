"""The form of the hours of a usual week: several periods a day, each with what is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from itertools import pairwise

from babel.dates import format_date

from vigie.inbox.clock import Period
from vigie.inbox.models import Hours
from vigie.inbox.owing import week_of
from vigie.words import Words, _

DAYS, WORKING = 7, 5
LEAST_COLUMNS, MOST_COLUMNS, MOST_READ = 2, 4, 24
MONDAY = date(2024, 1, 1)
USUAL = (("09:00", "12:00"), ("14:00", "17:00"))
"""What the form suggests where nothing is kept."""


@dataclass(frozen=True, kw_only=True)
class Cell:
    """One period of the form."""

    field: str
    starts: str = ""
    ends: str = ""
    mistake: Words | None = None


@dataclass(frozen=True, kw_only=True)
class Row:
    """One day of the form."""

    name: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, kw_only=True)
class Entered:
    """What was entered: the week, and the form again with its mistakes."""

    week: tuple[tuple[Period, ...], ...]
    cells: Mapping[str, Cell]
    mistakes: Mapping[str, Words]


def rows(kept: Hours | None, language: str, entered: Entered | None = None) -> list[Row]:
    """Return the days of the form: what was entered, what is kept, or what is usual."""
    if entered is not None:
        columns = max(int(field.rsplit("-", 1)[1]) for field in entered.cells) + 1
        return [
            Row(name=_day_name(day, language),
                cells=tuple(entered.cells[_field(day, n)] for n in range(columns)))
            for day in range(DAYS)
        ]  # fmt: skip
    week = [[(f"{one.starts:%H:%M}", f"{one.ends:%H:%M}") for one in periods]
            for periods in week_of(kept.week)] if kept else _usual()  # fmt: skip
    columns = _columns(week)
    return [
        Row(name=_day_name(day, language), cells=tuple(_cells(day, week[day], columns)))
        for day in range(DAYS)
    ]


def _usual() -> list[list[tuple[str, str]]]:
    return [list(USUAL) if day < WORKING else [] for day in range(DAYS)]


def _columns(week: Sequence[Sequence[tuple[str, str]]]) -> int:
    used = max(len(periods) for periods in week)
    return min(max(LEAST_COLUMNS, used + 1), max(MOST_COLUMNS, used))


def _cells(day: int, periods: Sequence[tuple[str, str]], columns: int) -> list[Cell]:
    padded = [*periods, *[("", "")] * (columns - len(periods))]
    return [
        Cell(field=_field(day, n), starts=starts, ends=ends)
        for n, (starts, ends) in enumerate(padded)
    ]


def _field(day: int, number: int) -> str:
    return f"day-{day}-{number}"


def _day_name(day: int, language: str) -> str:
    return format_date(MONDAY + timedelta(days=day), "EEEE", locale=language)


def entered(given: Mapping[str, str]) -> Entered:
    """Read the form; Monday's hours count for the working days where that is ticked."""
    cells: dict[str, Cell] = {}
    week = []
    for day in range(DAYS):
        source = 0 if given.get("like_monday") and 0 < day < WORKING else day
        periods = []
        for number in range(_posted(given)):
            cell, period = _read(given, _field(day, number), _field(source, number))
            cells[cell.field] = cell
            if period is not None:
                periods.append((period, cell.field))
        for (one, _name), (other, field) in pairwise(sorted(periods)):
            if _reaches(one, other):
                mistake = _("This period begins before the one before it ends.")
                cells[field] = Cell(**{**vars(cells[field]), "mistake": mistake})
        week.append(tuple(sorted(period for period, _field in periods)))
    mistakes = {field: cell.mistake for field, cell in cells.items() if cell.mistake is not None}
    return Entered(week=tuple(week), cells=cells, mistakes=mistakes)


def _posted(given: Mapping[str, str]) -> int:
    """Return how many periods a day the form had."""
    return next((n for n in range(MOST_READ) if f"{_field(0, n)}-starts" not in given), MOST_READ)


def _read(given: Mapping[str, str], field: str, source: str) -> tuple[Cell, Period | None]:
    starts = given.get(f"{source}-starts", "").strip()
    ends = given.get(f"{source}-ends", "").strip()
    if not starts and not ends:
        return Cell(field=field), None
    if not starts or not ends:
        mistake = _("Give both: when it opens, and when it closes.")
        return Cell(field=field, starts=starts, ends=ends, mistake=mistake), None
    try:
        period = Period(starts=_clock(starts), ends=_clock(ends))
    except ValueError:
        mistake = _("Write times as 08:30.")
        return Cell(field=field, starts=starts, ends=ends, mistake=mistake), None
    return Cell(field=field, starts=f"{period.starts:%H:%M}", ends=f"{period.ends:%H:%M}"), period


def _clock(text: str) -> time:
    """Read a time as people type it: 8:30, 08:30, 8h30, 24:00."""
    hours, _colon, minutes = text.lower().replace("h", ":").partition(":")
    if not (hours.isdigit() and (minutes or "0").isdigit()):
        raise ValueError(text)
    if (int(hours), int(minutes or "0")) == (24, 0):
        return time(0)
    return time(int(hours), int(minutes or "0"))


def _reaches(one: Period, other: Period) -> bool:
    goes_past_midnight = one.ends <= one.starts
    return goes_past_midnight or other.starts < one.ends
