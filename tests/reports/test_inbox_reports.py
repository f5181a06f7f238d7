"""The two reports on the inbox: a quarter, and one service's page."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest

from tests.present.formats import rendered
from tests.reports.built import blocks, built, grid, said
from vigie.errors import ReportError
from vigie.inbox.quarters import Quarter, quarters_of, usual
from vigie.present.document import Document, Interval
from vigie.words import say


def quarter(**choices: str) -> Document:
    return built("inbox_quarter", **choices)


def service(name: str = "library", **choices: str) -> Document:
    return built("service_page", service=name, **choices)


def value(document: Document, table: str, label: str, column: str) -> Any:
    rows = [row for row in grid(document, table).rows if label in map(str, row.values())]
    found = rows[0][column]
    return found.value if isinstance(found, Interval) else found


def test_the_latest_quarter_that_is_over_is_shown() -> None:
    assert str(quarter().title).startswith("Q3 2026: 6% of those who write have no answer")
    assert "35 conversations from 1 July 2026 to 30 September 2026" in str(quarter().lead)
    assert say(quarter().title, "fr").startswith("T3 2026")


def test_a_quarter_may_be_chosen_in_either_language() -> None:
    for name in ("2026-Q2", "2026-T2"):
        assert str(quarter(quarter=name).title).startswith("Q2 2026: 0% of those")


def test_a_quarter_that_is_not_known_names_those_that_are() -> None:
    with pytest.raises(ReportError, match="2026-Q3, 2026-Q2"):
        quarter(quarter="2019-Q1")


def test_the_quarter_stands_beside_the_one_before() -> None:
    found = quarter()
    assert value(found, "compared", "No answer after seven days, %", "now") == pytest.approx(
        200 / 35
    )
    assert value(found, "compared", "No answer after seven days, %", "before") == 0
    assert (
        value(found, "compared", "Any message: half are answered within (service hours)", "now")
        == 1
    )


def test_a_confidential_service_counts_and_is_not_told_apart() -> None:
    found = quarter()
    services = [row["name"] for row in grid(found, "services").rows]
    assert services == ["Library", "Admissions"]
    assert "3 conversations of confidential services" in said(found)
    assert b"Health" not in rendered(found, "json")


def test_messages_are_in_their_own_week_and_of_those_one_may_name() -> None:
    found = quarter()
    came, went = (
        sum(row[key] for row in grid(found, "weeks-messages").rows)  # type: ignore[misc]  # numbers
        for key in ("incoming", "outgoing")
    )
    assert (came, went) == (35, 33)
    services = {row["name"]: row["incoming"] for row in grid(found, "services-ends").rows}
    assert services == {"Library": 20, "Admissions": 12}


def test_the_weeks_of_a_quarter_that_is_over_are_not_said_to_go_on() -> None:
    notes = {str(grid(quarter(), name).note) for name in ("weeks", "weeks-messages")}
    assert all("the days of the quarter alone" in note for note in notes)
    assert not any("not over" in note for note in notes)


def test_messages_of_another_service_are_not_on_the_page_of_one() -> None:
    rows = grid(service("health"), "weeks-messages").rows
    assert sum(row["incoming"] for row in rows) == 3  # type: ignore[misc]  # numbers


def test_messages_are_unknown_where_they_were_never_counted() -> None:
    found = built("inbox_quarter", {"message_days": []})
    assert "not known yet" in said(found)
    assert {row["outgoing"] for row in grid(found, "services-ends").rows} == {None}


def test_it_leads_to_no_page_of_conversations() -> None:
    assert b"/inbox/" not in rendered(quarter(), "html")


def test_topics_are_counted_in_both_quarters() -> None:
    assert value(quarter(), "topics", "Opening hours", "before") == 12


def test_an_empty_store_says_what_to_do() -> None:
    found = built("inbox_quarter", {"conversations": [], "responses": []})
    assert "vigie measure" in said(found)


def test_an_institution_that_is_not_known_names_those_that_are() -> None:
    with pytest.raises(ReportError, match="northfield"):
        quarter(institution="southbridge")


def test_one_service_says_how_soon_it_answers() -> None:
    found = service()
    assert str(found.title) == (
        "Library: half of those who write are answered within 1.0 service hours"
    )
    assert "20 conversations" in str(found.lead)
    assert "10% had none" in str(found.lead)


def test_one_service_stands_beside_all() -> None:
    found = service()
    assert value(found, "compared", "No answer after seven days, %", "now") == pytest.approx(10)
    assert value(found, "compared", "No answer after seven days, %", "whole") == pytest.approx(
        200 / 35
    )


def test_few_have_no_figure_on_a_service_page() -> None:
    found = service("health")
    assert str(found.title) == "Health: how soon does it answer?"
    assert not [block for block in blocks(found) if getattr(block, "name", "") == "waiting"]


def test_a_service_that_is_not_known_names_those_that_are() -> None:
    with pytest.raises(ReportError, match="admissions, health, library"):
        service("canteen")


def test_files_hold_the_intervals() -> None:
    written = json.loads(rendered(service(), "json"))
    assert "compared" in json.dumps(written)


@pytest.mark.parametrize(
    ("day", "name"),
    [
        (date(2026, 1, 1), "2026-Q1"),
        (date(2026, 12, 31), "2026-Q4"),
        (date(2026, 6, 30), "2026-Q2"),
    ],
)
def test_every_day_is_in_its_quarter(day: date, name: str) -> None:
    found = Quarter.of(day)
    assert (str(found), day in found) == (name, True)
    assert Quarter.read(name) == found
    assert found.before.following == found


def test_a_quarter_ends_the_day_before_the_next() -> None:
    assert Quarter(2026, 4).last == date(2026, 12, 31)
    assert Quarter(2026, 1).last == date(2026, 3, 31)


def test_the_usual_quarter_is_the_latest_that_is_over() -> None:
    known = quarters_of([date(2026, 11, 3), date(2026, 8, 1), date(2026, 8, 2)])
    assert known == [Quarter(2026, 4), Quarter(2026, 3)]
    assert usual(known, date(2026, 11, 27)) == Quarter(2026, 3)
    assert usual([Quarter(2026, 4)], date(2026, 11, 27)) == Quarter(2026, 4)
