"""Sums what phrases say for each answer, and turns sums into certainties."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from vigie.annotate.batch import Batch, Scores
from vigie.annotate.valence import TURNED

STEEPNESS, EVEN = 1.5, 0.8
"""A sum of 0.8 is as likely right as wrong; one plain phrase (1) tips the scales."""


def sums(batch: Batch, question: str, answers: Sequence[str]) -> Scores:
    """Sum the strengths of the phrases found for each answer; a phrase counts once in a text."""
    places = {answer: place for place, answer in enumerate(answers)}
    found = np.zeros((len(batch), len(answers)), dtype=np.float32)
    for row, hits in enumerate(batch.hits):
        seen = set()
        for hit in hits:
            phrase = hit.phrase
            said = phrase.answer, hit.way
            if phrase.question == question and said not in seen and phrase.answer in places:
                seen.add(said)
                denied = -TURNED if hit.is_denied else 1.0
                found[row, places[phrase.answer]] += denied * phrase.strength
    return found


def certain(summed: Scores) -> Scores:
    """Return how sure sums make us, 0 to 1."""
    found: Scores = (1 / (1 + np.exp(-STEEPNESS * (summed - EVEN)))).astype(np.float32)
    return found
