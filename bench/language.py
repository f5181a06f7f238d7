"""The language of 18,000 short posts is told in a second on one core.

Claim: at least 18,000 posts per second of one core's time, cleaning included. Input: 20,000
invented posts cut to 120 letters. Peer: py3langid asked one text at a time, restricted to the same
languages. How often it is right is told on the posts of eight Swiss institutions, where they lie
beside the project: the network's own guess is the reference there.
"""

from __future__ import annotations

import csv
import sys
import time
from collections.abc import Callable
from pathlib import Path

from py3langid.langid import LanguageIdentifier

from tests.annotate.altered import texts
from vigie.annotate.cleaning import clean
from vigie.annotate.languages import EXPECTED, tell_languages

POSTS, LETTERS, BATCH = 20_000, 120, 1_000
LEAST = 18_000
SWISS = Path(__file__).parents[2] / "shared" / "data" / "swiss-posts-2009-2023.csv"


def main() -> int:
    """Measure both, print the ratio, and fail when the claim does not hold."""
    posts = [text[:LETTERS] for text in texts(POSTS, seed=9)]
    _ours(posts[:BATCH])
    peer = LanguageIdentifier.from_model_file("data/model.npz.xz")
    peer.set_languages(EXPECTED)
    ours = POSTS / _seconds(lambda: _ours(posts))
    theirs = POSTS / _seconds(lambda: [peer.classify(post) for post in posts])
    print(f"     vigie: {ours:8,.0f} posts/s")
    print(f" py3langid: {theirs:8,.0f} posts/s; ratio {ours / theirs:.1f}")
    if SWISS.exists():
        _accuracy()
    return 0 if ours >= LEAST else 1


def _ours(posts: list[str]) -> list[str | None]:
    found: list[str | None] = []
    for start in range(0, len(posts), BATCH):
        some = [clean(post).text for post in posts[start : start + BATCH]]
        found += tell_languages(some).languages
    return found


def _accuracy() -> None:
    with SWISS.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["lang"] in {"de", "en", "fr", "it"}]
    told = _ours([row["full_text"] for row in rows])
    for code in ("de", "en", "fr", "it"):
        mine = [found for row, found in zip(rows, told, strict=True) if row["lang"] == code]
        right = sum(found == code for found in mine) / len(mine)
        unknown = sum(found is None for found in mine) / len(mine)
        print(f"{code:>10}: {right:.1%} as the network says, {unknown:.1%} unknown, of {len(mine)}")


def _seconds(work: Callable[[], object]) -> float:
    begun = time.process_time()
    work()
    return time.process_time() - begun


if __name__ == "__main__":
    sys.exit(main())
