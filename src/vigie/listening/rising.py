"""A second, slower chart: rises that creep, day after day, below what any one day would show.

Each day is laid beside what the eight weeks before the last fortnight let expect, and the
surprises are summed up with a memory of about a week (an exponentially weighted mean). One wild day
counts three standard deviations at most: it belongs to the first chart.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import special

from vigie.listening.calibration import score
from vigie.listening.forecast import LEVEL_PRIOR, Counts, Flags, Forecast, Numbers

LAG = 14
"""Days that are compared: the last fortnight …"""
BEFORE = 56
"""… with the eight weeks before it."""
LEAST_BEFORE = 28.0
"""Days of those that must have been seen."""
NEW = 0.15
"""Weight of the newest day."""
MOST = 3.0
SIGMA = float(np.sqrt(NEW / (2 - NEW)))
"""Standard deviation of the mean of surprises when nothing happens."""


@dataclass(frozen=True, kw_only=True)
class Rising:
    """The slow chart of each series."""

    expected: Numbers
    """By the level before the last fortnight."""
    mean: Numbers
    """Of the surprises, in its own standard deviations."""
    scores: Numbers
    """−log10 of the nominal chance; unknown where not judged."""


def rising(counts: Counts, told: Forecast) -> Rising:
    """Return the slow chart of every series."""
    weight = np.where(counts.seen > 0, counts.seen, 0.0)
    level, is_known = _level_before(told, weight)
    expected = level * told.weekday * told.factor
    surprise = _surprises(counts.posts, expected, told, weight)
    judged = is_known & told.is_judged
    mean = _weighted(np.where(judged, surprise, 0.0), judged) / SIGMA
    scores = np.where(judged, score(np.asarray(special.ndtr(-mean))), np.nan)
    return Rising(expected=expected, mean=mean, scores=scores)


def _level_before(told: Forecast, weight: Numbers) -> tuple[Numbers, Flags]:
    brought = _before(told.kept)
    awaited = _before(told.usual * weight)
    level: Numbers = (brought + LEVEL_PRIOR) / (awaited + 1.0)
    is_known: Flags = _before(weight) >= LEAST_BEFORE
    return level, is_known


def _before(numbers: Numbers) -> Numbers:
    """Return for each day the sum of the eight weeks that end before its last fortnight."""
    sums = np.concatenate([np.zeros((len(numbers), 1)), np.cumsum(numbers, axis=1)], axis=1)
    days = np.arange(numbers.shape[1])
    end = np.maximum(days - LAG + 1, 0)
    found: Numbers = sums[:, end] - sums[:, np.maximum(end - BEFORE, 0)]
    return found


def _surprises(posts: Numbers, expected: Numbers, told: Forecast, weight: Numbers) -> Numbers:
    awaited = expected * weight
    spread = told.spread + told.doubt
    deviation = np.sqrt(np.maximum(awaited + spread * awaited**2, 1e-9))
    found: Numbers = np.clip((posts - awaited) / deviation, -MOST, MOST)
    return found


def _weighted(surprise: Numbers, judged: Flags) -> Numbers:
    mean = np.zeros_like(surprise)
    now = np.zeros(len(surprise))
    for day in range(surprise.shape[1]):
        # A day that was not seen says nothing: the mean stays.
        now = np.where(judged[:, day], (1 - NEW) * now + NEW * surprise[:, day], now)
        mean[:, day] = now
    return mean
