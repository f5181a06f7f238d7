"""Ranks, their intervals, and the groups that cannot be told apart."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vigie.index.method import Entry
from vigie.index.ranking import (
    bands,
    competition_ranks,
    draw_totals,
    rank,
    seed_of,
    ties,
)
from vigie.index.resampling import Samples, bootstrap_medians
from vigie.index.scoring import WEIGHTS, Scored, figures_of, score

OWN = WEIGHTS["2026.1"]


def group(size: int = 12, **more: float | None) -> Scored:
    return score(
        figures_of(
            Entry(
                institution=f"u{i:02}",
                network="bluesky",
                metrics={"followers": 1_000.0 - i, "overperformance": 1.0 - i / 10, **more},
            )
            for i in range(size)
        ),
        OWN,
    )


def posts_of(scored: Scored, *, spread: float, size: int = 9) -> Samples:
    """Give each account posts spread evenly around its own median."""
    count = np.full(scored.figures.present.shape, size)
    start = (np.arange(count.size) * size).reshape(count.shape)
    around = np.linspace(-spread, spread, size)
    values = (scored.figures.metrics["overperformance"].ravel()[:, None] + around).ravel()
    return Samples(values=values, start=start, count=count)


def test_equal_scores_share_the_better_rank() -> None:
    assert competition_ranks(np.array([5.0, 9.0, 9.0, 1.0])).tolist() == [3, 1, 1, 4]


def test_unknown_score_has_no_rank() -> None:
    assert competition_ranks(np.array([np.nan, 2.0, 3.0])).tolist() == [0, 2, 1]


def test_ties_are_declared() -> None:
    assert ties(np.array([1, 2, 2, 4, 0, 0])).tolist() == [False, True, True, False, False, False]


@given(st.lists(st.integers(0, 6).map(float), min_size=1, max_size=25))
def test_rank_is_one_more_than_those_ahead(scores: list[float]) -> None:
    expected = [1 + sum(other > one for other in scores) for one in scores]
    assert competition_ranks(np.array(scores)).tolist() == expected


@pytest.mark.parametrize("size", [1, 2, 5, 8, 9, 14])
def test_exact_bootstrap_is_the_bootstrap(size: int) -> None:
    """The shares of each possible median are those of resampling the posts by brute force."""
    rng = np.random.default_rng(11)
    posts = np.sort(rng.normal(size=size)).round(3)
    samples = Samples(values=posts, start=np.array([[0]]), count=np.array([[size]]))
    draws = 40_000
    ours = bootstrap_medians(samples, np.array([0]), 0, draws=draws, rng=rng)[:, 0]
    theirs = np.median(posts[rng.integers(0, size, (draws, size))], axis=1)
    points = np.unique(np.concatenate([posts, (posts[1:] + posts[:-1]) / 2]))
    ours_below = (ours[:, None] <= points + 1e-12).mean(axis=0)
    theirs_below = (theirs[:, None] <= points + 1e-12).mean(axis=0)
    assert np.abs(ours_below - theirs_below).max() < 0.015


def test_same_seed_gives_the_same_draws() -> None:
    scored = group()
    samples = {"overperformance": posts_of(scored, spread=1.0)}
    first = draw_totals(scored, samples, {}, seed=3, draws=150)
    again = draw_totals(scored, samples, {}, seed=3, draws=150)
    assert first.tolist() == again.tolist()


def test_first_draws_do_not_depend_on_how_many_follow() -> None:
    scored = group()
    samples = {"overperformance": posts_of(scored, spread=1.0)}
    few = draw_totals(scored, samples, {}, seed=3, draws=100)
    many = draw_totals(scored, samples, {}, seed=3, draws=250)
    assert few.tolist() == many[:100].tolist()


def test_exact_figures_that_agree_leave_no_doubt() -> None:
    ranked = rank(group(), seed=1, draws=100)
    assert (ranked.rank_low == ranked.rank).all()
    assert (ranked.rank_high == ranked.rank).all()


def test_spread_of_posts_widens_the_interval() -> None:
    scored = group()
    calm = rank(scored, samples={"overperformance": posts_of(scored, spread=0.05)}, seed=1)
    wild = rank(scored, samples={"overperformance": posts_of(scored, spread=4.0)}, seed=1)
    assert (wild.rank_high - wild.rank_low).sum() > (calm.rank_high - calm.rank_low).sum()


def test_unknown_widens_the_interval() -> None:
    entries = [
        Entry(
            institution=f"u{i:02}",
            network="bluesky",
            metrics={
                "followers": None if i == 5 else 100.0 - i,
                "posting_frequency": 100.0 - i,
            },
        )
        for i in range(12)
    ]
    ranked = rank(score(figures_of(entries), OWN), seed=1)
    width = ranked.rank_high - ranked.rank_low
    assert width[5] == width.max() > 3


def test_known_interval_of_a_figure_is_drawn() -> None:
    scored = group()
    spread = {"overperformance": np.full(scored.figures.present.shape, 2.0)}
    ranked = rank(scored, spreads=spread, seed=1)
    assert (ranked.rank_high - ranked.rank_low).max() > 0


def test_published_rank_is_inside_its_interval() -> None:
    scored = group(40)
    ranked = rank(scored, samples={"overperformance": posts_of(scored, spread=6.0)}, seed=2)
    assert ((ranked.rank_low <= ranked.rank) & (ranked.rank <= ranked.rank_high)).all()


def test_first_ten_of_twelve_hold_ten_places() -> None:
    scored = group(12)
    ranked = rank(scored, samples={"overperformance": posts_of(scored, spread=2.0)}, seed=2)
    assert ranked.first_ten.sum() == pytest.approx(10.0)


def test_nobody_told_apart_is_one_band() -> None:
    drawn = np.random.default_rng(1).normal(size=(500, 4))
    assert bands(np.array([1, 2, 3, 4]), drawn).tolist() == [1, 1, 1, 1]


def test_band_ends_where_its_leader_is_surely_ahead() -> None:
    drawn = np.random.default_rng(1).normal(size=(500, 4)) + np.array([10.0, 9.5, 0.0, 0.0])
    assert bands(np.array([1, 2, 3, 4]), drawn).tolist() == [1, 1, 2, 2]


def test_institution_without_a_rank_is_in_no_band() -> None:
    drawn = np.array([[2.0, np.nan], [2.0, np.nan]])
    assert bands(np.array([1, 0]), drawn).tolist() == [1, 0]


def test_seed_belongs_to_edition_and_group() -> None:
    assert seed_of("2026-10", "university.fr") != seed_of("2026-10", "university.ch")
