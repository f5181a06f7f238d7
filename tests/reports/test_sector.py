"""The whole sector: a sum with its coverage."""

from __future__ import annotations

from typing import Any

import pytest

from tests.reports.built import built, charts, grid, row, said
from tests.reports.hand_made import rows
from vigie.errors import ReportError
from vigie.words import say


def _sector(**choices: str) -> Any:
    return built("sector", **choices)


def test_title_is_the_sum_and_how_much_was_seen() -> None:
    assert str(_sector().title) == "1.0 million followers, 218 of 250 institutions seen"


def test_french_title_has_a_decimal_comma() -> None:
    assert "1,0 million" in say(_sector().title, "fr")


def test_share_of_the_ten_largest_is_said() -> None:
    assert "The ten largest institutions hold 42% of them." in str(_sector().lead)


def test_network_with_the_largest_audience_is_named() -> None:
    assert "Instagram holds 50% of the audience" in said(_sector())


def test_each_group_has_its_row() -> None:
    found = row(_sector(), "groups", "group", "Universities")
    assert found["followers"] == 600_000


def test_one_group_may_be_chosen() -> None:
    assert str(_sector(group="university").title).startswith("600,000 followers")


def test_unknown_group_names_those_there_are() -> None:
    with pytest.raises(ReportError, match="all, university"):
        _sector(group="abbey")


def test_unknown_month_says_the_latest() -> None:
    with pytest.raises(ReportError, match="2026-10"):
        _sector(month="1999-01")


def test_earlier_month_may_be_chosen() -> None:
    assert str(_sector(month="2026-09").title).startswith("990,000 followers")


def test_history_warns_that_coverage_grows() -> None:
    assert "the sum grows without anyone following more" in said(_sector())
    assert len(charts(_sector())) == 2


def test_months_nobody_measured_are_unknown() -> None:
    assert grid(_sector(), "history").rows[0]["followers"] is None


def test_store_without_values_says_what_to_do() -> None:
    assert "vigie measure" in said(built("sector", {**rows(), "values": []}))
