"""The page of a private answer: found from the comment, gone once it is used."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.test import Client

from tests.cast import ALICE
from tests.web.conftest import PASSWORD
from vigie.inbox.models import Box, Contact, Conversation, Handle, Message
from vigie.register.models import Institution
from vigie.register.people import add_person

NOW = datetime.now(UTC)


@pytest.fixture
def answerer(site: Client) -> Client:
    """Alice's browser."""
    person = add_person(ALICE, PASSWORD, role="answerer")
    client = Client(headers={"accept-language": "en"})
    client.force_login(person.user)  # type: ignore[arg-type]  # added with a user
    return client


@pytest.fixture
def commented(site: Client) -> Conversation:
    """A comment under a post of Northfield's page."""
    northfield = Institution.objects.create(slug="northfield", name="Northfield University")
    box = Box.objects.create(name="page", label="Page", channel="facebook", institution=northfield)
    contact = Contact.objects.create(name="Marie", created_at=NOW, seen_at=NOW)
    handle = Handle.objects.create(contact=contact, network="facebook", address="6789")
    row = Conversation.objects.create(
        box=box, thread="1/6789", kind="comment", is_public=True, contact=contact, opened_at=NOW,
        asked_at=NOW, incoming_at=NOW, touched_at=NOW,
    )  # fmt: skip
    Message.objects.create(
        conversation=row, box=box, direction="in", key="1", handle=handle, words="My file?",
        said_at=NOW, received_at=NOW, state="received",
        facts={"under": "1", "comment": "1", "said_at": NOW.isoformat()},
    )  # fmt: skip
    return row


def test_comment_shows_the_way_and_the_page_hands_it_in(
    answerer: Client, commented: Conversation
) -> None:
    address = f"/inbox/{commented.pk}/privately/"
    assert address in answerer.get(f"/inbox/{commented.pk}/").text
    assert "My file?" in answerer.get(address).text
    answerer.post(address, {"words": "It is complete.", "key": "a"})
    assert Message.objects.get(direction="out").facts["privately"] == "yes"
    assert address not in answerer.get(f"/inbox/{commented.pk}/").text


def test_empty_answer_says_so(answerer: Client, commented: Conversation) -> None:
    answer = answerer.post(f"/inbox/{commented.pk}/privately/", {"words": " "})
    assert (answer.status_code, "the reply is empty" in answer.text) == (422, True)


def test_stranger_is_sent_to_log_in(site: Client, commented: Conversation) -> None:
    assert site.get(f"/inbox/{commented.pk}/privately/").status_code in (302, 403)
