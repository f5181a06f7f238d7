"""The academic year by rule, and what a team makes of it."""

from __future__ import annotations

from datetime import date

import pytest

from vigie.listening.academic_year import defaults, family
from vigie.listening.calendar import calendar, event_days, ruling
from vigie.listening.forecast import ORDINARY, days_between
from vigie.listening.kept import KeptEvent
from vigie.listening.kinds import EVENT_KINDS
from vigie.listening.series import Series

YEAR = (date(2025, 1, 1), date(2025, 12, 31))


def named(name: str) -> KeptEvent:
    """Return an event of the French year."""
    year = int(name[-4:])
    return {one.name: one for one in defaults(date(year, 1, 1), date(year, 12, 31))}[name]


@pytest.mark.parametrize(
    ("name", "official"),
    [
        ("parcoursup-wishes-2023", date(2023, 1, 18)),
        ("parcoursup-wishes-2024", date(2024, 1, 17)),
        ("parcoursup-wishes-2025", date(2025, 1, 15)),
        ("parcoursup-deadline-2023", date(2023, 3, 9)),
        ("parcoursup-deadline-2024", date(2024, 3, 14)),
        ("parcoursup-deadline-2025", date(2025, 3, 13)),
        ("parcoursup-answers-2023", date(2023, 6, 1)),
        ("parcoursup-answers-2025", date(2025, 6, 2)),
        ("easter-monday-2025", date(2025, 4, 21)),
        ("ascension-2024", date(2024, 5, 9)),
        ("whit-monday-2023", date(2023, 5, 29)),
        ("bac-results-2025", date(2025, 7, 4)),
    ],
)
def test_rule_holds_the_official_day(name: str, official: date) -> None:
    found = named(name)
    assert found.first_day <= official <= found.last_day


def test_french_year_is_offered_in_france_alone() -> None:
    first, last = YEAR
    assert calendar((), first=first, last=last, zone="Europe/Paris")
    assert not calendar((), first=first, last=last, zone="Europe/Zurich")


def test_defaults_have_known_kinds_and_both_languages() -> None:
    for event in defaults(*YEAR):
        assert event.kind in EVENT_KINDS
        assert all(event.title[language] for language in ("fr", "en"))
        assert event.first_day <= event.last_day


def test_holidays_that_began_last_year_are_there() -> None:
    assert "christmas-2024" in {one.name for one in defaults(date(2025, 1, 2), date(2025, 1, 3))}


def own(name: str, *, day: date = date(2025, 6, 2), **changes: object) -> KeptEvent:
    """Return an event of a team."""
    given: dict[str, object] = {
        "name": name, "title": {"en": "Strike"}, "kind": "strike", "first_day": day,
        "last_day": day,
    }  # fmt: skip
    return KeptEvent(**{**given, **changes})  # type: ignore[arg-type]


def test_team_replaces_a_date_that_moved() -> None:
    moved = own("parcoursup-answers-2025", kind="results", day=date(2025, 5, 28))
    found = calendar([moved], first=YEAR[0], last=YEAR[1], zone="Europe/Paris")
    assert [one for one in found if one.name == moved.name] == [moved]
    assert family(moved) == "parcoursup-answers"


def test_shortest_event_rules_the_day() -> None:
    events = defaults(*YEAR)
    rules = ruling(events, date(2025, 5, 8))
    assert rules is not None
    assert rules.name == "victory-day-2025"


def test_event_of_a_network_rules_its_series_alone() -> None:
    event = own("outage", network="bluesky", factor=0.1)
    series = (Series(query="q"), Series(query="q", facet="network", value="bluesky"))
    days = days_between(date(2025, 6, 1), date(2025, 6, 3))
    found = event_days([event], series, days)
    assert found.events[0].tolist() == [ORDINARY] * 3
    assert found.events[1].tolist() == [ORDINARY, 0, ORDINARY]
    assert found.factors.tolist() == [0.1]


def test_same_date_of_two_years_is_learned_together() -> None:
    events = [named("parcoursup-answers-2024"), named("parcoursup-answers-2025")]
    days = days_between(date(2024, 6, 1), date(2025, 6, 30))
    found = event_days(events, (Series(query="q"),), days)
    assert len(found.factors) == 1
    assert not found.is_fixed[0]
