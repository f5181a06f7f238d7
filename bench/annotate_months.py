"""An archive of many small months is labelled as fast as one large month.

``vigie annotate`` on 20,000 posts of 168 months: at least 1,800 posts per second of processor,
everything included from the first question put to the store to the last label on the disk, but not
what a process imports. Input: invented posts, French and English. Peer: the same, a month at a
time, on ten months of as many posts each: questions to the store cost as much for a hundred posts
as for ten thousand.
"""

from __future__ import annotations

import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from bench.annotate_pipeline import posts
from tests.cast import post
from vigie import flow
from vigie.annotate.finding import finder
from vigie.columns import table_of
from vigie.flow import annotating
from vigie.model import Post
from vigie.settings import Settings
from vigie.store.store import open_store

POSTS, MONTHS = 20_000, 168
PEER_POSTS, PEER_MONTHS = 1_200, 10
LEAST = 1_800
FIRST_YEAR = 2009


def main() -> int:
    """Measure both, print the ratio, and fail when the claim does not hold."""
    _rate(200, months=1)  # what is read once in a process is read
    ours = _rate(POSTS, months=MONTHS)
    annotating.STRETCH = 1  # no two months together
    theirs = _rate(PEER_POSTS, months=PEER_MONTHS)
    print(f"months together: {ours:8,.0f} posts/s")
    print(f"month by month:  {theirs:8,.0f} posts/s; ratio {ours / theirs:.1f}")
    return 0 if ours >= LEAST else 1


def _rate(count: int, *, months: int) -> float:
    """Return how many posts are labelled in a second of processor."""
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(home=Path(folder), threads=1)
        store = open_store(settings)
        invented = [
            post(str(place), text=text, published_at=_month(place % months))
            for place, text in enumerate(posts(count))
        ]
        store.append(Post.table, table_of(Post, invented))
        finder()
        begun = time.process_time()
        done = flow.annotate(store, settings=settings)
        seconds = time.process_time() - begun
    assert done.texts == count
    return count / seconds


def _month(number: int) -> datetime:
    return datetime(FIRST_YEAR + number // 12, number % 12 + 1, 15, tzinfo=UTC)


if __name__ == "__main__":
    sys.exit(main())
