"""How long one waits, of waits that are in memory: what ``survival`` says, to the last digit.

A page asks for the curves of thirty small groups at once; an engine would be asked thirty times.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from vigie.measure.survival import NEARLY
from vigie.measure.uncertainty import wilson_each

Floats = npt.NDArray[np.float64]
Wait = tuple[float, bool]
"""How long it was followed, and whether it ended then; false: it is censored."""


@dataclass(frozen=True, kw_only=True)
class Estimate:
    """A quantity with how sure we are; unknown where too few stand behind it."""

    value: float | None = None
    low: float | None = None
    high: float | None = None
    n: int = 0

    @property
    def rest(self) -> Estimate:
        """Return what is left of a share: of those answered, those who still wait."""
        return Estimate(
            value=None if self.value is None else 1 - self.value,
            low=None if self.high is None else 1 - self.high,
            high=None if self.low is None else 1 - self.low,
            n=self.n,
        )


@dataclass(frozen=True, kw_only=True)
class Curve:
    """What share of waits has ended by each moment at which one was seen to (Kaplan–Meier)."""

    lasted: Floats
    """In order, the shortest first."""
    ended: Floats
    """Of those that ended, how long; in order."""
    moments: Floats
    shares: Floats
    lows: Floats
    highs: Floats
    spreads: Floats

    def __len__(self) -> int:
        return len(self.lasted)

    def within(self, limit: float) -> Estimate:
        """Return what share ended within so long.

        Unknown where no wait was followed so long and some were still open: then it is known only
        that the share is no less than where the curve stops.
        """
        place = int(np.searchsorted(self.moments, limit, side="right")) - 1
        share = float(self.shares[place]) if place >= 0 else 0.0
        spread = float(self.spreads[place]) if place >= 0 else 0.0
        followed = self.followed(limit)
        n = len(self)
        if not followed and share < 1.0:
            low = float(self.lows[place]) if place >= 0 else 0.0
            return Estimate(low=low, high=1.0, n=n) if n else Estimate()
        decided = followed + int(np.searchsorted(self.ended, limit, side="left"))
        lows, highs = wilson_each(*_one(share, spread, decided))
        return Estimate(value=share, low=float(lows[0]), high=float(highs[0]), n=n)

    def reaches(self, share: float) -> Estimate:
        """Return after how long this share of waits has ended; unknown: they never did so far.

        The ends are Brookmeyer and Crowley's, as in ``survival.median_wait``.
        """
        least = share - NEARLY
        return Estimate(
            value=self._first(self.shares, least),
            low=self._first(self.highs, least),
            high=self._first(self.lows, least),
            n=len(self),
        )

    def followed(self, limit: float) -> int:
        """Return how many were followed so long."""
        return len(self) - int(np.searchsorted(self.lasted, limit, side="left"))

    def _first(self, reached: Floats, least: float) -> float | None:
        places = np.flatnonzero(reached >= least)
        return float(self.moments[places[0]]) if len(places) else None


def curve(waits: Sequence[Wait]) -> Curve:
    """Return the curve of these waits."""
    return curve_of(
        np.array([wait[0] for wait in waits], dtype=np.float64),
        np.array([wait[1] for wait in waits], dtype=np.bool_),
    )


def curve_of(lasted: npt.NDArray[Any], has_ended: npt.NDArray[np.bool_]) -> Curve:
    """Return the curve of waits that are columns: how long each lasted, and whether it ended."""
    ordered = np.sort(lasted.astype(np.float64))
    ended = np.sort(lasted[has_ended].astype(np.float64))
    moments, of = np.unique(ended, return_counts=True)
    at_risk = len(ordered) - np.searchsorted(ordered, moments, side="left")
    staying = at_risk - of
    shares: Floats = 1.0 - np.cumprod(staying / np.maximum(at_risk, 1), dtype=np.float64)
    is_open = staying > 0
    spread = np.where(is_open, of / (at_risk * np.where(is_open, staying, 1)), 0.0)
    spreads, so_far = np.cumsum(spread), np.cumsum(of)
    lows, highs = wilson_each(shares, _weights(shares, spreads, so_far + staying))
    return Curve(
        lasted=ordered,
        ended=ended,
        moments=moments,
        shares=shares,
        lows=lows,
        highs=highs,
        spreads=spreads,
    )


def _weights(shares: Floats, spreads: Floats, decided: Floats) -> Floats:
    """Return how many waits seen to their end would be as telling (``survival.weight_of``)."""
    is_open = (shares > 0) & (shares < 1) & (spreads > 0)
    told = shares / np.where(is_open, (1 - shares) * spreads, 1.0)
    weights: Floats = np.where(is_open, told, decided)
    return weights


def _one(share: float, spread: float, decided: int) -> tuple[Floats, Floats]:
    """Return a share and its weight, each as the only one of many."""
    shares = np.array([share])
    return shares, _weights(shares, np.array([spread]), np.array([float(decided)]))


def spoken_from(least: int, estimate: Estimate) -> Estimate:
    """Return the estimate, without its value where fewer than the least stand behind it."""
    return estimate if estimate.n >= least else Estimate(n=estimate.n)
