"""Does it speak well or ill?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

import numpy as np

from vigie.annotate.batch import Batch, Scores
from vigie.annotate.classifier import CONFIDENT, Flags, Graded, odds
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
    version: ClassVar[str] = "2"
    is_multiple: ClassVar[bool] = False
    least: ClassVar[float] = 0.0

    def score(self, batch: Batch) -> Scores:
        """Return the chance of each, summing to 1."""
        rest = [OWN if batch.is_own(place) else NEUTRAL for place in range(len(batch))]
        return _chances(self.lean(batch), np.array(rest, dtype=np.float32))

    @classmethod
    def lessons(cls, scores: Scores) -> tuple[Flags, Flags]:
        """Teach ill against good only: that no word speaks makes nothing neutral."""
        apart = scores[:, 2] - scores[:, 0]
        sure = np.abs(apart) > CONFIDENT
        right = np.stack([apart < 0, np.zeros_like(sure), apart > 0], axis=1)
        return right, np.stack([sure, np.zeros_like(sure), sure], axis=1)

    @classmethod
    def blended(cls, rules: Scores, learned: Scores) -> Scores:
        """Let a model say how far a text leans, and the rules how far is far.

        Where the rules say nothing the model is heard alone; where they speak, both alike.
        """
        own = np.log(np.maximum(rules[:, 2], 1e-6) / np.maximum(rules[:, 0], 1e-6)) / 2
        rest = np.log(np.maximum(rules[:, 1], 1e-6)) - np.log(
            np.sqrt(np.maximum(rules[:, 0] * rules[:, 2], 1e-12))
        )
        found = (odds(learned[:, 2]) - odds(learned[:, 0])) / 2
        heard = np.minimum(np.abs(own), 1) / 2
        leaning: Scores = ((heard * own + (1 - heard) * found) / STEEPNESS).astype(np.float32)
        return _chances(leaning, (rest / STEEPNESS).astype(np.float32))

    @staticmethod
    def lean(batch: Batch) -> Scores:
        """Return how far each text leans: below 0 to ill, above to good."""
        found = batch.valences
        total = found.positive + found.negative
        leaning: Scores = (found.positive - found.negative) / np.sqrt(1 + 0.35 * total)
        return leaning


def _chances(leaning: Scores, rest: Scores) -> Scores:
    sides = np.stack([-leaning, rest, leaning], axis=1) * STEEPNESS
    chances = np.exp(sides - sides.max(axis=1, keepdims=True))
    found: Scores = (chances / chances.sum(axis=1, keepdims=True)).astype(np.float32)
    return found
