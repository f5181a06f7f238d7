"""The terms that set some posts apart from others: log-odds with a prior, and an interval.

How many times as often a term is said in these posts as in those before (a ratio of odds), drawn
towards no difference by a prior as heavy as the window at least, so that what three people said is
not taken for a landslide (Monroe, Colaresi and Quinn 2008).
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from vigie.listening.forecast import Numbers
from vigie.listening.wordings import Places, Wordings, without_echoes, wordings

LEAST_MASS = 1_000.0
"""The prior weighs so many words, or as many as the window has."""
LEAST_AUTHORS = 3
Z = 1.6448536269514722
"""The interval holds 90 %."""
MOST_TERMS = 12
LOOKED_AT = 5
"""Times as many terms are looked at as are told: some are echoes of others."""


@dataclass(frozen=True, kw_only=True)
class Driving:
    """A term that these posts say more often than those before."""

    term: str
    """Folded."""
    written: str
    """As it is most often written."""
    rows: tuple[int, ...]
    """Which of the posts say it."""
    authors: int
    before: int
    """Posts before that say it."""
    times: float
    """How many times as often, as odds."""
    low: float
    high: float
    z: float


def driving(
    texts: Sequence[str | None],
    authors: Sequence[Hashable],
    before: Sequence[str | None],
    *,
    most: int = MOST_TERMS,
) -> list[Driving]:
    """Return the terms that set texts apart from those before, the surest first."""
    both = wordings([*texts, *before])
    now, then = both.says[: len(texts)], both.says[len(texts) :]
    said, said_before = _sums(now), _sums(then)
    delta, deviation = log_odds(said, said_before)
    surely = np.flatnonzero((said >= LEAST_AUTHORS) & (delta > Z * deviation))
    order = surely[np.argsort(-delta[surely] / deviation[surely], kind="stable")]
    found = [
        Driving(
            term=both.terms[column],
            written=both.written(column),
            rows=rows,
            authors=len({authors[row] for row in rows}),
            before=int(said_before[column]),
            times=float(np.exp(delta[column])),
            low=float(np.exp(delta[column] - Z * deviation[column])),
            high=float(np.exp(delta[column] + Z * deviation[column])),
            z=float(delta[column] / deviation[column]),
        )
        for column, rows in _told(both, order, authors, enough=LOOKED_AT * most)
    ]
    kept = without_echoes([(one.term, one.rows) for one in found])
    return [found[place] for place in kept[:most]]


def log_odds(said: Numbers, before: Numbers) -> tuple[Numbers, Numbers]:
    """Return by term the log of the ratio of odds, and its standard deviation."""
    both = said + before
    words = max(float(both.sum()), 1.0)
    prior = both / words * max(LEAST_MASS, float(said.sum()))
    delta: Numbers = _odds(said, prior) - _odds(before, prior)
    deviation: Numbers = np.sqrt(
        1 / np.maximum(said + prior, 1e-9) + 1 / np.maximum(before + prior, 1e-9)
    )
    return delta, deviation


def _odds(said: Numbers, prior: Numbers) -> Numbers:
    one = said + prior
    other = one.sum() - one
    found: Numbers = np.log(np.maximum(one, 1e-9)) - np.log(np.maximum(other, 1e-9))
    return found


def _told(
    both: Wordings, order: Places, authors: Sequence[Hashable], *, enough: int
) -> Iterator[tuple[int, tuple[int, ...]]]:
    """Yield the first terms that enough persons say, with the posts that say them."""
    found = 0
    for column in order:
        saying = both.saying(column)
        rows = tuple(int(row) for row in saying[saying < len(authors)])
        if len({authors[row] for row in rows}) >= LEAST_AUTHORS:
            found += 1
            yield int(column), rows
        if found >= enough:
            return


def _sums(says: sparse.csr_array) -> Numbers:
    return np.asarray(says.sum(axis=0), dtype=float).ravel()
