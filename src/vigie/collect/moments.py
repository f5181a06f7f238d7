"""Reads the dates and times of exports into UTC, and refuses those that can be read two ways."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

from vigie.collect.cells import is_unknown
from vigie.errors import RowError
from vigie.words import _

EARLIEST = date(1995, 1, 1)
"""No post is older than the networks themselves: such a date is a slip."""
TOLERANCE = timedelta(days=1)
"""Clocks and time zones differ: a date may be this far after the day of the export."""

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan january janv janvier",
            "feb february fev fevr fevrier",
            "mar march mars",
            "apr april avr avril",
            "may mai",
            "jun june juin",
            "jul july juil juillet",
            "aug august aou aout",
            "sep sept september septembre",
            "oct october octobre",
            "nov november novembre",
            "dec december decembre",
        ),
        start=1,
    )
    for name in names.split()
}
"""Months as exports write them in English and French, without accents or full stops."""

_CLOCK = (
    r"(?:[t,]?\s*(?:at\s+|a\s+)?(?P<hour>\d{1,2})[:h](?P<minute>\d{2})"
    r"(?::(?P<second>\d{2})(?:[.,](?P<fraction>\d{1,9}))?)?\s*(?P<half>[ap]\.?m\.?)?"
    r"\s*(?P<offset>z|utc|gmt|[+-]\d{2}:?\d{2})?)?"
)
_WEEKDAY = r"(?:[a-z]{2,9}\.?,?\s+)?"
_DAY_MONTH = re.compile(
    _WEEKDAY + r"(?P<day>\d{1,2})(?:er|st|nd|rd|th)?[\s.-]+(?P<name>[a-z]{3,9})\.?"
    r"(?:,?[\s-]+(?P<year>\d{4}))?" + _CLOCK
)
_MONTH_DAY = re.compile(
    _WEEKDAY + r"(?P<name>[a-z]{3,9})\.?\s+(?P<day>\d{1,2})(?:st|nd|rd|th)?"
    r"(?:,?\s+(?P<year>\d{4}))?" + _CLOCK
)
_TWITTER = re.compile(
    r"[a-z]{3}\s+(?P<name>[a-z]{3})\s+(?P<day>\d{1,2})\s+(?P<hour>\d{2}):(?P<minute>\d{2})"
    r":(?P<second>\d{2})\s+(?P<offset>[+-]\d{4})\s+(?P<year>\d{4})"
)
_YEAR_FIRST = re.compile(r"(?P<year>\d{4})[-/.](?P<month>\d{1,2})[-/.](?P<day>\d{1,2})" + _CLOCK)
_NUMERIC = re.compile(
    r"(?P<one>\d{1,2})(?P<mark>[-/.])(?P<two>\d{1,2})(?:(?P=mark)(?P<year>\d{4}|\d{2}))?" + _CLOCK
)
_EPOCH = re.compile(r"\d{9,10}(?:\.\d+)?|\d{12,13}|\d{15,16}")

Parts = dict[str, str | None]


def moment(
    cell: str | None,
    *,
    zone: ZoneInfo,
    observed_at: datetime,
    formats: Sequence[str] = (),
    day_first: bool | None = None,
    year: int | None = None,
    column: str | None = None,
) -> datetime:
    """Read when something happened, in UTC.

    ``formats`` (as ``strptime`` writes them) are tried first. A time without an offset was
    written in ``zone``. ``03/04/2026`` is refused unless ``day_first`` says which is the day.
    ``year`` completes dates that have none. A date after the export is refused.
    """
    found = _read(cell, formats, zone=zone, day_first=day_first, year=year, column=column)
    if found > observed_at + TOLERANCE:
        raise RowError(
            _(
                "{cell} is in the future: the file was exported on {day}. "
                "Correct the date, or say when the file was exported.",
                cell=cell,
                day=observed_at.date(),
            ),
            column=column,
        )
    if found.date() < EARLIEST:
        raise RowError(
            _("{cell} is before the social networks existed. Correct the date.", cell=cell),
            column=column,
        )
    return found


def calendar_day(
    cell: str | None,
    *,
    day_first: bool | None = None,
    year: int | None = None,
    observed_at: datetime | None = None,
    formats: Sequence[str] = (),
    column: str | None = None,
) -> date:
    """Read a day as written, whatever the zone: the row of a daily file."""
    utc = ZoneInfo("UTC")
    if observed_at is None:
        found = _read(cell, formats, zone=utc, day_first=day_first, year=year, column=column)
    else:
        found = moment(
            cell,
            zone=utc,
            observed_at=observed_at,
            formats=formats,
            day_first=day_first,
            year=year,
            column=column,
        )
    return found.date()


def local_day(when: datetime, zone: ZoneInfo) -> date:
    """Return the day it was for the institution: months are counted on it."""
    return when.astimezone(zone).date()


def _read(
    cell: str | None,
    formats: Sequence[str],
    *,
    zone: ZoneInfo,
    day_first: bool | None,
    year: int | None,
    column: str | None,
) -> datetime:
    if cell is None or is_unknown(cell):
        raise RowError(_("The date is missing."), column=column)
    for layout in formats:
        try:
            found = datetime.strptime(cell.strip(), layout)  # noqa: DTZ007  (the zone is set below)
        except ValueError:
            continue
        return _in_utc(found, zone)
    text = _folded(cell)
    try:
        return _in_utc(_recognised(text, day_first=day_first, year=year), zone)
    except ValueError as error:
        raise RowError(_("{cell} is not a date that can be read.", cell=cell), column=column) from (
            error
        )
    except RowError as error:
        raise RowError(error.words, column=column) from error


def _in_utc(found: datetime, zone: ZoneInfo) -> datetime:
    aware = found if found.tzinfo else found.replace(tzinfo=zone)
    try:
        return aware.astimezone(UTC)
    except OverflowError as error:
        raise ValueError(str(found)) from error


def _folded(cell: str) -> str:
    """Return the cell in lower case, without accents, with plain spaces."""
    text = unicodedata.normalize("NFKD", cell)
    text = "".join(letter for letter in text if not unicodedata.combining(letter))
    return " ".join(text.casefold().split())


def _recognised(text: str, *, day_first: bool | None, year: int | None) -> datetime:
    if _EPOCH.fullmatch(text):
        return _from_epoch(text)
    for shape in (_YEAR_FIRST, _TWITTER, _DAY_MONTH, _MONTH_DAY):
        if found := shape.fullmatch(text):
            parts = found.groupdict()
            month = parts.get("month") or _MONTHS.get(parts.get("name") or "")
            if month is not None:
                return _built(parts, month=int(month), day=int(parts["day"] or 0), year=year)
    if found := _NUMERIC.fullmatch(text):
        parts = found.groupdict()
        one, two = int(parts["one"] or 0), int(parts["two"] or 0)
        is_day_first = _is_day_first(one, two, mark=found["mark"], told=day_first, text=text)
        day, month = (one, two) if is_day_first else (two, one)
        return _built(parts, month=month, day=day, year=year)
    raise ValueError(text)


def _from_epoch(text: str) -> datetime:
    whole = text.split(".")[0]
    scale = 1 if len(whole) <= 10 else 1_000 if len(whole) <= 13 else 1_000_000
    return datetime.fromtimestamp(float(text) / scale, tz=UTC)


def _is_day_first(one: int, two: int, *, mark: str, told: bool | None, text: str) -> bool:
    if one > 12 or two > 12 or one == two:
        return one > 12
    if told is not None:
        return told
    if mark == ".":
        return True  # Only countries that write the day first use full stops.
    raise RowError(
        _(
            "{cell} can be read with the day or the month first. "
            "Say which in the mapping, or export dates as year-month-day.",
            cell=text,
        )
    )


def _built(parts: Parts, *, month: int, day: int, year: int | None) -> datetime:
    written = parts.get("year")
    if written is None and year is None:
        raise RowError(_("The date has no year. Say which year the file is about."))
    number = int(written) if written else int(year or 0)
    number += 2000 if number < 100 else 0
    hour = int(parts["hour"] or 0)
    half = (parts.get("half") or "").replace(".", "")
    if half:
        hour = hour % 12 + (12 if half == "pm" else 0)
    fraction = (parts.get("fraction") or "0").ljust(6, "0")[:6]
    return datetime(
        number,
        month,
        day,
        hour,
        int(parts["minute"] or 0),
        int(parts["second"] or 0),
        int(fraction),
        tzinfo=_offset(parts.get("offset")),
    )


def _offset(text: str | None) -> timezone | None:
    if not text:
        return None
    if text in ("z", "utc", "gmt"):
        return UTC
    digits = text[1:].replace(":", "")
    span = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return timezone(-span if text[0] == "-" else span)
