"""Terms that are said all of a sudden: words and two-word terms, not shares of themes.

How likely is it that so many of the newest texts say a term, given how many said it before? The
least likely of thousands of terms always looks rare; so its place is taken among the least likely
terms of groups of texts of the same size, drawn by chance from the archive, and of the real days
before. A day on which nothing is new has a false alarm one time in twenty.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray
from scipy import sparse, special

from vigie.listening.calibration import score
from vigie.listening.forecast import Numbers
from vigie.listening.wordings import Wordings, without_echoes, wordings

Places = NDArray[np.int64]

FALSE_ALARMS = 0.05
"""Of days on which nothing is new, the share with an alarm."""
DRAWS = 200
MOST_SPANS = 60
"""Real days (or weeks) before that are laid beside the draws."""
FEWEST_SPANS = 20
"""With fewer real ones only the draws count."""
LEAST_TEXTS = 3
FEWEST_BEFORE = 100
"""Without so many texts before, nothing can be called new."""
LEAST_AUTHORS = 5
"""Small cells are hidden: what fewer persons said is shown to nobody."""
PRIOR = 0.5
SEED = 20_260_101
MOST_TERMS = 20


@dataclass(frozen=True, kw_only=True)
class Emerging:
    """A term that is new, or said far more than before."""

    term: str
    written: str
    rows: tuple[int, ...]
    """Which of the newest texts say it."""
    authors: int
    before: int
    expected: float
    """Texts that were to say it."""
    score: float


@dataclass(frozen=True, kw_only=True)
class Burst:
    """What emerges, and from which score on."""

    terms: tuple[Emerging, ...]
    limit: float
    is_enough: bool
    """There are texts enough before to call anything new."""
    hidden: int = 0
    """Terms that emerge and are not shown, since too few persons say them."""


@dataclass(frozen=True, kw_only=True)
class Text:
    """A text as it is counted here."""

    text: str | None
    day: date
    author: Hashable
    is_own: bool
    """An institution wrote it: no person is behind it."""


def emerging(
    now: Sequence[Text], before: Sequence[Text], *, span: int = 1, seed: int = SEED
) -> Burst:
    """Return the terms that the newest texts, those of ``span`` days, say far more than before."""
    if len(before) < FEWEST_BEFORE or not now:
        return Burst(terms=(), limit=0.0, is_enough=len(before) >= FEWEST_BEFORE)
    said = wordings([one.text for one in (*now, *before)], least=LEAST_TEXTS)
    new, old = said.says[: len(now)], said.says[len(now) :]
    limit = _limit(old, _spans([one.day for one in before], span), len(now), seed)
    count, known = _sums(new), _sums(old)
    scores = _scores(count, len(now), known, len(before))
    columns = np.flatnonzero((count >= LEAST_TEXTS) & (scores >= limit))
    found = [_term(said, int(column), now, known, len(before), scores) for column in
             columns[np.argsort(-scores[columns], kind="stable")]]  # fmt: skip
    shown = [one for one in found if not is_small(one.rows, now)]
    kept = without_echoes([(one.term, one.rows) for one in shown])
    return Burst(
        terms=tuple(shown[place] for place in kept[:MOST_TERMS]),
        limit=limit,
        is_enough=True,
        hidden=len(found) - len(shown),
    )


def is_small(rows: Sequence[int], texts: Sequence[Text]) -> bool:
    """Whether only persons say it, and fewer than five of them."""
    of = [texts[row] for row in rows]
    return not any(one.is_own for one in of) and len({one.author for one in of}) < LEAST_AUTHORS


def _term(
    said: Wordings, column: int, now: Sequence[Text], known: Numbers, before: int, scores: Numbers
) -> Emerging:
    saying = said.saying(column)
    rows = tuple(int(row) for row in saying[saying < len(now)])
    return Emerging(
        term=said.terms[column],
        written=said.written(column),
        rows=rows,
        authors=len({now[row].author for row in rows}),
        before=int(known[column]),
        expected=float((known[column] + PRIOR) * len(now) / before),
        score=float(scores[column]),
    )


def _scores(count: Numbers, texts: int, known: Numbers, before: int) -> Numbers:
    """Return −log10 of the chance that so many of the texts say each term."""
    chance = special.betainc(np.maximum(count, 1), known + PRIOR, texts / (texts + before))
    return score(np.where(count > 0, chance, 1.0))


def _limit(old: sparse.csr_array, spans: Sequence[Places], texts: int, seed: int) -> float:
    """Return the score that the rarest term reaches on one day in twenty without news."""
    drawn = _highest(old, _draws(old.shape[0], texts, seed))
    real = _highest(old, spans)
    limits = [_quantile(drawn), *([_quantile(real)] if len(real) >= FEWEST_SPANS else [])]
    return max(limits)


def _quantile(highest: Numbers) -> float:
    return float(np.quantile(highest, 1 - FALSE_ALARMS, method="higher")) if len(highest) else 0.0


def _draws(many: int, texts: int, seed: int) -> list[Places]:
    rng = np.random.default_rng(seed)
    size = min(texts, many // 2)
    return [rng.choice(many, size, replace=False) for _draw in range(DRAWS)]


def _spans(days: Sequence[date], span: int) -> list[Places]:
    """Return the texts before by stretches of so many days, the newest stretches."""
    last = max(days)
    rows: dict[int, list[int]] = {}
    for row, day in enumerate(days):
        rows.setdefault((last - day).days // span, []).append(row)
    return [np.array(rows[back]) for back in sorted(rows)[:MOST_SPANS]]


def _highest(old: sparse.csr_array, groups: Sequence[Places]) -> Numbers:
    """Return for each group of texts the score of its rarest term, beside all others."""
    if not groups:
        return np.zeros(0)
    sizes = np.array([len(group) for group in groups])
    of = sparse.csr_array(
        (
            np.ones(sizes.sum(), dtype=np.float32),
            np.concatenate(groups),
            np.concatenate([[0], np.cumsum(sizes)]),
        ),
        shape=(len(groups), old.shape[0]),
    )
    counted, total = sparse.csr_array(of @ old), _sums(old)
    return np.array([
        _rarest(counted[[row]], int(size), total, old.shape[0])
        for row, size in enumerate(sizes)
    ])  # fmt: skip


def _rarest(counted: sparse.csr_array, size: int, total: Numbers, texts: int) -> float:
    columns, count = counted.indices, counted.data.astype(float)
    enough = count >= LEAST_TEXTS
    if not enough.any():
        return 0.0
    known = total[columns[enough]] - count[enough]
    return float(_scores(count[enough], size, known, texts - size).max())


def _sums(says: sparse.csr_array) -> Numbers:
    return np.asarray(says.sum(axis=0), dtype=float).ravel()
