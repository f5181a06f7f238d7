"""How rare a surprise really is: nominal chances corrected by the archive, and false discoveries.

A forecast's own chances are too small wherever life is rougher than a negative binomial. So a day's
score, −log10 of its nominal chance, is placed among the scores of all watched series on the days
before. Between the 95th and the 99.5th percentile they fall off as an exponential, and that line,
drawn on the cautious side, says what lies beyond; what is rarer still does not draw it, since true
spikes are there.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from vigie.listening.forecast import Flags, Numbers

FALSE_DISCOVERIES = 0.05
"""Of the spikes that are shown, the share that chance alone may have made."""
BODY, BEYOND = 0.95, 0.995
SLOPE = 0.434
"""Mean excess of scores where nominal chances are right: 1 / ln 10."""
SLOPE_PRIOR = 20.0
"""Scores' worth of trust in it."""
CAUTION = 1.645
"""Standard errors added to the slope: the line is too steep one time in twenty."""
FEWEST_SCORES = 200
START, START_CHANCE, STEEP = 2.0, 10**-1.7, 0.965
"""What stands for an archive with fewer scores: −log10 p′ = 0.8 + 0.45 × score, a fit over other
archives and a plainer forecast, which errs on the cautious side."""
LARGEST_SCORE = 300.0


@dataclass(frozen=True, kw_only=True)
class Calibration:
    """What scores of ordinary days look like."""

    scores: Numbers
    """Sorted; none where the archive is too short to speak for itself."""
    start: float
    """From here on the line counts."""
    chance: float
    """The share of ordinary days at or above the start."""
    slope: float
    """Mean excess above the start."""

    @property
    def is_own(self) -> bool:
        """Whether the archive speaks for itself."""
        return len(self.scores) > 0

    def chances(self, scores: Numbers) -> Numbers:
        """Return how often an ordinary day has at least such a score."""
        beyond = self.chance * np.exp(-np.maximum(scores - self.start, 0.0) / self.slope)
        above = len(self.scores) - np.searchsorted(self.scores, scores, side="left")
        counted = (above + 1.0) / (len(self.scores) + 1.0)
        return np.where(scores < self.start, counted, beyond)


def score(chances: Numbers) -> Numbers:
    """Return −log10 of nominal chances, finite."""
    found: Numbers = -np.log10(np.maximum(chances, 10.0**-LARGEST_SCORE))
    return found


def calibrated(scores: Numbers) -> Calibration:
    """Learn from the scores of the days before, unknown where not judged, what is ordinary."""
    known = np.sort(scores[np.isfinite(scores)])
    if len(known) < FEWEST_SCORES:
        return Calibration(scores=known[:0], start=START, chance=START_CHANCE, slope=STEEP)
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
        slope=slope * (1 + CAUTION / float(np.sqrt(len(within) + SLOPE_PRIOR))),
    )


def discoveries(chances: Numbers, *, share: float = FALSE_DISCOVERIES) -> Flags:
    """Return which are kept so that at most this share of them is chance (Benjamini–Hochberg)."""
    kept: Flags = adjusted(chances) <= share
    return kept


def adjusted(chances: Numbers) -> Numbers:
    """Return for each chance the least share of false discoveries at which it is kept."""
    count = len(chances)
    order = np.argsort(chances, kind="stable")
    steps = chances[order] * count / np.arange(1, count + 1)
    least = np.minimum(np.minimum.accumulate(steps[::-1])[::-1], 1.0)
    found = np.empty(count)
    found[order] = least
    return found
