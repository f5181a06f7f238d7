"""A version that was just taught takes the place of another by a rule that is written down."""

from __future__ import annotations

import pytest

from vigie.annotate.succession import (
    INSISTED,
    TOOK,
    TRIED,
    UNCOMPARED,
    UNPROVEN,
    WORSE,
    Beside,
    Running,
    place_of,
)

EVEN, BETTER, ILL = (-0.02, 0.05), (0.01, 0.09), (-0.2, -0.01)


def running(
    apart: tuple[float, float] | None,
    *,
    is_like: bool = True,
    is_insisted: bool = False,
    n: int = 80,
) -> Running:
    low, high = apart or (None, None)
    beside = Beside(version=1, n=n, f1=0.7, other_f1=0.7, low=low, high=high)
    return Running(is_like=is_like, is_insisted=is_insisted, beside=beside if apart else None)


@pytest.mark.parametrize(
    ("now", "place"),
    [
        (None, TOOK),
        (running(EVEN), TOOK),
        (running(BETTER), TOOK),
        (running(ILL), WORSE),
        (running(EVEN, is_like=False), UNPROVEN),
        (running(ILL, is_like=False), UNPROVEN),
        (running(BETTER, is_like=False), TOOK),
        (running(BETTER, is_insisted=True), INSISTED),
        (running(BETTER, n=49), UNCOMPARED),
        (running(None), UNCOMPARED),
    ],
)
def test_who_answers_after_teaching(now: Running | None, place: str) -> None:
    assert place_of(now, is_trial=False) == place
    assert place_of(now, is_trial=True) == TRIED
