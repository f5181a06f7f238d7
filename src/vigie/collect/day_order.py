"""Tells whether a column of dates writes the day or the month first, from all of its dates."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

_NUMERIC = re.compile(r"\s*(?P<one>\d{1,2})[/.-](?P<two>\d{1,2})[/.-](?P<year>\d{4})\b")


def is_day_first(cells: Iterable[str | None], *, latest: date) -> bool | None:
    """Return whether the day comes first; unknown where both or neither order fits them all.

    An order fits when it makes a date of every cell and none is after ``latest``, the day of
    the export.
    """
    day_first = month_first = True
    for cell in cells:
        found = _NUMERIC.match(cell or "")
        if found:
            one, two, year = int(found["one"]), int(found["two"]), int(found["year"])
            day_first = day_first and _is_date(year, two, one, latest)
            month_first = month_first and _is_date(year, one, two, latest)
    return None if day_first == month_first else day_first


def _is_date(year: int, month: int, day: int, latest: date) -> bool:
    try:
        return date(year, month, day) <= latest
    except ValueError:
        return False
