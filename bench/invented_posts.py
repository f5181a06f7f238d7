"""Posts of invented words: common ones, and those of the theme each post is of."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

SYLLABLES = ("ba", "ce", "di", "fo", "gu", "la", "me", "ni", "po", "ru", "sa", "te", "vi", "zo")
COMMON, PER_THEME = 3_000, 60
LENGTH = (12, 32)
OF_THEME = 0.35
"""The share of a post's words that are its theme's."""


def vocabulary(count: int, seed: int = 0) -> list[str]:
    """Return so many words."""
    rng = np.random.default_rng(seed)
    words: dict[str, None] = {}
    while len(words) < count:
        words["".join(rng.choice(SYLLABLES, rng.integers(3, 6)))] = None
    return list(words)


def posts(count: int, *, themes: int, seed: int) -> tuple[list[str], NDArray[np.int64]]:
    """Return posts, and the theme each is of."""
    rng = np.random.default_rng(seed)
    words = np.array(vocabulary(COMMON + themes * PER_THEME))
    common = 1 / np.arange(2, COMMON + 2)
    common /= common.sum()
    own = 1 / np.arange(2, PER_THEME + 2)
    own /= own.sum()
    of = rng.integers(0, themes, count)
    texts = []
    for theme in of:
        length = int(rng.integers(*LENGTH))
        mine = rng.random(length) < OF_THEME
        chosen = rng.choice(COMMON, length, p=common)
        chosen[mine] = COMMON + theme * PER_THEME + rng.choice(PER_THEME, int(mine.sum()), p=own)
        texts.append(" ".join(words[chosen]))
    return texts, of
