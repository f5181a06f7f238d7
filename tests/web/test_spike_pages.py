"""Spikes in sentences, what explains each, and the calendar that says what was expected."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta

import pytest
import time_machine
from django.test import Client

from tests.cli.test_spikes import KEPT
from tests.flow.test_spiking import DAY, NOON, incident, ordinary, read_until
from vigie import flow
from vigie.columns import table_of
from vigie.listening import tables
from vigie.listening.changes import erase_query, keep_event, keep_query
from vigie.listening.kept import KeptEvent
from vigie.listening.models import CalendarEvent
from vigie.model import Cursor, Mention, Spike
from vigie.register.models import LogEntry
from vigie.settings import Settings
from vigie.store.store import Store

pytestmark = pytest.mark.usefixtures("site")
CALENDAR = "/listening/calendar/"


@pytest.fixture(autouse=True)
def _tomorrow() -> Iterator[None]:
    """The pages are opened on the day after the staged one."""
    with time_machine.travel(NOON + timedelta(days=1)):
        yield


@pytest.fixture
def spike(store: Store, settings: Settings) -> Spike:
    """A staged incident, found."""
    keep_query(KEPT)
    store.append("mentions", table_of(Mention, [*ordinary(), *incident()]))
    store.append("cursors", table_of(Cursor, [read_until(NOON)]))
    watch = flow.watch_of(tables.queries(), ())
    found = flow.find_spikes(store, watch, settings=settings, now=NOON)
    return next(one for one in found if one.facet == "all")


def text_of(client: Client, address: str, **given: str) -> str:
    """Return what a page says, without its tags."""
    html = client.get(address, given).content.decode()
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def test_stranger_is_sent_to_sign_in(site: Client) -> None:
    for address in ("/listening/spikes/", "/listening/spikes/x/", CALENDAR):
        assert site.get(address).status_code == 302


def test_reader_may_read_and_not_change(bob: Client) -> None:
    assert bob.get("/listening/spikes/").status_code == 200
    given = {"do": "keep", "title_en": "Strike", "first_day": "2026-03-02", "kind": "strike"}
    assert bob.post(CALENDAR, given).status_code == 403
    assert not CalendarEvent.objects.exists()


def test_without_queries_nothing_is_watched(alice: Client) -> None:
    assert "No query is kept yet" in text_of(alice, "/listening/spikes/")


def test_quiet_site_says_so(alice: Client) -> None:
    keep_query(KEPT)
    assert "Nothing stood out" in text_of(alice, "/listening/spikes/")


def test_spikes_are_listed_in_sentences(alice: Client, spike: Spike) -> None:
    said = text_of(alice, "/listening/spikes/")
    assert "Yesterday the query “Northfield” brought 40 posts by 25 authors" in said
    assert "What cannot be seen" in said
    assert "Bluesky: 40 instead of" in said


def test_spike_says_why_and_opens_its_posts(alice: Client, spike: Spike) -> None:
    address = f"/listening/spikes/{spike.spike}/"
    said = text_of(alice, address)
    assert "panne de réseau" in said
    assert "None of the posts is a copy" in said
    assert "By network: Bluesky (40)." in said
    opened = text_of(alice, address, term="panne reseau")
    assert "Posts that say “panne de réseau”" in opened
    assert "moodle est impossible 5000" in opened


def test_explanation_draws_both_charts_with_their_tables(alice: Client, spike: Spike) -> None:
    html = alice.get(f"/listening/spikes/{spike.spike}/").content.decode()
    assert html.count('<svg xmlns="http://www.w3.org/2000/svg" class="chart"') == 2
    assert "The slow chart by day" in html


def test_explanation_leaves_as_a_file_without_words_of_others(alice: Client, spike: Spike) -> None:
    answer = alice.get(f"/listening/spikes/{spike.spike}/", {"format": "json"})
    text = b"".join(answer).decode()  # type: ignore[call-overload]
    assert "panne de réseau" in text
    assert "moodle est impossible 5000" not in text


def test_spike_whose_query_is_gone_still_says_what_it_was(
    alice: Client, store: Store, spike: Spike
) -> None:
    erase_query(KEPT.name)
    said = text_of(alice, f"/listening/spikes/{spike.spike}/")
    assert "40 posts by 25 authors" in said
    assert "are not kept any more" in said


def test_unknown_spike_is_not_there(alice: Client) -> None:
    assert alice.get("/listening/spikes/nothing/").status_code == 404


def keep(client: Client, **given: str) -> int:
    """Send the form of the calendar."""
    usual = {
        "do": "keep", "title_en": "Strike of the trains", "kind": "strike",
        "first_day": "2026-03-02", "last_day": "2026-03-03", "factor": "2,5", "year": "2025",
    }  # fmt: skip
    return client.post(CALENDAR, {**usual, **given}).status_code


def test_team_adds_an_event(alice: Client) -> None:
    assert keep(alice) == 302
    event = CalendarEvent.objects.get()
    assert (event.name, event.factor, event.source) == ("strike-of-the-trains-2026-03", 2.5, "team")
    assert "Strike of the trains" in text_of(alice, CALENDAR, year="2025")
    assert LogEntry.objects.filter(action="calendar.put").exists()


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"first_day": "soon"}, "Give the first day and the last"),
        ({"last_day": "2026-03-01"}, "An event ends on the day it begins, or later"),
        ({"factor": "much"}, "A factor is a number"),
        ({"factor": "0"}, "A factor lies between 0 and 100"),
        ({"title_en": ""}, "Give it a title"),
    ],
)
def test_mistake_is_said_and_nothing_is_kept(
    alice: Client, given: dict[str, str], said: str
) -> None:
    usual = {
        "do": "keep", "title_en": "Strike", "kind": "strike", "first_day": "2026-03-02",
        "last_day": "2026-03-03", "year": "2025",
    }  # fmt: skip
    answer = alice.post(CALENDAR, {**usual, **given})
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not CalendarEvent.objects.exists()


def test_rules_of_the_french_year_are_shown(alice: Client) -> None:
    said = text_of(alice, CALENDAR, year="2025")
    assert "Parcoursup: first answers" in said
    assert "correct them when the ministry" in said


def test_date_that_moved_is_corrected_and_put_back(alice: Client) -> None:
    name = "parcoursup-answers-2026"
    moved = {"event": name, "title_en": "Answers", "first_day": "2026-05-28",
             "last_day": "2026-05-31", "factor": ""}  # fmt: skip
    assert keep(alice, **moved) == 302
    assert CalendarEvent.objects.get().source == "default"
    assert "28 May 2026" in text_of(alice, CALENDAR, year="2025")
    alice.post(CALENDAR, {"do": "erase", "event": name, "year": "2025"})
    assert not CalendarEvent.objects.exists()
    assert "Parcoursup: first answers" in text_of(alice, CALENDAR, year="2025")


def test_event_that_does_not_take_place_here_changes_nothing(alice: Client) -> None:
    alice.post(CALENDAR, {"do": "never", "event": "christmas-2025", "year": "2025"})
    assert CalendarEvent.objects.get().factor == 1.0
    assert "does not take place here" in text_of(alice, CALENDAR, year="2025")


def test_event_of_the_day_is_named_beside_the_spike(alice: Client, spike: Spike) -> None:
    keep_event(
        KeptEvent(
            name="strike", title={"en": "Strike of the trains"}, kind="strike",
            first_day=DAY, last_day=DAY + timedelta(days=1),
        )
    )  # fmt: skip
    said = text_of(alice, f"/listening/spikes/{spike.spike}/")
    assert "In the calendar: Strike of the trains." in said


def test_form_is_filled_with_the_event_asked_for(alice: Client) -> None:
    html = alice.get(CALENDAR, {"year": "2025", "event": "christmas-2025"}).content.decode()
    assert 'value="Christmas holidays"' in html
    assert 'value="Vacances de Noël"' in html
    assert f'value="{date(2025, 12, 20).isoformat()}"' in html
