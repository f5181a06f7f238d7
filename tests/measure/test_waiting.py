"""Waits in memory: hand cases, the engine's own estimate, and a slow reference."""

from __future__ import annotations

import math
import random

import ibis
import pyarrow as pa
import pytest

from vigie.measure.survival import median_wait, share_within
from vigie.measure.uncertainty import mean_of, wilson_of
from vigie.measure.waiting import Wait, curve, spoken_from

FREIREICH = [
    (6, True), (6, True), (6, True), (6, False), (7, True), (9, False), (10, True), (10, False),
    (11, False), (13, True), (16, True), (17, False), (19, False), (20, False), (22, True),
    (23, True), (25, False), (32, False), (32, False), (34, False), (35, False),
]  # fmt: skip
"""Weeks in remission of the 21 treated patients of Freireich et al. (1963)."""


def test_a_published_curve_comes_out() -> None:
    found = curve(FREIREICH)
    assert found.moments.tolist() == [6, 7, 10, 13, 16, 22, 23]
    assert (1 - found.shares).round(4).tolist() == [
        0.8571, 0.8067, 0.7529, 0.6902, 0.6275, 0.5378, 0.4482,
    ]  # fmt: skip
    assert found.reaches(0.5).value == 23


def test_silence_is_not_dropped() -> None:
    answered: list[Wait] = [(1.0, True)] * 5
    silent: list[Wait] = [(100.0, False)] * 5
    assert curve(answered).within(10).value == 1
    assert curve(answered + silent).within(10).value == pytest.approx(0.5)


def test_a_share_nobody_reached_is_unknown() -> None:
    found = curve([(1.0, True), (9.0, False), (9.0, False)])
    assert found.reaches(0.9).value is None


def test_a_limit_nobody_was_followed_to_is_unknown() -> None:
    found = curve([(1.0, True), (2.0, False)])
    assert found.within(50).value is None
    assert (found.within(50).low, found.within(50).high) == (found.lows[-1], 1)
    assert found.within(50).rest.low == 0


def test_what_is_left_of_a_share_turns_its_ends() -> None:
    left = curve([(1.0, True)] * 8 + [(9.0, False)] * 2).within(5).rest
    assert left.value == pytest.approx(0.2)
    assert left.low is not None
    assert left.high is not None
    assert left.low < 0.2 < left.high


def test_nothing_waited_for_is_unknown() -> None:
    assert curve([]).within(1).value is None
    assert curve([]).reaches(0.5).value is None


def test_too_few_say_nothing() -> None:
    found = spoken_from(3, curve([(1.0, True), (2.0, True)]).reaches(0.5))
    assert (found.value, found.n) == (None, 2)


def _some(seed: int, count: int) -> list[Wait]:
    draw = random.Random(seed)
    return [(float(draw.randint(1, 40)), draw.random() < 0.7) for _ in range(count)]


def _by_hand(waits: list[Wait], limit: float) -> float:
    left = 1.0
    for moment in sorted({lasted for lasted, ended in waits if ended}):
        if moment > limit:
            break
        at_risk = sum(lasted >= moment for lasted, _ended in waits)
        ended = sum(one == (moment, True) for one in waits)
        left *= 1 - ended / at_risk
    return 1 - left


@pytest.mark.parametrize("seed", range(20))
def test_it_is_the_slow_reference(seed: int) -> None:
    waits = _some(seed, 5 + seed * 3)
    for limit in (1, 5, 12, 30):
        found = curve(waits).within(limit).value
        assert found is None or found == pytest.approx(_by_hand(waits, limit))


@pytest.mark.parametrize("seed", range(4))
def test_it_is_what_the_engine_says(seed: int) -> None:
    waits = _some(seed, 60)
    table = ibis.memtable(
        pa.table(
            {
                "whose": ["all"] * len(waits),
                "seconds": [int(lasted) for lasted, _ended in waits],
                "is_answered": [ended for _lasted, ended in waits],
            }
        )
    )
    engine = share_within(table, ["whose"], seconds=15).to_pyarrow().to_pylist()[0]
    here = curve(waits).within(15)
    assert (here.value, here.low, here.high) == pytest.approx(
        (engine["share"], engine["low"], engine["high"])
    )
    middle = median_wait(table, ["whose"]).to_pyarrow().to_pylist()[0]
    half = curve(waits).reaches(0.5)
    assert (half.value, half.low, half.high) == (middle["seconds"], middle["low"], middle["high"])


def test_wilson_of_a_share_is_worked_out_by_hand() -> None:
    low, high = wilson_of(0.3, 10)
    assert (round(low, 4), round(high, 4)) == (0.1269, 0.5583)
    assert wilson_of(0.0, 10)[0] == 0
    assert wilson_of(1.0, 10)[1] == 1


def test_mean_has_students_interval() -> None:
    mean, low, high = mean_of([1, 2, 3, 4, 5])
    assert (mean, round(low, 3), round(high, 3)) == (3, 1.493, 4.507)
    assert mean_of([4])[1:] == (-math.inf, math.inf)
