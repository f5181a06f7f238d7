"""The edition: who leads, how sure we are, what moved."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tests.present.formats import rendered
from tests.reports.built import built, charts, grid, row, said
from tests.reports.hand_made import EDITION, NOW, rows, standing
from vigie.errors import ReportError
from vigie.index.other_methods import others_known
from vigie.model import MethodGap
from vigie.present.document import Interval, Link

GROUP = "university.fr"
GAP = MethodGap(edition="2026-10", revision=1, group=GROUP, method="per_alumni", figure="alumni")


def _edition(**choices: str) -> Any:
    return built("index_edition", **choices)


def _changed(**changes: Any) -> dict[str, Any]:
    return {"editions": [replace(EDITION, **changes)]}


def test_title_is_the_answer_when_there_is_one_group() -> None:
    title = str(_edition(group=GROUP).title)
    assert title == "Université n° 1 leads 30 universities in October 2026"


def test_title_is_the_question_when_there_are_several() -> None:
    assert str(_edition().title) == "Who leads in October 2026, how sure are we, what moved?"


def test_tied_leaders_are_both_named() -> None:
    given = rows()
    given["standings"][1] = standing("peer-2", 1, size=30, is_tied=True)
    title = str(built("index_edition", given, group=GROUP).title)
    assert title.startswith("Université n° 1 and Université n° 2 lead 30")


def test_rank_stands_with_its_interval() -> None:
    found = row(_edition(group=GROUP), GROUP, "institution", "Northfield University")
    assert found["rank"] == Interval(value=7, low=4, high=10)


def test_institution_leads_to_its_page() -> None:
    found = row(_edition(group=GROUP), GROUP, "institution", "Northfield University")
    assert found["institution"] == Link(
        text="Northfield University", href="/institutions/northfield/"
    )


def test_movement_is_places_gained() -> None:
    found = row(_edition(group=GROUP), GROUP, "institution", "Northfield University")
    assert found["change"] == 1


def test_first_edition_has_no_movement_column() -> None:
    given = rows()
    given["standings"] = [replace(one, previous_rank=None) for one in given["standings"]]
    keys = {
        column.key for column in grid(built("index_edition", given, group=GROUP), GROUP).columns
    }
    assert "change" not in keys


def test_range_under_other_methods_stands_beside_the_rank() -> None:
    found = row(_edition(group=GROUP), GROUP, "institution", "Northfield University")
    assert found["others"] == Interval(value=None, low=8, high=12)


def _others(**more: Any) -> Any:
    return built("index_edition", {**rows(), **more}, group=GROUP)


def test_method_that_is_shown_says_how_far_it_moves_the_ranks() -> None:
    found = row(_others(), "methods", "method", "Followers, all accounts")
    assert (found["lists"], found["ranked"]) == (1, 30)
    assert found["moved"] == pytest.approx((29 + 29) / 30)


def test_every_other_method_is_named_in_the_sensitivity() -> None:
    named = [
        str(one["method"].text)
        for name in ("methods", "methods-not-shown")
        for one in grid(_others(), name).rows
    ]
    assert sorted(named) == sorted(str(one.label) for one in others_known().values())


@pytest.mark.parametrize(
    ("gaps", "reason"),
    [
        ([GAP], "Not known: the number of alumni."),
        ([], "This edition was computed without it."),
        ([replace(GAP, figure="followers")], "Too little is known of: Followers."),
    ],
)
def test_method_that_is_not_shown_is_named_with_its_reason(
    gaps: list[MethodGap], reason: str
) -> None:
    document = _others(method_gaps=gaps)
    found = row(document, "methods-not-shown", "method", "Followers per alumnus")
    assert str(found["reason"]) == reason


def test_method_that_is_not_shown_for_one_group_only_says_for_which() -> None:
    given = {"method_gaps": [replace(GAP, group="business_school.fr", method="rank_sum")]}
    document = built("index_edition", {**rows(), **given})
    found = row(document, "methods-not-shown", "method", "Sum of ranks")
    assert str(found["reason"]).startswith("Business schools, France: ")


@pytest.mark.parametrize("name", ["html", "csv", "json"])
def test_what_a_method_lacked_is_in_every_file(name: str) -> None:
    document = replace(_others(method_gaps=[GAP]), choices={"grid": "methods-not-shown"})
    assert "Not known: the number of alumni." in rendered(document, name).decode()


def test_ranks_by_another_method_are_not_said_to_be_moved() -> None:
    columns = grid(_edition(method="rank_sum:total", group=GROUP), "methods").columns
    assert "moved" not in {column.key for column in columns}


def test_reply_stands_in_its_row() -> None:
    found = row(_edition(group=GROUP), GROUP, "institution", "Université de Southbridge")
    assert found["reply"] == "Our account was closed for a week."


def test_what_moved_is_said_in_a_sentence() -> None:
    words = said(_edition(group=GROUP))
    assert "The largest fall is Université n° 28, down 29 places to 30th." in words


def test_those_that_cannot_be_told_apart_are_counted() -> None:
    assert "It cannot be told apart from 3 other institutions." in said(_edition(group=GROUP))


def test_totals_are_said_with_their_coverage() -> None:
    assert "218 of 250 institutions seen" in said(_edition())


def test_group_without_ranks_says_so() -> None:
    assert "No institution of this group has a rank." in said(_edition())


def test_ranked_groups_come_first() -> None:
    names = [section.name for section in _edition().blocks[1:]]
    assert names == ["group-university-fr", "group-business-school-fr", "methods"]


def test_chart_shows_the_first_thirty() -> None:
    (chart,) = charts(built("index_edition", rows(60), group=GROUP))
    assert len(chart.table.rows) == 30


def test_csv_holds_every_row_of_every_group() -> None:
    text = rendered(built("index_edition", rows(150)), "csv").decode("utf-8-sig")
    assert len(text.splitlines()) == 1 + 150 + 1


def test_page_of_several_large_groups_shows_the_first_of_each() -> None:
    document = built("index_edition", rows(150))
    page = rendered(document, "html").decode()
    assert "All 150 of this group" in page
    assert page.count('href="/institutions/peer-50/"') == 0


def test_filter_by_kind_leaves_the_others_out() -> None:
    assert len(_edition(kind="business_school").main.rows) == 1


def test_country_is_found_in_any_case() -> None:
    assert len(_edition(country="fr").main.rows) == 31


def test_unknown_kind_names_those_there_are() -> None:
    with pytest.raises(ReportError, match="business_school, university"):
        _edition(kind="abbey")


def test_unknown_edition_names_those_there_are() -> None:
    with pytest.raises(ReportError, match="2026-10"):
        _edition(edition="1999-01")


def test_month_without_edition_names_those_there_are() -> None:
    with pytest.raises(ReportError, match="2026-10"):
        _edition(month="1999-01")


def test_another_method_gives_its_own_order_without_interval() -> None:
    document = _edition(method="rank_sum:total", group=GROUP)
    assert str(document.title).startswith("Université n° 24 leads")
    assert next(iter(grid(document, GROUP).rows))["rank"] == Interval(value=1)


def test_unknown_method_names_those_there_are() -> None:
    with pytest.raises(ReportError, match="followers_total:total"):
        _edition(method="dice")


def test_one_network_ranks_by_its_own_scores() -> None:
    document = _edition(network="bluesky", group=GROUP)
    ranks = [found["rank"].value for found in grid(document, GROUP).rows]
    assert ranks[:2] == [1, 2]
    assert "Ranks on Bluesky only" in said(document)


def test_network_where_nothing_is_known_has_no_ranks() -> None:
    document = _edition(network="linkedin", group=GROUP)
    assert {found["rank"].value for found in grid(document, GROUP).rows} == {None}


def test_unknown_network_is_refused() -> None:
    with pytest.raises(ReportError, match="friendster"):
        _edition(network="friendster")


def test_latest_revision_is_the_one_shown() -> None:
    given = rows()
    given["editions"].append(replace(EDITION, revision=2, reason="A purge was missed."))
    given["standings"].append(standing("northfield", 1, size=30, revision=2))
    document = built("index_edition", given)
    assert "A purge was missed." in said(document)
    assert len(grid(document, GROUP).rows) == 1


def test_draft_is_said_to_be_one() -> None:
    assert "Draft: these ranks may still change." in said(
        built("index_edition", {**rows(), **_changed(published_at=None)})
    )


def test_published_edition_is_shown_before_a_later_draft() -> None:
    given = rows()
    later = replace(
        EDITION, edition="2026-11", published_at=None, month_on=NOW.date().replace(day=1)
    )
    given["editions"].append(later)
    assert built("index_edition", given).main is not None


def test_store_without_edition_says_what_to_do_first() -> None:
    document = built("index_edition", {**rows(), "editions": []})
    assert "vigie index compute" in said(document)


def test_invented_edition_is_marked() -> None:
    document = built("index_edition", {**rows(), **_changed(is_invented=True)})
    assert document.is_invented


def test_institution_that_left_the_register_keeps_its_row() -> None:
    given = rows()
    given["institutions"] = [
        one for one in given["institutions"] if getattr(one, "institution", "") != "northfield"
    ]
    assert row(built("index_edition", given, group=GROUP), GROUP, "institution", "northfield")


@pytest.mark.slow
def test_page_with_five_thousand_institutions_stays_small() -> None:
    document = built("index_edition", rows(5_000), group=GROUP, page="3")
    assert len(rendered(document, "html")) < 300_000


def test_french_page_is_whole() -> None:
    assert rendered(_edition(), "html", "fr").decode().count("<h1>") == 1
