"""Spikes: 300 series over two years, every day judged by what was known before it.

Run: python -m bench.spikes_speed
Claim: under 10 seconds of processor. The peer forecasts each series apart, day by day, in plain
Python (the same level, weekday and spread, no calendar), on a tenth of the series.
"""

from __future__ import annotations

import statistics
import sys
import time
from datetime import date, timedelta

import numpy as np

from vigie.listening.forecast import HALF_LIFE, MEMORY, Counts, days_between
from vigie.listening.series import Series, Watched
from vigie.listening.spikes import judge

SERIES, DAYS = 300, 730
PEER = 30
SECONDS = 10.0


def invent() -> Watched:
    """Invent two years of counts."""
    rng = np.random.default_rng(1)
    days = days_between(date(2024, 1, 1), date(2024, 1, 1) + timedelta(days=DAYS - 1))
    level = np.exp(rng.uniform(-1, 4, SERIES))[:, None]
    posts = rng.poisson(level * rng.gamma(4, 0.25, (SERIES, DAYS))).astype(float)
    counts = Counts(days=days, posts=posts, seen=np.ones_like(posts))
    series = tuple(Series(query=f"query-{row}") for row in range(SERIES))
    return Watched(series=series, counts=counts, authors=posts)


def plain(posts: list[float], weekdays: list[int]) -> list[tuple[float, float]]:
    """Forecast one series as one would write it down: expected count and spread of each day."""
    told: list[tuple[float, float]] = []
    for day in range(len(posts)):
        past = range(max(day - MEMORY, 0), day)
        fading = [0.5 ** ((day - one) / HALF_LIFE) for one in past]
        level = sum(posts[one] * weight for one, weight in zip(past, fading, strict=True)) + 0.5
        level /= sum(fading) + 1
        same = [posts[one] for one in past if weekdays[one] == weekdays[day]]
        mean = statistics.fmean(posts[one] for one in past) if past else 1.0
        weekday = (sum(same) + 20) / (mean * len(same) + 20)
        errors = [(posts[one] - told[one][0]) ** 2 - told[one][0] for one in past]
        squares = sum(told[one][0] ** 2 for one in past)
        told.append((level * weekday, max((sum(errors) + 0.3) / (squares + 1), 0.0)))
    return told


def main() -> int:
    """Print the seconds and the ratio; fail when the claim does not hold."""
    watched = invent()
    began, spent = time.perf_counter(), time.process_time()
    judged = judge(watched, judged_from=watched.counts.days[0])
    whole, ours = time.perf_counter() - began, time.process_time() - spent
    weekdays = [int(day) for day in watched.counts.weekdays]
    spent = time.process_time()
    for row in range(PEER):
        plain(watched.counts.posts[row].tolist(), weekdays)
    theirs = (time.process_time() - spent) * SERIES / PEER
    print(f"{SERIES} series × {DAYS} days, forecast, calibrated and judged: {whole:.2f} s "
          f"({ours:.2f} s of processor), {int(judged.bursts.found.sum())} found")  # fmt: skip
    print(f"one series at a time in plain Python, forecast alone: {theirs:.2f} s of processor")
    print(f"ratio plain / ours: {theirs / ours:.1f}")
    holds = ours < SECONDS
    print("claim holds" if holds else f"claim fails: {SECONDS} s")
    return 0 if holds else 1


if __name__ == "__main__":
    sys.exit(main())
