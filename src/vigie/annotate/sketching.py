"""Finds near copies in a large archive: a sketch of each text, buckets, letters compared."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import numpy.typing as npt
from rapidfuzz import fuzz

from vigie.annotate.shingles import Parts, shingled

BANDS, ROWS = 32, 2
"""Two texts share a bucket when both numbers of one band agree: likely from a third of parts."""
ALIKE = 85.0
"""Percent of letters in common from which two texts say the same."""
CUT = 0.5
"""A text cut short still counts when at least this share of the other is left."""
ALIKE_CUT = 95.0
MOST_TRIED = 30
"""Candidates compared letter by letter, those that share most buckets."""
MOST_SHARING = 200
"""Texts of a bucket that are looked at."""
FIELD = 1 << 32
SEED = 20_260

Keys = npt.NDArray[np.uint64]


class Sketched:
    """The texts seen so far, by their sketches."""

    def __init__(self) -> None:
        chance = np.random.default_rng(SEED)
        shape = (BANDS * ROWS, 1)
        self._times = chance.integers(1 << 62, 1 << 63, shape, dtype=np.uint64) | np.uint64(1)
        self._plus = chance.integers(0, 1 << 63, shape, dtype=np.uint64)
        self._keys: Keys = np.empty((0, BANDS), dtype=np.uint64)
        self._texts: list[str] = []

    def nearest(self, texts: Sequence[str]) -> list[tuple[int, float] | None]:
        """Add texts; return for each the earliest alike enough, its own place excepted."""
        before = len(self._texts)
        self._texts += texts
        parts, rows = shingled(texts)
        new = [self._sketch(parts[start:end]) for start, end in pairwise(rows)]
        self._keys = np.concatenate([self._keys, *(sketch[None] for sketch in new)])
        candidates = self._candidates(before)
        return [
            self._verified(before + place, sorted(found)) for place, found in enumerate(candidates)
        ]

    def _sketch(self, parts: Parts) -> Keys:
        mixed = self._times * (parts.astype(np.uint64) + np.uint64(1)) + self._plus
        numbers = (mixed >> np.uint64(24)).min(axis=1)
        bands: Keys = numbers.reshape(BANDS, ROWS)
        keys: Keys = bands[:, 0] * np.uint64(0x9E3779B97F4A7C15)
        for place in range(1, ROWS):
            keys = (keys ^ bands[:, place]) * np.uint64(0xC2B2AE3D27D4EB4F)
        return keys

    def _candidates(self, before: int) -> list[list[int]]:
        """Return for each new text the earlier ones that share most buckets with it."""
        shared = [self._sharing(self._keys[:, band], before) for band in range(BANDS)]
        pairs = np.concatenate(shared) if shared else np.empty(0, dtype=np.int64)
        known, counts = np.unique(pairs, return_counts=True)
        found: list[list[int]] = [[] for _ in range(len(self._texts) - before)]
        for place in np.argsort(-counts, kind="stable"):
            new, other = divmod(int(known[place]), FIELD)
            if len(found[new]) < MOST_TRIED:
                found[new].append(other)
        return found

    def _sharing(self, keys: Keys, before: int) -> npt.NDArray[np.int64]:
        """Return the pairs of a new text and an earlier one in one bucket, each as one number."""
        order = np.argsort(keys, kind="stable")
        ranked, new = keys[order], keys[before:]
        first = np.searchsorted(ranked, new, side="left")
        size = np.minimum(np.searchsorted(ranked, new, side="right") - first, MOST_SHARING)
        rows = np.repeat(np.arange(len(new)), size)
        inside = np.arange(len(rows)) - np.repeat(np.cumsum(size) - size, size)
        others = order[first[rows] + inside]
        pairs: npt.NDArray[np.int64] = (rows * FIELD + others)[others < before + rows]
        return pairs

    def _verified(self, place: int, candidates: Sequence[int]) -> tuple[int, float] | None:
        text = self._texts[place]
        for other in candidates:
            alike = _alike(text, self._texts[other])
            if alike:
                return other, alike / 100
        return None


def _alike(one: str, other: str) -> float:
    """Return the percent of letters in common, or 0 when it is too little."""
    whole = fuzz.ratio(one, other, score_cutoff=ALIKE)
    if whole or min(len(one), len(other)) < CUT * max(len(one), len(other)):
        return whole
    return fuzz.partial_ratio(one, other, score_cutoff=ALIKE_CUT)
