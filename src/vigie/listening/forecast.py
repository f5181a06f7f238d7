"""How many posts a day was to bring: a negative binomial of level, weekday and calendar.

Day after day, and from the days before it alone: the recent level (a day's weight halves every
ten days), the weekday (twelve weeks, leaning on what all series have in common), what the calendar
says of the day, and a spread from how wrong the forecasts of the last twelve weeks were. What a
day brought above its limit counts only up to it for the days that follow, so that a spike does not
become the rule; a day of which little was seen counts for the part that was seen.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray
from scipy import special

Numbers = NDArray[np.float64]
Places = NDArray[np.int64]
Flags = NDArray[np.bool_]

MEMORY = 84
"""Days that speak for the next one: twelve weeks."""
HALF_LIFE = 10.0
"""Days after which a day's weight for the level is halved."""
LEAST_HISTORY = 28.0
"""Days that must have been seen of the last twelve weeks before a day is judged."""
LEAST_SEEN = 0.5
"""A day of which less was seen is not judged, and does not speak for others."""
WEEKDAY_PRIOR = 20.0
"""Posts' worth of trust in the weekdays that all series have in common."""
LEVEL_PRIOR = 0.5
"""Posts before any was seen: a series that was silent for weeks still expects a little."""
SPREAD = 0.3
"""The dispersion a series is believed to have until errors say more."""
SPREAD_PRIOR = 15.0
"""Days' worth of trust in the dispersion that all series have in common."""
LARGEST_SPREAD = 5.0
CAP = 4.0
"""Standard deviations above the forecast up to which a day counts for those after it."""
FACTOR_PRIOR, OWN_FACTOR_PRIOR = 100.0, 30.0
"""Posts' worth of trust in the usual factor of an event, and in that of all series."""
FACTOR_DOUBT = 0.25
"""Dispersion that a factor nobody has seen at work yet adds: it may be wrong by half."""
FACTORS = (0.05, 20.0)
"""No event is believed to change a day more than this."""
DOUBTED = ((0.5, 1 / 6), (1.0, 4 / 6), (2.0, 1 / 6))
"""By what the spread may be wrong, and how likely: three points for a log-normal doubt of 0.4."""
BAND = 0.05
"""What the shown band leaves out at each end."""
ORDINARY = -1


@dataclass(frozen=True, kw_only=True)
class Counts:
    """What each watched series brought, day by day: one row per series, days without a gap."""

    days: tuple[date, ...]
    posts: Numbers
    """Posts of the day, duplicates counted once."""
    seen: Numbers
    """Which part of the day was collected, 0 to 1."""

    @property
    def weekdays(self) -> Places:
        """Return the weekday of each day, Monday first."""
        return np.array([day.weekday() for day in self.days], dtype=np.int64)


@dataclass(frozen=True, kw_only=True)
class EventDays:
    """Which event rules each day of each series, and how much it changes a day."""

    events: Places
    """The place of the event in ``factors``; −1: an ordinary day."""
    factors: Numbers
    is_fixed: Flags
    """A person gave the factor: history does not correct it."""

    @classmethod
    def none(cls, shape: tuple[int, ...]) -> EventDays:
        """Return a calendar in which nothing happens."""
        return cls(
            events=np.full(shape, ORDINARY, dtype=np.int64),
            factors=np.ones(1),
            is_fixed=np.ones(1, dtype=bool),
        )


@dataclass(frozen=True, kw_only=True)
class Forecast:
    """What each day was to bring, made from the days before it; one row per series."""

    expected: Numbers
    spread: Numbers
    """Dispersion of the days: their variance is expected + spread × expected²."""
    doubt: Numbers
    """What few posts behind the level, or an event seen for the first time, add to it."""
    is_judged: Flags
    """Enough was seen, of the day and before it."""
    usual: Numbers
    """Weekday × calendar as it is believed: what the day would bring at a level of one."""
    weekday: Numbers
    """How the weekday stands to the others."""
    factor: Numbers
    """What the calendar multiplies the expectation by: less than one only as far as the archive
    has seen it, so that a holiday nobody keeps raises no alarm."""
    kept: Numbers
    """Posts as they speak for later days: capped, none where too little was seen."""

    def chances(self, posts: Numbers) -> Numbers:
        """Return the nominal chance of at least so many posts.

        The spread is itself only known to a factor of two or so: its doubt makes the far end
        heavier, which one negative binomial would call impossible.
        """
        spread = self.spread + self.doubt
        parts = [weight * tail(posts, self.expected, spread * by) for by, weight in DOUBTED]
        found: Numbers = np.sum(parts, axis=0)
        return found

    def band(self) -> tuple[Numbers, Numbers]:
        """Return between which counts nine days in ten lie."""
        from scipy import stats

        size, odds = _size_and_odds(self.expected, self.spread + self.doubt)
        low, high = (stats.nbinom.ppf(at, size, 1 - odds) for at in (BAND, 1 - BAND))
        return np.asarray(low, dtype=float), np.asarray(high, dtype=float)


def days_between(first: date, last: date) -> tuple[date, ...]:
    """Return every day from the first to the last."""
    return tuple(first + timedelta(days=n) for n in range((last - first).days + 1))


def forecast(counts: Counts, calendar: EventDays | None = None) -> Forecast:
    """Return the forecast of every day of every series."""
    teller = _Teller(counts, calendar or EventDays.none(counts.posts.shape))
    for day in range(len(counts.days)):
        teller.forecast(day)
        teller.learn(day)
    return teller.told()


def tail(posts: Numbers, expected: Numbers, spread: Numbers) -> Numbers:
    """Return the chance of at least so many posts by a negative binomial."""
    size, odds = _size_and_odds(expected, spread)
    found: Numbers = special.betainc(np.maximum(posts, 1.0), size, odds)
    return np.where(posts <= 0, 1.0, found)


def _size_and_odds(expected: Numbers, spread: Numbers) -> tuple[Numbers, Numbers]:
    size = 1.0 / np.maximum(spread, 1e-6)
    return size, expected / (size + expected)


class _Teller:
    """Walks through the days once; what it has learned lies in its arrays."""

    def __init__(self, counts: Counts, calendar: EventDays) -> None:
        self.counts, self.calendar, self.weekdays = counts, calendar, counts.weekdays
        shape = counts.posts.shape
        self.expected, self.spread, self.doubt = (np.zeros(shape) for _ in range(3))
        self.usual, self.kept = np.zeros(shape), np.zeros(shape)
        self.weekday, self.factor, self.believed = (np.ones(shape) for _ in range(3))
        self.is_judged = np.zeros(shape, dtype=bool)
        self.weight = np.where(counts.seen >= LEAST_SEEN, counts.seen, 0.0)
        self.series = np.arange(shape[0])
        many = (shape[0], len(calendar.factors))
        self.brought, self.awaited = np.zeros(many), np.zeros(many)
        self.fading = 0.5 ** (np.arange(MEMORY, 0, -1) / HALF_LIFE)

    def told(self) -> Forecast:
        return Forecast(
            expected=self.expected,
            spread=self.spread,
            doubt=self.doubt,
            is_judged=self.is_judged,
            usual=self.usual,
            weekday=self.weekday,
            factor=self.factor,
            kept=self.kept,
        )

    def forecast(self, day: int) -> None:
        past = slice(max(day - MEMORY, 0), day)
        fading = self.fading[MEMORY - (day - past.start) :]
        seen = self.weight[:, past]
        daily = self._daily(past)
        brought = self.kept[:, past] @ fading + daily
        level = brought / ((self.usual[:, past] * seen) @ fading + 1.0)
        self.believed[:, day], self.factor[:, day], doubt = self._factor(day)
        self.weekday[:, day] = self._weekday(day, past, daily)
        self.usual[:, day] = self.weekday[:, day] * self.believed[:, day]
        self.expected[:, day] = level * self.weekday[:, day] * self.factor[:, day]
        self.spread[:, day] = self._spread(past)
        few = (self.kept[:, past] @ fading**2 + daily) / brought**2
        self.doubt[:, day] = few + doubt
        is_known = seen.sum(axis=1) >= LEAST_HISTORY
        self.is_judged[:, day] = is_known & (self.counts.seen[:, day] >= LEAST_SEEN)

    def _daily(self, past: slice) -> Numbers:
        """Return what a day of the last twelve weeks brought."""
        plain = self.weight[:, past] * self.believed[:, past]
        daily: Numbers = (self.kept[:, past].sum(axis=1) + LEVEL_PRIOR) / (plain.sum(axis=1) + 1.0)
        return daily

    def _weekday(self, day: int, past: slice, daily: Numbers) -> Numbers:
        """Return how this weekday stands to the others, 1 being a day like any other."""
        kept, plain = self.kept[:, past], self.weight[:, past] * self.believed[:, past]
        same = self.weekdays[past] == self.weekdays[day]
        brought = kept[:, same].sum(axis=1)
        awaited = daily * plain[:, same].sum(axis=1)
        common = (brought.sum() + WEEKDAY_PRIOR) / (awaited.sum() + WEEKDAY_PRIOR)
        own: Numbers = (brought + WEEKDAY_PRIOR * common) / (awaited + WEEKDAY_PRIOR)
        return own

    def _factor(self, day: int) -> tuple[Numbers, Numbers, Numbers]:
        """Return what the calendar is believed to do to the day, what is expected of it, and how
        much that may be wrong."""
        event = self.calendar.events[:, day]
        brought, awaited = self.brought[self.series, event], self.awaited[self.series, event]
        together = (self.brought.sum(axis=0) + FACTOR_PRIOR * self.calendar.factors) / (
            self.awaited.sum(axis=0) + FACTOR_PRIOR
        )
        own = (brought + OWN_FACTOR_PRIOR * together[event]) / (awaited + OWN_FACTOR_PRIOR)
        learned = np.clip(own, *FACTORS)
        trust = awaited / (awaited + OWN_FACTOR_PRIOR)
        careful = np.where(learned < 1, 1 + trust * (learned - 1), learned)
        given = self.calendar.factors[event]
        is_learned = ~self.calendar.is_fixed[event]
        ordinary = event == ORDINARY
        return (
            np.where(ordinary, 1.0, np.where(is_learned, learned, given)),
            np.where(ordinary, 1.0, np.where(is_learned, careful, given)),
            np.where(~ordinary & is_learned, FACTOR_DOUBT * (1 - trust), 0.0),
        )

    def _spread(self, past: slice) -> Numbers:
        """Return the dispersion that the errors of the past days show."""
        judged = self.is_judged[:, past]
        awaited = np.where(judged, self.expected[:, past] * self.weight[:, past], 0.0)
        excess = np.where(judged, (self.kept[:, past] - awaited) ** 2 - awaited, 0.0).sum(axis=1)
        squares, days = (awaited**2).sum(axis=1), judged.sum(axis=1)
        # A large series says no more about the dispersion than its days are many.
        trust = np.minimum(squares, days)
        ratio = np.divide(excess, squares, out=np.zeros_like(excess), where=squares > 0)
        common = (trust @ ratio + SPREAD) / (trust.sum() + 1.0)
        prior = SPREAD_PRIOR * (squares + 1.0) / (days + 1.0)
        own: Numbers = np.clip((excess + prior * common) / (squares + prior), 0.0, LARGEST_SPREAD)
        return own

    def learn(self, day: int) -> None:
        posts, weight, judged = (
            self.counts.posts[:, day],
            self.weight[:, day],
            self.is_judged[:, day],
        )
        awaited = self.expected[:, day] * weight
        deviation = np.sqrt(awaited + self.spread[:, day] * awaited**2)
        capped = np.where(judged, np.minimum(posts, awaited + CAP * deviation + 1.0), posts)
        self.kept[:, day] = np.where(weight > 0, capped, 0.0)
        event = self.calendar.events[:, day]
        speaks = judged & (event != ORDINARY)
        plain = awaited / self.factor[:, day]
        self.awaited[self.series, event] += np.where(speaks, plain, 0.0)
        most = np.minimum(posts, plain * FACTORS[1])
        self.brought[self.series, event] += np.where(speaks, most, 0.0)
