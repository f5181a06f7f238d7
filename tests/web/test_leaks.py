"""What a confidential service was asked shows nowhere to others: list, search, side panel, export,
figures and their conversations, log, history of a contact.

Peers' users reported such leaks: zammad 2757, 6365, 1307; freescout 2216, 5138. What goes out by
mail is held by ``tests/inbox/test_answering.py``, merge and link by ``test_joining.py``.
"""

from __future__ import annotations

import pytest
from django.test import Client

from tests.web.test_inbox import NOW, ask, browser
from vigie.inbox.models import Change, Conversation, FaqDraft, Looking, Note, Satisfaction, Topic
from vigie.inbox.searching import note_words
from vigie.register.models import Institution, Service

SECRETS = ("Zyprexa", "nausée", "Prescriptions")
PAGES = (
    "/inbox/?state=any", "/inbox/?state=any&q=zyprexa", "/inbox/?state=any&service=health",
    "/inbox/{open}/", "/inbox/{open}/related/", "/inbox/contacts/", "/inbox/contacts/{contact}/",
    "/inbox/contacts/{contact}/export/", "/inbox/contacts/pairs/", "/inbox/contacts/merges/",
    "/inbox/figures/", "/inbox/figures/?service=health", "/inbox/figures/conversations/",
    "/inbox/figures/conversations/?service=health", "/inbox/opinions/", "/inbox/causes/",
    "/inbox/faq/", "/inbox/changes/", "/inbox/services/", "/inbox/rules/", "/inbox/quarter/",
    "/inbox/saved-replies/", "/changes/northfield/", "/settings/log/", "/",
    "/inbox/services/health/", "/inbox/services/health/?show=sharing", "/inbox/?state=unwanted",
    "/settings/log/?format=json", "/inbox/figures/?format=json",
    "/inbox/services/health/?show=sharing", "/inbox/retention/",
)  # fmt: skip
GONE = ("/inbox/{hidden}/", "/inbox/{hidden}/related/", "/inbox/{hidden}/privately/",
        "/inbox/quarter/health/", "/inbox/causes/?service=health")  # fmt: skip


@pytest.fixture
def places(site: Client) -> dict[str, int]:
    """One person who asked the library and, in confidence, the health centre."""
    northfield = Institution.objects.create(slug="northfield", name="Northfield University")
    library = Service.objects.create(institution=northfield, name="Library", slug="library")
    health = Service.objects.create(institution=northfield, name="Health", slug="health",
                                    is_confidential=True)  # fmt: skip
    shown = ask(northfield, "When do you open?", service=library)
    topic = Topic.objects.create(service=health, name="Prescriptions")
    hidden = ask(northfield, "Zyprexa again?", service=health, topic=topic, state="closed",
                 contact=shown.contact, closed_at=NOW)  # fmt: skip
    Conversation.objects.filter(pk=hidden.pk).update(contact=shown.contact)
    Note.objects.create(conversation=hidden, words="nausée since Monday", at=NOW)
    Satisfaction.objects.create(conversation=hidden, digest="d", asked_at=NOW, score=1,
                                answered_at=NOW, words="nausée")  # fmt: skip
    FaqDraft.objects.create(service=health, question={"en": "Zyprexa?"}, at=NOW)
    Change.objects.create(service=health, said={"en": "nausée"}, changed={"en": "Prescriptions"},
                          changed_on=NOW.date(), by="x", at=NOW)  # fmt: skip
    note_words([hidden.pk, shown.pk])
    return {"open": shown.pk, "hidden": hidden.pk, "contact": shown.contact_id}


def text_of(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code < 500
    if answer.streaming:
        return b"".join(answer.streaming_content).decode()  # type: ignore[attr-defined]
    return answer.text


@pytest.mark.parametrize("role", ["answerer", "administrator"])
def test_what_was_asked_in_confidence_shows_on_no_page(places: dict[str, int], role: str) -> None:
    client = browser("erin", role=role)
    shown = {page: text_of(client, page.format(**places)) for page in PAGES}
    # What was searched for is said again, and nothing beside it.
    shown[PAGES[1]] = shown[PAGES[1]].replace("zyprexa", "")
    leaks = [(page, word) for page, text in shown.items() for word in SECRETS if word in text]
    assert not leaks


@pytest.mark.parametrize("role", ["answerer", "administrator"])
@pytest.mark.parametrize("page", GONE)
def test_its_own_pages_are_not_there(places: dict[str, int], role: str, page: str) -> None:
    assert browser("erin", role=role).get(page.format(**places)).status_code == 404


def test_who_works_there_sees_it(places: dict[str, int]) -> None:
    health = Service.objects.get(slug="health")
    nurse = browser("nora", role="editor", service=health)
    assert "Zyprexa" in text_of(nurse, "/inbox/{hidden}/".format(**places))
    assert "Zyprexa" in text_of(nurse, "/inbox/?state=any")


def test_files_hold_nothing_that_was_asked_in_confidence(places: dict[str, int]) -> None:
    ada = browser("ada", role="administrator")
    for form in ("csv", "json", "archive"):
        text = text_of(ada, f"/inbox/?state=any&format={form}")
        assert "When do you open?" in text
        assert not [word for word in SECRETS if word in text]


def test_who_may_not_see_is_not_shown_as_looking(places: dict[str, int]) -> None:
    browser("erin", role="answerer").get("/inbox/{hidden}/".format(**places))
    assert not Looking.objects.filter(conversation=places["hidden"]).exists()


def test_number_of_what_is_hidden_is_told_nobody_who_answers(places: dict[str, int]) -> None:
    erin = browser("erin", role="answerer")
    assert "1 conversation" in text_of(erin, "/inbox/?state=any")
    assert "2 conversations" not in text_of(erin, "/inbox/contacts/{contact}/".format(**places))
