"""Ranks, and how sure we are of them: ties, intervals, and groups that cannot be told apart."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from vigie.index.resampling import Integers, Samples, resampled
from vigie.index.scoring import Booleans, Floats, Scored, capped, mid_rank_percentiles

DRAWS = 1_000
CONCENTRATION = 40.0
"""How far the weights are drawn from the published ones (Dirichlet)."""
LOW, HIGH = 0.05, 0.95
SURE = 0.95
"""Two institutions are told apart when their order holds in this share of the draws."""
FIRST = 10
CHUNK = 100
"""Draws held in memory at once."""
NORMAL_90 = 1.6448536269514722
"""Half-width of a 90 % interval, in standard deviations."""


@dataclass(frozen=True, kw_only=True)
class Ranked:
    """Places of one group, in the order of its institutions."""

    rank: Integers
    """0 where there is no score."""
    is_tied: Booleans
    rank_low: Integers
    rank_high: Integers
    first_ten: Floats
    band: Integers


def competition_ranks(scores: Floats) -> Integers:
    """Rank from the highest along the last axis: 1, 2, 2, 4; 0 where the score is unknown."""
    filled = np.where(np.isfinite(scores), -scores, np.inf)
    order = np.argsort(filled, axis=-1, kind="stable")
    ordered = np.take_along_axis(filled, order, axis=-1)
    begins = np.ones(ordered.shape, dtype=bool)
    begins[..., 1:] = ordered[..., 1:] != ordered[..., :-1]
    places = np.where(begins, np.arange(1, ordered.shape[-1] + 1), 0)
    found = np.empty(scores.shape, dtype=np.int64)
    np.put_along_axis(found, order, np.maximum.accumulate(places, axis=-1), axis=-1)
    return np.where(np.isfinite(scores), found, 0)


def ties(ranks: Integers) -> Booleans:
    """Say which ranks are shared."""
    shared = np.bincount(ranks, minlength=1)[ranks] > 1
    return shared & (ranks > 0)


def seed_of(*names: str) -> int:
    """Return the seed that belongs to an edition and a group: the same names, the same draws."""
    return int.from_bytes(hashlib.sha256("\x1f".join(names).encode()).digest()[:8], "big")


def rank(
    scored: Scored,
    *,
    samples: Mapping[str, Samples] | None = None,
    spreads: Mapping[str, Floats] | None = None,
    seed: int,
    draws: int = DRAWS,
) -> Ranked:
    """Rank a group and draw how far each place can be trusted.

    ``samples`` are observations by indicator; ``spreads`` the standard deviation of figures
    whose interval is known otherwise.
    """
    ranks = competition_ranks(scored.totals)
    drawn = draw_totals(scored, samples or {}, spreads or {}, seed=seed, draws=draws)
    places = competition_ranks(drawn)
    low = np.quantile(places, LOW, axis=0, method="inverted_cdf").astype(np.int64)
    high = np.quantile(places, HIGH, axis=0, method="inverted_cdf").astype(np.int64)
    return Ranked(
        rank=ranks,
        is_tied=ties(ranks),
        # The published place is always inside its own interval.
        rank_low=np.minimum(low, ranks),
        rank_high=np.maximum(high, ranks),
        first_ten=((places > 0) & (places <= FIRST)).mean(axis=0),
        band=bands(ranks, drawn),
    )


def draw_totals(
    scored: Scored,
    samples: Mapping[str, Samples],
    spreads: Mapping[str, Floats],
    *,
    seed: int,
    draws: int = DRAWS,
) -> Floats:
    """Draw composite scores (draws × institutions): observations, weights, unknowns at once."""
    parts = sorted(scored.indicators)
    streams = np.random.SeedSequence(seed).spawn(len(parts) + 1)
    generators = {part: np.random.default_rng(s) for part, s in zip(parts, streams, strict=False)}
    weights = _draw_weights(scored.dimension_weights, np.random.default_rng(streams[-1]), draws)
    found = np.zeros((draws, len(scored.figures.institutions)))
    for begin in range(0, draws, CHUNK):
        here = slice(begin, min(begin + CHUNK, draws))
        for n, d in parts:
            share = scored.network_weights[n, d] * weights[here, d]
            drawn = _draw_part(
                scored, (n, d), samples, spreads, size=len(share), rng=generators[n, d]
            )
            found[here] += share[:, None] * drawn
    return np.where(np.isfinite(scored.totals), found, np.nan)


def _draw_weights(weights: Floats, rng: np.random.Generator, draws: int) -> Floats:
    found = np.zeros((draws, len(weights)))
    used = np.flatnonzero(weights)
    if len(used):
        found[:, used] = rng.dirichlet(CONCENTRATION * weights[used], size=draws)
    return found


def _draw_part(
    scored: Scored,
    part: tuple[int, int],
    samples: Mapping[str, Samples],
    spreads: Mapping[str, Floats],
    *,
    size: int,
    rng: np.random.Generator,
) -> Floats:
    """Draw the scores of one dimension on one network (draws × institutions)."""
    n, d = part
    known = np.flatnonzero(np.isfinite(scored.values[:, n, d]))
    found = np.broadcast_to(scored.scores[:, n, d], (size, scored.scores.shape[0])).copy()
    unknown = np.flatnonzero(np.isnan(scored.scores[:, n, d]))
    found[:, unknown] = rng.uniform(0.0, 100.0, size=(size, len(unknown)))
    name = scored.indicators[part]
    values = _draw_values(scored, part, known, samples.get(name), spreads.get(name), size, rng)
    if values is not None:
        found[:, known] = mid_rank_percentiles(values)
    return found


def _draw_values(
    scored: Scored,
    part: tuple[int, int],
    known: Integers,
    samples: Samples | None,
    spread: Floats | None,
    size: int,
    rng: np.random.Generator,
) -> Floats | None:
    """Draw the figures of those known; None where all are exact and nothing moves."""
    n, d = part
    has = np.zeros(len(known), dtype=bool) if samples is None else samples.count[known, n] > 0
    deviation = np.zeros(len(known)) if spread is None else np.nan_to_num(spread[known, n])
    loose = ~has & (deviation > 0)
    if not has.any() and not loose.any():
        return None
    values = np.broadcast_to(scored.values[known, n, d], (size, len(known))).copy()
    if samples is not None and has.any():
        values[:, has] = resampled(samples, known[has], n, draws=size, rng=rng)
    if loose.any():
        values[:, loose] += deviation[loose] * rng.standard_normal((size, int(loose.sum())))
    if scored.dimensions[d] == "activity":
        values = np.minimum(values, capped(scored.values[known, n, d], "activity").max())
    return values


def bands(ranks: Integers, drawn: Floats) -> Integers:
    """Number the groups that cannot be told apart, from the leader's down; 0 without a rank.

    Going down the ranks, a new band begins with the first institution that its band's leader
    beats in at least 95 % of the draws. Those who share a rank share a band.
    """
    found = np.zeros(len(ranks), dtype=np.int64)
    order = [i for i in np.argsort(ranks, kind="stable") if ranks[i] > 0]
    band, leader, before = 0, -1, 0
    for i in order:
        if leader < 0 or (ranks[i] != before and _beats(drawn[:, leader], drawn[:, i]) >= SURE):
            band, leader = band + 1, i
        found[i], before = band, ranks[i]
    return found


def _beats(one: Floats, other: Floats) -> float:
    return float((one > other).mean() + 0.5 * (one == other).mean())
