"""Causes, answers for the FAQ, and what was changed: who sees, who writes, what everybody reads."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from xml.etree import ElementTree

import pytest
from django.test import Client

from tests.web.test_inbox import ask, browser
from vigie.inbox.models import Change, Conversation, FaqDraft, Topic
from vigie.register.models import Institution, Service

NOW = datetime.now(UTC)
CAUSES, FAQ, CHANGES = "/inbox/causes/", "/inbox/faq/", "/inbox/changes/"
PUBLIC = "/changes/northfield/"
GIVEN = {
    "do": "keep", "said_en": "Nobody knows when you open.", "changed_en": "Hours at the door.",
    "changed_on": "2026-01-05", "is_public": "1",
}  # fmt: skip


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


@pytest.fixture
def editor(site: Client) -> Client:
    """Fay's browser: she lets replies go out."""
    return browser("fay", role="editor")


def cards(institution: Institution, service: Service) -> list[Conversation]:
    """Let four people ask for their card a few minutes ago."""
    return [
        ask(institution, f"Where do I get my student card? I am {word}.", service=service)
        for word in ("new", "lost", "late", "here")
    ]


def test_stranger_is_sent_to_sign_in(site: Client) -> None:
    for address in (CAUSES, FAQ, CHANGES, f"{FAQ}1/"):
        assert site.get(address)["Location"].startswith("/sign-in/")


def test_without_a_service_the_page_says_what_to_do(editor: Client) -> None:
    assert "Add the first service" in editor.get(CAUSES).text


def test_a_repeated_question_is_counted(
    editor: Client, northfield: Institution, library: Service
) -> None:
    rows = cards(northfield, library)
    shown = editor.get(f"{CAUSES}?service=library&period=quarter").text
    assert "Asked 4 times since" in shown
    assert "No page answers it" in shown
    assert f"/inbox/{rows[0].pk}/" in shown


def test_an_answer_is_drafted_mended_and_published(
    editor: Client, northfield: Institution, library: Service
) -> None:
    keys = [row.pk for row in cards(northfield, library)]
    shown = editor.get(f"{CAUSES}?service=library&period=quarter")
    centre = shown.context["causes"][0].asked.centre.key
    made = editor.post(f"{CAUSES}?service=library&period=quarter", {"question": centre})
    entry = FaqDraft.objects.get()
    assert made["Location"] == f"{FAQ}{entry.pk}/"
    assert sorted(entry.conversations) == keys
    words = {"question_en": "Card?", "answer_en": "At the desk.", "do": "publish"}
    refused = editor.post(made["Location"], words)
    assert refused.status_code == 422
    assert "Give the address" in refused.text
    editor.post(made["Location"], {**words, "url": "https://northfield.example/card"})
    entry.refresh_from_db()
    assert entry.state == "published"
    assert "A page answers it" in editor.get(f"{CAUSES}?service=library&period=quarter").text


def test_a_confidential_service_shows_nothing_to_others(
    editor: Client, northfield: Institution, library: Service, health: Service
) -> None:
    cards(northfield, health)
    entry = FaqDraft.objects.create(service=health, question={"en": "Pills?"}, at=NOW)
    Change.objects.create(service=health, said={"en": "Too few nurses"}, changed={"en": "Two"},
                          changed_on=date(2026, 1, 5), by="x", at=NOW)  # fmt: skip
    assert editor.get(f"{CAUSES}?service=health").status_code == 404
    assert editor.get(f"{FAQ}{entry.pk}/").status_code == 404
    assert editor.post(f"{FAQ}{entry.pk}/", {"do": "drop"}).status_code == 404
    assert "Pills" not in editor.get(FAQ).text
    assert "nurses" not in editor.get(CHANGES).text
    nurse = browser("nora", role="editor", service=health)
    assert "Asked 4 times" in nurse.get(f"{CAUSES}?service=health&period=quarter").text
    assert nurse.get(f"{CAUSES}?service=library").status_code == 404
    assert "Pills" in nurse.get(FAQ).text


def test_who_only_answers_reads_and_does_not_write(
    northfield: Institution, library: Service
) -> None:
    entry = FaqDraft.objects.create(service=library, question={"en": "Card?"}, at=NOW)
    erin = browser("erin", role="answerer")
    assert "Card?" in erin.get(f"{FAQ}{entry.pk}/").text
    assert erin.post(f"{FAQ}{entry.pk}/", {"do": "drop"}).status_code == 403
    assert erin.post(CHANGES, {**GIVEN, "topic": f"{library.pk}-"}).status_code == 403
    assert "Write down a change" not in erin.get(CHANGES).text


@pytest.mark.parametrize(("kind", "words"), [("md", "## Card?"), ("html", "<summary>Card?")])
def test_answers_leave_as_a_file(editor: Client, library: Service, kind: str, words: str) -> None:
    FaqDraft.objects.create(service=library, question={"en": "Card?"}, answer={"en": "A"}, at=NOW)
    answer = editor.get(f"{FAQ}?format={kind}")
    assert words in answer.text
    assert "attachment" in answer["Content-Disposition"]


def test_a_change_is_written_and_read_by_everybody(
    editor: Client, site: Client, library: Service
) -> None:
    topic = Topic.objects.create(service=library, name="Hours")
    editor.post(CHANGES, {**GIVEN, "topic": f"{library.pk}-{topic.pk}"})
    assert Change.objects.get().topic == topic
    shown = site.get(PUBLIC).text
    assert "Hours at the door." in shown
    feed = ElementTree.fromstring(site.get(f"{PUBLIC}?format=atom").content)
    assert [one.tag.rpartition("}")[2] for one in feed].count("entry") == 1


def test_what_is_for_colleagues_is_not_published(
    editor: Client, site: Client, library: Service
) -> None:
    editor.post(CHANGES, {**GIVEN, "topic": f"{library.pk}-", "is_public": ""})
    assert "Hours at the door." in editor.get(CHANGES).text
    assert "Nothing is published" in site.get(PUBLIC).text
    assert b"Hours" not in site.get(f"{PUBLIC}?format=atom").content


def test_a_change_is_mended_and_removed(editor: Client, library: Service) -> None:
    editor.post(CHANGES, {**GIVEN, "topic": f"{library.pk}-"})
    made = Change.objects.get()
    assert "Hours at the door." in editor.get(f"{CHANGES}?change={made.pk}").text
    mended = {**GIVEN, "topic": f"{library.pk}-", "change": str(made.pk), "changed_en": "New hours"}
    editor.post(CHANGES, mended)
    assert Change.objects.get().changed == {"en": "New hours"}
    editor.post(CHANGES, {"do": "erase", "change": str(made.pk)})
    assert not Change.objects.exists()


def test_a_mistake_keeps_what_was_written(editor: Client, library: Service) -> None:
    tomorrow = (NOW + timedelta(days=2)).date().isoformat()
    answer = editor.post(CHANGES, {**GIVEN, "topic": f"{library.pk}-", "changed_on": tomorrow})
    assert answer.status_code == 422
    assert "Hours at the door." in answer.text


def test_an_institution_that_is_not_there_is_not_found(site: Client) -> None:
    assert site.get("/changes/nowhere/").status_code == 404
