"""Up to seven institutions on the same axes."""

from __future__ import annotations

from typing import Any

import pytest

from tests.reports.built import built, charts, grid, row, said
from tests.reports.hand_made import rows
from vigie.errors import ReportError
from vigie.present.document import Interval


def _comparison(*slugs: str) -> Any:
    return built("comparison", with_=",".join(slugs))


def test_those_whose_intervals_overlap_cannot_be_told_apart() -> None:
    title = str(_comparison("northfield", "southbridge").title)
    assert title == "Northfield University and Université de Southbridge cannot be told apart"


def test_those_whose_intervals_part_are_ordered() -> None:
    title = str(_comparison("peer-28", "northfield").title)
    assert title == "Northfield University stands before Université n° 28"


def test_institutions_of_two_groups_have_no_common_rank() -> None:
    document = _comparison("northfield", "eastmere")
    assert "their ranks do not compare" in str(document.lead)
    assert "Ranks and their intervals" not in said(document)


def test_rank_stands_with_its_interval() -> None:
    found = row(_comparison("northfield", "southbridge"), "ranks", "institution",
                "Northfield University")  # fmt: skip
    assert found["rank"] == Interval(value=7, low=4, high=10)


def test_leader_of_each_dimension_is_named() -> None:
    assert "Audience: Université de Southbridge" in said(_comparison("northfield", "southbridge"))


def test_followers_are_summed_over_networks() -> None:
    words = said(_comparison("northfield", "southbridge"))
    assert "Northfield University has 7,860 followers in October 2026" in words


def test_month_in_which_a_network_was_not_seen_is_unknown() -> None:
    months = list(grid(_comparison("northfield", "southbridge"), "followers").rows)
    assert (months[4]["0"], months[4]["1"]) == (None, None)


def test_same_institution_named_twice_is_shown_once() -> None:
    assert len(grid(_comparison("northfield", "northfield"), "ranks").rows) == 1


def test_seven_are_drawn() -> None:
    document = _comparison(*(f"peer-{i}" for i in range(1, 8)))
    assert len(grid(document, "ranks").rows) == 7
    assert charts(document)


def test_eighth_is_refused() -> None:
    with pytest.raises(ReportError, match="up to 7"):
        _comparison(*(f"peer-{i}" for i in range(1, 9)))


def test_unknown_institution_is_named() -> None:
    with pytest.raises(ReportError, match="nowhere"):
        _comparison("northfield", "nowhere")


def test_nobody_chosen_says_what_to_do() -> None:
    assert "?with=" in said(_comparison())


def test_comparison_before_any_edition_is_a_page() -> None:
    document = built("comparison", {**rows(), "editions": []}, with_="northfield,southbridge")
    assert "side by side" in str(document.title)


def test_leader_of_several_is_named_when_it_stands_apart() -> None:
    title = str(_comparison("peer-1", "peer-20", "peer-28").title)
    assert title == "Université n° 1 stands before the 2 others"


def test_several_without_a_clear_leader_have_none() -> None:
    title = str(_comparison("northfield", "southbridge", "peer-28").title)
    assert title == "3 institutions, none clearly first"
