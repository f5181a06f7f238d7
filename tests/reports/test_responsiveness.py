"""Who answers, and how long one waits."""

from __future__ import annotations

from datetime import date

from tests.reports.built import built, charts, grid, row, said
from tests.reports.hand_made import rows, value
from vigie.model import Value
from vigie.present.document import Document, Interval
from vigie.present.writing import interval_ends

OCTOBER = date(2026, 10, 1)


def answered(slug: str, share: float | None, *, n: int = 40, high: float = 90.0) -> Value:
    ends = {} if share is None else {"low": share - 10, "high": high}
    return value(
        "response_share_24h", slug, network="bluesky", month_on=OCTOBER, value=share, n=n, **ends
    )


def median(slug: str, hours: float | None, high: float | None) -> Value:
    return value(
        "response_median", slug, network="bluesky", month_on=OCTOBER, value=hours, low=4.0,
        high=high, n=40,
    )  # fmt: skip


def page() -> Document:
    figures = [
        answered("northfield", 80.0),
        answered("southbridge", 60.0, high=72.0),
        answered("peer-1", 30.0, high=45.0),
        answered("peer-2", None, n=4),
        median("southbridge", 20.0, None),
    ]
    return built("responsiveness", {"values": [*rows()["values"], *figures]})


def test_title_names_who_answers_most() -> None:
    assert said(page()).startswith("Northfield University answers most: 80%")


def test_those_whose_interval_reaches_the_first_are_said_to_be_like_it() -> None:
    assert "1 other cannot be told from the first" in said(page())


def test_who_was_asked_too_little_is_named_without_a_figure() -> None:
    found = row(page(), "responsiveness", "name", "Université n° 2")
    assert found["share"].value is None
    assert found["n"] == 4


def test_open_end_is_said() -> None:
    found = row(page(), "responsiveness", "name", "Université de Southbridge")
    column = next(one for one in grid(page(), "responsiveness").columns if one.key == "median")
    assert isinstance(found["median"], Interval)
    assert interval_ends(found["median"], column, "fr").startswith("4,0 ou plus")


def test_picture_leaves_out_who_has_no_figure() -> None:
    (chart,) = charts(page())
    assert len(chart.table.rows) == 3


def test_before_anything_was_asked_the_page_says_what_to_do() -> None:
    assert "vigie annotate" in said(built("responsiveness"))


def test_an_institution_nobody_asked_is_not_called_silent() -> None:
    found = said(built("institution_responsiveness", institution="northfield"))
    assert "Unknown is not zero" in found
