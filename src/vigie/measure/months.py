"""Months as the indicators count them: by their first day, with dates that stay dates.

By way of timestamps, for to some engines a date less a day is one: matched with a date, each of
its rows would be turned into the other at every question.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import ibis
import ibis.expr.types as ir


def month_of(day: ir.DateValue) -> ir.DateValue:
    """Return the first day of the month of a local day."""
    return ibis.date(day.year(), day.month(), 1)


def months_later(month: ir.DateValue, count: int) -> ir.DateValue:
    """Return the first day of the month ``count`` months after this one."""
    return (month.cast("timestamp") + ibis.interval(months=count)).cast("date")


def days_later(day: ir.DateValue, count: int) -> ir.DateValue:
    """Return the day ``count`` days after this one."""
    return (day.cast("timestamp") + ibis.interval(days=count)).cast("date")


def last_day(month: ir.DateValue) -> ir.DateValue:
    """Return the last day of a month."""
    return days_later(months_later(month, 1), -1)


def days_between(earlier: ir.DateValue, later: ir.DateValue) -> ir.IntegerValue:
    """Return how many days lie between two days."""
    return later.delta(earlier, unit="day")


def shifted(month: date, count: int) -> date:
    """Return the first day of the month ``count`` months later (earlier when negative)."""
    year, index = divmod(month.year * 12 + month.month - 1 + count, 12)
    return date(year, index + 1, 1)


def with_lookback(months: Iterable[date], lookback: Iterable[int]) -> list[date]:
    """Return these months and those that lie so many months before them, oldest first."""
    return sorted({shifted(month, -back) for month in months for back in (0, *lookback)})
