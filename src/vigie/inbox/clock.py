"""Service hours: how much of them passed between two moments, and when an answer is due.

A moment counts when its local time lies in a period of its day, its date is no holiday, and no
closure covers it. Between two moments real time is counted: an hour that the clocks skip is no
hour, one that they repeat is two.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import accumulate, pairwise
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
"""Moments as microseconds since 1970, or how many of them passed."""
Days = npt.NDArray[np.datetime64]
DAY = timedelta(days=1)
MIDNIGHT = time(0)
MICRO = 1_000_000
ENDLESS = datetime.max.replace(tzinfo=UTC)
"""The end of a pause that has none yet."""
LONGEST = timedelta(days=3 * 366)
"""How far ahead a due time is looked for: a service that stays closed longer owes nothing."""
STRETCH = timedelta(days=200)
"""How much of a timeline is drawn at once."""


@dataclass(frozen=True, kw_only=True, order=True)
class Period:
    """A part of a day in local time; one that ends at or before its start goes past midnight."""

    starts: time
    ends: time


Span = tuple[datetime, datetime]
"""From a moment to another, both UTC, the second not included."""


@dataclass(frozen=True, kw_only=True)
class ServiceHours:
    """When a service answers."""

    zone: ZoneInfo
    week: tuple[tuple[Period, ...], ...]
    """Seven days of periods, from Monday."""
    holidays: frozenset[date] = frozenset()
    """Local days that are wholly closed."""
    closures: tuple[Span, ...] = ()


def always(zone: ZoneInfo) -> ServiceHours:
    """Return the hours of a service that never closes."""
    whole = (Period(starts=MIDNIGHT, ends=MIDNIGHT),)
    return ServiceHours(zone=zone, week=(whole,) * 7)


def elapsed(hours: ServiceHours, start: datetime, end: datetime) -> timedelta:
    """Return the service hours between two moments; none when the second is not later."""
    if end <= start:
        return timedelta(0)
    line = _line(hours, start, end)
    passed = line.until_moment(end.timestamp()) - line.until_moment(start.timestamp())
    return timedelta(microseconds=round(passed * MICRO))


def elapsed_each(hours: ServiceHours, starts: Ints, ends: Ints) -> Ints:
    """Return the service hours between many pairs of moments, as ``elapsed`` does of one."""
    is_later = ends > starts
    if not is_later.any():
        return np.zeros(len(starts), dtype=np.int64)
    first, last = int(starts[is_later].min()), int(ends[is_later].max())
    line = _line(hours, _moment(first / MICRO), _moment(last / MICRO))
    passed = line.until_each(ends) - line.until_each(starts)
    return np.where(is_later, passed, 0)


def local_days(zone: ZoneInfo, moments: Ints) -> Days:
    """Return the local day of each of many moments."""
    if not len(moments):
        return np.array([], dtype="datetime64[D]")
    first = _moment(int(moments.min()) / MICRO).astimezone(zone).date() - DAY
    last = _moment(int(moments.max()) / MICRO).astimezone(zone).date() + DAY
    begun = _midnights(zone, first, last)
    place = np.searchsorted(begun, moments, side="right") - 1
    found: Days = np.datetime64(first, "D") + place
    return found


@lru_cache(maxsize=64)
def _midnights(zone: ZoneInfo, first: date, last: date) -> Ints:
    days = [first + n * DAY for n in range((last - first).days + 1)]
    return np.array([round(_midnight(zone, day).timestamp()) * MICRO for day in days])


def counted(hours: ServiceHours, start: datetime, end: datetime) -> list[Span]:
    """Return which hours between two moments are counted: what the page shows as the reason."""
    line = _line(hours, start, end)
    first = bisect_right(line.ends, start.timestamp())
    last = bisect_left(line.starts, end.timestamp())
    found = [(line.starts[n], line.ends[n]) for n in range(first, last)]
    cut = [(max(a, start.timestamp()), min(b, end.timestamp())) for a, b in found]
    return [(_moment(a), _moment(b)) for a, b in cut if a < b]


def due(
    hours: ServiceHours, start: datetime, owed: timedelta, *, pauses: Sequence[Span] = ()
) -> datetime | None:
    """Return when so many service hours have passed since a moment, pauses not counted.

    Nothing is due while a pause lasts that is ``ENDLESS``.
    None too where the service does not open again within three years.
    """
    moment, left = start, owed
    for begins, ends in merged(pauses):
        if ends <= moment:
            continue
        if begins > moment:
            reached = _after(hours, moment, left, until=begins)
            if reached is not None:
                return reached
            left -= elapsed(hours, moment, begins)
        if ends == ENDLESS:
            return None
        moment = max(moment, ends)
    return _after(hours, moment, left, until=moment + LONGEST)


def is_open(hours: ServiceHours, moment: datetime) -> bool:
    """Whether the service answers at this moment."""
    return bool(counted(hours, moment, moment + timedelta(microseconds=1)))


def opens_next(hours: ServiceHours, moment: datetime) -> datetime | None:
    """Return the first moment from this one on at which the service answers."""
    for early, late in _ahead(hours, moment, until=moment + LONGEST):
        if late > moment:
            return max(early, moment)
    return None


def merged(spans: Iterable[Span]) -> list[Span]:
    """Return spans in order, those that touch made one, empty ones left out."""
    found: list[Span] = []
    for early, late in sorted(span for span in spans if span[0] < span[1]):
        if found and early <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], late))
        else:
            found.append((early, late))
    return found


def _after(
    hours: ServiceHours, start: datetime, owed: timedelta, *, until: datetime
) -> datetime | None:
    """Return when the hours owed have passed; none when that is not before ``until``."""
    wanted = owed.total_seconds()
    moment = start
    while moment < until:
        line = _line(hours, moment, moment)
        reached = line.after(moment.timestamp(), wanted)
        if isinstance(reached, datetime):
            return reached if reached <= until else None
        wanted -= reached
        moment = line.until
    return None


def _ahead(hours: ServiceHours, start: datetime, *, until: datetime) -> Iterator[Span]:
    moment = start
    while moment < until:
        line = _line(hours, moment, moment)
        for early, late in zip(line.starts, line.ends, strict=True):
            yield _moment(early), _moment(late)
        moment = line.until


@dataclass(frozen=True, kw_only=True)
class _Line:
    """Open stretches in order, as seconds since 1970, with how much lies before each."""

    starts: tuple[float, ...]
    ends: tuple[float, ...]
    before: tuple[float, ...]
    until: datetime

    def until_moment(self, moment: float) -> float:
        """Return how many open seconds of this line lie before a moment."""
        place = bisect_right(self.starts, moment) - 1
        if place < 0:
            return 0.0
        return self.before[place] + min(moment, self.ends[place]) - self.starts[place]

    def until_each(self, moments: Ints) -> Ints:
        """Return how many open microseconds lie before each of many moments."""
        if not self.starts:
            return np.zeros(len(moments), dtype=np.int64)
        starts, ends, before = (_whole(one) for one in (self.starts, self.ends, self.before))
        place = np.searchsorted(starts, moments, side="right") - 1
        near = np.maximum(place, 0)
        passed = before[near] + np.minimum(moments, ends[near]) - starts[near]
        return np.where(place < 0, 0, passed)

    def after(self, start: float, owed: float) -> datetime | float:
        """Return when so many open seconds have passed, or how many pass on this line at most."""
        first = bisect_right(self.ends, start)
        if first == len(self.ends):
            return 0.0
        spent = max(0.0, start - self.starts[first])
        goal = self.before[first] + spent + owed
        if goal > self.before[-1]:
            return self.before[-1] - self.before[first] - spent
        place = bisect_left(self.before, goal, lo=first + 1) - 1
        return _moment(self.starts[place] + goal - self.before[place])


def _whole(seconds: Sequence[float]) -> Ints:
    found: Ints = np.rint(np.array(seconds) * MICRO).astype(np.int64)
    return found


def _line(hours: ServiceHours, start: datetime, end: datetime) -> _Line:
    """Return a line that holds both moments: drawn in whole stretches, so that it is kept."""
    first = _stretch_of(start)
    last = _stretch_of(end)
    return _drawn(hours, first, last - first + 1)


def _stretch_of(moment: datetime) -> int:
    return int(moment.timestamp() // STRETCH.total_seconds())


@lru_cache(maxsize=512)
def _drawn(hours: ServiceHours, first: int, count: int) -> _Line:
    begins = _moment(first * STRETCH.total_seconds())
    until = begins + count * STRETCH
    spans = [
        (max(a, begins), min(b, until))
        for a, b in without(merged(_open(hours, begins, until)), merged(hours.closures))
    ]
    kept = [(a.timestamp(), b.timestamp()) for a, b in spans if a < b]
    lengths = [b - a for a, b in kept]
    return _Line(
        starts=tuple(a for a, _b in kept),
        ends=tuple(b for _a, b in kept),
        before=tuple(accumulate(lengths, initial=0.0)),
        until=until,
    )


def _open(hours: ServiceHours, begins: datetime, until: datetime) -> Iterator[Span]:
    day = begins.astimezone(hours.zone).date() - DAY
    while day <= until.astimezone(hours.zone).date():
        if day not in hours.holidays:
            yield from _of_day(hours, day)
        day += DAY


def _of_day(hours: ServiceHours, day: date) -> Iterator[Span]:
    """Yield the open spans of one local day: its own periods, and what the day before left."""
    inside = [_within(period) for period in hours.week[day.weekday()]]
    inside += [
        (timedelta(0), _since_midnight(period.ends))
        for period in hours.week[(day - DAY).weekday()]
        if period.ends <= period.starts
    ]
    for early, late, offset in _offsets(hours.zone, day):
        midnight = datetime.combine(day, MIDNIGHT, UTC) - offset
        for starts, ends in inside:
            yield max(early, midnight + starts), min(late, midnight + ends)


def _within(period: Period) -> tuple[timedelta, timedelta]:
    ends = _since_midnight(period.ends) if period.ends > period.starts else DAY
    return _since_midnight(period.starts), ends


def _since_midnight(clock: time) -> timedelta:
    return datetime.combine(date.min, clock) - datetime.combine(date.min, MIDNIGHT)


def _offsets(zone: ZoneInfo, day: date) -> list[tuple[datetime, datetime, timedelta]]:
    """Return the parts of a local day between changes of the clocks, with their offset to UTC."""
    begins = _midnight(zone, day)
    ends = _midnight(zone, day + DAY)
    if _offset(zone, begins) == _offset(zone, ends - timedelta(microseconds=1)):
        return [(begins, ends, _offset(zone, begins))]
    cuts = [begins, _change(zone, begins, ends), ends]
    return [(early, late, _offset(zone, early)) for early, late in pairwise(cuts)]


def _midnight(zone: ZoneInfo, day: date) -> datetime:
    """Return the first moment of a local day, even where the clocks skip midnight."""
    local = datetime.combine(day, MIDNIGHT, zone)
    moment = local.astimezone(UTC)
    if moment.astimezone(zone).date() == day:
        return moment
    return _change(zone, moment - DAY, moment + DAY)


def _change(zone: ZoneInfo, early: datetime, late: datetime) -> datetime:
    """Return when the clocks change between two moments: to the second, as zones are kept."""
    low, high = int(early.timestamp()), int(late.timestamp())
    before = _offset(zone, early)
    while high - low > 1:
        middle = (low + high) // 2
        if _offset(zone, _moment(middle)) == before:
            low = middle
        else:
            high = middle
    return _moment(high)


def _offset(zone: ZoneInfo, moment: datetime) -> timedelta:
    return moment.astimezone(zone).utcoffset() or timedelta(0)


def without(spans: Sequence[Span], closed: Sequence[Span]) -> Iterator[Span]:
    """Yield what is left of spans when others are taken out; both in order and apart."""
    for early, late in spans:
        for shuts, opens in closed:
            if opens <= early or shuts >= late:
                continue
            if shuts > early:
                yield early, shuts
            early = max(early, opens)
            if early >= late:
                break
        if early < late:
            yield early, late


def _moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
