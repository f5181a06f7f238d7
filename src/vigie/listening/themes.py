"""What is spoken of, in fifteen to thirty themes that stay the same from run to run.

Non-negative factors of TF-IDF from a fixed start (``nndsvd``): the same texts give the same themes.
Later texts start from the themes known before, and what comes out is matched with them by its
strongest terms, so that a theme keeps the name a person gave it.
"""

from __future__ import annotations

import hashlib
import warnings
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.optimize import linear_sum_assignment

from vigie.listening.wordings import Wordings, wordings

Weights = NDArray[np.float32]
Places = NDArray[np.int64]

FEWEST_TEXTS = 100
"""With fewer there is no speaking of themes."""
FEWEST, MOST = 15, 30
TEXTS_PER_THEME = 60
"""Below fifteen themes' worth of texts there are fewer themes."""
LEAST_SHARE, MOST_SHARE = 0.001, 0.3
"""Terms that fewer or more of the texts say tell no theme."""
LEAST_TEXTS = 3
MOST_TERMS = 6_000
ROUNDS = 120
TOLERANCE = 1e-3
TOP = 12
"""Terms that tell a theme, and by which it is found again."""
SAME = 0.25
"""Themes of two runs are the same from this likeness of their terms on."""
NO_THEME = -1
NAMED_BY = 3


@dataclass(frozen=True, kw_only=True)
class Theme:
    """What a group of texts has in common."""

    terms: tuple[str, ...]
    """The strongest first, folded."""
    weights: tuple[float, ...]
    written: tuple[str, ...]
    """As people write them."""
    fingerprint: str
    """Of the run in which it was first seen: it stays."""

    @property
    def name(self) -> str:
        """Return what it is called until a person says better."""
        return ", ".join(self.written[place] for place in _telling(self.terms)[:NAMED_BY])


@dataclass(frozen=True, kw_only=True)
class Themes:
    """The themes of some texts, and which text is of which."""

    themes: tuple[Theme, ...]
    of: Places = field(repr=False)
    """The theme of each text, −1: none."""
    strength: Weights = field(repr=False)
    """How surely each text is of its theme, 0 to 1."""


@dataclass(frozen=True, kw_only=True)
class Known:
    """A theme of an earlier run."""

    fingerprint: str
    weights: Mapping[str, float]
    """By term."""


def themes(
    texts: Sequence[str | None],
    *,
    known: Sequence[Known] = (),
    count: int | None = None,
    aside: Collection[str] = (),
) -> Themes:
    """Return the themes of texts, each as the known one that it continues where there is one.

    ``aside`` are folded words that tell no theme: the names of institutions.
    """
    said = wordings(texts, least=_least(len(texts)), most=MOST_SHARE, aside=aside)
    if len(texts) < FEWEST_TEXTS or len(said.terms) < FEWEST:
        return _none(len(texts))
    said, weighted = _weighted(said)
    wanted = min(count or _count(len(texts)), *weighted.shape)
    mixed, made = _factors(weighted, said, wanted, known)
    alive = np.flatnonzero(made.max(axis=1) > 0)
    # The largest first: the order a reader wants, the same at every run.
    alive = alive[np.argsort(-mixed[:, alive].sum(axis=0), kind="stable")]
    found = _named(said, made[alive], known)
    of, strength = _chosen(mixed[:, alive], made[alive])
    return Themes(themes=tuple(found), of=of, strength=strength)


def _none(texts: int) -> Themes:
    return Themes(
        themes=(), of=np.full(texts, NO_THEME), strength=np.zeros(texts, dtype=np.float32)
    )


def _least(texts: int) -> int:
    return max(LEAST_TEXTS, round(texts * LEAST_SHARE))


def _count(texts: int) -> int:
    return max(3, min(FEWEST, texts // TEXTS_PER_THEME) if texts < 6_000 else min(
        MOST, FEWEST + (texts - 6_000) // 1_000))  # fmt: skip


def _weighted(said: Wordings) -> tuple[Wordings, sparse.csr_array]:
    """Return the most said terms, and each text as their TF-IDF of length one."""
    count = np.bincount(said.says.indices, minlength=len(said.terms))
    kept = np.sort(np.argsort(-count, kind="stable")[:MOST_TERMS])
    chosen = Wordings(
        terms=tuple(said.terms[one] for one in kept), says=said.says[:, kept], texts=said.texts
    )
    rarity = np.log((1 + len(said.texts)) / (1 + count[kept])) + 1
    weighted = sparse.csr_array(chosen.says.multiply(rarity.astype(np.float32)[None, :]))
    length = np.sqrt(weighted.multiply(weighted).sum(axis=1))
    scale = np.divide(1.0, length, out=np.zeros_like(length), where=length > 0)
    return chosen, sparse.csr_array(weighted.multiply(scale[:, None])).astype(np.float32)


def _factors(
    weighted: sparse.csr_array, said: Wordings, wanted: int, known: Sequence[Known]
) -> tuple[Weights, Weights]:
    from sklearn.decomposition import NMF
    from sklearn.exceptions import ConvergenceWarning

    with warnings.catch_warnings():
        # It stops after so many rounds: what changes then changes no reader's mind.
        warnings.simplefilter("ignore", ConvergenceWarning)
        start = _start(said, wanted, known)
        if start is None:
            model = NMF(wanted, init="nndsvd", max_iter=ROUNDS, tol=TOLERANCE, random_state=0)
            return model.fit_transform(weighted), model.components_
        mixed = np.maximum(weighted @ start.T, 1e-6).astype(np.float32)
        model = NMF(len(start), init="custom", max_iter=ROUNDS, tol=TOLERANCE)
        return model.fit_transform(weighted, W=mixed, H=start), model.components_


def _start(said: Wordings, wanted: int, known: Sequence[Known]) -> Weights | None:
    """Return the themes known before over today's terms; none where they no longer serve."""
    place = {term: column for column, term in enumerate(said.terms)}
    rows = []
    for theme in known[:wanted]:
        row = np.full(len(place), 1e-4, dtype=np.float32)
        columns = [(place[term], weight) for term, weight in theme.weights.items() if term in place]
        if len(columns) < len(theme.weights) / 2:
            continue
        for column, weight in columns:
            row[column] = weight
        rows.append(row)
    return np.array(rows) if len(rows) >= max(wanted * 2 // 3, 2) else None


def _named(said: Wordings, made: Weights, known: Sequence[Known]) -> list[Theme]:
    tops = [np.argsort(-row, kind="stable")[:TOP] for row in made]
    weights = [
        {said.terms[column]: float(row[column]) for column in top if row[column] > 0}
        for row, top in zip(made, tops, strict=True)
    ]
    before = matched(weights, known)
    return [
        Theme(
            terms=tuple(of),
            weights=tuple(of.values()),
            written=tuple(said.written(column) for column in top[: len(of)]),
            fingerprint=before.get(place) or fingerprint(list(of)),
        )
        for place, (of, top) in enumerate(zip(weights, tops, strict=True))
    ]


def matched(weights: Sequence[Mapping[str, float]], known: Sequence[Known]) -> dict[int, str]:
    """Return which new theme continues which known one, so that together they are most alike."""
    if not weights or not known:
        return {}
    likeness = np.array([[alike(one, theme.weights) for theme in known] for one in weights])
    rows, columns = linear_sum_assignment(-likeness)
    return {
        int(row): known[column].fingerprint
        for row, column in zip(rows, columns, strict=True)
        if likeness[row, column] >= SAME
    }


def alike(one: Mapping[str, float], other: Mapping[str, float]) -> float:
    """Return the cosine of two themes."""
    lengths = [float(np.sqrt(sum(weight**2 for weight in of.values()))) for of in (one, other)]
    together = sum(weight * other.get(term, 0.0) for term, weight in one.items())
    return together / (lengths[0] * lengths[1]) if all(lengths) else 0.0


def fingerprint(terms: Sequence[str]) -> str:
    """Return a digest of a theme's terms, whatever their order."""
    return hashlib.sha256("\x1f".join(sorted(terms)).encode()).hexdigest()[:16]


def _telling(terms: Sequence[str]) -> list[int]:
    """Return the places of terms that repeat no other's words: the longer ones where there are."""
    found: list[int] = []
    for place, term in enumerate(terms):
        words = set(term.split())
        longer = [one for one in range(len(terms)) if words < set(terms[one].split())]
        best = longer[0] if longer and longer[0] < TOP // 2 else place
        told = {word for one in found for word in terms[one].split()}
        if not set(terms[best].split()) & told:
            found.append(best)
    return found


def _chosen(mixed: Weights, made: Weights) -> tuple[Places, Weights]:
    """Return the strongest theme of each text, and its part of all."""
    scaled = mixed * np.linalg.norm(made, axis=1)[None, :]
    total, best = scaled.sum(axis=1), scaled.max(axis=1, initial=0.0)
    of = np.where(best > 1e-6, scaled.argmax(axis=1), NO_THEME)
    strength = np.divide(best, total, out=np.zeros_like(best), where=total > 0)
    return of.astype(np.int64), strength
