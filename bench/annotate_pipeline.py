"""Every question is put to 3,000 posts in a second on one core.

Claim: language, copies, intent, tone, service, urgency, institutions named, and the features a
model reads, of at least 3,000 posts per second of one core's time. Input: 6,000 invented posts of
two sentences and four names, French and English, in batches of 1,000. Peer: the same classifiers
without a shared reading: each reads each post by itself. The ratio says what sharing brings.
"""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Callable

from tests.annotate.altered import texts
from tests.cast import ACCOUNTS, INSTITUTIONS
from vigie.annotate.annotating import classifiers
from vigie.annotate.batch import Batch, Known
from vigie.annotate.duplicates import Archive

POSTS, PEER_POSTS, BATCH = 6_000, 300, 1_000
LEAST = 3_000
SYLLABLES = [first + vowel for first in "bcdfglmnprstv" for vowel in ("a", "e", "i", "ou", "on")]


def main() -> int:
    """Measure both, print the ratio, and fail when the claim does not hold."""
    some = posts(POSTS)
    _shared(some[:BATCH])  # the lists are read once, however many posts come
    ours = POSTS / _seconds(lambda: _shared(some))
    theirs = PEER_POSTS / _seconds(lambda: _alone(some[:PEER_POSTS]))
    print(f"shared reading: {ours:8,.0f} posts/s")
    print(f" each by itself: {theirs:8,.0f} posts/s; ratio {ours / theirs:.1f}")
    return 0 if ours >= LEAST else 1


def posts(count: int) -> list[str]:
    """Return posts that name invented people and places: no two of them share those."""
    chance = random.Random(7)
    return [f"{text} {' '.join(_name(chance) for _ in range(4))}." for text in texts(count, seed=7)]


def _name(chance: random.Random) -> str:
    return "".join(chance.choice(SYLLABLES) for _ in range(chance.randint(2, 4))).capitalize()


def _known() -> Known:
    return Known(institutions=INSTITUTIONS, accounts=ACCOUNTS, read=Archive(expected=POSTS))


def _shared(posts: list[str]) -> None:
    known = _known()
    for start in range(0, len(posts), BATCH):
        some = posts[start : start + BATCH]
        batch = Batch(texts=some, names=[f"x:{start + n}" for n in range(len(some))], known=known)
        _ = batch.vectors
        for classifier in classifiers().values():
            classifier().classify(batch)


def _alone(posts: list[str]) -> None:
    known = _known()
    for place, post in enumerate(posts):
        for classifier in classifiers().values():
            classifier().classify(Batch(texts=[post], names=[f"x:{place}"], known=known))


def _seconds(work: Callable[[], None]) -> float:
    begun = time.process_time()
    work()
    return time.process_time() - begun


if __name__ == "__main__":
    sys.exit(main())
