"""An inbox of a test: Northfield's library and health centre, a mailbox, and a way to be asked."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.cast import ALICE, BOB, NOON
from tests.inbox.pigeon import Pigeon, Sky
from vigie.inbox.admission import Office
from vigie.inbox.forgetting import marks
from vigie.inbox.intake import put, take_waiting
from vigie.inbox.models import Arrival, Box, Contact, Conversation, Handle
from vigie.inbox.owing import Terms
from vigie.inbox.understanding import nothing
from vigie.register.models import Institution, Person, Service


@pytest.fixture
def northfield(db: None) -> Institution:
    """Northfield, in the register."""
    return Institution.objects.create(
        slug="northfield", name="Northfield University", country="FR", timezone="Europe/Paris"
    )


@pytest.fixture
def alice(db: None) -> Person:
    """Alice, who answers for the library by mail alone."""
    return Person.objects.create(name=ALICE, mail="alice@northfield.example")


@pytest.fixture
def bob(db: None) -> Person:
    """Bob, who answers for admissions by mail alone."""
    return Person.objects.create(name=BOB, mail="bob@northfield.example")


@pytest.fixture
def library(northfield: Institution, alice: Person, bob: Person) -> Service:
    """Northfield's library: Alice answers, Bob stands in."""
    return Service.objects.create(
        institution=northfield, name="Library", slug="library", kind="library",
        correspondent=alice, deputy=bob,
    )  # fmt: skip


@pytest.fixture
def health(northfield: Institution) -> Service:
    """Northfield's health centre: what it is asked is confidential."""
    return Service.objects.create(
        institution=northfield, name="Health", slug="health", kind="health", is_confidential=True
    )


@pytest.fixture
def mailbox(northfield: Institution) -> Box:
    """Northfield's mailbox."""
    return Box.objects.create(
        name="mail", label="Mail", channel="mail", institution=northfield,
        address="hello@northfield.example",
    )  # fmt: skip


@pytest.fixture
def asked(mailbox: Box) -> Callable[..., Conversation]:
    """Open a conversation with what a test wants to say of it."""
    count = iter(range(1, 1000))

    def ask(**changes: Any) -> Conversation:
        number = next(count)
        contact = changes.pop("contact", None) or Contact.objects.create(
            name=f"Student {number}", created_at=NOON, seen_at=NOON
        )
        Handle.objects.get_or_create(
            network="mail", address=f"student{number}@example.org", defaults={"contact": contact}
        )
        given: dict[str, Any] = {
            "box": mailbox,
            "thread": f"<{number}@example.org>",
            "kind": "mail",
            "contact": contact,
            "opened_at": NOON,
            "asked_at": NOON,
            "incoming_at": NOON,
            "touched_at": NOON,
        }
        return Conversation.objects.create(**{**given, **changes})

    return ask


@pytest.fixture
def loft_box(northfield: Institution) -> Box:
    """Northfield's pigeon loft."""
    return Box.objects.create(
        name="loft", label="Loft", channel="pigeon", institution=northfield, address="loft"
    )


@pytest.fixture
def sky() -> Sky:
    """What happens outside."""
    return Sky()


@pytest.fixture
def office(tmp_path: Path, db: None) -> Office:
    """An office without rules, that understands nothing."""
    return Office(
        home=tmp_path,
        rules=(),
        services={},
        terms=Terms(zone=ZoneInfo("Europe/Paris"), now=NOON),
        understand=nothing,
        mark=marks("a key"),
        now=NOON + timedelta(days=7),
    )


@pytest.fixture
def bring(loft_box: Box, sky: Sky, office: Office) -> Callable[..., list[Arrival]]:
    """Let pigeons bring payloads, have them read, and return what the journal says of each."""

    def brought(*bodies: bytes) -> list[Arrival]:
        arrivals = [put(loft_box, body, home=office.home, now=NOON) for body in bodies]
        take_waiting(loft_box, Pigeon(sky), office)
        for arrival in arrivals:
            arrival.refresh_from_db()
        return arrivals

    return brought
