"""An inbox that moves goes on where it was, and nobody is written to because it moved."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.contrib.auth.models import User

from tests.cast import ALICE, NOON
from tests.inbox.pigeon import Pigeon, Sky, letter, loft
from tests.inbox.test_round_trip import came_back, emptied, past, read_all, spoken, there, zipped
from vigie.inbox.admission import Office
from vigie.inbox.archive_writing import lines
from vigie.inbox.channel import known_channels
from vigie.inbox.digesting import digest_due
from vigie.inbox.entrusting import ask_due
from vigie.inbox.escalating import escalate_due
from vigie.inbox.greeting import greet_due
from vigie.inbox.intake import put
from vigie.inbox.models import (
    AnswerLink,
    Box,
    Conversation,
    ConversationLink,
    Handle,
    Mailing,
    Message,
    Note,
    Passage,
    Satisfaction,
    Target,
)
from vigie.inbox.owing import Terms
from vigie.inbox.own_archives import FORMAT
from vigie.inbox.own_taking import warned
from vigie.inbox.satisfaction import ask_helped
from vigie.inbox.visible import eyes_of, visible
from vigie.register.models import Institution, Person, Role, Service
from vigie.register.people import author
from vigie.settings import Settings

__all__ = ["past", "there"]

HOUR = timedelta(hours=1)
DAY = 24 * HOUR


@pytest.fixture
def question(asked: Callable[..., Conversation], library: Service) -> Callable[..., Conversation]:
    """Ask the library something by mail."""

    def ask(**changes: object) -> Conversation:
        row = asked(**{"service": library, **changes})
        handle = Handle.objects.get(contact=row.contact)
        spoken(row, f"<in{row.pk}@x>", "When do you open?", handle=handle)
        return row

    return ask


@pytest.fixture
def moved(past: Box, there: Office) -> Callable[..., Conversation]:
    """Move the whole inbox to another machine, and return its first conversation."""

    def move(meanwhile: Callable[[], object] = lambda: None) -> Conversation:
        path = zipped(there)
        emptied(there)
        meanwhile()
        came_back(path, past, there)
        return Conversation.objects.order_by("pk")[0]

    return move


def seated(name: str, *, service: Service | None = None) -> Person:
    user = User.objects.create(username=name)
    person = Person.objects.create(user=user, name=name.title())
    Role.objects.create(person=person, name="answerer", service=service)
    return person


def test_open_stays_open_with_whoever_had_it(
    question: Callable[..., Conversation], moved: Callable[..., Conversation], library: Service
) -> None:
    carol = seated("carol")
    question(person=carol, reopened=2, delayed_until=NOON + 9 * DAY)
    Target.objects.create(response_minutes=60)
    row = moved()
    assert (row.state, row.service, row.person, row.reopened) == ("open", library, carol, 2)
    assert (row.asked_at, row.closed_at, row.delayed_until) == (NOON, None, NOON + 9 * DAY)
    assert row.box.name == "mail"


def test_due_times_are_counted_anew_by_the_targets_of_here(
    question: Callable[..., Conversation], moved: Callable[..., Conversation], there: Office,
    past: Box,
) -> None:  # fmt: skip
    question(due_at=NOON + HOUR)
    path = zipped(there)
    emptied(there)
    target = Target.objects.create(response_minutes=180)
    came_back(path, past, replace(there, terms=replace(there.terms, targets=(target,))))
    assert Conversation.objects.get().due_at == NOON + 3 * HOUR


@pytest.mark.parametrize(
    ("changes", "state"),
    [
        ({"state": "snoozed", "snoozed_until": NOON + 9 * DAY}, "snoozed"),
        ({"state": "snoozed", "snoozed_until": NOON + DAY}, "open"),
        ({"state": "waiting"}, "waiting"),
        ({"state": "unwanted"}, "unwanted"),
        ({"state": "closed", "closed_at": NOON + DAY}, "closed"),
    ],
)
def test_how_far_it_was(
    question: Callable[..., Conversation], moved: Callable[..., Conversation],
    changes: dict[str, object], state: str,
) -> None:  # fmt: skip
    row = question(**changes)
    if state == "waiting":
        spoken(row, "ours", "At nine.", hours=2)
    back = moved()
    assert back.state == state
    assert back.snoozed_until == (NOON + 9 * DAY if state == "snoozed" else None)


def test_answer_that_was_not_sent_there_is_still_owed(
    question: Callable[..., Conversation], moved: Callable[..., Conversation]
) -> None:
    row = question(state="waiting", outgoing_at=NOON + HOUR)
    ours = spoken(row, "ours", "At nine.", hours=1)
    Message.objects.filter(pk=ours.pk).update(state="due", sent_at=None)
    assert moved().state == "open"


def test_who_left_or_may_not_has_it_no_more(
    asked: Callable[..., Conversation], moved: Callable[..., Conversation], health: Service
) -> None:
    carol = seated("carol", service=health)
    row = asked(service=health, person=carol)
    spoken(row, "<in@x>", "I am ill.", handle=Handle.objects.get())
    back = moved(meanwhile=lambda: carol.roles.update(service=None))
    assert (back.service, back.person) == (health, None)
    everywhere = Person.objects.get(pk=carol.pk)
    assert not visible(eyes_of(everywhere, author(everywhere.user))).exists()


def test_passages_say_who_handed_what_to_whom(
    question: Callable[..., Conversation], moved: Callable[..., Conversation], library: Service,
    alice: Person, northfield: Institution,
) -> None:  # fmt: skip
    row = question()
    gone = Service.objects.create(institution=northfield, name="Archives", slug="archives")
    told = {"en": "The rule “hours” fits.", "fr": "La règle « hours » s’applique."}
    Passage.objects.create(conversation=row, service=gone, at=NOON, by="rule hours", reason=told)
    Passage.objects.create(conversation=row, service=library, person=alice, at=NOON + HOUR,
                           by="bob")  # fmt: skip
    back = moved(meanwhile=gone.delete)
    first, second, _here = back.passages.all()
    assert (first.service, first.by, first.at) == (None, "rule hours", NOON)
    assert first.reason == {name: f"{words} (Archives)" for name, words in told.items()}
    assert (second.service, str(second.person), second.by) == (library, ALICE, "bob")


def test_link_comes_back_where_both_ends_did(
    question: Callable[..., Conversation], moved: Callable[..., Conversation]
) -> None:
    first, second = question(), question()
    ConversationLink.objects.create(first=first, second=second, by="alice", at=NOON)
    moved()
    link = ConversationLink.objects.get()
    assert {link.first.thread, link.second.thread} == {first.thread, second.thread}
    assert (link.by, link.at) == ("alice", NOON)


def test_link_to_what_does_not_leave_is_not_told(
    question: Callable[..., Conversation], there: Office
) -> None:
    first, second = question(), question()
    ConversationLink.objects.create(first=first, second=second, by="alice", at=NOON)
    told = json.loads(list(lines([first.pk], now=NOON))[1])
    assert (told["links"], second.thread in json.dumps(told)) == ([], False)


def test_opinion_is_kept_and_its_link_opens_nothing(
    question: Callable[..., Conversation], moved: Callable[..., Conversation]
) -> None:
    row = question(state="closed", closed_at=NOON + DAY)
    Satisfaction.objects.create(conversation=row, digest="d" * 64, asked_at=NOON + DAY, score=4,
                                words="Kind", answered_at=NOON + 2 * DAY)  # fmt: skip
    said = moved().satisfaction
    assert (said.score, said.words, said.asked_at) == (4, "Kind", NOON + DAY)
    assert said.digest != "d" * 64


def morning(there: Office, at: datetime) -> tuple[Settings, Terms]:
    return Settings(home=there.home, mail_url="smtp://h"), replace(there.terms, now=at)


def test_nobody_is_written_to_because_it_moved(
    question: Callable[..., Conversation], past: Box, there: Office, mailbox: Box, alice: Person,
) -> None:  # fmt: skip
    """Late ones, those just asked, and those just closed; then a look at what is due."""
    User.objects.create(username="chief", email="chief@x.example", is_superuser=True)
    Person.objects.create(user=User.objects.get(), name="Chief")
    greets = {"words": {"en": "Hello"}, "when": "always", "since": NOON.isoformat()}
    Box.objects.filter(pk=mailbox.pk).update(greeting=greets)
    Target.objects.create(response_minutes=60)
    now = there.now
    for _number in range(5):
        question()
    question(opened_at=now - HOUR / 4, asked_at=now - HOUR / 4, incoming_at=now - HOUR / 4)
    Message.objects.filter(conversation=Conversation.objects.last()).update(said_at=now - HOUR / 4)
    closed = question(state="closed", closed_at=now - 3 * HOUR, answered_at=now - 4 * HOUR)
    spoken(closed, "ours", "At nine.", hours=7 * 24 - 4)
    path = zipped(there)
    emptied(there)
    targets = tuple(Target.objects.all())
    there = replace(there, terms=replace(there.terms, targets=targets, now=now))
    came_back(path, past, there)
    settings, terms = morning(there, now + HOUR / 60)
    ask_due(now=terms.now)
    escalate_due(terms)
    greet_due(settings, terms=terms)
    ask_helped(settings, terms=terms)
    assert not Mailing.objects.exists()
    assert not Message.objects.filter(state="due").exists()
    assert AnswerLink.objects.filter(person=alice).count() == 6
    friday = now + timedelta(days=1) - 4 * HOUR
    digest_due(now=friday, zone=there.terms.zone)
    told = set(Mailing.objects.values_list("kind", "to__name"))
    assert told == {("digest", ALICE), ("digest", "Chief")}


def test_what_they_write_on_goes_on_in_it(
    question: Callable[..., Conversation], moved: Callable[..., Conversation], there: Office,
    mailbox: Box,
) -> None:  # fmt: skip
    row = question(state="closed", closed_at=NOON + DAY)
    moved()
    mail = (
        "From: student1@example.org\r\nTo: hello@northfield.example\r\nSubject: Re: hours\r\n"
        f"Message-ID: <next@x>\r\nIn-Reply-To: <in{row.pk}@x>\r\n"
        "Date: Thu, 8 Oct 2026 10:00:00 +0000\r\n\r\nAnd on Sunday?\r\n"
    )
    put(mailbox, mail.encode(), home=there.home, now=there.now)
    read_all(there)
    back = Conversation.objects.get()
    assert (back.box, back.state, back.messages.count()) == (mailbox, "open", 2)


def test_our_answer_that_the_network_tells_again_is_no_second_one(
    asked: Callable[..., Conversation], past: Box, loft_box: Box, sky: Sky, there: Office,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    known = {**known_channels(), "pigeon": lambda *_chosen, **_address: Pigeon(sky)}
    monkeypatch.setattr("tests.inbox.test_round_trip.known_channels", lambda: known)
    row = asked(box=loft_box, kind="direct")
    spoken(row, "in", "When do you open?", handle=Handle.objects.get())
    ours = spoken(row, "ours", "At nine.", hours=1)
    Message.objects.filter(pk=ours.pk).update(external="sky:ours")
    path = zipped(there)
    emptied(there)
    came_back(path, past, there)
    told = letter("sky:ours", thread=row.thread, ours=True, words="At nine.")
    put(loft_box, loft(told), home=there.home, now=there.now)
    read_all(there)
    assert Conversation.objects.get().messages.count() == 2


@pytest.fixture
def fetched(
    question: Callable[..., Conversation], past: Box, there: Office, mailbox: Box, alice: Person
) -> Callable[..., Conversation]:
    """Have a box read a question by itself before what was known of it is brought in."""

    def fetch(meanwhile: Callable[[], object] = lambda: None, **changes: object) -> Conversation:
        row = question(person=alice, urgency="high", thread="<in@x>", **changes)
        Message.objects.update(key="<in@x>")
        Note.objects.create(conversation=row, words="Call her", by=alice, at=NOON)
        path = zipped(there)
        emptied(there)
        mail = (
            "From: student1@example.org\r\nTo: hello@northfield.example\r\nSubject: hours\r\n"
            "Message-ID: <in@x>\r\nDate: Thu, 1 Oct 2026 12:00:00 +0000\r\n\r\nWhen?\r\n"
        )
        put(mailbox, mail.encode(), home=there.home, now=there.now)
        read_all(there)
        meanwhile()
        came_back(path, past, there)
        return Conversation.objects.get()

    return fetch


def test_what_a_box_read_before_is_told_what_was_known(
    fetched: Callable[..., Conversation], library: Service, alice: Person
) -> None:
    row = fetched()
    assert (row.state, row.service, row.person, row.urgency) == ("open", library, alice, "high")
    assert [note.words for note in row.notes.all()] == ["Call her"]
    assert row.messages.count() == 1


def test_what_a_box_read_before_is_put_aside_or_closed_again(
    fetched: Callable[..., Conversation],
) -> None:
    row = fetched(state="closed", closed_at=NOON + DAY)
    assert (row.state, row.closed_at) == ("closed", NOON + DAY)


def test_who_wrote_since_waits_however_far_it_was(
    fetched: Callable[..., Conversation], mailbox: Box, there: Office, alice: Person
) -> None:
    def wrote_again() -> None:
        mail = (
            "From: student1@example.org\r\nTo: hello@northfield.example\r\nSubject: hours\r\n"
            "Message-ID: <again@x>\r\nIn-Reply-To: <in@x>\r\n"
            "Date: Sat, 3 Oct 2026 12:00:00 +0000\r\n\r\nHello?\r\n"
        )
        put(mailbox, mail.encode(), home=there.home, now=there.now)
        read_all(there)

    row = fetched(meanwhile=wrote_again, state="closed", closed_at=NOON + DAY)
    assert (row.state, row.closed_at, row.person) == ("open", None, alice)


def test_what_people_went_on_with_stays_as_it_is(
    fetched: Callable[..., Conversation], bob: Person
) -> None:
    row = fetched(meanwhile=lambda: Conversation.objects.update(person=bob))
    assert (row.person, row.urgency, row.notes.count()) == (bob, "normal", 0)


def test_it_is_told_once(fetched: Callable[..., Conversation], past: Box, there: Office) -> None:
    fetched()
    came_back(there.home / "conversations.zip", past, there)
    assert (Note.objects.count(), Passage.objects.filter(by="import").count()) == (1, 1)


def test_box_that_is_not_here_is_named(
    question: Callable[..., Conversation], past: Box, there: Office
) -> None:
    question()
    path = zipped(there)
    emptied(there)
    Box.objects.exclude(pk=past.pk).update(name="elsewhere")
    taken = came_back(path, past, there)
    assert taken.unconnected == ("mail",)
    assert (Conversation.objects.get().box, Conversation.objects.get().state) == (past, "open")


def test_box_that_is_paused_is_said_to_wait(
    question: Callable[..., Conversation], past: Box, there: Office
) -> None:
    question()
    path = zipped(there)
    emptied(there)
    Box.objects.exclude(pk=past.pk).update(state="paused")
    taken = came_back(path, past, there)
    assert (taken.paused, [str(words) for words in warned(taken)]) == (
        ("Mail",), ["Boxes that are paused are read once you resume them: Mail."]
    )  # fmt: skip


def test_file_of_the_second_form_comes_back_closed(past: Box, there: Office, library: Service,
                                                   tmp_path: Path) -> None:  # fmt: skip
    author = {"network": "mail", "address": "m@x.example", "shown": "", "name": "Marie"}
    said = {"key": "1", "direction": "in", "said_at": NOON.isoformat(), "words": "See",
            "author": author, "files": []}  # fmt: skip
    whole = {"format": "vigie-conversation", "thread": "mail/t", "channel": "mail",
             "state": "open", "service": "library", "contact": {"name": "Marie"},
             "messages": [said]}  # fmt: skip
    head = {"format": FORMAT, "version": 1, "conversations": 1}
    path = tmp_path / "old.jsonl"
    path.write_text(f"{json.dumps(head)}\n{json.dumps(whole)}\n")
    taken = came_back(path, past, there)
    row = Conversation.objects.get()
    assert (row.state, row.service, row.person, taken.unconnected) == ("closed", library, None, ())
