"""What the inbox teaches: figures for those who may see them, and the conversations behind."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from html import unescape
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from tests.inbox.slow_tables import Counted, left
from tests.web.test_inbox import ask, browser
from vigie import model
from vigie.columns import table_of
from vigie.inbox.models import CalledIn, Conversation, Satisfaction
from vigie.inbox.owing import terms
from vigie.register.models import Institution, Person, Service
from vigie.store.store import Store
from vigie.web.pages.inbox import counted as counted_page
from vigie.web.pages.inbox import opinions

NOW = datetime.now(UTC)
DAY = timedelta(days=1)
FIGURES, LISTED = "/inbox/figures/", "/inbox/figures/conversations/"


@pytest.fixture
def northfield(site: Client) -> Institution:
    """Northfield, in the register."""
    return Institution.objects.create(slug="northfield", name="Northfield University")


@pytest.fixture
def library(northfield: Institution) -> Service:
    """Northfield's library."""
    return Service.objects.create(institution=northfield, name="Library", slug="library")


@pytest.fixture
def health(northfield: Institution) -> Service:
    """Northfield's health centre: confidential."""
    return Service.objects.create(
        institution=northfield, name="Health", slug="health", is_confidential=True
    )


def fill(institution: Institution, service: Service | None, count: int) -> list[Conversation]:
    """Let so many ask a service three days ago, and every second one be answered in an hour."""
    asked = NOW - 3 * DAY
    return [
        ask(
            institution, f"Question {number}", service=service, opened_at=asked,
            answered_at=asked + timedelta(hours=1) if number % 2 else None,
            response_minutes=60 if number % 2 else None,
        )
        for number in range(count)
    ]  # fmt: skip


def test_stranger_is_sent_to_sign_in(site: Client) -> None:
    for address in (FIGURES, LISTED):
        assert site.get(address)["Location"].startswith("/sign-in/")


def test_an_empty_inbox_says_what_to_do(site: Client) -> None:
    assert "Connect a box first" in browser("erin", role="answerer").get(FIGURES).text


def test_everything_open_is_counted_for_a_role_everywhere(
    northfield: Institution, library: Service, health: Service
) -> None:
    fill(northfield, library, 12)
    fill(northfield, health, 4)
    shown = browser("erin", role="answerer").get(FIGURES).text
    assert "12 conversations from" in shown
    assert "Health" not in shown


def test_a_role_in_a_service_counts_that_service_only(
    northfield: Institution, library: Service, health: Service
) -> None:
    fill(northfield, library, 12)
    rows = fill(northfield, health, 11)
    nurse = browser("nora", role="answerer", service=health)
    person = Person.objects.get(name="nora")
    called = Conversation.objects.filter(service=library).first()
    CalledIn.objects.create(conversation=called, person=person, by="erin", at=NOW)
    shown = nurse.get(FIGURES).text
    assert f"{len(rows)} conversations from" in shown
    assert "Library" not in shown
    assert "Question" not in nurse.get(f"{LISTED}?service=library").text


def test_a_filter_is_an_address(northfield: Institution, library: Service) -> None:
    fill(northfield, library, 3)
    fill(northfield, None, 2)
    erin = browser("erin", role="answerer")
    assert "2 conversations from" in erin.get(f"{FIGURES}?service=nobody").text
    assert "5 conversations from" in erin.get(f"{FIGURES}?channel=mail").text
    assert "Nobody wrote here" in erin.get(f"{FIGURES}?channel=form").text


@pytest.mark.parametrize("nonsense", ["period=decade", "week=soon", "which=none", "service=x" * 90])
def test_nonsense_in_an_address_breaks_nothing(
    northfield: Institution, library: Service, nonsense: str
) -> None:
    fill(northfield, library, 1)
    erin = browser("erin", role="answerer")
    assert erin.get(f"{FIGURES}?{nonsense}").status_code == 200
    assert erin.get(f"{LISTED}?{nonsense}").status_code == 200


def test_a_figure_opens_its_conversations(northfield: Institution, library: Service) -> None:
    rows = fill(northfield, library, 12)
    erin = browser("erin", role="answerer")
    assert f"{LISTED}?which=unanswered" in erin.get(FIGURES).text
    listed = erin.get(f"{LISTED}?which=unanswered").text
    assert "6 conversations, opened since" in listed
    assert f"/inbox/{rows[0].pk}/" in listed
    assert f"/inbox/{rows[1].pk}/" not in listed


@pytest.mark.parametrize("kind", ["csv", "xlsx", "json", "pdf"])
def test_the_page_is_a_file_too(northfield: Institution, library: Service, kind: str) -> None:
    fill(northfield, library, 12)
    answer = browser("erin", role="answerer").get(f"{FIGURES}?format={kind}")
    assert answer.status_code == 200
    assert b"".join(answer.streaming_content)  # type: ignore[attr-defined]  # it streams


def count_in_store(store: Store) -> None:
    """Let the store have what the daily count gives it."""
    rows = counted_rows()
    store.replace("conversations", table_of(model.Conversation, rows.conversations))
    store.replace("responses", table_of(model.Response, rows.responses))
    store.replace("message_days", table_of(model.MessageDay, rows.message_days))


def counted_rows() -> Counted:
    known = terms(zone=ZoneInfo("UTC"), now=NOW)
    return left(Conversation.objects.all(), terms=known)


def test_the_quarter_is_for_a_role_everywhere(
    store: Store, northfield: Institution, library: Service, health: Service
) -> None:
    fill(northfield, library, 12)
    fill(northfield, health, 12)
    count_in_store(store)
    shown = browser("erin", role="answerer").get("/inbox/quarter/").text
    assert "24 conversations from" in shown
    assert "/inbox/quarter/library/" in shown
    assert "Health" not in shown
    nurse = browser("nora", role="answerer", service=health)
    assert nurse.get("/inbox/quarter/").status_code == 403


def test_the_quarter_of_several_institutions_asks_which(
    store: Store, northfield: Institution, library: Service
) -> None:
    fill(northfield, library, 12)
    count_in_store(store)
    known = counted_rows().conversations
    south = [replace(row, conversation=f"s{n}", institution="southfield")
             for n, row in enumerate(known[:11])]  # fmt: skip
    store.replace("conversations", table_of(model.Conversation, [*known, *south]))
    erin = browser("erin", role="answerer")
    assert "12 conversations from" in erin.get("/inbox/quarter/").text
    shown = erin.get("/inbox/quarter/?institution=southfield").text
    assert '<option value="southfield" selected>' in shown
    assert "11 conversations from" in shown
    assert "/inbox/quarter/library/" not in shown


def test_what_was_closed_counts_though_it_came_before(
    northfield: Institution, library: Service
) -> None:
    rows = fill(northfield, library, 12)
    old = [row.pk for row in rows[:5]]
    Conversation.objects.filter(pk__in=old).update(
        state="closed", opened_at=NOW - timedelta(days=300), closed_at=datetime.now(UTC)
    )
    answer = browser("erin", role="answerer").get(f"{FIGURES}?format=json")
    found = json.loads(b"".join(answer.streaming_content))  # type: ignore[attr-defined]
    assert "7 conversations from" in found["lead"]
    weeks = json.dumps(found["blocks"])
    assert '"closed": 5' in weeks


def test_what_was_written_counts_though_its_conversation_came_before(
    northfield: Institution, library: Service
) -> None:
    fill(northfield, library, 1)
    ask(northfield, "Long ago", service=library, opened_at=NOW - timedelta(days=300))
    answer = browser("erin", role="answerer").get(f"{FIGURES}?format=json")
    found = json.loads(b"".join(answer.streaming_content))  # type: ignore[attr-defined]
    assert "1 conversation from" in found["lead"]
    assert '"incoming": 2' in json.dumps(found["blocks"])


def test_the_page_of_a_service_is_for_those_who_may_know(
    store: Store, northfield: Institution, library: Service, health: Service
) -> None:
    fill(northfield, library, 12)
    fill(northfield, health, 12)
    count_in_store(store)
    erin = browser("erin", role="answerer")
    nurse = browser("nora", role="answerer", service=health)
    assert "12 conversations" in erin.get("/inbox/quarter/library/").text
    assert erin.get("/inbox/quarter/health/").status_code == 404
    assert "12 conversations" in nurse.get("/inbox/quarter/health/").text
    assert nurse.get("/inbox/quarter/library/").status_code == 404


def test_a_service_that_was_not_counted_says_what_to_do(site: Client, library: Service) -> None:
    shown = browser("erin", role="answerer").get("/inbox/quarter/library/").text
    assert "vigie measure" in shown


def test_opinions_are_read_by_those_who_may_see_the_conversation(
    northfield: Institution, library: Service, health: Service
) -> None:
    for service, words in ((library, "Quick and kind"), (health, "Too late")):
        row = fill(northfield, service, 1)[0]
        Satisfaction.objects.create(
            conversation=row, digest=words, asked_at=NOW, answered_at=NOW, score=4, words=words
        )
    shown = browser("erin", role="answerer").get("/inbox/opinions/").text
    assert "Quick and kind" in shown
    assert "Too late" not in shown
    nurse = browser("nora", role="answerer", service=health)
    assert "Too late" in nurse.get("/inbox/opinions/?score=4").text
    assert "Too late" not in nurse.get("/inbox/opinions/?score=1").text


def test_definition_is_one_click_away(northfield: Institution, library: Service) -> None:
    fill(northfield, library, 12)
    page = browser("erin", role="answerer").get(FIGURES).text
    assert 'href="#counted"' in page
    assert 'id="counted"' in page


def test_every_conversation_behind_a_figure_is_on_one_page_of_its_list(
    northfield: Institution, library: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(counted_page, "MOST", 2)
    rows = fill(northfield, library, 5)
    erin = browser("erin", role="answerer")
    pages = [erin.get(LISTED, {"after": after}).text for after in ("", "2", "4")]
    seen = [row.pk for row in rows for page in pages if f'href="/inbox/{row.pk}/"' in page]
    assert sorted(seen) == sorted(row.pk for row in rows)
    assert ["Further ones" in page for page in pages] == [True, True, False]


def test_every_opinion_is_on_one_page_of_its_list(
    northfield: Institution, library: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opinions, "MOST", 2)
    for number, row in enumerate(fill(northfield, library, 3)):
        Satisfaction.objects.create(conversation=row, digest=str(number), asked_at=NOW, score=4,
                                    answered_at=NOW, words=f"Opinion {number}")  # fmt: skip
    erin = browser("erin", role="answerer")
    first = erin.get("/inbox/opinions/").text
    address = re.search(r'href="(\?[^"]*after=[^"]+)"', first)
    assert address is not None
    second = erin.get(f"/inbox/opinions/{unescape(address.group(1))}").text
    told = [re.findall(r"Opinion \d", page) for page in (first, second)]
    assert told == [["Opinion 2", "Opinion 1"], ["Opinion 0"]]
