"""Turns many local times into UTC and back at once, by the days whose offset does not change."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

Microseconds = NDArray[np.int64]

SECOND = 1_000_000
DAY = 86_400 * SECOND
_EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001  (local times have no zone yet)


def utc_of(local: Microseconds, zone: ZoneInfo) -> Microseconds:
    """Return local times, in microseconds since 1970, as UTC."""
    return local - _offsets(local, zone, is_local=True)


def local_days(utc: Microseconds, zone: ZoneInfo) -> NDArray[np.int64]:
    """Return the day it was in a zone, in days since 1970."""
    days: NDArray[np.int64] = (utc + _offsets(utc, zone, is_local=False)) // DAY
    return days


def _offsets(times: Microseconds, zone: ZoneInfo, *, is_local: bool) -> Microseconds:
    days, places = np.unique(times // DAY, return_inverse=True)
    steady = [_steady_offset(int(day), zone, is_local) for day in days]
    offsets = np.array([0 if one is None else one for one in steady], dtype=np.int64)[places]
    changing = np.array([one is None for one in steady], dtype=bool)[places]
    for place in np.flatnonzero(changing):
        offsets[place] = _offset(int(times[place]), zone, is_local)
    return offsets


@lru_cache(maxsize=100_000)
def _steady_offset(day: int, zone: ZoneInfo, is_local: bool) -> int | None:
    """Return the offset of a day that has only one; nothing when clocks change on it."""
    first = _offset(day * DAY, zone, is_local)
    return first if _offset((day + 1) * DAY - 1, zone, is_local) == first else None


def _offset(time: int, zone: ZoneInfo, is_local: bool) -> int:
    moment = _EPOCH + timedelta(microseconds=time)
    aware = moment.replace(tzinfo=zone) if is_local else moment.replace(tzinfo=UTC).astimezone(zone)
    offset = aware.utcoffset() or timedelta()
    return offset // timedelta(microseconds=1)
