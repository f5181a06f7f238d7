"""Turns texts into the words they hold, each with where it stands: the heart of a concordance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from vigie.listening.folding import END, LINK, folded_together

TOGETHER = 256
"""Texts folded at once."""

Numbers = npt.NDArray[np.int32]


@dataclass(frozen=True, kw_only=True)
class Occurrences:
    """Every occurrence of every term, in the order of terms, posts and positions."""

    terms: pa.Array
    """Each term once, in order; hashtags and handles in one piece carry their mark."""
    counts: Numbers
    """How often each occurs."""
    posts: Numbers
    positions: Numbers
    """The place among the words of its post; of a marked term it means nothing."""


@dataclass(kw_only=True)
class Words:
    """Takes in texts one batch after the other and remembers their words as numbers."""

    posts: int = 0
    _terms: list[pa.DictionaryArray] = field(default_factory=list)
    _posts: list[Numbers] = field(default_factory=list)
    _positions: list[Numbers] = field(default_factory=list)

    def add(self, texts: Sequence[str | None]) -> None:
        """Take in texts; the first is post number ``posts``."""
        for start in range(0, len(texts), TOGETHER):
            self._add(texts[start : start + TOGETHER])

    def _add(self, texts: Sequence[str | None]) -> None:
        words, pieces = folded_together(texts)
        said = pa.array(words, pa.string())
        is_end = pc.equal(said, END).to_numpy(zero_copy_only=False)
        posts = np.cumsum(is_end, dtype=np.int32)
        starts = np.concatenate([[0], np.flatnonzero(is_end) + 1])
        positions = (np.arange(len(words)) - starts[posts]).astype(np.int32)
        keep = ~is_end
        # Of links only that there is one: nearly each of them is the only one of its kind.
        named = [(n, LINK if piece.startswith(LINK) else piece) for n, piece in pieces]
        marked = pa.array([piece for _number, piece in named], pa.string())
        numbers = np.array([number for number, _piece in named], np.int32)
        self._terms.append(
            pa.concat_arrays([said.filter(pa.array(keep)), marked]).dictionary_encode()
        )
        self._posts.append(np.concatenate([posts[keep], numbers]) + np.int32(self.posts))
        self._positions.append(np.concatenate([positions[keep], np.zeros_like(numbers)]))
        self.posts += len(texts)

    def occurrences(self) -> Occurrences:
        """Return every occurrence, sorted."""
        if not self._terms:
            empty = np.zeros(0, np.int32)
            return Occurrences(
                terms=pa.array([], pa.string()), counts=empty, posts=empty, positions=empty
            )
        whole = pa.chunked_array(self._terms).unify_dictionaries().combine_chunks()
        order = pc.sort_indices(whole.dictionary).to_numpy()
        ranks = np.empty(len(order), np.int32)
        ranks[order] = np.arange(len(order), dtype=np.int32)
        codes = ranks[whole.indices.to_numpy()]
        posts, positions = np.concatenate(self._posts), np.concatenate(self._positions)
        # Posts came in their order, and the words of each in theirs.
        places = np.argsort(codes, kind="stable")
        return Occurrences(
            terms=whole.dictionary.take(pa.array(order)),
            counts=np.bincount(codes, minlength=len(order)).astype(np.int32),
            posts=posts[places],
            positions=positions[places],
        )
