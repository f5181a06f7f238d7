"""How sure we are: 90 % intervals for medians and shares, and silence below the least n.

The interval of a median is the bootstrap's, without its draws. Draw n values with replacement
from the n observed ones, take the median, do so for ever: how often each observed value comes out
as the median is known in closed form (Efron 1979; Maritz and Jarrett 1978), because "at least h
of n draws fall on the k smallest" is a binomial event. We use the exact 5 % and 95 % points of that
distribution: the limit of infinitely many draws, which needs no seed and gives everyone the same
digits. In the end the interval is two of the observed values, chosen by their rank alone.

The interval of a share is Wilson's (JASA 22, 1927), that of a mean is Student's (Biometrika 6,
1908), its t from the normal point by the first terms of the Cornish-Fisher expansion: within 1 % of
the tabulated value from five observations on.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cache

import ibis
import ibis.expr.types as ir
import numpy as np
import numpy.typing as npt
import pyarrow as pa
from scipy.special import betaincinv, stdtrit

Floats = npt.NDArray[np.float64]

TAIL = 0.05
"""What is left out at each end of a 90 % interval."""
Z = 1.6448536269514722
"""The standard normal's 95 % point."""
EXACT_UP_TO = 1_000
"""Above this many observations the rank comes from the normal approximation, which is then within
one rank of the exact one."""


def median_ranks(n: int) -> tuple[int, int]:
    """Return which of n sorted values (counted from 1) bound the median's 90 % interval.

    The k-th value is the lower bound when k is the least for which the bootstrap's (lower)
    median is at or below it in 5 % of draws: P(Bin(n, k/n) >= h) >= 0.05 with h the middle
    rank, that is k/n >= the 5 % point of Beta(h, n - h + 1). The upper bound is its mirror
    image. Where n is even the lower of the two middle draws bounds below and the upper above,
    so that the interval errs on the wide side.
    """
    low = int(low_ranks(np.array([n]))[0])
    return low, n + 1 - low


def low_ranks(n: np.ndarray) -> np.ndarray:
    """Return the rank of the lower bound for each n, which is 1 at least."""
    near = _exact_ranks()[np.minimum(n, EXACT_UP_TO) - 1]
    normal = np.ceil(n / 2 - np.sqrt(n) * (Z / 2)).astype(np.int64)
    found: np.ndarray = np.where(n <= EXACT_UP_TO, near, normal)
    return found


@cache
def _exact_ranks() -> np.ndarray:
    n = np.arange(1, EXACT_UP_TO + 1)
    middle = (n + 1) // 2
    point = betaincinv(middle, n - middle + 1, TAIL)
    # A product that is a whole number but for its last bits is that whole number.
    ranks: np.ndarray = np.ceil(n * point - 1e-9).astype(np.int64)
    found: np.ndarray = np.maximum(ranks, 1)
    return found


@cache
def rank_table() -> ir.Table:
    """Return the rank of the lower bound for every ``length`` that is computed exactly."""
    n = np.arange(1, EXACT_UP_TO + 1)
    return ibis.memtable(pa.table({"length": n, "low_rank": _exact_ranks()}))


def median_interval(
    listed: ir.ArrayValue, n: ir.IntegerValue, exact_rank: ir.IntegerValue
) -> tuple[ir.Value, ir.Value, ir.Value]:
    """Return the median of sorted known values, and the lower and upper end of its interval.

    ``exact_rank`` is the lower end's, looked up in ``rank_table``; unknown above its bound. Order
    statistics are picked by position: nothing here is peculiar to one engine.
    """
    normal = (n / 2 - n.cast("float64").sqrt() * (Z / 2)).ceil()
    rank = ibis.coalesce(exact_rank, normal.cast("int64"))
    middle = (listed[(n - 1) // 2] + listed[n // 2]) / 2
    return middle, listed[rank - 1], listed[n - rank]


def wilson(share: ir.FloatingValue, n: ir.IntegerValue) -> tuple[ir.Value, ir.Value]:
    """Return the 90 % interval of a share (0 to 1) of n observations."""
    of = n.nullif(0)
    centre = (share + Z * Z / (2 * of)) / (1 + Z * Z / of)
    half = (share * (1 - share) / of + Z * Z / (4 * of * of)).sqrt() * Z / (1 + Z * Z / of)
    low, high = centre - half, centre + half
    # Not greatest() and least(), which pass over the unknown.
    return (
        ((low < 0) | (share == 0)).ifelse(0.0, low),
        ((high > 1) | (share == 1)).ifelse(1.0, high),
    )


def wilson_each(shares: Floats, n: Floats) -> tuple[Floats, Floats]:
    """Return the 90 % intervals of shares that are in memory: what ``wilson`` says of each."""
    of = np.maximum(n, 1e-12)
    centre = (shares + Z * Z / (2 * of)) / (1 + Z * Z / of)
    half = np.sqrt(shares * (1 - shares) / of + Z * Z / (4 * of * of)) * Z / (1 + Z * Z / of)
    low: Floats = np.where(shares == 0, 0.0, np.maximum(0.0, centre - half))
    high: Floats = np.where(shares == 1, 1.0, np.minimum(1.0, centre + half))
    return low, high


def wilson_of(share: float, n: float) -> tuple[float, float]:
    """Return the 90 % interval of one share that is in memory."""
    low, high = wilson_each(np.array([share]), np.array([float(n)]))
    return float(low[0]), float(high[0])


def mean_of(values: Sequence[float]) -> tuple[float, float, float]:
    """Return the mean of values in memory and Student's 90 % interval; of one, nothing is sure."""
    n = len(values)
    mean = math.fsum(values) / n
    if n < 2:
        return mean, -math.inf, math.inf
    spread = math.sqrt(math.fsum((one - mean) ** 2 for one in values) / (n - 1))
    half = float(stdtrit(n - 1, 1 - TAIL)) * spread / math.sqrt(n)
    return mean, mean - half, mean + half


def students_half_width(
    mean: ir.FloatingValue, squares: ir.FloatingValue, n: ir.FloatingValue
) -> ir.FloatingValue:
    """Return half the width of a mean's 90 % interval; ``squares`` is the sum of squares."""
    free = (n - 1).nullif(0)
    spread = (squares - n * mean * mean) / free
    # A difference of nearly equal sums may come out a hair below nothing.
    spread = (spread < 0).ifelse(0.0, spread)
    z3, z5 = Z**3, Z**5
    t = Z + (z3 + Z) / (4 * free) + (5 * z5 + 16 * z3 + 3 * Z) / (96 * free * free)
    return t * (spread / n).sqrt()


def silent_below(value: ir.Value, n: ir.IntegerValue, least_n: int) -> ir.Value:
    """Return the value, unknown where n is below the least: too few to speak of."""
    return (n >= least_n).ifelse(value, ibis.null())
