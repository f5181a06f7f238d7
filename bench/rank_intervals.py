"""Rank intervals: 1,000 draws over 5,000 accounts, beside the naive bootstrap that draws posts.

Run: python bench/rank_intervals.py
Claims: under 5 seconds and under 1.5 GB; the peer is asked for a tenth of the accounts.
"""

from __future__ import annotations

import resource
import sys
import time

import numpy as np

from vigie.index.ranking import DRAWS, Samples, bootstrap_medians, rank
from vigie.index.scoring import WEIGHTS, Figures, Scored, score

INSTITUTIONS, NETWORKS = 1_000, 5
PEER_ACCOUNTS = 500
SECONDS, MEMORY = 5.0, 1.5e9


def group(rng: np.random.Generator) -> tuple[Scored, Samples]:
    """Invent one group of a thousand institutions, with 8 to 120 posts on each account."""
    shape = (INSTITUTIONS, NETWORKS)
    count = rng.integers(8, 121, shape)
    start = np.concatenate([[0], np.cumsum(count.ravel())[:-1]]).reshape(shape)
    centre = np.repeat(rng.normal(0.0, 0.5, shape).ravel(), count.ravel())
    owner = np.repeat(np.arange(count.size), count.ravel())
    posts = centre + rng.normal(0.0, 1.0, len(centre))
    posts = posts[np.lexsort((posts, owner))]
    samples = Samples(values=posts, start=start, count=count)
    medians = [
        np.median(posts[b : b + n]) for b, n in zip(start.ravel(), count.ravel(), strict=True)
    ]
    present = rng.random(shape) < 0.9
    figures = Figures(
        institutions=tuple(f"i{i:04}" for i in range(INSTITUTIONS)),
        networks=tuple("abcde"),
        present=present,
        metrics={
            "followers": np.where(rng.random(shape) < 0.95, rng.lognormal(9.0, 1.2, shape), np.nan),
            "posting_frequency": rng.gamma(2.0, 3.0, shape),
            "overperformance": np.array(medians).reshape(shape),
        },
    )
    return score(figures, WEIGHTS["2026.1"]), samples


def naive(samples: Samples, accounts: int, rng: np.random.Generator) -> None:
    """Draw the posts themselves, account by account: what is usually done."""
    start, count = samples.start.ravel(), samples.count.ravel()
    for begin, size in zip(start[:accounts], count[:accounts], strict=True):
        posts = samples.values[begin : begin + size]
        np.median(posts[rng.integers(0, size, (DRAWS, size))], axis=1)


def main() -> int:
    """Print the seconds and the ratio; fail when a claim does not hold."""
    rng = np.random.default_rng(1)
    scored, samples = group(rng)
    began = time.perf_counter()
    rank(scored, samples={"overperformance": samples}, seed=1)
    whole = time.perf_counter() - began
    rows = np.arange(PEER_ACCOUNTS // NETWORKS)
    began = time.perf_counter()
    for network in range(NETWORKS):
        bootstrap_medians(samples, rows, network, draws=DRAWS, rng=rng)
    ours = time.perf_counter() - began
    began = time.perf_counter()
    naive(samples, PEER_ACCOUNTS, rng)
    theirs = time.perf_counter() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    print(f"rank intervals, {INSTITUTIONS * NETWORKS} accounts × {DRAWS} draws: {whole:.2f} s")
    print(f"bootstrap medians of {PEER_ACCOUNTS} accounts: {ours:.3f} s; naive: {theirs:.3f} s")
    print(f"ratio naive / ours: {theirs / ours:.1f}; peak memory {peak / 1e6:.0f} MB")
    holds = whole < SECONDS and peak < MEMORY
    print("claim holds" if holds else f"claim fails: {SECONDS} s, {MEMORY / 1e9} GB")
    return 0 if holds else 1


if __name__ == "__main__":
    sys.exit(main())
