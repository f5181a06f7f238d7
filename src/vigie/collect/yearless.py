"""Gives their year back to the dates of a daily file that were written without one."""

from __future__ import annotations

from calendar import isleap
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pyarrow as pa

from vigie.collect.headings import HeadedImporter
from vigie.collect.importer import Context, Parsed
from vigie.collect.moments import calendar_day
from vigie.errors import RowError
from vigie.words import _

MonthDay = tuple[int, int]

_LEAP_YEARS = (2020, 2024)
"""A date without a year reads in both, and 29 February too."""


class YearlessImporter(HeadedImporter):
    """An importer of a daily file whose dates may have no year: *September 28*.

    The newest day is in the year that was given, or else in the latest year that does not put
    it after the export; the others follow from it, since days of one file stand close.
    """

    def parse(self, batch: pa.Table, context: Context) -> Parsed:
        """Work out the years of the batch, then read its rows."""
        column = self.headings.column(tuple(batch.column_names), "day")
        written = batch.column(column).to_pylist() if column else []
        latest = context.observed_at.astimezone(context.zone).date()
        days = with_years([_month_day(cell) for cell in written], year=context.year, latest=latest)
        known = [day for day in days if day is not None]
        if column is None or not known:
            return super().parse(batch, context)
        told = [
            cell if day is None else day.isoformat()
            for cell, day in zip(written, days, strict=True)
        ]
        place = batch.column_names.index(column)
        parsed = super().parse(batch.set_column(place, column, pa.array(told)), context)
        remark = _(
            "Dates in this file have no year. They were read as {first} to {last}.",
            first=min(known),
            last=max(known),
        )
        return replace(parsed, remarks=(*parsed.remarks, remark))


def with_years(
    days: Sequence[MonthDay | None], *, year: int | None, latest: date
) -> list[date | None]:
    """Return the days of a file in order as dates; unknown stays unknown.

    ``year`` is that of the newest day; without it, the latest that is not after ``latest``.
    """
    turns = _turns(days)
    known = [(turn, day) for turn, day in zip(turns, days, strict=True) if day is not None]
    if not known:
        return [None] * len(days)
    turn, newest = max(known)
    base = year if year is not None else latest.year - (newest > (latest.month, latest.day))
    if year is None:
        leaps = [turn_of - turn for turn_of, day in known if day == (2, 29)]
        while not all(isleap(base + leap) for leap in leaps):
            base -= 1
    return [
        None if day is None else _date(base + turn_of - turn, day)
        for turn_of, day in zip(turns, days, strict=True)
    ]


def _turns(days: Sequence[MonthDay | None]) -> list[int]:
    """Return how many years each day is from the first: the nearest to the day before it."""
    turns: list[int] = []
    turn, place = 0, None
    for day in days:
        if day is not None:
            here = day[0] * 31 + day[1]
            if place is not None:
                turn += (here - place < -186) - (here - place > 186)
            place = here
        turns.append(turn)
    return turns


def _month_day(cell: str | None) -> MonthDay | None:
    """Return month and day of a date without a year; unknown for any other cell."""
    try:
        read = [calendar_day(cell, year=year) for year in _LEAP_YEARS]
    except RowError:
        return None
    return None if read[0].year == read[1].year else (read[0].month, read[0].day)


def _date(year: int, day: MonthDay) -> date | None:
    try:
        return date(year, *day)
    except ValueError:
        return None
