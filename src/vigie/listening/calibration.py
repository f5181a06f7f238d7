"""How rare a surprise really is: nominal chances corrected by the archive, and false discoveries.

A forecast's own chances are too small: levels drift, news has its seasons. So a day's score,
−log10 of its nominal chance, is placed among the scores of all watched series on the days before.
Between the 95th and the 99.5th percentile they fall off as an exponential, and that line says what
lies beyond; what is rarer still is not used to draw it, since true spikes are there.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from vigie.listening.forecast import Flags, Numbers

FALSE_DISCOVERIES = 0.05
"""Of the spikes that are shown, the share that chance alone is allowed to have made."""
BODY, BEYOND = 0.90, 0.98
SLOPE = 0.434
"""Mean excess of scores where the archive is too small to say: −log10 p′ = 0.8 + 0.45 × score."""
SLOPE_PRIOR = 20.0
"""Scores' worth of trust in it."""
FEWEST_SCORES = 200
"""With fewer scores the line drawn elsewhere stands for the archive's own."""
OFFSET = 0.8
LARGEST_SCORE = 300.0


@dataclass(frozen=True, kw_only=True)
class Calibration:
    """What scores of ordinary days look like."""

    scores: Numbers
    """Sorted."""
    start: float
    """From here on the fitted line counts."""
    chance: float
    """The share of ordinary days at or above the start."""
    slope: float
    """Mean excess above the start."""

    @property
    def is_own(self) -> bool:
        """Whether the archive is long enough to speak for itself."""
        return len(self.scores) >= FEWEST_SCORES

    def chances(self, scores: Numbers) -> Numbers:
        """Return how often an ordinary day has at least such a score."""
        beyond = self.chance * np.exp(-np.maximum(scores - self.start, 0.0) / self.slope)
        if not self.is_own:
            return np.where(scores < self.start, 1.0, beyond)
        above = len(self.scores) - np.searchsorted(self.scores, scores, side="left")
        counted = (above + 1.0) / (len(self.scores) + 1.0)
        return np.where(scores < self.start, np.minimum(counted, 1.0), beyond)


def score(chances: Numbers) -> Numbers:
    """Return −log10 of nominal chances, finite."""
    return -np.log10(np.maximum(chances, 10.0**-LARGEST_SCORE))


def calibrated(scores: Numbers) -> Calibration:
    """Learn from the scores of the days before what an ordinary day may score."""
    known = np.sort(scores[np.isfinite(scores)])
    if len(known) < FEWEST_SCORES:
        return Calibration(scores=known, start=2.0, chance=10.0 ** -(OFFSET + 0.9), slope=SLOPE)
    start, last = np.quantile(known, [BODY, BEYOND])
    above = known[known >= start]
    # What lies beyond the last is known to be there, not how far: it may be a true spike.
    within = above[above < last]
    excess = float((within - start).sum() + (len(above) - len(within)) * (last - start))
    slope = (excess + SLOPE_PRIOR * SLOPE) / (len(within) + SLOPE_PRIOR)
    return Calibration(
        scores=known,
        start=float(start),
        chance=(len(above) + 1.0) / (len(known) + 1.0),
        slope=slope,
    )


def discoveries(chances: Numbers, *, share: float = FALSE_DISCOVERIES) -> Flags:
    """Return which are kept so that at most this share of them is chance (Benjamini–Hochberg)."""
    return adjusted(chances) <= share


def adjusted(chances: Numbers) -> Numbers:
    """Return for each chance the least share of false discoveries at which it is kept."""
    count = len(chances)
    order = np.argsort(chances, kind="stable")
    steps = chances[order] * count / np.arange(1, count + 1)
    least = np.minimum(np.minimum.accumulate(steps[::-1])[::-1], 1.0)
    found = np.empty(count)
    found[order] = least
    return found
