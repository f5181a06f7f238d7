"""Many times at once give what each time gives alone."""

# ruff: noqa: DTZ001  (times as exports write them, without a zone)

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from vigie.collect.zones import local_days, utc_of

ZONES = [
    ZoneInfo(name)
    for name in ("Europe/Paris", "America/Cayenne", "Pacific/Noumea", "Asia/Kolkata", "UTC")
]
EPOCH = datetime(1970, 1, 1)
TIMES = st.lists(
    st.one_of(
        st.datetimes(min_value=datetime(1996, 1, 1), max_value=datetime(2030, 1, 1)),
        # Around the two changes of the clocks in Paris.
        st.integers(-200, 200).map(lambda m: datetime(2026, 3, 29, 2) + timedelta(minutes=m)),
        st.integers(-200, 200).map(lambda m: datetime(2026, 10, 25, 3) + timedelta(minutes=m)),
    ),
    min_size=1,
    max_size=20,
)


def numbers(times: list[datetime]) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    return np.array([(time - EPOCH) // timedelta(microseconds=1) for time in times], dtype=np.int64)


@given(TIMES, st.sampled_from(ZONES))
def test_local_times_become_utc_as_each_does_alone(times: list[datetime], zone: ZoneInfo) -> None:
    alone = [time.replace(tzinfo=zone).astimezone(UTC).replace(tzinfo=None) for time in times]
    assert utc_of(numbers(times), zone).tolist() == numbers(alone).tolist()


@given(TIMES, st.sampled_from(ZONES))
def test_the_local_day_is_the_one_of_each_time_alone(times: list[datetime], zone: ZoneInfo) -> None:
    alone = [time.replace(tzinfo=UTC).astimezone(zone).date() for time in times]
    assert local_days(numbers(times), zone).tolist() == [(d - EPOCH.date()).days for d in alone]
