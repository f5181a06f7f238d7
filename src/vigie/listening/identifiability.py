"""Can this institution be told from its peers? A machine learns to, and is then examined.

It is shown posts of the institution and as many of its peers, without any name, from one half of
the period, and must say of posts from the other half whose they are; then the halves change places.
The figure is the area under its curve: shown one post of the institution and one of a peer, how
often it gives the institution's the higher mark. One half is guessing. A season's campaign cannot
help it, for it is examined on another season.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from vigie.listening.corpus import Corpus, Places, balanced

if TYPE_CHECKING:
    from sklearn.linear_model import LogisticRegression

Floats = NDArray[np.float64]

N = 250
"""Posts of each side in a draw. The figure grows with it, so it is the same for everyone."""
DRAWS = 20
RESAMPLED = 10
"""Times the examination of a draw is resampled: few posts examined say less."""
TAIL = 0.05
"""Left out at each end of a 90 % interval."""
REGULAR = 1.0
"""The strength of the penalty (scikit-learn's C): its default, nothing was tuned."""


@dataclass(frozen=True, kw_only=True)
class Estimate:
    """A figure with the interval that holds nine draws in ten."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, kw_only=True)
class Identifiability:
    """How well an institution is told from its peers: 0.5 is guessing, 1 is always."""

    masked: Estimate
    """Without names: this is the figure."""
    as_posted: Estimate
    named: Estimate
    """How much of it is the institution naming itself: as posted minus masked."""
    cut: float
    """The moment that parts the two halves, in seconds."""


@dataclass(frozen=True, kw_only=True)
class Draw:
    """The posts of one draw, by half and side."""

    own: tuple[Places, Places]
    peers: tuple[Places, Places]


def identifiability(
    corpus: Corpus, institution: str, *, seed: int, draws: int = DRAWS, n: int = N
) -> Identifiability | None:
    """Tell an institution from its peers; none where it or they have fewer posts than a draw."""
    own = corpus.of(institution)
    if len(own) < n:
        return None
    # Posts stand in the order of time: half of its own came before this one.
    cut = float(corpus.moments[own[len(own) // 2]])
    made = list(_draws(corpus, own, cut, draws=draws, n=n, seed=seed))
    if not made:
        return None
    rng = np.random.default_rng([seed, 1])
    masked, shaken = _examined(corpus.masked, made, rng)
    plain, shaken_plain = _examined(corpus.as_posted, made, rng)
    return Identifiability(
        masked=_estimate(masked, shaken),
        as_posted=_estimate(plain, shaken_plain),
        named=_estimate(plain - masked, shaken_plain - shaken),
        cut=cut,
    )


def _draws(
    corpus: Corpus, own: Places, cut: float, *, draws: int, n: int, seed: int
) -> Iterator[Draw]:
    is_late = corpus.moments >= cut
    is_own = np.zeros(len(corpus), dtype=bool)
    is_own[own] = True
    sizes = (n // 2, n - n // 2)
    halves = [
        (own[is_late[own] == late], np.flatnonzero(~is_own & (is_late == late)))
        for late in (False, True)
    ]
    if any(len(side) < size for half, size in zip(halves, sizes, strict=True) for side in half):
        return
    for number in range(draws):
        rng = np.random.default_rng([seed, 0, number])
        drawn = [
            (
                rng.choice(ours, size, replace=False),
                balanced(theirs, corpus.owner, most=size, rng=rng),
            )
            for (ours, theirs), size in zip(halves, sizes, strict=True)
        ]
        yield Draw(own=(drawn[0][0], drawn[1][0]), peers=(drawn[0][1], drawn[1][1]))


def _examined(
    vectors: csr_matrix, made: list[Draw], rng: np.random.Generator
) -> tuple[Floats, Floats]:
    """Return the figure of each draw, and of each draw with its examination resampled."""
    figures, shaken = [], []
    for draw in made:
        marks = [_marks(vectors, draw, learned=half) for half in (0, 1)]
        figures.append(np.mean([area(own, peers) for own, peers in marks]))
        shaken += [
            np.mean([area(_again(own, rng), _again(peers, rng)) for own, peers in marks])
            for _time in range(RESAMPLED)
        ]
    return np.array(figures), np.array(shaken)


def _marks(vectors: csr_matrix, draw: Draw, *, learned: int) -> tuple[Floats, Floats]:
    """Learn from one half; return the marks of the other half's posts, its own and the peers'."""
    other = 1 - learned
    lesson = np.concatenate([draw.own[learned], draw.peers[learned]])
    whose = np.repeat([1, 0], [len(draw.own[learned]), len(draw.peers[learned])])
    machine = classifier().fit(vectors[lesson], whose)
    return (
        machine.decision_function(vectors[draw.own[other]]),
        machine.decision_function(vectors[draw.peers[other]]),
    )


def classifier() -> LogisticRegression:
    """Return the machine: a linear one, with nothing tuned."""
    # Heavy to load, and only for this.
    from sklearn.linear_model import LogisticRegression

    return LogisticRegression(
        C=REGULAR, solver="liblinear", dual=True, max_iter=200, random_state=0
    )


def area(own: Floats, peers: Floats) -> float:
    """Return how often a mark of the first is above one of the second; a tie is half."""
    ordered = np.sort(peers)
    below = np.searchsorted(ordered, own, side="left")
    beside = np.searchsorted(ordered, own, side="right") - below
    return float((below + beside / 2).sum() / (len(own) * len(peers)))


def _again(marks: Floats, rng: np.random.Generator) -> Floats:
    drawn: Floats = rng.choice(marks, len(marks))
    return drawn


def _estimate(figures: Floats, shaken: Floats) -> Estimate:
    low, high = np.quantile(shaken, [TAIL, 1 - TAIL])
    return Estimate(value=float(figures.mean()), low=float(low), high=float(high))
