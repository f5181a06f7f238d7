"""Does it speak well or ill?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

import numpy as np

from vigie.annotate.batch import Batch, Scores
from vigie.annotate.classifier import Graded
from vigie.words import Words, _

STEEPNESS = 0.9
NEUTRAL = 0.8
"""How far from even a text must lean before it is not neutral."""
OWN = 1.6
"""An institution writes kindly by trade: its own posts must lean further."""


class Tone(Graded):
    """Whether a text speaks ill, neutrally or well, by words of feeling with a strength.

    A word after a negation counts for the other side, after a booster for more; a phrase stands
    for the words inside it. What good and ill say is compared, not added: a long and balanced
    text is neutral. Irony is not understood.
    """

    label: ClassVar[Words] = _("Tone")
    answers: ClassVar[Mapping[str, Words]] = {
        "negative": _("negative"),
        "neutral": _("neutral"),
        "positive": _("positive"),
    }
    version: ClassVar[str] = "1"
    is_multiple: ClassVar[bool] = False
    least: ClassVar[float] = 0.0

    def score(self, batch: Batch) -> Scores:
        """Return the chance of each, summing to 1."""
        leaning = self.lean(batch)
        rest = np.array([OWN if batch.is_own(place) else NEUTRAL for place in range(len(batch))])
        sides = np.stack([-leaning, rest, leaning], axis=1) * STEEPNESS
        chances = np.exp(sides - sides.max(axis=1, keepdims=True))
        found: Scores = (chances / chances.sum(axis=1, keepdims=True)).astype(np.float32)
        return found

    @staticmethod
    def lean(batch: Batch) -> Scores:
        """Return how far each text leans: below 0 to ill, above to good."""
        found = batch.valences
        total = found.positive + found.negative
        leaning: Scores = (found.positive - found.negative) / np.sqrt(1 + 0.35 * total)
        return leaning
