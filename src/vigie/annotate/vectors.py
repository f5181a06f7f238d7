"""Texts as numbers: one reading of words, pairs of words and parts of words, shared by all."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from zlib import crc32

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix

from vigie.annotate.cleaning import STOP

WIDTH = 1 << 18
"""Numbers a text may have; two features fall on the same one seldom."""
SHORTEST, LONGEST = 3, 5
"""Letters of the parts of words."""
MOST_KNOWN = 200_000
"""Words whose features are kept between two batches."""

Places = npt.NDArray[np.int32]
_known: dict[str, Places] = {}


def vectorise(texts: Sequence[Sequence[str]]) -> csr_matrix:
    """Return one row for each text: 1 + log of how often each feature is there, of length 1."""
    rows, found = [0], []
    for signs in texts:
        parts = [_features(sign) for sign in signs if sign != STOP]
        pairs = [
            _place(f"{one} {other}") for one, other in pairwise(signs) if STOP not in (one, other)
        ]
        parts.append(np.asarray(pairs, dtype=np.int32))
        places = np.concatenate(parts)
        found.append(places)
        rows.append(rows[-1] + len(places))
    return _weighted(rows, found)


def _weighted(rows: list[int], found: list[Places]) -> csr_matrix:
    places = np.concatenate(found) if found else np.empty(0, dtype=np.int32)
    shape = (len(rows) - 1, WIDTH)
    counts = csr_matrix((np.ones(len(places), dtype=np.float32), places, rows), shape=shape)
    counts.sum_duplicates()
    counts.data = 1 + np.log(counts.data)
    squares = np.asarray(counts.multiply(counts).sum(axis=1)).ravel()
    lengths = np.repeat(np.sqrt(np.maximum(squares, 1e-12)), np.diff(counts.indptr))
    counts.data /= lengths.astype(np.float32)
    return counts


def _features(word: str) -> Places:
    found = _known.get(word)
    if found is None:
        if len(_known) >= MOST_KNOWN:
            _known.clear()
        found = _known[word] = np.asarray([_place(part) for part in parts_of(word)], dtype=np.int32)
    return found


def parts_of(word: str) -> list[str]:
    """Return a word and its parts of three to five letters, its beginning and end marked."""
    marked = f"<{word}>"
    return [word] + [
        marked[start : start + length]
        for length in range(SHORTEST, LONGEST + 1)
        for start in range(len(marked) - length + 1)
        if length < len(marked)
    ]


def _place(feature: str) -> int:
    return crc32(feature.encode()) % WIDTH
