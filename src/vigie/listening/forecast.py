"""How many posts a day was to bring: a negative binomial of level, weekday and calendar.

Day after day, and from the days before it alone: the recent level (its weight halves every ten
days), the weekday (twelve weeks, leaning on what all series have in common), what the calendar
says of the day, and a spread from how wrong the forecasts of the last twelve weeks were. What a
day brought above its limit counts only up to it for the days that follow, so that a spike does not
become the rule; a day of which little was seen counts for the part that was seen.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray
from scipy import special, stats

Numbers = NDArray[np.float64]
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
"""The dispersion a series is believed to have until its own errors say more."""
SPREAD_PRIOR = 15.0
"""Days' worth of trust in the dispersion that all series have in common."""
LARGEST_SPREAD = 5.0
CAP = 4.0
"""Standard deviations above the forecast up to which a day counts for those after it."""
FACTOR_PRIOR, OWN_FACTOR_PRIOR = 100.0, 30.0
"""Posts' worth of trust in a kind of event's usual factor, and in that of all series."""
FACTORS = (0.05, 20.0)
"""No event is believed to change a day more than this."""
DOUBTED = ((0.5, 1 / 6), (1.0, 4 / 6), (2.0, 1 / 6))
"""By what the spread may be wrong, and how likely: three points for a log-normal doubt of 0.4."""
BAND = 0.05
"""What the shown band leaves out at each end."""


@dataclass(frozen=True, kw_only=True)
class Counts:
    """What each watched series brought, day by day: one row per series, days without a gap."""

    days: tuple[date, ...]
    posts: Numbers
    """Posts of the day, duplicates counted once."""
    seen: Numbers
    """Which part of the day was collected, 0 to 1."""

    @property
    def weekdays(self) -> NDArray[np.int64]:
        """Return the weekday of each day, Monday first."""
        return np.array([day.weekday() for day in self.days], dtype=np.int64)


@dataclass(frozen=True, kw_only=True)
class EventDays:
    """Which kind of event rules each day, and how much it usually changes a day."""

    kinds: NDArray[np.int64]
    """The place of the day's kind in ``factors``; −1: an ordinary day."""
    factors: Numbers
    is_fixed: Flags
    """A person gave the factor: history does not correct it."""

    @classmethod
    def none(cls, days: int) -> EventDays:
        """Return a calendar in which nothing happens."""
        return cls(
            kinds=np.full(days, -1, dtype=np.int64), factors=np.ones(0), is_fixed=np.zeros(0, bool)
        )


@dataclass(frozen=True, kw_only=True)
class Forecast:
    """What each day was to bring, made from the days before it; one row per series."""

    expected: Numbers
    spread: Numbers
    """Dispersion of the days: their variance is expected + spread × expected²."""
    doubt: Numbers
    """What few posts behind the level add to the dispersion."""
    is_judged: Flags
    """Enough was seen, of the day and before it."""
    factor: Numbers
    """What the calendar multiplies the day by."""

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
        size, odds = _size_and_odds(self.expected, self.spread + self.doubt)
        low, high = (stats.nbinom.ppf(at, size, 1 - odds) for at in (BAND, 1 - BAND))
        return np.asarray(low, dtype=float), np.asarray(high, dtype=float)


def days_between(first: date, last: date) -> tuple[date, ...]:
    """Return every day from the first to the last."""
    return tuple(first + timedelta(days=n) for n in range((last - first).days + 1))


def forecast(counts: Counts, events: EventDays | None = None) -> Forecast:
    """Return the forecast of every day of every series."""
    return _Teller(counts, events or EventDays.none(len(counts.days))).tell()


class _Teller:
    """Walks through the days once; what it has learned is in its arrays."""

    def __init__(self, counts: Counts, events: EventDays) -> None:
        self.counts, self.events, self.weekdays = counts, events, counts.weekdays
        shape = counts.posts.shape
        self.expected, self.spread = np.zeros(shape), np.full(shape, SPREAD)
        self.doubt, self.factor = np.zeros(shape), np.ones(shape)
        self.is_judged = np.zeros(shape, dtype=bool)
        self.kept = np.zeros(shape)
        """Posts as they speak for later days: capped, none where too little was seen."""
        self.weight = np.where(counts.seen >= LEAST_SEEN, counts.seen, 0.0)
        self.usual = np.zeros(shape)
        """What the day would have brought at a level of one: weekday × calendar × seen."""
        self.brought, self.awaited = (np.zeros((shape[0], len(events.factors))) for _ in "ab")
        ages = np.arange(MEMORY, 0, -1)
        self.fading = 0.5 ** (ages / HALF_LIFE)

    def tell(self) -> Forecast:
        for day in range(len(self.counts.days)):
            self._forecast(day)
            self._learn(day)
        return Forecast(
            expected=self.expected,
            spread=self.spread,
            doubt=self.doubt,
            is_judged=self.is_judged,
            factor=self.factor,
        )

    def _forecast(self, day: int) -> None:
        past = slice(max(day - MEMORY, 0), day)
        fading = self.fading[MEMORY - (day - past.start) :]
        weekday = self._weekday(day, past)
        brought = self.kept[:, past] @ fading + LEVEL_PRIOR
        level = brought / (self.usual[:, past] @ fading + 1.0)
        self.factor[:, day] = self._factor(day)
        self.usual[:, day] = weekday * self.factor[:, day]
        self.expected[:, day] = level * self.usual[:, day]
        self.spread[:, day] = self._spread(past)
        self.doubt[:, day] = (self.kept[:, past] @ fading**2 + LEVEL_PRIOR) / brought**2
        enough = self.weight[:, past].sum(axis=1) >= LEAST_HISTORY
        self.is_judged[:, day] = enough & (self.counts.seen[:, day] >= LEAST_SEEN)

    def _weekday(self, day: int, past: slice) -> Numbers:
        """Return how this weekday stands to the others, 1 being a day like any other."""
        kept, weight = self.kept[:, past], self.weight[:, past] * self.factor[:, past]
        same = self.weekdays[past] == self.weekdays[day]
        daily = (kept.sum(axis=1) + LEVEL_PRIOR) / (weight.sum(axis=1) + 1.0)
        found = kept[:, same].sum(axis=1)
        awaited = daily * weight[:, same].sum(axis=1)
        common = (found.sum() + WEEKDAY_PRIOR) / (awaited.sum() + WEEKDAY_PRIOR)
        own: Numbers = (found + WEEKDAY_PRIOR * common) / (awaited + WEEKDAY_PRIOR)
        return own

    def _factor(self, day: int) -> Numbers | float:
        kind = int(self.events.kinds[day])
        if kind < 0:
            return 1.0
        usual = float(self.events.factors[kind])
        if self.events.is_fixed[kind]:
            return usual
        brought, awaited = self.brought[:, kind], self.awaited[:, kind]
        common = (brought.sum() + FACTOR_PRIOR * usual) / (awaited.sum() + FACTOR_PRIOR)
        own = (brought + OWN_FACTOR_PRIOR * common) / (awaited + OWN_FACTOR_PRIOR)
        learned: Numbers = np.clip(own, *FACTORS)
        return learned

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
        own = (excess + prior * common) / (squares + prior)
        return np.clip(own, 0.0, LARGEST_SPREAD)

    def _learn(self, day: int) -> None:
        posts, weight = self.counts.posts[:, day], self.weight[:, day]
        awaited = self.expected[:, day] * weight
        deviation = np.sqrt(awaited + self.spread[:, day] * awaited**2)
        capped = np.where(
            self.is_judged[:, day], np.minimum(posts, awaited + CAP * deviation + 1.0), posts
        )
        self.kept[:, day] = np.where(weight > 0, capped, 0.0)
        self.usual[:, day] *= weight
        kind = int(self.events.kinds[day])
        if kind >= 0:
            plain = awaited / self.factor[:, day]
            self.awaited[:, kind] += np.where(self.is_judged[:, day], plain, 0.0)
            most = plain * FACTORS[1]
            self.brought[:, kind] += np.where(self.is_judged[:, day], np.minimum(posts, most), 0.0)


def tail(posts: Numbers, expected: Numbers, spread: Numbers) -> Numbers:
    """Return the nominal chance of at least so many posts."""
    size, odds = _size_and_odds(expected, spread)
    found: Numbers = special.betainc(np.maximum(posts, 1.0), size, odds)
    return np.where(posts <= 0, 1.0, found)


def _size_and_odds(expected: Numbers, spread: Numbers) -> tuple[Numbers, Numbers]:
    size = 1.0 / np.maximum(spread, 1e-6)
    odds = expected / (size + expected)
    return size, odds
