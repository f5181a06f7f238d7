import ibis
import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom

from vigie.measure.uncertainty import EXACT_UP_TO, Z, median_ranks, rank_table, wilson


def test_small_samples_are_bounded_by_their_ends() -> None:
    assert [median_ranks(n) for n in (1, 2, 5)] == [(1, 1), (1, 2), (1, 5)]


@given(st.integers(min_value=1, max_value=EXACT_UP_TO))
def test_rank_is_the_first_at_which_five_percent_of_medians_lie_at_or_below(n: int) -> None:
    low, _high = median_ranks(n)
    middle = (n + 1) // 2
    at_or_below = binom.sf(middle - 1, n, np.array([low - 1, low]) / n)
    assert at_or_below[0] < 0.05 + 1e-9
    assert at_or_below[1] >= 0.05 - 1e-9


@given(st.integers(min_value=1, max_value=100_000))
def test_the_interval_is_symmetric_in_rank_and_holds_the_median(n: int) -> None:
    low, high = median_ranks(n)
    assert 1 <= low <= (n + 1) // 2 <= high <= n
    assert low + high == n + 1


def test_the_normal_approximation_takes_over_without_a_jump() -> None:
    exact, approximate = median_ranks(EXACT_UP_TO), median_ranks(EXACT_UP_TO + 1)
    assert abs(exact[0] - approximate[0]) <= 1


@pytest.mark.parametrize("n", [5, 21, 63])
def test_many_draws_agree_with_their_limit(n: int) -> None:
    rng = np.random.default_rng(2026)
    found = np.sort(rng.lognormal(size=n))
    medians = np.median(rng.choice(found, size=(20_000, n)), axis=1)
    low, high = median_ranks(n)
    drawn = np.quantile(medians, [0.05, 0.95], method="inverted_cdf")
    assert list(np.abs(np.searchsorted(found, drawn) - [low - 1, high - 1])) <= [1, 1]


def test_the_table_holds_the_same_ranks() -> None:
    rows = rank_table().order_by("length").to_pyarrow()
    assert rows["low_rank"].to_pylist() == [median_ranks(n)[0] for n in range(1, EXACT_UP_TO + 1)]


def test_wilson_solves_its_own_equation() -> None:
    rows = [(n, of / 20) for n in (1, 2, 10, 500) for of in range(21)]
    asked = ibis.memtable(pa.table({"n": [n for n, _s in rows], "share": [s for _n, s in rows]}))
    low, high = wilson(asked.share, asked.n)
    for row in asked.mutate(low=low, high=high).to_pyarrow().to_pylist():
        assert 0 <= row["low"] <= row["share"] + 1e-12
        assert row["share"] - 1e-12 <= row["high"] <= 1
        for end in (row["low"], row["high"]):
            off = (row["share"] - end) ** 2 - Z * Z * end * (1 - end) / row["n"]
            assert off == pytest.approx(0, abs=1e-9)


def test_wilson_of_nothing_is_unknown() -> None:
    nothing = {"n": pa.array([0]), "share": pa.array([None], pa.float64())}
    asked = ibis.memtable(pa.table(nothing))
    low, high = wilson(asked.share, asked.n)
    found = asked.select(low=low.isnull(), high=high.isnull()).to_pyarrow().to_pylist()
    assert found == [{"low": True, "high": True}]
