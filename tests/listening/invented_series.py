"""Invented counts of watched series, the same every time."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np

from vigie.listening.forecast import Counts, days_between
from vigie.listening.series import Series, Watched

FIRST = date(2025, 1, 6)
"""A Monday."""


def ordinary(series: int = 20, days: int = 200, *, level: float = 12.0, seed: int = 7) -> Watched:
    """Return series in which nothing happens but weekends."""
    rng = np.random.default_rng(seed)
    every = days_between(FIRST, FIRST + timedelta(days=days - 1))
    week = np.array([1.0 if day.weekday() < 5 else 0.4 for day in every])
    posts = rng.poisson(level * week * rng.gamma(10, 0.1, (series, days))).astype(float)
    names = tuple(Series(query=f"query-{number:02}") for number in range(series))
    counts = Counts(days=every, posts=posts, seen=np.ones_like(posts))
    return Watched(series=names, counts=counts, authors=np.ceil(posts * 0.8),
                   stand_for=np.ones_like(posts))  # fmt: skip


def put(
    watched: Watched, row: int, day: int, posts: float, *, authors: float | None = None
) -> None:
    """Put a day's posts into a series."""
    watched.counts.posts[row, day] = posts
    watched.authors[row, day] = posts if authors is None else authors
