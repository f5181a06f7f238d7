"""Questions resampled, and responsiveness as the fourth dimension of the Index."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.index.invented import accounts, comparison, institutions, observed, value
from tests.measure.slow_waits import DAY, Wait, share_within
from vigie.columns import records_of, table_of
from vigie.index.comparison import Comparison
from vigie.index.inputs import SAMPLES
from vigie.index.resampling import Samples, bootstrap_shares, share_answered
from vigie.model import Standing, StandingPart, Value

HOUR = 3_600
some_waits = st.lists(
    st.builds(Wait, seconds=st.integers(1, 40).map(lambda n: n * HOUR), is_answered=st.booleans()),
    min_size=1,
    max_size=25,
)


def columns(waits: list[Wait]) -> tuple[np.ndarray, np.ndarray]:
    """Return waits as hours, sorted, and whether each ended in an answer."""
    ordered = sorted(waits, key=lambda one: one.seconds)
    hours = np.array([one.seconds / HOUR for one in ordered])
    return hours, np.array([one.is_answered for one in ordered], dtype=bool)


@given(some_waits)
def test_the_share_of_the_questions_is_the_slow_one(waits: list[Wait]) -> None:
    wanted = share_within(waits, DAY)
    if wanted is not None:
        assert share_answered(*columns(waits)) == pytest.approx(wanted[0])


def test_the_bootstrap_is_the_bootstrap() -> None:
    """The shares drawn are those of resampling the questions by brute force."""
    rng = np.random.default_rng(5)
    waits = [Wait(seconds=int(rng.integers(1, 40)) * HOUR, is_answered=bool(rng.random() < 0.6))
             for _wait in range(14)]  # fmt: skip
    hours, answered = columns(waits)
    samples = Samples(
        values=hours, answered=answered, start=np.array([[0]]), count=np.array([[14]])
    )
    ours = bootstrap_shares(samples, np.array([0]), 0, draws=4_000, rng=rng)[:, 0]
    again = rng.integers(0, 14, (2_000, 14))
    theirs = [100 * share_answered(*columns([waits[i] for i in places])) for places in again]
    points = np.linspace(0, 100, 11)
    ours_below = (ours[:, None] <= points).mean(axis=0)
    theirs_below = (np.array(theirs)[:, None] <= points).mean(axis=0)
    assert np.abs(ours_below - theirs_below).max() < 0.04


def answering(shares: list[float], *, known: int = 10, size: int = 20) -> Comparison:
    """Compare ten institutions that answer these shares of twenty questions on Bluesky."""
    values, samples = observed(accounts(institutions()))
    figures, questions = [], []
    for one, share in list(zip(institutions(), shares, strict=True))[:known]:
        answered = round(share * size)
        figures.append(
            value("response_share_24h", one.institution, "bluesky", 100 * answered / size, n=size)
        )
        row = (one.institution, "bluesky", "response_share_24h")
        questions += [(*row, 2.0, True)] * answered + [(*row, 200.0, False)] * (size - answered)
    told = pa.table([list(column) for column in zip(*questions, strict=True)], schema=SAMPLES)
    return comparison(
        values=pa.concat_tables([values, table_of(Value, figures)]),
        samples=pa.concat_tables([samples, told]),
    )


SHARES = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95]


@pytest.fixture(scope="module")
def answered() -> Comparison:
    return answering(SHARES)


def test_responsiveness_is_a_dimension_once_half_of_those_present_are_known(
    answered: Comparison,
) -> None:
    parts = [p for p in records_of(StandingPart, answered.parts) if p.dimension == "responsiveness"]
    assert {(p.network, p.indicator) for p in parts} == {("bluesky", "response_share_24h")}
    assert sum(p.weight for p in parts if p.institution == "u00") == pytest.approx(0.25)
    assert not any("responsiveness" in str(one.words) for one in answered.caveats)


def test_responsiveness_moves_the_score(answered: Comparison) -> None:
    first = {row.institution: row.score for row in records_of(Standing, answered.standings)}
    turned = answering(list(reversed(SHARES)))
    again = {row.institution: row.score for row in records_of(Standing, turned.standings)}
    assert (again["u00"] or 0) > (first["u00"] or 0)
    assert (again["u08"] or 0) < (first["u08"] or 0)


def test_too_few_known_leave_it_out_and_say_so() -> None:
    found = answering(SHARES, known=4)
    assert not [p for p in records_of(StandingPart, found.parts) if p.dimension == "responsiveness"]
    assert any("responsiveness" in str(one.words) for one in found.caveats)


def test_the_questions_given_are_those_of_the_figure(answered: Comparison) -> None:
    assert not any("do not have the figure" in str(one.words) for one in answered.caveats)


def test_few_questions_make_the_place_less_sure() -> None:
    def width(found: Comparison) -> int:
        rows = records_of(Standing, found.standings)
        return sum((row.rank_high or 0) - (row.rank_low or 0) for row in rows)

    assert width(answering(SHARES, size=20)) > width(answering(SHARES, size=400))
