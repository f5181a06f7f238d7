"""Scores inside a group and a network."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import percentileofscore

from vigie.index.method import Entry
from vigie.index.scoring import WEIGHTS, Scored, figures_of, mid_rank_percentiles, score

OWN = WEIGHTS["2026.1"]


def entry(institution: str, network: str = "bluesky", **metrics: float | None) -> Entry:
    return Entry(institution=institution, network=network, metrics=metrics)


def scored(*entries: Entry) -> Scored:
    return score(figures_of(entries), OWN)


@given(st.lists(st.integers(-5, 5).map(float), min_size=1, max_size=30))
def test_percentile_is_the_share_below_and_half_the_share_equal(values: list[float]) -> None:
    expected = [percentileofscore(values, v, kind="mean") for v in values]
    assert mid_rank_percentiles(np.array(values)) == pytest.approx(expected)


def test_absent_scores_zero() -> None:
    found = scored(
        entry("northfield", followers=10.0),
        Entry(institution="southbridge", network="bluesky", is_present=False),
    )
    assert found.totals.tolist() == [50.0, 0.0]


def test_absent_does_not_raise_the_score_of_those_present() -> None:
    few = scored(entry("a", followers=1.0), entry("b", followers=2.0))
    more = scored(
        entry("a", followers=1.0),
        entry("b", followers=2.0),
        Entry(institution="c", network="bluesky", is_present=False),
    )
    assert few.totals.tolist() == more.totals.tolist()[:2]


def test_unknown_is_not_scored_and_lowers_the_coverage() -> None:
    found = scored(
        entry("northfield", followers=None, posting_frequency=3.0),
        entry("southbridge", followers=5.0, posting_frequency=1.0),
    )
    assert np.isnan(found.scores[0, 0, 0])
    assert found.coverage.tolist() == [0.5, 1.0]


def test_nothing_known_gives_no_score() -> None:
    found = scored(entry("a", followers=None), entry("b", followers=1.0))
    assert np.isnan(found.totals[0])


def test_flooding_earns_nothing() -> None:
    found = scored(
        *(entry(f"u{i}", posting_frequency=f) for i, f in enumerate((1.0, 2.0, 9.0, 500.0, 8.0)))
    )
    activity = found.scores[:, 0, found.dimensions.index("activity")]
    assert activity[2] == activity[3]


def test_better_indicator_known_for_too_few_gives_way_for_everyone() -> None:
    found = scored(
        entry("a", overperformance=2.0, interactions_per_post=1.0),
        entry("b", interactions_per_post=5.0),
        entry("c", interactions_per_post=3.0),
    )
    assert found.indicators[0, found.dimensions.index("engagement")] == "interactions_per_post"
    assert any("interactions per post" in str(words) for words in found.caveats)


def test_indicator_known_for_half_measures_the_dimension() -> None:
    found = scored(entry("a", overperformance=2.0), entry("b", interactions_per_post=5.0))
    assert found.indicators[0, found.dimensions.index("engagement")] == "overperformance"


def test_weight_of_an_unknown_dimension_is_shared_out_and_said() -> None:
    found = scored(entry("a", followers=2.0, posting_frequency=1.0))
    assert found.dimension_weights.tolist() == [0.5, 0.5, 0.0, 0.0]
    assert "“responsiveness” is not counted" in " ".join(map(str, found.caveats))


def test_networks_weigh_what_the_public_weighs_on_them() -> None:
    found = scored(entry("a", followers=30.0), entry("a", "youtube", followers=10.0))
    assert found.network_weights[:, 0].tolist() == [0.75, 0.25]


def test_network_of_unknown_audience_weighs_the_mean() -> None:
    found = scored(
        entry("a", posting_frequency=1.0, followers=30.0),
        entry("a", "mastodon", posting_frequency=1.0),
        entry("a", "youtube", posting_frequency=1.0, followers=10.0),
    )
    assert found.network_weights[:, 1] == pytest.approx([30 / 60, 20 / 60, 10 / 60])


def test_networks_weigh_the_same_when_no_audience_is_known() -> None:
    found = scored(entry("a", posting_frequency=1.0), entry("a", "mastodon", posting_frequency=1.0))
    assert found.network_weights[:, 1].tolist() == [0.5, 0.5]


def test_network_nobody_looked_at_is_left_out_and_said() -> None:
    found = scored(entry("a", followers=1.0), entry("a", "flickr"))
    assert found.network_weights[found.figures.networks.index("flickr")].sum() == 0
    assert "Flickr is left out" in " ".join(map(str, found.caveats))


def test_group_without_a_single_account_has_no_weights() -> None:
    found = scored(Entry(institution="a", network="bluesky", is_present=False))
    assert np.isnan(found.totals).all()


def test_order_of_entries_changes_nothing() -> None:
    rows = [entry(f"u{i}", n, followers=float(i * 7 % 5)) for i in range(9) for n in ("a", "b")]
    assert scored(*rows).totals.tolist() == scored(*reversed(rows)).totals.tolist()
