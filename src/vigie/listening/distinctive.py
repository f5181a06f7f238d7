"""Which terms an institution uses more than its peers, in two periods of time.

Log-odds with a prior (see ``driving``): a term stands out when it is used more often than chance
allows, given how often everybody uses it. A term that stands out in one half of the period only is
a campaign; one that does so in both is a speciality, or a habit of writing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vigie.listening.corpus import Corpus, Places, balanced
from vigie.listening.driving import log_odds
from vigie.listening.style_words import is_style
from vigie.listening.wordings import Wordings, wordings

Floats = NDArray[np.float64]

SURE = 3.3
"""The standard normal's 99.95 % point: of 2,000 terms that nobody uses more, one stands out."""
LEAST_POSTS = 5
"""A term that fewer posts of a group use is nobody's speciality."""
AGAIN = 1.6448536269514722
"""It must stand out in each half by itself: the standard normal's 95 % point."""
PEERS = 4
"""Posts of the peers that are looked at for one of the institution's."""
MOSTLY = 0.7
"""A term is an echo of a surer one when so many of its posts use that as well."""
EVERYWHERE = 0.01
"""Common ground is in one post in a hundred of every institution, and nobody stands out by it."""


@dataclass(frozen=True, kw_only=True)
class Distinctive:
    """A term, how far it stands out, and how many posts use it."""

    term: str
    """Folded."""
    written: str
    """As it is most often written."""
    z: float
    by_half: tuple[float, float]
    own: int
    own_of: int
    peers: int
    peers_of: int
    is_style: bool


def terms_of(corpus: Corpus) -> Wordings:
    """Return which post uses which term, without names and empty words."""
    return wordings([one.masked for one in corpus.spoken], least=LEAST_POSTS)


@dataclass(frozen=True, kw_only=True)
class Halves:
    """The posts of an institution and those it is compared with, before and after a moment."""

    own: tuple[Places, Places]
    peers: tuple[Places, Places]

    @classmethod
    def of(cls, corpus: Corpus, institution: str, *, cut: float, seed: int) -> Halves:
        """Take all posts of an institution, and of its peers as many each."""
        owner = corpus.institutions.index(institution)
        is_late = corpus.moments >= cut
        is_own = corpus.owner == owner
        own = tuple(np.flatnonzero(is_own & (is_late == late)) for late in (False, True))
        peers = tuple(
            balanced(
                np.flatnonzero(~is_own & (is_late == late)),
                corpus.owner,
                most=PEERS * len(own[late]),
                rng=np.random.default_rng([seed, 2, late]),
            )
            for late in (0, 1)
        )
        return cls(own=(own[0], own[1]), peers=(peers[0], peers[1]))

    @property
    def every_own(self) -> Places:
        """Return the institution's posts of both halves."""
        return np.concatenate(self.own)

    @property
    def every_peer(self) -> Places:
        """Return the peers' posts of both halves."""
        return np.concatenate(self.peers)


def distinctive(terms: Wordings, halves: Halves) -> list[Distinctive]:
    """Return every term that stands out, and does so in both halves, the surest first."""
    own = [_sums(terms, places) for places in halves.own]
    peers = [_sums(terms, places) for places in halves.peers]
    by_half = [_z(mine, theirs) for mine, theirs in zip(own, peers, strict=True)]
    z = _z(own[0] + own[1], peers[0] + peers[1])
    columns = np.flatnonzero((z > SURE) & (by_half[0] > AGAIN) & (by_half[1] > AGAIN))
    columns = columns[np.argsort(-z[columns], kind="stable")]
    said = {int(one): set(_saying(terms, int(one), halves.every_own)) for one in columns}
    kept: list[int] = []
    for column in map(int, columns):
        if not any(_is_echo(terms, column, surer, said) for surer in kept):
            kept.append(column)
    return [
        Distinctive(
            term=terms.terms[column],
            written=terms.written(column),
            z=float(z[column]),
            by_half=(float(by_half[0][column]), float(by_half[1][column])),
            own=int(own[0][column] + own[1][column]),
            own_of=len(halves.every_own),
            peers=int(peers[0][column] + peers[1][column]),
            peers_of=len(halves.every_peer),
            is_style=is_style(terms.terms[column]),
        )
        for column in kept
    ]


def common_ground(corpus: Corpus, terms: Wordings, *, most: int) -> list[str]:
    """Return what everybody speaks of alike, as it is written, the most used first."""
    used = np.stack([_sums(terms, corpus.of(one)) for one in corpus.institutions])
    written = np.array([len(corpus.of(one)) for one in corpus.institutions])
    whole = used.sum(axis=0)
    alike = (used >= EVERYWHERE * written[:, None]).all(axis=0)
    for mine in used:
        alike &= np.abs(_z(mine, whole - mine)) <= SURE
    columns = np.flatnonzero(alike)
    columns = columns[np.argsort(-whole[columns], kind="stable")]
    return [terms.written(int(one)) for one in columns if not is_style(terms.terms[one])][:most]


def _z(mine: Floats, theirs: Floats) -> Floats:
    delta, deviation = log_odds(mine, theirs)
    # A term that nobody used here differs from nothing.
    found: Floats = np.where(mine + theirs > 0, delta / deviation, 0.0)
    return found


def _sums(terms: Wordings, places: Places) -> Floats:
    found: Floats = np.asarray(terms.says[places].sum(axis=0), dtype=np.float64).ravel()
    return found


def _saying(terms: Wordings, column: int, places: Places) -> Sequence[int]:
    rows: Sequence[int] = np.intersect1d(terms.saying(column), places).tolist()
    return rows


def _is_echo(terms: Wordings, column: int, surer: int, said: dict[int, set[int]]) -> bool:
    """Say whether a term shares a word and most of its posts with a surer one."""
    if not set(terms.terms[column].split()) & set(terms.terms[surer].split()):
        return False
    return len(said[column] & said[surer]) >= MOSTLY * len(said[column])
