"""Compares each text with each, by their weighed parts of five letters."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from rapidfuzz import fuzz
from scipy.sparse import csr_matrix, vstack

from vigie.annotate.shingles import WIDTH, shingled

ALIKE = 0.6
"""Cosine from which two texts say the same."""
ALIKE_PARTLY, ALIKE_LETTERS = 0.35, 85.0
"""Below, letters decide: slips of the finger spoil many parts and few letters."""
ALONE = 0.3
"""What a part found in no other text weighs: it may be a slip of the finger."""
SEARCHED = 20
"""Parts of each text, the rarest it shares with any, by which candidates are searched."""
SHARED = 0.08
"""How alike the searched parts must be for the whole texts to be compared."""
TURN = 1_000
"""Texts compared with all others at once."""
GROWTH = 1.5
"""How much an archive grows before its parts are weighed anew."""

Near = tuple[int, float] | None


class Compared:
    """The texts seen so far, by their parts."""

    def __init__(self) -> None:
        self._counts = csr_matrix((0, WIDTH), dtype=np.float32)
        self._having = np.zeros(WIDTH, dtype=np.int64)
        self._weighed = self._counts
        self._weighed_at = 0
        self._texts: list[str] = []

    def nearest(self, texts: Sequence[str]) -> list[Near]:
        """Add texts; return for each the earliest alike enough among those before it."""
        if not texts:
            return []
        before = self._counts.shape[0]
        self._texts += texts
        self._add(_counted(texts))
        turned = self._weighed.T.tocsr()
        found: list[Near] = []
        for start in range(before, self._counts.shape[0], TURN):
            found += self._turn(start, turned)
        return found

    def _add(self, new: csr_matrix) -> None:
        self._having += np.bincount(new.indices, minlength=WIDTH)
        self._counts = vstack([self._counts, new], format="csr")
        total = self._counts.shape[0]
        if total > self._weighed_at * GROWTH:
            self._weighed_at = total
            self._weighed = csr_matrix((0, WIDTH), dtype=np.float32)
            new = self._counts
        self._weighed = vstack([self._weighed, _weigh(new, self._rarity(total))], format="csr")

    def _rarity(self, total: int) -> npt.NDArray[np.float32]:
        rarity = np.log((1 + total) / (1 + self._having)) + 1
        rarity[self._having <= 1] *= ALONE
        found: npt.NDArray[np.float32] = rarity.astype(np.float32)
        return found

    def _turn(self, start: int, turned: csr_matrix) -> list[Near]:
        """Return of some rows the earliest text before each that is alike, all parts weighed."""
        rows = _rarest(self._weighed[start : start + TURN], self._having)
        pairs = (rows @ turned).tocoo()
        is_near = (pairs.data >= SHARED) & (pairs.col < pairs.row + start)
        row, col = pairs.row[is_near], pairs.col[is_near]
        alike = np.empty(len(row), dtype=np.float32)
        for part in range(0, len(row), 100_000):
            chosen = slice(part, part + 100_000)
            both = self._weighed[row[chosen] + start].multiply(self._weighed[col[chosen]])
            alike[chosen] = np.asarray(both.sum(axis=1)).ravel()
        found: list[Near] = [None] * rows.shape[0]
        for place in np.flatnonzero(alike >= ALIKE_PARTLY):
            new, other = int(row[place]), int(col[place])
            known = found[new]
            if known is not None and known[0] <= other:
                continue
            sure = self._sure(float(alike[place]), start + new, other)
            found[new] = (other, sure) if sure else known
        return found

    def _sure(self, alike: float, one: int, other: int) -> float:
        if alike >= ALIKE:
            return min(alike, 1.0)
        both = fuzz.ratio(self._texts[one], self._texts[other], score_cutoff=ALIKE_LETTERS)
        return both / 100


def _counted(texts: Sequence[str]) -> csr_matrix:
    parts, rows = shingled(texts)
    ones = np.ones(len(parts), dtype=np.float32)
    counts = csr_matrix((ones, parts, rows), shape=(len(texts), WIDTH))
    counts.sum_duplicates()
    return counts


def _weigh(counts: csr_matrix, rarity: npt.NDArray[np.float32]) -> csr_matrix:
    weighed = counts.copy()
    weighed.data = (1 + np.log(counts.data)) * rarity[counts.indices]
    return _normal(weighed)


def _rarest(weighed: csr_matrix, having: npt.NDArray[np.int64]) -> csr_matrix:
    """Return each text by the rarest of the parts that it shares with another."""
    rows = np.repeat(np.arange(weighed.shape[0]), np.diff(weighed.indptr))
    weights = np.where(having[weighed.indices] > 1, weighed.data, 0)
    order = np.lexsort((weighed.indices, -weights, rows))
    rank = np.arange(len(rows)) - weighed.indptr[rows]
    kept = order[(rank < SEARCHED) & (weights[order] > 0)]
    places = (rows[kept], weighed.indices[kept])
    return _normal(csr_matrix((weights[kept], places), shape=weighed.shape))


def _normal(rows: csr_matrix) -> csr_matrix:
    """Return rows of length 1."""
    squares = np.asarray(rows.multiply(rows).sum(axis=1)).ravel()
    lengths = np.sqrt(np.maximum(squares, 1e-12)).astype(np.float32)
    rows.data = rows.data / np.repeat(lengths, np.diff(rows.indptr))
    return rows
