"""A share of what a query brings says how much there is, with an interval that holds it."""

from __future__ import annotations

import numpy as np
import pytest

from vigie.listening.sampled import Estimate, is_drawn, sampled_said
from vigie.words import say

POSTS = [f"p{number}" for number in range(4_000)]


def test_who_is_drawn_among_few_is_drawn_among_more() -> None:
    drawn = {one_in: {one for one in POSTS if is_drawn("x", one, one_in=one_in)}
             for one_in in (1, 2, 8, 64)}  # fmt: skip
    assert drawn[64] < drawn[8] < drawn[2] < drawn[1]
    assert drawn[1] == set(POSTS)


def test_interval_holds_what_is_true_nine_times_in_ten() -> None:
    held = 0
    for archive in range(100):
        kept = sum(is_drawn("x", f"{archive}:{post}", one_in=8) for post in POSTS[:2_000])
        found = Estimate(kept=kept, posts=8 * kept, variance=kept * 8 * 7)
        held += found.low <= 2_000 <= found.high
    assert held >= 80
    assert held <= 98


def test_what_was_kept_is_there_in_any_case() -> None:
    assert Estimate(kept=3, posts=24, variance=3 * 8 * 7).low == 3


def test_estimates_add_up() -> None:
    one = Estimate(kept=10, posts=10) + Estimate(kept=10, posts=80, variance=560)
    assert (one.kept, one.posts, one.each, one.is_sampled) == (20, 90, 4.5, True)
    assert one.high - one.posts == pytest.approx(1.645 * np.sqrt(560), abs=1)


def test_nothing_is_said_where_everything_was_kept() -> None:
    assert sampled_said(Estimate(kept=4, posts=4)) is None
    said = sampled_said(Estimate(kept=100, posts=800, variance=5_600))
    assert said is not None
    assert "100 posts kept stand for about 800" in say(said, "en")
    assert "between 677 and 923" in say(said, "en")
