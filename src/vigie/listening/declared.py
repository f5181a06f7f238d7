"""What an institution says it is known for, held against what its posts say."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from vigie.listening.corpus import Corpus
from vigie.listening.distinctive import AGAIN, SURE, Distinctive, Halves
from vigie.listening.folding import words_of
from vigie.listening.kept import KeptSpeciality
from vigie.listening.wordings import Wordings

Flags = NDArray[np.bool_]

THROUGH, ALIKE, SILENT = "through", "alike", "silent"
"""It comes through; it is said, but no more than by peers; it is not said at all."""
ENDINGS = "(?:s|x|es|n|en|e)?"
"""A plural is the same word."""
COVERED = 0.8
"""A term belongs to a speciality when so many of the posts that say it speak of the speciality."""


@dataclass(frozen=True, kw_only=True)
class Declared:
    """A declared speciality, and whether it comes through."""

    name: str
    words: tuple[str, ...]
    state: str
    own: int
    """Posts of the institution that speak of it."""
    own_of: int
    peers: int
    peers_of: int
    z: float
    """By how many standard deviations more posts speak of it than of the peers'."""


@dataclass(frozen=True, kw_only=True)
class Spoken:
    """The posts of a corpus, folded, in which declared words are looked for."""

    corpus: Corpus

    @cached_property
    def texts(self) -> list[str]:
        """Every post without names, folded: only declared specialities need it."""
        return [" ".join(words_of(one.masked)) for one in self.corpus.spoken]

    def of(self, speciality: KeptSpeciality) -> Flags:
        """Say of every post whether it speaks of a speciality."""
        pattern = pattern_of(speciality.words)
        return np.array([bool(pattern.search(text)) for text in self.texts], dtype=bool)


def pattern_of(words: Sequence[str]) -> re.Pattern[str]:
    """Return what finds these words and phrases, with their plurals; ``*`` ends a stem."""
    parts = []
    for word in words:
        folded = " ".join(words_of(word.rstrip("*")))
        if folded:
            ending = r"\w*" if word.endswith("*") else ENDINGS
            parts.append(re.escape(folded) + ending)
    return re.compile(rf"(?<!\w)(?:{'|'.join(parts)})(?!\w)" if parts else r"(?!)")


def declared(
    spoken: Spoken, halves: Halves, specialities: Sequence[KeptSpeciality]
) -> list[Declared]:
    """Say of each declared speciality whether it comes through."""
    return [_declared(spoken.of(one), halves, one) for one in specialities]


def _declared(flags: Flags, halves: Halves, speciality: KeptSpeciality) -> Declared:
    own = [int(flags[places].sum()) for places in halves.own]
    peers = [int(flags[places].sum()) for places in halves.peers]
    own_of = [len(places) for places in halves.own]
    peers_of = [len(places) for places in halves.peers]
    by_half = [_z(*counts) for counts in zip(own, own_of, peers, peers_of, strict=True)]
    z = _z(sum(own), sum(own_of), sum(peers), sum(peers_of))
    comes = z > SURE and min(by_half) > AGAIN
    return Declared(
        name=speciality.name,
        words=speciality.words,
        state=THROUGH if comes else ALIKE if sum(own) else SILENT,
        own=sum(own),
        own_of=sum(own_of),
        peers=sum(peers),
        peers_of=sum(peers_of),
        z=z,
    )


def _z(own: int, own_of: int, peers: int, peers_of: int) -> float:
    """Return by how many standard deviations the share that speaks of it is higher."""
    if not own_of or not peers_of:
        return 0.0
    whole = (own + peers) / (own_of + peers_of)
    spread = math.sqrt(whole * (1 - whole) * (1 / own_of + 1 / peers_of))
    return (own / own_of - peers / peers_of) / spread if spread else 0.0


def undeclared(
    terms: Wordings,
    spoken: Spoken,
    halves: Halves,
    found: Sequence[Distinctive],
    specialities: Sequence[KeptSpeciality],
) -> list[str]:
    """Return the terms that come through though no declared speciality speaks of them."""
    flags = np.zeros(len(spoken.corpus), dtype=bool)
    for speciality in specialities:
        flags |= spoken.of(speciality)
    own = halves.every_own
    rest = []
    for one in found:
        column = terms.place(one.term)
        saying = np.intersect1d(terms.saying(column), own) if column is not None else own[:0]
        if flags[saying].sum() < COVERED * max(len(saying), 1):
            rest.append(one.term)
    return rest
