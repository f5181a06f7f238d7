"""The rooms of the inbox on the command line."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.cast import NOON
from tests.cli.conftest import Run
from vigie.inbox.intake import put
from vigie.inbox.models import Arrival, Box, Contact, Conversation, Outage
from vigie.register.models import Institution, Person, Service

pytestmark = pytest.mark.django_db

MAIL = (
    b"From: Marie <marie@example.org>\r\nTo: hello@northfield.example\r\n"
    b"Message-ID: <1@example.org>\r\nDate: Thu, 1 Oct 2026 12:00:00 +0000\r\n"
    b"Subject: Hours\r\n\r\nWhen do you open?\r\n"
)


@pytest.fixture
def northfield() -> Institution:
    """Northfield, in the register."""
    return Institution.objects.create(slug="northfield", name="Northfield University")


@pytest.fixture
def mailbox(northfield: Institution) -> Box:
    """Northfield's mailbox."""
    return Box.objects.create(name="mail", label="Mail", channel="mail", institution=northfield,
                              address="hello@northfield.example")  # fmt: skip


def refused(box: Box, home: Path, body: bytes) -> Arrival:
    arrival = put(box, body, home=home, now=NOON)
    Arrival.objects.filter(pk=arrival.pk).update(
        state="refused", seen=1, refused=1, reason={"en": "A version too old.", "fr": "Ancien."}
    )
    return arrival


def test_services_are_listed_with_what_they_lack(
    run: Run, northfield: Institution, mailbox: Box
) -> None:
    lea = Person.objects.create(name="Lea", mail="lea@x.example")
    health = Service.objects.create(institution=northfield, name="Health", slug="health",
                                    correspondent=lea, is_confidential=True)  # fmt: skip
    contact = Contact.objects.create(name="Marie", created_at=NOON, seen_at=NOON)
    for number, service in enumerate((health, None)):
        Conversation.objects.create(
            box=mailbox, thread=str(number), kind="mail", contact=contact, service=service,
            opened_at=NOON, asked_at=NOON, incoming_at=NOON, touched_at=NOON,
        )  # fmt: skip
    code, said, _errors = run("inbox", "services")
    assert code == 0
    assert "no deputy" in said
    assert "1 open question is nobody’s." in said
    _code, said, _errors = run("inbox", "services", "--json")
    (one,) = json.loads(said)["services"]
    assert (one["open"], one["lacks"]) == (1, ["deputy", "hours"])


def test_quarantine_is_listed_and_read_again(run: Run, mailbox: Box, tmp_path: Path) -> None:
    assert "empty" in run("inbox", "quarantine")[1]
    refused(mailbox, tmp_path / "home", MAIL)
    assert "A version too old." in run("inbox", "quarantine")[1]
    assert json.loads(run("inbox", "quarantine", "--json")[1])[0]["is_kept"]
    assert "Read again: 1. Still not understood: 0." in run("inbox", "quarantine", "replay")[1]
    assert Conversation.objects.get().subject == "Hours"


def test_nothing_to_read_again_is_said_so(run: Run, mailbox: Box) -> None:
    code, _said, errors = run("inbox", "quarantine", "replay", "mail")
    assert code != 0
    assert "nothing to read again" in errors


def test_status_says_since_when_a_box_is_not_read_and_what_was_caught_up_with(
    run: Run, mailbox: Box
) -> None:
    Box.objects.update(state="broken", read_at=NOON, failure={"en": "Nobody answers there."})
    Outage.objects.create(box=mailbox, began_at=NOON - timedelta(hours=5),
                          ended_at=datetime.now(UTC), fetched=7)  # fmt: skip
    said = run("inbox", "status")[1]
    assert "mail was not read since" in said
    assert "Nobody answers there." in said
    assert "caught up with: 7 payloads" in said
    told = json.loads(run("inbox", "status", "--json")[1])["mail"]
    assert (told["seen"], told["outages"][0]["fetched"]) == (0, 7)
