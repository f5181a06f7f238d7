"""The published record, and every published method against its own table."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from vigie.index.method import Verdict
from vigie.index.methods.followers_total import judge_totals, sum_accounts
from vigie.index.published import check_all, facts, methods_known, sources, tables

TWITTER_2016 = Path(__file__).parents[2] / ".." / "shared" / "data" / "us-twitter-2016"


@pytest.fixture(scope="module")
def verdicts() -> list[Verdict]:
    return check_all()


def of(verdicts: Sequence[Verdict], method: str, **wanted: bool) -> list[Verdict]:
    return [
        one
        for one in verdicts
        if one.method == method and all(getattr(one, k) == v for k, v in wanted.items())
    ]


def about(verdicts: Sequence[Verdict], text: str) -> Verdict:
    (found,) = [one for one in verdicts if text in one.subject]
    return found


def test_every_figure_has_its_page() -> None:
    assert {fact.source_url for fact in facts()} == {s.url for s in sources().values()}


def test_record_is_whole() -> None:
    assert (len(facts()), len(sources())) == (2_350, 100)


def test_tables_hold_every_figure_once() -> None:
    assert sum(len(table.facts) for table in tables()) == len(facts())


def test_nine_methods_are_known() -> None:
    assert list(methods_known()) == [
        "canevet_audience",
        "canevet_youtube",
        "followers_total",
        "leader_100",
        "per_alumni",
        "per_thousand_fans",
        "points_50",
        "rank_sum",
        "vigie",
    ]


@pytest.mark.parametrize("name", list(methods_known()))
def test_every_method_is_checked(name: str, verdicts: list[Verdict]) -> None:
    assert of(verdicts, name)


def test_sum_of_ranks_gives_every_overall_rank_of_2022_and_2019(verdicts: list[Verdict]) -> None:
    assert len(of(verdicts, "rank_sum", agrees=True)) == len(of(verdicts, "rank_sum")) == 18


def test_sum_of_ranks_gives_the_printed_tie(verdicts: list[Verdict]) -> None:
    tied = [
        one for one in of(verdicts, "rank_sum") if one.computed == "8" and "2022" in one.subject
    ]
    assert {one.subject.split(" · ")[0] for one in tied} == {
        "Baylor University",
        "Tarleton State University",
    }


def test_followers_give_all_264_ranks(verdicts: list[Verdict]) -> None:
    published = [one for one in of(verdicts, "followers_total") if "2017" in one.subject]
    ranks = [one for one in published if int(one.printed) <= 264]
    assert (len(ranks), sum(one.agrees for one in ranks)) == (264, 264)


def test_accounts_one_by_one_give_263_of_264_totals(verdicts: list[Verdict]) -> None:
    (slip,) = of(verdicts, "followers_total", agrees=False)
    assert (slip.printed, slip.computed) == ("2239440", "1799196")
    assert "Stanford University" in str(slip.words)


def test_agreement_with_reputation_is_the_published_one(verdicts: list[Verdict]) -> None:
    assert about(verdicts, "Kendall").computed == "0.6018"


def test_rounded_parts_of_the_printed_mean_are_reported(verdicts: list[Verdict]) -> None:
    (slip,) = of(verdicts, "per_thousand_fans", agrees=False)
    assert (slip.printed, slip.computed) == ("4.69", "4.68")


def test_point_totals_are_the_sums_of_points(verdicts: list[Verdict]) -> None:
    totals = [one for one in of(verdicts, "points_50") if "points_total" in one.subject]
    assert len(totals) == 30
    assert all(one.agrees for one in totals)


def test_ranks_of_the_reprint_are_reported(verdicts: list[Verdict]) -> None:
    slips = of(verdicts, "points_50", agrees=False)
    assert [(one.printed, one.computed) for one in slips] == [("30", "25"), ("13", "12")]


@pytest.mark.parametrize(
    ("subject", "printed", "computed"),
    [
        ("University of Bristol · facebook · 2014-07 · growth", "219", "119"),
        ("people_engaged_as_printed", "707000", "7071"),
        ("University of Cambridge · twitter · 2014-04-15 · followers_as", "1098", "109278"),
        ("University College London · twitter · 2014-04-15 · tweets_per_day", "3.25", "3.2"),
        ("facebook · 2018-08 · adoption_pct", "68.44", "68.45"),
        ("University of Florida · twitter · 2014-05-01 · social_authority", "5", "4"),
    ],
)
def test_slip_is_reported_not_adapted_to(
    subject: str, printed: str, computed: str, verdicts: list[Verdict]
) -> None:
    one = about(of(verdicts, "record", agrees=False), subject)
    assert (one.printed, one.computed) == (printed, computed)


def test_figure_per_channel_in_a_column_per_head_is_reported(verdicts: list[Verdict]) -> None:
    assert "4 channels" in str(about(verdicts, "followers_per_channel").words)


def test_six_adoption_rates_of_eighteen_are_not_rounded(verdicts: list[Verdict]) -> None:
    rates = [one for one in of(verdicts, "record") if "adoption_pct" in one.subject]
    assert (len(rates), sum(one.agrees for one in rates)) == (18, 12)


@pytest.mark.parametrize("name", ["canevet_audience", "canevet_youtube", "leader_100", "vigie"])
def test_method_reproduces_its_whole_table(name: str, verdicts: list[Verdict]) -> None:
    assert all(one.agrees for one in of(verdicts, name))


def test_altered_figure_is_seen() -> None:
    changed = [
        replace(one, value=1.0) if one.institution == "Cornell University" and one.rank else one
        for one in facts()
    ]
    assert len(list(methods_known()["followers_total"]().check(changed))) > 264
    wrong = [v for v in methods_known()["followers_total"]().check(changed) if not v.agrees]
    assert any(one.subject.startswith("Cornell") and one.computed == "264" for one in wrong)


@pytest.mark.skipif(not TWITTER_2016.is_dir(), reason="the accounts of 2016 are not at hand")
def test_file_of_accounts_gives_the_shipped_sums() -> None:
    file = TWITTER_2016 / "UTE_University_Twitter_Accounts.json"
    content = json.loads(file.read_text(encoding="utf-8"))
    sums = sum_accounts(content["University Twitter Engagement"])
    found = list(judge_totals(sums, facts()))
    assert (len(found), [one.subject.split(" · ")[0] for one in found if not one.agrees]) == (
        264,
        ["Stanford University"],
    )
