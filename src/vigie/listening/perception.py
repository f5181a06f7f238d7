"""Does the public use an institution's own words when it speaks of it?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from vigie.listening.corpus import balanced
from vigie.listening.distinctive import Distinctive
from vigie.listening.masking import Mask
from vigie.listening.wordings import wordings

TERMS = 30
"""The institution's most distinctive terms that are looked for."""
LEAST_MENTIONS = 100
LEAST_AUTHORS = 5
"""A word that fewer people used is not the public's, and small cells are not shown."""


@dataclass(frozen=True, kw_only=True)
class PublicPost:
    """A mention of an institution, as far as perception reads it."""

    institution: str
    author: str
    text: str


@dataclass(frozen=True, kw_only=True)
class Perception:
    """How many of an institution's distinctive terms its public uses."""

    terms: int
    """Looked for: 30, or as many as there are."""
    heard: tuple[str, ...]
    """Those that at least five people used, as terms."""
    by_chance: int
    """Those that at least five people used in as many mentions of its peers."""
    mentions: int

    @property
    def recall(self) -> float:
        """The share of its terms that its public uses."""
        return len(self.heard) / self.terms if self.terms else 0.0


def perception(
    found: Sequence[Distinctive],
    mentions: Sequence[PublicPost],
    institution: str,
    *,
    mask: Mask,
    seed: int,
) -> Perception | None:
    """Look for the terms in what is said of an institution; none where too little is said.

    Of its peers as many mentions are looked at, in equal parts: some words everybody uses.
    """
    places = np.array([one.institution == institution for one in mentions], dtype=bool)
    sought = [one.term for one in found[:TERMS]]
    if places.sum() < LEAST_MENTIONS or not sought:
        return None
    number = {name: place for place, name in enumerate(sorted({m.institution for m in mentions}))}
    owner = np.array([number[one.institution] for one in mentions], dtype=np.int64)
    others = balanced(
        np.flatnonzero(~places), owner, most=int(places.sum()), rng=np.random.default_rng([seed, 3])
    )
    heard = _heard(sought, (mentions[int(one)] for one in np.flatnonzero(places)), mask)
    there = _heard(sought, (mentions[int(one)] for one in others), mask)
    return Perception(
        terms=len(sought),
        heard=tuple(term for term in sought if heard[term] >= LEAST_AUTHORS),
        by_chance=sum(count >= LEAST_AUTHORS for count in there.values()),
        mentions=int(places.sum()),
    )


def _heard(sought: Sequence[str], mentions: Iterable[PublicPost], mask: Mask) -> Mapping[str, int]:
    """Return how many people used each term."""
    said = list(mentions)
    terms = wordings([mask.spoken(one.text).masked for one in said])
    counts = {}
    for term in sought:
        column = terms.place(term)
        rows = () if column is None else terms.saying(column)
        counts[term] = len({said[int(row)].author for row in rows})
    return counts
