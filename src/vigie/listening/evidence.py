"""Posts that show what an institution is known for: evidence that anyone can read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from vigie.listening.corpus import Corpus
from vigie.listening.distinctive import Distinctive, Halves
from vigie.listening.wordings import Wordings

SHOWN = 10
FADING = 0.5
"""A term counts half as much each time a post has shown it already."""
LEAST_LETTERS = 60
"""Shorter posts show too little."""


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """A post, and which distinctive terms it uses."""

    network: str
    post: str
    terms: tuple[str, ...]


def evidence(
    corpus: Corpus, terms: Wordings, halves: Halves, found: Sequence[Distinctive]
) -> list[Evidence]:
    """Choose posts that together show most of the terms, from both halves by turns."""
    sought = [one for one in found if not one.is_style]
    columns = [terms.place(one.term) for one in sought]
    known = [column for column in columns if column is not None]
    if not known:
        return []
    worth = np.array(
        [one.z for one, column in zip(sought, columns, strict=True) if column is not None]
    )
    says = terms.says[:, known].toarray() > 0
    long_enough = np.array([len(post.text) >= LEAST_LETTERS for post in corpus.posts], dtype=bool)
    left = [[place for place in half if long_enough[place]] for half in halves.own]
    chosen: list[int] = []
    while len(chosen) < SHOWN and any(left):
        half = left[len(chosen) % 2] or left[(len(chosen) + 1) % 2]
        best = max(half, key=lambda place: (float(worth[says[place]].sum()), -place))
        if not says[best].any():
            half.clear()
            continue
        half.remove(best)
        chosen.append(best)
        worth = np.where(says[best], worth * FADING, worth)
    return [
        Evidence(
            network=corpus.posts[place].network,
            post=corpus.posts[place].post,
            terms=tuple(terms.terms[known[one]] for one in np.flatnonzero(says[place])),
        )
        for place in chosen
    ]
