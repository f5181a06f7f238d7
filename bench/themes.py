"""Themes of 26,000 posts, beside the LDA of scikit-learn on the same terms.

Run: python -m bench.themes
Claims: under 7 seconds of processor, and the same themes again: the adjusted Rand index between
themes of nine tenths of the posts and of all of them is at least 0.8 (LDA: between two seeds).
"""

from __future__ import annotations

import sys
import time

import numpy as np
from sklearn.decomposition import LatentDirichletAllocation
from sklearn.metrics import adjusted_rand_score

from bench.invented_posts import posts
from vigie.listening.themes import Known, themes
from vigie.listening.wordings import wordings

POSTS, THEMES, FOUND = 26_000, 25, 25
SECONDS, STABLE = 7.0, 0.8


def lda(texts: list[str], seed: int) -> np.ndarray:
    """Return the theme of each text by LDA."""
    said = wordings(texts, least=26, most=0.3)
    model = LatentDirichletAllocation(FOUND, learning_method="online", random_state=seed)
    found: np.ndarray = model.fit_transform(said.says).argmax(axis=1)
    return found


def main() -> int:
    """Print seconds and stability; fail when a claim does not hold."""
    texts, true = posts(POSTS, themes=THEMES, seed=1)
    began = time.process_time()
    whole = themes(texts, count=FOUND)
    ours = time.process_time() - began
    part = themes(texts[: POSTS * 9 // 10], count=FOUND)
    known = [
        Known(fingerprint=one.fingerprint, weights=dict(zip(one.terms, one.weights, strict=True)))
        for one in part.themes
    ]
    later = themes(texts, count=FOUND, known=known)
    kept = len({one.fingerprint for one in later.themes} & {one.fingerprint for one in part.themes})
    stable = adjusted_rand_score(part.of, whole.of[: len(part.of)])
    began = time.process_time()
    first = lda(texts, 1)
    theirs = time.process_time() - began
    unstable = adjusted_rand_score(first, lda(texts, 2))
    print(
        f"{POSTS} posts, {len(whole.themes)} themes: {ours:.2f} s of processor; LDA {theirs:.2f} s"
    )
    print(f"ratio LDA / ours: {theirs / ours:.1f}")
    print(f"the same themes again (Rand): {stable:.2f}; LDA from another seed: {unstable:.2f}")
    print(f"themes that keep their identity when a tenth is added: {kept} of {len(part.themes)}")
    print(f"agreement with the invented themes (Rand): {adjusted_rand_score(true, whole.of):.2f}; "
          f"LDA {adjusted_rand_score(true, first):.2f}")  # fmt: skip
    holds = ours < SECONDS and stable >= STABLE
    print("claim holds" if holds else f"claim fails: {SECONDS} s, {STABLE}")
    return 0 if holds else 1


if __name__ == "__main__":
    sys.exit(main())
