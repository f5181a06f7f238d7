"""Figures drawn again from the observations behind them: posts, or questions."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vigie.index.scoring import Booleans, Floats

Integers = NDArray[np.int64]

A_DAY = 24.0
"""Hours within which a question is to be answered."""


@dataclass(frozen=True, kw_only=True)
class Samples:
    """Observations behind the figures of one indicator, by institution × network.

    ``values`` holds every account's observations one after the other, each run sorted: what posts
    say, for a median, or for how many hours questions were followed, for a share.
    """

    values: Floats
    start: Integers
    count: Integers
    """0: no observations, the figure is exact or has its own interval."""
    answered: Booleans | None = None
    """Whether following a question ended in an answer; none: these are posts."""


def resampled(
    samples: Samples, rows: Integers, column: int, *, draws: int, rng: np.random.Generator
) -> Floats:
    """Draw the figures (draws × rows) that as many posts or questions might have given."""
    if samples.answered is None:
        return bootstrap_medians(samples, rows, column, draws=draws, rng=rng)
    return bootstrap_shares(samples, rows, column, draws=draws, rng=rng)


def bootstrap_medians(
    samples: Samples, rows: Integers, column: int, *, draws: int, rng: np.random.Generator
) -> Floats:
    """Draw bootstrap medians (draws × rows), exactly, without resampling a single post.

    The k-th smallest of n values drawn with replacement from sorted x is x[⌈n·U⌉], where U is
    the k-th of n uniform order statistics, a Beta(k, n−k+1) variable (Efron 1979; Maritz and
    Jarrett 1978). An odd n needs one such draw. An even n needs two neighbours drawn together:
    given the k-th, the next is the smallest of n−k uniforms on what is left above it.
    """
    n = samples.count[rows, column]
    k = (n + 1) // 2
    u = rng.beta(k, n - k + 1, size=(draws, len(rows)))
    above = rng.random(size=u.shape)
    rest = np.maximum(n - k, 1)
    v = np.where(n % 2 == 0, 1.0 - (1.0 - u) * above ** (1.0 / rest), u)
    first = samples.start[rows, column]
    return 0.5 * (_at(samples, first, n, u) + _at(samples, first, n, v))


def _at(samples: Samples, first: Integers, n: Integers, u: Floats) -> Floats:
    place = np.clip(np.ceil(n * u).astype(np.int64), 1, n)
    found: Floats = samples.values[first + place - 1]
    return found


def bootstrap_shares(
    samples: Samples, rows: Integers, column: int, *, draws: int, rng: np.random.Generator
) -> Floats:
    """Draw questions again and estimate each time what share is answered within a day, in percent.

    Kaplan and Meier's product, taken question by question: of questions answered at the same
    moment the factors telescope to the one of the moment.
    """
    assert samples.answered is not None
    found = np.empty((draws, len(rows)))
    for place, row in enumerate(rows):
        begin, size = samples.start[row, column], samples.count[row, column]
        hours = samples.values[begin : begin + size]
        answered = samples.answered[begin : begin + size]
        # At the same moment an answer comes before the end of what was followed.
        order = np.lexsort((~answered, hours))
        weights = rng.multinomial(size, np.full(size, 1 / size), size=draws)[:, order]
        found[:, place] = 100 * _share(hours[order], answered[order], weights)
    return found


def share_answered(hours: Floats, answered: Booleans) -> float:
    """Return the estimated share answered within a day, 0 to 1, of questions as they are."""
    order = np.lexsort((~answered, hours))
    return float(_share(hours[order], answered[order], np.ones((1, len(hours)), dtype=int))[0])


def _share(hours: Floats, answered: Booleans, weights: Integers) -> Floats:
    waiting = np.cumsum(weights[:, ::-1], axis=1)[:, ::-1]
    ended = np.where(answered & (hours <= A_DAY), weights, 0)
    factors = 1 - ended / np.maximum(waiting, 1)
    share: Floats = 1 - factors.prod(axis=1)
    return share
