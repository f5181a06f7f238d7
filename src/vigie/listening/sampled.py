"""Counts of what was sampled: a find that was kept stands for those of its query that were not."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import ibis.expr.types as ir

from vigie.words import Words, plural

WIDE = 1.645
"""Standard errors on either side within which nine of ten estimates hold what is true."""


@dataclass(frozen=True, kw_only=True)
class Estimate:
    """How many posts there are, from those that were kept."""

    kept: int = 0
    posts: int = 0
    """What those that were kept stand for."""
    variance: float = 0.0
    """Of ``posts``, by the draw alone."""

    @property
    def is_sampled(self) -> bool:
        """Whether some that were kept stand for others."""
        return self.posts > self.kept

    @property
    def each(self) -> float:
        """For how many one that was kept stands, in the mean."""
        return round(self.posts / self.kept, 1) if self.kept else 1.0

    @property
    def low(self) -> int:
        """There are so many at least, nine times in ten; those that were kept in any case."""
        return max(self.kept, round(self.posts - WIDE * math.sqrt(self.variance)))

    @property
    def high(self) -> int:
        """There are so many at most, nine times in ten."""
        return round(self.posts + WIDE * math.sqrt(self.variance))

    def __add__(self, other: Estimate) -> Estimate:
        return Estimate(
            kept=self.kept + other.kept,
            posts=self.posts + other.posts,
            variance=self.variance + other.variance,
        )


def is_drawn(network: str, post: str, *, one_in: int) -> bool:
    """Tell whether a post is among the share that is kept.

    The same post is drawn on every reading and for every query, and who is drawn among few is
    drawn among more, as long as ``one_in`` is a power of two.
    """
    digest = hashlib.sha256(f"{network}\x1f{post}".encode()).digest()
    return int.from_bytes(digest[:8]) % one_in == 0


def estimated(rows: ir.Table) -> dict[str, ir.Value]:
    """Return what to ask of rows of ``texts`` to know how many posts they stand for."""
    each = rows.stands_for
    return {
        "kept": rows.count(),
        "posts": each.sum().fill_null(0),
        "variance": (each * (each - 1)).sum().fill_null(0),
    }


def estimate_of(row: Mapping[str, Any]) -> Estimate:
    """Read an answer to ``estimated``."""
    return Estimate(kept=int(row["kept"]), posts=int(row["posts"]), variance=float(row["variance"]))


def estimate(rows: ir.Table) -> Estimate:
    """Estimate how many posts there are, from those that were kept."""
    (row,) = rows.aggregate(**estimated(rows)).to_pyarrow().to_pylist()
    return estimate_of(row)


def sampled_said(found: Estimate) -> Words | None:
    """Say how a count was estimated; none: everything was kept, nothing is to be said."""
    if not found.is_sampled:
        return None
    return plural(
        "Counted from a sample, since a query brings more than can be kept: {count} post kept "
        "stands for about {posts} (nine times in ten between {low} and {high}).",
        "Counted from a sample, since a query brings more than can be kept: {count} posts kept "
        "stand for about {posts} (nine times in ten between {low} and {high}).",
        count=found.kept,
        posts=found.posts,
        low=found.low,
        high=found.high,
    )
