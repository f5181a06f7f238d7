"""A comparison from end to end."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import date

import pyarrow as pa
import pytest

from tests.index.invented import OCTOBER, accounts, comparison, institutions, observed, value
from vigie.columns import records_of, schema_of, table_of
from vigie.errors import ComparisonError
from vigie.index.comparison import Comparison
from vigie.index.inputs import SAMPLES
from vigie.model import Account, Edition, MethodGap, OtherRank, Standing, StandingPart, Value


@pytest.fixture(scope="module")
def ten() -> Comparison:
    return comparison()


def standings(found: Comparison) -> list[Standing]:
    return records_of(Standing, found.standings)


def said(found: Comparison) -> str:
    return " ".join(str(caveat.words) for caveat in found.caveats)


def test_leader_in_everything_is_first(ten: Comparison) -> None:
    first = standings(ten)[0]
    assert (first.institution, first.rank, first.rank_low, first.band) == ("u00", 1, 1, 1)


def test_tables_have_the_columns_of_the_store(ten: Comparison) -> None:
    for record in (Edition, Standing, StandingPart, OtherRank, MethodGap):
        assert ten.tables()[record.table].schema == schema_of(record)


def test_weights_of_an_institution_add_up_to_one(ten: Comparison) -> None:
    parts = records_of(StandingPart, ten.parts)
    assert sum(p.weight for p in parts if p.institution == "u00") == pytest.approx(1.0)


def test_parts_explain_the_score(ten: Comparison) -> None:
    parts = [p for p in records_of(StandingPart, ten.parts) if p.institution == "u03"]
    score = sum(p.weight * p.score for p in parts if p.score is not None)
    assert score == pytest.approx(standings(ten)[3].score)


def test_absence_is_a_fact_with_score_zero(ten: Comparison) -> None:
    parts = records_of(StandingPart, ten.parts)
    absent = [p for p in parts if p.institution == "u09" and p.network == "instagram"]
    assert {(p.is_present, p.value, p.score) for p in absent} == {(False, None, 0.0)}


def test_other_methods_stand_side_by_side(ten: Comparison) -> None:
    names = {row.method for row in records_of(OtherRank, ten.other_ranks)}
    assert names == {"canevet_audience", "followers_total", "leader_100", "points_50", "rank_sum"}


def test_method_that_cannot_be_used_is_named_with_its_reason(ten: Comparison) -> None:
    assert "Not shown: Followers per alumnus. Not known: the number of alumni." in said(ten)


def test_method_that_finds_too_little_is_named_with_what_it_lacks(ten: Comparison) -> None:
    lacking = {(row.method, row.figure) for row in records_of(MethodGap, ten.method_gaps)}
    assert lacking == {
        ("per_alumni", "alumni"),
        ("per_thousand_fans", "likes_per_post"),
        ("per_thousand_fans", "comments_per_post"),
        *(("canevet_youtube", name) for name in ("views", "followers", "comments", "likes")),
    }


def test_method_of_one_network_looks_for_its_figures_there_only() -> None:
    values, _samples = observed(accounts(institutions()))
    more = [
        value(name, one.institution, "bluesky", 5.0)
        for one in institutions()
        for name in ("views", "comments", "likes")
    ]
    found = comparison(values=pa.concat_tables([values, table_of(Value, more)]))
    lacking = {row.method for row in records_of(MethodGap, found.method_gaps)}
    assert "canevet_youtube" in lacking


def test_method_is_shown_once_its_figures_are_known() -> None:
    values, _samples = observed(accounts(institutions()))
    more = [
        value(name, one.institution, "bluesky", 5.0 + place)
        for place, one in enumerate(institutions())
        for name in ("likes_per_post", "comments_per_post")
    ]
    found = comparison(values=pa.concat_tables([values, table_of(Value, more)]))
    assert "per_thousand_fans" in {row.method for row in records_of(OtherRank, found.other_ranks)}


def test_order_of_rows_changes_nothing(ten: Comparison) -> None:
    values, samples = observed(accounts(institutions()))
    backwards = list(reversed(range(values.num_rows)))
    turned = comparison(
        values=values.take(backwards),
        samples=samples.take(list(reversed(range(samples.num_rows)))),
        institutions=list(reversed(institutions())),
    )
    assert turned.standings.equals(ten.standings)
    assert turned.parts.equals(ten.parts)


def test_institution_without_any_account_is_last() -> None:
    found = comparison(institutions=institutions(11))
    last = standings(found)[-1]
    assert (last.institution, last.rank, last.score, last.coverage) == ("u10", 11, 0.0, 1.0)


def test_group_of_seven_has_standings_without_ranks() -> None:
    found = comparison(7)
    assert {(row.rank, row.score) for row in standings(found)} == {(None, None)}
    assert "below 8 no rank is given" in said(found)


def test_institution_of_which_nothing_is_known_has_no_rank() -> None:
    more = [*institutions(10), *institutions(11)[10:]]
    dark = Account(account="bluesky:dark", institution="u10", network="bluesky")
    found = comparison(institutions=more, accounts=[*accounts(institutions()), dark])
    last = standings(found)[-1]
    assert (last.rank, last.rank_low, last.first_ten) == (None, None, None)


def test_last_months_rank_in_the_same_group_is_remembered(ten: Comparison) -> None:
    before = table_of(
        Standing,
        [
            replace(row, month_on=date(2026, 9, 1), edition="2026-09", rank=11 - (row.rank or 0))
            for row in standings(ten)
        ],
    )
    assert standings(comparison(previous=before))[0].previous_rank == 10


def test_rank_of_another_group_is_not_remembered(ten: Comparison) -> None:
    before = table_of(
        Standing,
        [
            replace(row, month_on=date(2026, 9, 1), group="university.fr.small")
            for row in standings(ten)
        ],
    )
    assert standings(comparison(previous=before))[0].previous_rank is None


def test_posts_that_do_not_give_the_median_are_reported() -> None:
    _values, samples = observed(accounts(institutions()), seed=8)
    assert "do not have the figure" in said(comparison(samples=samples))


def test_comparison_without_posts_still_ranks() -> None:
    assert standings(comparison(samples=SAMPLES.empty_table()))[0].rank == 1


def test_nothing_observed_gives_no_rank_and_says_so() -> None:
    empty = table_of(Value, [])
    found = comparison(values=empty, samples=SAMPLES.empty_table())
    assert {row.rank for row in standings(found)} == {None}
    assert "left out" in said(found)


def test_no_institution_gives_an_empty_comparison() -> None:
    assert comparison(institutions=[]).standings.num_rows == 0


def test_sums_over_all_networks_are_not_a_network(ten: Comparison) -> None:
    values, _samples = observed(accounts(institutions()))
    total = table_of(Value, [value("followers", "u09", "all", 9e9)])
    again = comparison(values=pa.concat_tables([values, total]))
    assert again.standings.equals(ten.standings)


def test_secondary_accounts_count_only_where_a_method_says_so(ten: Comparison) -> None:
    values, _samples = observed(accounts(institutions()))
    every = replace(value("followers", "u05", "bluesky", 9e9), level="institution_all")
    again = comparison(values=pa.concat_tables([values, table_of(Value, [every])]))
    ranks = {
        row.institution: row.rank
        for row in records_of(OtherRank, again.other_ranks)
        if row.method == "followers_total"
    }
    assert again.standings.equals(ten.standings)
    assert ranks["u05"] == 1


def test_unknown_method_is_refused_with_those_there_are() -> None:
    with pytest.raises(ComparisonError, match=r"no method vigie 1999\.1.*vigie 2026\.1"):
        comparison(method="vigie 1999.1")


def test_chosen_kind_is_the_only_one_compared() -> None:
    assert comparison(kinds=("research",)).standings.num_rows == 0


@pytest.mark.slow
def test_five_thousand_accounts_are_compared_in_seconds() -> None:
    began = time.perf_counter()
    comparison(2_500, draws=1_000)
    assert time.perf_counter() - began < 20


def test_invented_institutions_make_an_invented_edition(ten: Comparison) -> None:
    (edition,) = records_of(Edition, ten.editions)
    assert (edition.is_invented, edition.revision, edition.month_on) == (True, 0, OCTOBER)
