"""Which days brought more than chance explains, over all series that are watched at once.

A day is judged by a forecast (``forecast``), its surprise placed among those of the archive
(``calibration``), and of all series of the day so many are kept that at most one in twenty is
chance. What has been found on earlier days is left out of what counts as ordinary. Of the day that
is not over, what has come so far is laid beside the whole day's forecast: the count only grows, so
looking every few minutes raises no more false alarms than looking once at midnight.

What cannot be seen: at five posts a day, a day of twice as many is nearly always within what
chance does; the pages say so.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

import numpy as np

from vigie.listening.calibration import FALSE_DISCOVERIES, adjusted, calibrated, score
from vigie.listening.forecast import EventDays, Flags, Forecast, Numbers, forecast
from vigie.listening.rising import BEFORE, LAG, Rising, rising
from vigie.listening.series import Watched
from vigie.model import Spike

POOL, SLOW_POOL = 60, 180
"""Days before, of all series, that say what is ordinary; of the slow chart it takes more."""
ENOUGH_SCORES, LONGEST_POOL = 5_000, 365
"""Where few series are watched, more days are taken, up to a year."""
LEAST_POSTS, LEAST_AUTHORS, LEAST_TIMES = 4, 3, 2.0
"""A spike has so many posts by so many authors after duplicates, and is so many times the
forecast."""
LEAST_RISE, LEAST_RISE_POSTS = 1.3, 10
"""A rise brings, over a fortnight, so many times what was expected, and so many posts."""
BURST, RISE = "burst", "rise"
KINDS = (BURST, RISE)
LEARNING = 60
"""Days judged before the first that is asked for, so that what they found is known."""


@dataclass(frozen=True, kw_only=True)
class Chart:
    """One of the two charts: which days could be found, how surprising, and what was found."""

    scores: Numbers
    """Unknown where not judged."""
    may: Flags
    """Enough posts, authors and times the forecast."""
    pool: int


@dataclass(frozen=True, kw_only=True)
class Verdicts:
    """What one chart says of the days that were judged, one row per series."""

    chances: Numbers
    """Calibrated."""
    shares: Numbers
    """The least share of false discoveries at which the day is kept."""
    found: Flags


@dataclass(frozen=True, kw_only=True)
class Judged:
    """Everything that is known of the watched series up to the last day."""

    watched: Watched
    forecast: Forecast
    rising: Rising
    bursts: Verdicts
    rises: Verdicts

    def spikes(self, first: date, *, at: datetime) -> list[Spike]:
        """Return what was found on the days from the first on, the surest first on each day."""
        days = self.watched.counts.days
        start = max((first - days[0]).days, 0)
        found = [
            *self._spikes(BURST, self.bursts, start, at),
            *self._spikes(RISE, self.rises, start, at),
        ]
        return sorted(found, key=lambda one: (one.day, one.chance, one.query, one.facet, one.value))

    def _spikes(self, kind: str, verdicts: Verdicts, start: int, at: datetime) -> Iterator[Spike]:
        low, high = self.forecast.band()
        found = first_days(verdicts.found) if kind == RISE else verdicts.found
        for row, column in zip(*np.nonzero(found), strict=True):
            if column < start:
                continue
            series, day = self.watched.series[row], self.watched.counts.days[column]
            expected, posts = self._brought(kind, row, column)
            yield Spike(
                spike=name_of(kind, series.query, series.facet, series.value, day),
                kind=kind,
                query=series.query,
                facet=series.facet,
                value=series.value,
                day=day,
                posts=posts,
                authors=int(self.watched.authors[row, column]),
                expected=expected,
                low=float(low[row, column]) if kind == BURST else None,
                high=float(high[row, column]) if kind == BURST else None,
                factor=float(self.forecast.factor[row, column]),
                seen=float(self.watched.counts.seen[row, column]),
                stands_for=self._stands_for(row, column),
                chance=float(verdicts.chances[row, column]),
                false_share=float(verdicts.shares[row, column]),
                observed_at=at,
            )

    def _stands_for(self, row: int, column: int) -> float | None:
        each = float(self.watched.stand_for[row, column])
        return each if each > 1 else None

    def _brought(self, kind: str, row: int, column: int) -> tuple[float, int]:
        if kind == BURST:
            return (
                float(self.forecast.expected[row, column]),
                int(self.watched.counts.posts[row, column]),
            )
        last = slice(column - LAG + 1, column + 1)
        expected = self.rising.expected[row, last] * self.watched.counts.seen[row, last]
        return float(expected.sum()), int(self.watched.counts.posts[row, last].sum())


def judge(watched: Watched, calendar: EventDays | None = None, *, judged_from: date) -> Judged:
    """Judge every day from the first that is asked for; each by what was known before it."""
    told = forecast(watched.counts, calendar)
    slow = rising(watched.counts, told)
    start = max((judged_from - watched.counts.days[0]).days, 0)
    return Judged(
        watched=watched,
        forecast=told,
        rising=slow,
        bursts=verdicts(burst_chart(watched, told), start=start),
        rises=verdicts(rise_chart(watched, slow), start=start),
    )


def burst_chart(watched: Watched, told: Forecast) -> Chart:
    """Return the chart of single days."""
    posts = watched.counts.posts
    scores = np.where(told.is_judged, score(told.chances(posts)), np.nan)
    may = (
        (posts >= LEAST_POSTS)
        & (watched.authors >= LEAST_AUTHORS)
        & (posts >= LEAST_TIMES * told.expected)
    )
    return Chart(scores=scores, may=may, pool=POOL)


def rise_chart(watched: Watched, slow: Rising) -> Chart:
    """Return the chart of fortnights."""
    counts = watched.counts
    posts = _over(counts.posts)
    expected = _over(slow.expected * counts.seen)
    may = (posts >= LEAST_RISE_POSTS) & (posts >= LEAST_RISE * expected)
    return Chart(scores=slow.scores, may=may, pool=SLOW_POOL)


def _over(numbers: Numbers) -> Numbers:
    """Return for each day the sum of the fortnight that ends with it."""
    sums = np.cumsum(numbers, axis=1)
    sums[:, LAG:] -= sums[:, :-LAG].copy()
    return sums


def first_days(found: Flags) -> Flags:
    """Return the days that begin something: nothing was found in the fortnight before."""
    before = np.concatenate([np.zeros((len(found), 1)), np.cumsum(found, axis=1)[:, :-1]], axis=1)
    lately = before.copy()
    lately[:, LAG:] -= before[:, :-LAG]
    first: Flags = found & (lately == 0)
    return first


def verdicts(chart: Chart, *, start: int) -> Verdicts:
    """Judge the days from a place on, after some before them that teach what is ordinary."""
    shape = chart.scores.shape
    chances, shares = np.ones(shape), np.ones(shape)
    ordinary = chart.scores.copy()
    for day in range(max(start - LEARNING, 1), shape[1]):
        chances[:, day] = _chances(chart, ordinary, day)
        shares[:, day] = adjusted(chances[:, day])
        # What was found is no longer a part of what is ordinary.
        ordinary[shares[:, day] <= FALSE_DISCOVERIES, day] = np.nan
    return Verdicts(chances=chances, shares=shares, found=shares <= FALSE_DISCOVERIES)


def _chances(chart: Chart, ordinary: Numbers, day: int) -> Numbers:
    scores = chart.scores[:, day]
    learned = calibrated(_pool(chart, ordinary, day))
    # A day that cannot be a spike counts among those looked at, and is never one.
    can = chart.may[:, day] & np.isfinite(scores)
    return np.where(can, learned.chances(np.where(can, scores, 0.0)), 1.0)


def _pool(chart: Chart, ordinary: Numbers, day: int) -> Numbers:
    days = chart.pool
    wanted = min(max(days, -(-ENOUGH_SCORES // max(len(ordinary), 1))), max(LONGEST_POOL, days))
    return ordinary[:, max(day - wanted, 0) : day]


def name_of(kind: str, query: str, facet: str, value: str, day: date) -> str:
    """Return the name of a spike: the same for the same series and day, whenever it is found."""
    said = "\x1f".join((kind, query, facet, value, day.isoformat()))
    return hashlib.sha256(said.encode()).hexdigest()[:16]


DAYS_NEEDED = BEFORE + LAG + SLOW_POOL + LEARNING
"""Days before the first that is judged that the charts can use."""
