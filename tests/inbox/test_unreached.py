"""Whom the mails that ask do not reach, and asking them anew."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from tests.cast import NOON
from tests.inbox.test_sending import ANSWERER
from vigie.errors import ForbiddenError
from vigie.inbox.changes import Hand
from vigie.inbox.entrusting import mail
from vigie.inbox.models import AnswerLink, Box, Conversation, Mailing
from vigie.inbox.unreached import ask_unreached_again, unreached, unreached_of_all
from vigie.inbox.visible import Eyes
from vigie.register.models import LogEntry, Person, Service
from vigie.register.rights import COMMAND_LINE

Ask = Callable[..., Conversation]
WHY = {"en": "There is no such mailbox.", "fr": "Cette boîte n’existe pas."}
LATER = NOON + timedelta(hours=1)


def hand(now: datetime) -> Hand:
    """Return the hand of an administrator."""
    eyes = Eyes(author=COMMAND_LINE)
    return replace(ANSWERER, eyes=eyes, terms=replace(ANSWERER.terms, now=now))


@pytest.fixture
def lost(asked: Ask, library: Service, alice: Person, mailbox: Box) -> Conversation:
    """A question whose mail did not reach Alice."""
    row = asked(service=library)
    mail(alice, [row], kind="ask", now=NOON)
    Mailing.objects.update(begun_at=NOON, sent_at=NOON, failure=WHY)
    return row


def test_service_says_whom_mails_do_not_reach(
    lost: Conversation, library: Service, alice: Person
) -> None:
    (one,) = unreached([library])[library.pk]
    assert (one.person, one.failure) == (alice, WHY)
    assert [(row.pk, each.person) for row, each in unreached_of_all()] == [(library.pk, alice)]


def test_mail_that_arrives_makes_good(lost: Conversation, library: Service, alice: Person) -> None:
    Mailing.objects.create(name="d", kind="digest", to=alice, made_at=LATER, begun_at=LATER,
                           sent_at=LATER)  # fmt: skip
    assert unreached([library]) == {}


def test_mail_that_waits_to_leave_makes_nothing_good(
    lost: Conversation, library: Service, alice: Person
) -> None:
    Mailing.objects.create(name="d", kind="digest", to=alice, made_at=LATER)
    assert library.pk in unreached([library])


def test_lost_question_is_asked_anew_once(
    lost: Conversation, library: Service, alice: Person
) -> None:
    assert ask_unreached_again(library, alice, hand=hand(LATER)) == 1
    assert ask_unreached_again(library, alice, hand=hand(LATER)) == 0
    assert Mailing.objects.filter(failure__isnull=True, kind="ask").count() == 1
    assert AnswerLink.objects.filter(conversation=lost).count() == 2
    assert LogEntry.objects.get().action == "service.ask_again"


def test_closed_question_is_not_asked_anew(
    lost: Conversation, library: Service, alice: Person
) -> None:
    Conversation.objects.update(state="closed", closed_at=NOON)
    assert ask_unreached_again(library, alice, hand=hand(LATER)) == 0


def test_who_does_not_keep_the_service_sends_nothing(
    lost: Conversation, library: Service, alice: Person
) -> None:
    with pytest.raises(ForbiddenError):
        ask_unreached_again(library, alice, hand=replace(ANSWERER))
