"""Greetings: once to a person, never to a machine, and never two that talk to each other."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from tests.cast import NOON
from tests.inbox.slow_tables import left
from tests.inbox.test_other_ways import wrote
from tests.inbox.test_sending import ANSWERER
from vigie.errors import ForbiddenError, InboxError
from vigie.inbox.admitting import Office
from vigie.inbox.channels.mail import Mail
from vigie.inbox.greeting import MOST, PERIOD, greet_due, put_greeting
from vigie.inbox.intake import put, take_waiting
from vigie.inbox.models import Box, Contact, Conversation, Handle, Hours, Message
from vigie.inbox.owing import Terms, terms
from vigie.inbox.sending import outgoing_of
from vigie.inbox.visible import eyes_of_the_machine
from vigie.register.models import Institution, Person, Service
from vigie.settings import Settings

Ask = Callable[..., Conversation]
PARIS = ZoneInfo("Europe/Paris")
HELLO = {"words": {"en": "Hello {name}, {service} has it."}, "when": "always",
         "since": (NOON - timedelta(days=400)).isoformat()}  # fmt: skip


@pytest.fixture
def conf(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path, address="https://vigie.example", language="en")


@pytest.fixture
def greeted(asked: Ask, mailbox: Box, conf: Settings) -> Callable[..., int]:
    """Let somebody write, and return how many are greeted."""

    def write(*, at: datetime = NOON, address: str = "", **changes: object) -> int:
        Box.objects.filter(pk=mailbox.pk, greeting={}).update(greeting=HELLO)
        row = asked(**{"opened_at": at, **changes})
        handle = Handle.objects.filter(contact=row.contact)[0]
        if address:
            Handle.objects.filter(pk=handle.pk).update(address=address)
            handle.refresh_from_db()
        wrote(row, handle)
        return greet_due(conf, terms=terms(zone=PARIS, now=at))

    return write


def test_person_is_greeted_in_words_with_the_blanks_filled(greeted: Callable[..., int]) -> None:
    assert greeted() == 1
    message = Message.objects.get(direction="out")
    assert message.words == "Hello Student 1, Northfield University has it."
    assert (message.is_automatic, message.state) == (True, "due")


def test_greeting_is_no_answer(greeted: Callable[..., int]) -> None:
    greeted()
    row = Conversation.objects.get()
    found = left(Conversation.objects.all(), terms=Terms(zone=PARIS, now=NOON))
    assert (row.answered_at, row.state, found.conversations[0].outgoing) == (None, "open", 0)
    assert [turn.answered_at for turn in found.responses] == [None]


def test_same_conversation_is_greeted_once(greeted: Callable[..., int], conf: Settings) -> None:
    greeted()
    assert greet_due(conf, terms=Terms(zone=PARIS, now=NOON)) == 0


def test_person_is_greeted_again_after_a_week_and_not_for_ever(
    greeted: Callable[..., int],
) -> None:
    contact = Contact.objects.create(name="Student", created_at=NOON, seen_at=NOON)
    days = [timedelta(days=day) for day in (0, 3, 8, 16, 24, 32)]
    counts = [greeted(at=NOON + day, contact=contact) for day in days]
    assert counts == [1, 0, 1, 1, 0, 0]
    assert (sum(counts), PERIOD.days) == (MOST, 7)


@pytest.mark.parametrize("changes", [
    {"is_public": True, "kind": "comment"}, {"kind": "mention"}, {"state": "closed",
    "closed_at": NOON}, {"answered_at": NOON}, {"at": NOON, "opened_at": NOON - timedelta(hours=2)},
    {"address": "no-reply@shop.example"}, {"address": "HELLO@northfield.example"},
    {"address": "postmaster@x.example"}, {"address": "bob@northfield.example"},
])  # fmt: skip
def test_nobody_else_is_greeted(
    greeted: Callable[..., int], bob: Person, changes: dict[str, object]
) -> None:
    assert greeted(**changes) == 0


def test_what_a_machine_began_is_not_greeted(asked: Ask, mailbox: Box, conf: Settings) -> None:
    Box.objects.update(greeting=HELLO)
    row = asked()
    wrote(row, Handle.objects.get())
    Message.objects.update(is_automatic=True)
    assert greet_due(conf, terms=Terms(zone=PARIS, now=NOON)) == 0


@pytest.mark.parametrize(("week", "count"), [
    ({}, 1), ({str(day): [["00:00", "00:00"]] for day in range(7)}, 0),
])  # fmt: skip
def test_outside_the_hours_of_the_service_alone(
    greeted: Callable[..., int], mailbox: Box, library: Service, week: dict[str, object],
    count: int,
) -> None:  # fmt: skip
    Hours.objects.create(service=library, week=week, keeps_holidays=False, changed_at=NOON)
    Box.objects.filter(pk=mailbox.pk).update(greeting={**HELLO, "when": "closed"})
    assert greeted(service=library) == count


def test_greeting_is_kept_by_who_connects_boxes(mailbox: Box) -> None:
    hand = replace(ANSWERER, eyes=eyes_of_the_machine())
    put_greeting(mailbox, {"en": " Hello {name}. ", "fr": ""}, when="closed", hand=hand)
    mailbox.refresh_from_db()
    assert mailbox.greeting["words"] == {"en": "Hello {name}."}
    put_greeting(mailbox, {"en": ""}, when="closed", hand=hand)
    mailbox.refresh_from_db()
    assert mailbox.greeting == {}
    with pytest.raises(ForbiddenError):
        put_greeting(mailbox, {"en": "Hello"}, when="closed", hand=ANSWERER)


@pytest.mark.parametrize("words", ["Hello {me}", "Hello {name", "a" * 5_001])
def test_greeting_that_cannot_be_filled_in_is_refused(mailbox: Box, words: str) -> None:
    hand = replace(ANSWERER, eyes=eyes_of_the_machine())
    with pytest.raises(InboxError):
        put_greeting(mailbox, {"en": words}, when="closed", hand=hand)


def test_greeting_by_mail_says_that_it_is_automatic(greeted: Callable[..., int]) -> None:
    greeted()
    mail = Mail({}, address="a@x.example").written(
        outgoing_of(Message.objects.get(direction="out"))
    )
    assert (mail["Auto-Submitted"], mail["X-Auto-Response-Suppress"]) == ("auto-replied", "All")


@pytest.mark.parametrize(("stripped", "most"), [
    ((), 1), (("X-Vigie",), 1), (("X-Vigie", "Auto-Submitted", "X-Auto-Response-Suppress"), 2),
])  # fmt: skip
def test_two_boxes_that_greet_never_talk_to_each_other(
    northfield: Institution, office: Office, conf: Settings, stripped: tuple[str, ...], most: int
) -> None:
    own = {"north": "desk@north.example", "south": "desk@south.example"}
    boxes = {
        name: Box.objects.create(name=name, label=name, channel="mail", institution=northfield,
                                 address=f"within-{name}", greeting=HELLO)
        for name in own
    }  # fmt: skip
    first = EmailMessage()
    first["From"], first["Message-ID"] = own["south"], "<1@south.example>"
    first["Date"] = format_datetime(office.now)
    first.set_content("When do you open?")
    waiting = [("north", first.as_bytes())]
    for _turn in range(12):
        for name, body in waiting:
            put(boxes[name], body, home=office.home, now=office.now)
            take_waiting(boxes[name], Mail({}, address=own[name]), office)
        greet_due(conf, terms=Terms(zone=PARIS, now=office.now))
        due = Message.objects.filter(direction="out", state="due").select_related("box")
        waiting = [_carried(one, own, stripped) for one in due]
        due.update(state="sent", sent_at=office.now)
    assert waiting == []
    assert 1 <= Message.objects.filter(direction="out").count() <= most


def _carried(message: Message, own: dict[str, str], stripped: tuple[str, ...]) -> tuple[str, bytes]:
    """Return the other box, and the mail as it arrives there after careless servers."""
    name = message.box.name
    written = Mail({}, address=own[name]).written(outgoing_of(message))
    mail = message_from_bytes(written.as_bytes(), policy=policy.default)
    for header in stripped:
        del mail[header]
    return {"north": "south", "south": "north"}[name], mail.as_bytes()
