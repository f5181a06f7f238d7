"""Finds the questions that are asked again and again, in other words each time.

Two questions are one when their words and parts of words are alike enough (cosine, the words that
everybody uses weighing little). Groups are made round the question that most others are like: it
is the one shown, and the same questions always give the same groups.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix, diags

from vigie.annotate.cleaning import STOP, clean, signs
from vigie.annotate.vectors import vectorise

ALIKE = 0.34
"""Cosine from which two questions are one."""
JOINED = 0.35
"""Cosine from which the middles of two groups are one question."""
LEAST_ASKED = 3
"""Questions asked less often are not repeated."""
MOST_READ = 3_000
"""Questions that are laid beside one another, the newest."""
LONGEST = 60
"""Words of a message without a question mark that are read."""
AT_ONCE = 500

_SENTENCE = re.compile(r"[^.?!…\n]+(?:[.?!…]+|(?=\n)|$)")
Rows = npt.NDArray[np.int64]


@dataclass(frozen=True, kw_only=True)
class Question:
    """What someone asked, and when."""

    key: int
    at: datetime
    words: str


@dataclass(frozen=True, kw_only=True)
class Repeated:
    """A question that was asked again and again."""

    centre: Question
    """The one that most of the others are like."""
    asked: tuple[Question, ...]
    """All of them, the earliest first."""


def asking(words: str) -> list[str]:
    """Return the words of a message that ask: its questions, or all of it where it has none."""
    read, questions, sentence = signs(clean(words).text), list[str](), list[str]()
    for sign in read:
        if sign == "?":
            questions += [*sentence, STOP]
        if sign == STOP or sign in "?!":
            sentence = []
        else:
            sentence.append(sign)
    return questions or read[:LONGEST]


def only_questions(words: str) -> str:
    """Return the questions of a message as they were written, or all of it where it has none."""
    parts = [part.strip() for part in _SENTENCE.findall(words)]
    return " ".join(part for part in parts if part.endswith("?")) or words.strip()


def said_alike(texts: Sequence[str], beside: Sequence[str] = ()) -> csr_matrix:
    """Return each text as weights of words that add up to length 1: rare words weigh most.

    How rare a word is shows in these texts and in others beside them: in the mail of a card office
    alone, *card* would seem to say nothing.
    """
    every = vectorise([asking(text) or [STOP] for text in (*texts, *beside)])
    seen = np.asarray((every > 0).sum(axis=0)).ravel()
    rare = np.log((1 + every.shape[0]) / (1 + seen)) + 0.1
    weighted = (every[: len(texts)] @ diags(rare)).tocsr()
    lengths = np.sqrt(np.asarray(weighted.multiply(weighted).sum(axis=1)).ravel())
    return (diags(1 / np.maximum(lengths, 1e-12)) @ weighted).tocsr()


def repeated(
    questions: Sequence[Question], *, beside: Sequence[str] = (), least: int = LEAST_ASKED
) -> list[Repeated]:
    """Return the questions asked at least so often, the most frequent first.

    ``beside`` are questions to others, which show what words everybody uses.
    """
    known = sorted(questions, key=lambda one: (one.at, one.key))[-MOST_READ:]
    if len(known) < least:
        return []
    weights = said_alike([one.words for one in known], beside[-MOST_READ:])
    groups = _joined(_groups(neighbours(weights, ALIKE)), weights)
    found = [
        Repeated(
            centre=known[group[_centre(weights[group])]],
            asked=tuple(known[place] for place in group),
        )
        for group in groups
        if len(group) >= least
    ]
    return sorted(found, key=lambda one: (-len(one.asked), one.asked[0].at, one.asked[0].key))


def neighbours(weights: csr_matrix, alike: float) -> list[Rows]:
    """Return for each text which ones are like it, itself among them."""
    found: list[Rows] = []
    turned = weights.T.tocsc()
    for start in range(0, weights.shape[0], AT_ONCE):
        close = (weights[start : start + AT_ONCE] @ turned).tocsr()
        for place in range(close.shape[0]):
            begins, ends = close.indptr[place], close.indptr[place + 1]
            kept = close.indices[begins:ends][close.data[begins:ends] >= alike]
            found.append(np.unique(np.append(kept, start + place)).astype(np.int64))
    return found


def _groups(near: Sequence[Rows]) -> list[list[int]]:
    """Part texts into groups: again and again the one with most neighbours left, and these."""
    left = np.ones(len(near), dtype=bool)
    counts = np.array([len(one) for one in near])
    found: list[list[int]] = []
    while left.any():
        centre = int(np.argmax(np.where(left, counts, -1)))
        members = [int(place) for place in near[centre] if left[place]]
        found.append(members)
        left[members] = False
        for member in members:
            counts[near[member]] -= 1
    return sorted(found, key=lambda group: (-len(group), group[0]))


def _joined(groups: Sequence[list[int]], weights: csr_matrix) -> list[list[int]]:
    """Join groups that say the same in other words: their middles are alike. The largest first."""
    sums = csr_matrix(
        (np.ones(sum(map(len, groups))),
         [place for group in groups for place in group],
         np.cumsum([0, *map(len, groups)])),
        shape=(len(groups), weights.shape[0]),
    ) @ weights  # fmt: skip
    lengths = np.sqrt(np.asarray(sums.multiply(sums).sum(axis=1)).ravel())
    left, found = np.ones(len(groups), dtype=bool), list[list[int]]()
    for first, group in enumerate(groups):
        if not left[first]:
            continue
        whole, middle = list(group), np.asarray(sums[first].todense()).ravel()
        left[first] = False
        while left.any():
            close = sums @ middle / (lengths * np.sqrt(middle @ middle))
            best = int(np.argmax(np.where(left, close, -1.0)))
            if close[best] < JOINED:
                break
            left[best] = False
            whole += groups[best]
            middle = middle + np.asarray(sums[best].todense()).ravel()
        found.append(sorted(whole))
    return found


def _centre(weights: csr_matrix) -> int:
    """Return which text is most like all of them, the earliest where several are."""
    summed = np.asarray(weights.sum(axis=0)).ravel()
    return int(np.argmax(np.round(weights @ summed, 9)))


def most_central(texts: Sequence[str]) -> int | None:
    """Return which text is most like the others: of several answers, the one that says it all."""
    return _centre(said_alike(texts)) if texts else None


def answers_it(question: str, pages: Sequence[str]) -> int | None:
    """Return which of these questions of published pages is the same, the likest; none: no one."""
    if not pages:
        return None
    weights = said_alike([question, *pages])
    close = (weights[1:] @ weights[0].T).toarray().ravel()
    best = int(np.argmax(close))
    return best if close[best] >= ALIKE else None
