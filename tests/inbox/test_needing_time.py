"""Who answers by a link and has no time now says so: noted, quiet until then, nothing hidden."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from tests.cast import NOON
from tests.inbox.test_answering import PARIS, link_to, said
from vigie.errors import InboxError
from vigie.inbox import changes
from vigie.inbox.answering import hand_of
from vigie.inbox.escalating import escalate_due
from vigie.inbox.models import AnswerLink, Conversation, Mailing, Message, Note, Passage
from vigie.inbox.needing_time import Time, ask_deputy, courtesy, may_ask_deputy, need_time
from vigie.inbox.owing import Terms
from vigie.register.models import LogEntry, Service

TERMS = Terms(zone=PARIS, now=NOON)
TODAY = NOON.astimezone(PARIS).date()
IN_THREE = TODAY + timedelta(days=3)
DUE = NOON + timedelta(hours=1)


@pytest.fixture
def link(asked: Callable[..., Conversation], library: Service) -> AnswerLink:
    """Alice was asked by mail; an hour of six is left."""
    row = asked(service=library, asked_at=NOON - timedelta(hours=5), due_at=DUE, expires_at=DUE)
    return link_to(said(row, "When do you open?"))


def ask(link: AnswerLink, **given: Any) -> Conversation:
    wanted = Time(**{"day": IN_THREE, **given})
    need_time(link, wanted, terms=TERMS, language="en")
    return Conversation.objects.get(pk=link.conversation_id)


def test_nobody_is_told_until_that_day_and_the_target_stays(link: AnswerLink) -> None:
    row = ask(link, why="Back on Monday")
    assert (escalate_due(TERMS), row.due_at, row.answered_at) == (0, DUE, None)
    assert Note.objects.get().words == "Back on Monday"
    assert "needs time until" in Passage.objects.latest("pk").reason["en"]
    assert LogEntry.objects.get(action="inbox.need_time").facts["told"] is False
    later = replace(TERMS, now=NOON + timedelta(days=4))
    assert escalate_due(later) == 1


def test_without_it_the_deputy_is_told(link: AnswerLink) -> None:
    assert escalate_due(TERMS) == 1


def test_person_is_told_in_words_that_are_no_answer(link: AnswerLink) -> None:
    row = ask(link, courtesy=courtesy(link.conversation, language="en"))
    message = Message.objects.get(direction="out")
    assert (message.is_automatic, message.state, row.state) == (True, "due", "open")
    assert "Library is looking into it" in message.words
    assert str(IN_THREE.day) in message.words
    ask(link, courtesy="Again, {day}.")
    assert Message.objects.filter(direction="out").count() == 1


def test_approval_counts_and_starts_no_clock(link: AnswerLink) -> None:
    Service.objects.update(needs_approval=True)
    ask(link, courtesy="Soon.")
    assert Message.objects.get(direction="out").state == "proposed"


@pytest.mark.parametrize("day", [TODAY - timedelta(days=1), TODAY + timedelta(days=15)])
def test_day_that_is_over_or_far_is_refused(link: AnswerLink, day: date) -> None:
    with pytest.raises(InboxError):
        ask(link, day=day)
    assert not Message.objects.filter(direction="out").exists()


def test_time_ends_before_the_network_stops_taking_answers(link: AnswerLink) -> None:
    Conversation.objects.update(window_until=NOON + timedelta(hours=20))
    with pytest.raises(InboxError, match="short time"):
        ask(link)


def test_answer_ends_it(link: AnswerLink) -> None:
    row = ask(link)
    changes.reply(row, "At eight.", hand=hand_of(link, TERMS))
    row.refresh_from_db()
    assert row.delayed_until is None


def test_deputy_is_asked_at_once(link: AnswerLink, library: Service) -> None:
    assert may_ask_deputy(link)
    ask_deputy(link, "I am at a fair", terms=TERMS)
    mailing = Mailing.objects.get(kind="deputy")
    assert (mailing.to, mailing.facts["is_busy"]) == (library.deputy, True)
    assert escalate_due(TERMS) == 0


def test_without_a_deputy_nobody_is_asked(link: AnswerLink) -> None:
    Service.objects.update(deputy=None)
    again = AnswerLink.objects.get(pk=link.pk)
    assert not may_ask_deputy(again)
    with pytest.raises(InboxError):
        ask_deputy(again, "", terms=TERMS)
