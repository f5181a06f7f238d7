"""The contract of a classifier: one question, the answers it may give, and how sure it is."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import numpy.typing as npt

from vigie.annotate.batch import Batch, Scores
from vigie.words import Words

RULES = "rules"
SURE_ENOUGH = EVEN = 0.5
CONFIDENT = 0.5
"""Margin (twice the distance from even) from which rules teach a model."""

Flags = npt.NDArray[np.bool_]


def odds(chances: Scores) -> Scores:
    """Return the logarithm of the odds of chances."""
    inside = np.clip(chances, 1e-4, 1 - 1e-4)
    found: Scores = np.log(inside / (1 - inside)).astype(np.float32)
    return found


def certainty(logged: Scores) -> Scores:
    """Return the chances of which these are the logarithms of the odds."""
    found: Scores = (1 / (1 + np.exp(-logged))).astype(np.float32)
    return found


@dataclass(frozen=True, slots=True)
class Answered:
    """The answers given, the surest first; none: looked, and could not say."""

    answers: tuple[str, ...] = ()
    certainties: tuple[float, ...] = ()


class Classifier(ABC):
    """Code that answers one question about a text. The docstring is its published definition."""

    label: ClassVar[Words]
    answers: ClassVar[Mapping[str, Words]]
    """The answers it may give, with their words for people; none: they are open (a language, a
    post, an institution)."""
    version: ClassVar[str]
    """Changes when the same text may get another answer: labels of older versions are then due."""
    is_multiple: ClassVar[bool]
    """Several answers may be right at once."""

    @abstractmethod
    def classify(self, batch: Batch) -> list[Answered]:
        """Return one answer for each text of the batch, in order."""

    @classmethod
    def annotator(cls) -> str:
        """Return who answers, as labels say it."""
        return f"{RULES} {cls.version}"


class Graded(Classifier):
    """A classifier that scores each of its answers: what can be compared, learned and corrected."""

    least: ClassVar[float] = SURE_ENOUGH
    """How sure an answer must be to be given."""
    most: ClassVar[int | None] = None
    """Answers it gives at most."""
    otherwise: ClassVar[str | None] = None
    """The answer where no other is sure enough; it has no score of its own."""

    @abstractmethod
    def score(self, batch: Batch) -> Scores:
        """Return one row for each text and one column for each graded answer, 0 to 1."""

    @classmethod
    def graded(cls) -> list[str]:
        """Name the answers that have a column, in order."""
        return [answer for answer in cls.answers if answer != cls.otherwise]

    @classmethod
    def lessons(cls, scores: Scores) -> tuple[Flags, Flags]:
        """Return what rules may teach a model of each answer: whether it is right, and is sure."""
        return scores > EVEN, np.abs(2 * scores - 1) > CONFIDENT

    @classmethod
    def blended(cls, rules: Scores, learned: Scores) -> Scores:
        """Return the scores of rules and of a model as one; both are in the order of answers."""
        mixed: Scores = (odds(rules) + odds(learned)) / np.float32(2)
        return certainty(mixed)

    def classify(self, batch: Batch) -> list[Answered]:
        """Give the answers that are sure enough."""
        return self.chosen(self.score(batch))

    @classmethod
    def chosen(cls, scores: Scores) -> list[Answered]:
        """Return the answers these scores give: several, or the best one, or none."""
        names = cls.graded()
        most = cls.most or (len(names) if cls.is_multiple else 1)
        order = (-scores).argsort(axis=1, kind="stable")[:, :most].tolist()
        return [
            cls._given(names, row, places)
            for row, places in zip(scores.tolist(), order, strict=True)
        ]

    @classmethod
    def _given(cls, names: Sequence[str], row: Sequence[float], places: Sequence[int]) -> Answered:
        sure = [place for place in places if row[place] >= cls.least]
        if sure:
            return Answered(
                tuple(names[place] for place in sure),
                tuple(round(row[place], 3) for place in sure),
            )
        if cls.otherwise is None:
            return Answered()
        return Answered((cls.otherwise,), (round(1 - max(row), 3),))
