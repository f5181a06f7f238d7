"""The published record, and whether it stands."""

from __future__ import annotations

from functools import cache

import pytest

from tests.present.formats import rendered
from tests.reports.built import built, grid
from vigie.errors import ReportError
from vigie.index.published import facts
from vigie.present.cells import grids
from vigie.present.document import Document, Link


@cache
def _history() -> Document:
    return built("history")


def test_every_printed_figure_is_there() -> None:
    assert len(grid(_history(), "record").rows) == len(facts())


def test_every_figure_leads_to_the_page_that_printed_it() -> None:
    links = [row["publisher"] for row in grid(_history(), "record").rows]
    assert all(isinstance(link, Link) and link.href.startswith("http") for link in links)


def test_what_does_not_come_out_the_same_is_listed_with_the_reason() -> None:
    rows = list(grid(_history(), "slips").rows)
    assert rows
    assert all(str(row["words"]) for row in rows)


def test_page_shows_a_hundred_figures_and_the_file_all() -> None:
    page = rendered(_history(), "html").decode()
    assert f"1 to 100 of {len(facts()):,}" in page
    text = rendered(_history(), "csv").decode("utf-8-sig")
    assert text.count("\n") > len(facts())


def test_year_narrows_the_record() -> None:
    found = grid(built("history", year="2010"), "record").rows
    assert 0 < len(found) < len(facts())
    assert {str(row["date"])[:4] for row in found} == {"2010"}


def test_choices_that_leave_nothing_are_refused() -> None:
    with pytest.raises(ReportError, match="Choose fewer"):
        built("history", year="1789")


def test_narrowed_record_has_only_its_own_verdicts() -> None:
    publisher = facts()[0].publisher
    document = built("history", publisher=publisher)
    pages = {fact.source_url for fact in facts() if fact.publisher == publisher}
    slips = [one for one in grids(document) if one.name == "slips"]
    links = [row["subject"] for one in slips for row in one.rows]
    assert all(isinstance(link, Link) and link.href in pages for link in links)
