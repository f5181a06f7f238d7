"""Good and ill feeling in a text: words with a strength, what turns them and what boosts them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from vigie.annotate.finding import NEGATOR, Hit, reaches

Floats = npt.NDArray[np.float32]

TURNED = 0.8
"""A feeling that is denied is a weaker one of the other side: "not good" is less than "bad"."""


@dataclass(frozen=True, kw_only=True)
class Valences:
    """How much good and how much ill each text says."""

    positive: Floats
    negative: Floats


def valences_of(spoken: Sequence[str], hits: Sequence[Sequence[Hit]]) -> Valences:
    """Sum the feelings of each text."""
    sums = [_sums(line, found) for line, found in zip(spoken, hits, strict=True)]
    both = np.asarray(sums, dtype=np.float32).reshape(-1, 2)
    return Valences(positive=both[:, 0], negative=both[:, 1])


def _sums(spoken: str, hits: Sequence[Hit]) -> tuple[float, float]:
    sums = {"positive": 0.0, "negative": 0.0}
    boosted, boost = -1, 1.0
    for hit in hits:
        phrase = hit.phrase
        if phrase.question != "tone" or phrase.answer == NEGATOR or not phrase.strength:
            continue
        if phrase.answer == "booster":
            boosted, boost = hit.end, phrase.strength
            continue
        near = boosted > 0 and reaches(spoken, boosted, hit.start)
        strength = phrase.strength * (boost if near else 1.0)
        if hit.is_denied:
            sums[_other(phrase.answer)] += TURNED * strength
        else:
            sums[phrase.answer] += strength
    return sums["positive"], sums["negative"]


def _other(answer: str) -> str:
    return "negative" if answer == "positive" else "positive"
