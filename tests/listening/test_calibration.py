"""How rare a surprise really is, and how many of those that are shown are chance."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import stats

from vigie.listening.calibration import FEWEST_SCORES, adjusted, calibrated, discoveries, score

CHANCES = arrays(float, st.integers(1, 40), elements=st.floats(0, 1))


def by_the_book(chances: list[float], share: float) -> list[bool]:
    """Benjamini and Hochberg (1995), as written there."""
    order = sorted(chances)
    passing = [rank for rank, one in enumerate(order, 1) if one <= rank * share / len(order)]
    limit = order[max(passing) - 1] if passing else -1.0
    return [one <= limit for one in chances]


@given(CHANCES)
def test_discoveries_are_those_of_benjamini_and_hochberg(chances: np.ndarray) -> None:
    # A hair beside the limit, rounding decides: the two are compared away from it.
    shares = adjusted(chances)
    far = np.abs(shares - 0.05) > 1e-9
    book = np.array(by_the_book(chances.tolist(), 0.05))
    assert (discoveries(chances) == book)[far].all()


@given(CHANCES)
def test_adjusted_chances_keep_their_order(chances: np.ndarray) -> None:
    order = np.argsort(chances, kind="stable")
    found = adjusted(chances)
    assert (np.diff(found[order]) >= 0).all()
    assert (found >= chances - 1e-12).all()


@given(CHANCES)
def test_adjusted_chances_agree_with_scipy(chances: np.ndarray) -> None:
    assert np.allclose(adjusted(chances), stats.false_discovery_control(chances))


@given(st.integers(0, 1_000), st.floats(0.3, 3.0))
def test_calibrated_chances_of_ordinary_days_are_even(seed: int, optimism: float) -> None:
    rng = np.random.default_rng(seed)
    # Nominal chances that are wrong by a power, as those of too narrow a forecast are.
    scores = score(rng.random(6_000) ** optimism)
    learned = calibrated(scores[:3_000])
    chances = learned.chances(scores[3_000:])
    for limit in (0.5, 0.1, 0.01):
        share = float((chances <= limit).mean())
        assert share <= limit + 5 * np.sqrt(limit / 3_000) + 0.01


@given(arrays(float, st.integers(0, 600), elements=st.floats(0, 50)))
def test_larger_scores_are_never_likelier(scores: np.ndarray) -> None:
    learned = calibrated(scores)
    chances = learned.chances(np.linspace(0, 60, 200))
    assert (np.diff(chances) <= 1e-12).all()
    assert ((chances >= 0) & (chances <= 1)).all()


def test_true_spikes_among_the_days_before_do_not_blind() -> None:
    rng = np.random.default_rng(1)
    plain = score(rng.random(10_000))
    with_spikes = np.concatenate([plain, np.full(30, 30.0)])
    assert calibrated(with_spikes).chances(np.array([8.0]))[0] < 1e-5


def test_short_archive_is_judged_with_caution() -> None:
    learned = calibrated(np.zeros(FEWEST_SCORES - 1))
    assert not learned.is_own
    assert learned.chances(np.array([4.0]))[0] == pytest.approx(10**-2.6, rel=0.02)


def test_days_that_were_not_judged_teach_nothing() -> None:
    scores = np.full(1_000, np.nan)
    assert not calibrated(scores).is_own
