"""A person's rights from the terminal: all that is kept of them, and their erasure."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cast import NOON
from tests.cli.conftest import Run
from vigie.inbox.models import Box, Contact, Conversation, Handle, Message
from vigie.register.models import Institution, LogEntry, Service

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def marie() -> Contact:
    """Marie, who asked the health centre."""
    northfield = Institution.objects.create(slug="northfield", name="Northfield University")
    health = Service.objects.create(institution=northfield, name="Health", is_confidential=True)
    box = Box.objects.create(name="mail", label="Mail", channel="mail", institution=northfield)
    contact = Contact.objects.create(name="Marie", created_at=NOON, seen_at=NOON)
    handle = Handle.objects.create(contact=contact, network="mail", address="marie@x.example")
    asked = Conversation.objects.create(
        box=box, thread="1", kind="mail", contact=contact, service=health, opened_at=NOON,
        asked_at=NOON, incoming_at=NOON, touched_at=NOON,
    )  # fmt: skip
    Message.objects.create(
        conversation=asked, box=box, direction="in", key="1", handle=handle, words="I am ill",
        said_at=NOON, received_at=NOON, state="received",
    )  # fmt: skip
    return contact


def test_export_holds_confidential_words_too(run: Run, marie: Contact, tmp_path: Path) -> None:
    code, _out, _err = run("inbox", "export", "Marie@X.example", "--to", str(tmp_path / "marie"))
    given = json.loads((tmp_path / "marie" / "person.json").read_text("utf-8"))
    assert (code, given["messages"][0]["words"], given["withheld"]) == (0, "I am ill", 0)
    assert "I am ill" in (tmp_path / "marie" / "person.html").read_text("utf-8")


def test_forgotten_person_is_gone_and_the_receipt_in_the_log(run: Run, marie: Contact) -> None:
    code, out, _err = run("inbox", "forget", "marie@x.example", "--yes", "--json")
    assert (code, json.loads(out)["messages"]) == (0, 1)
    assert Message.objects.get().words == ""
    assert LogEntry.objects.get(action="contact.forget").by == "command line"


def test_contact_nobody_knows_is_said(run: Run, marie: Contact) -> None:
    code, _out, err = run("inbox", "forget", "bob@x.example", "--yes")
    assert (code, "No contact is called bob@x.example" in err) == (1, True)
