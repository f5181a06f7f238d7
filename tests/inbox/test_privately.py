"""A comment answered by a direct message: once, within a week, and only a comment."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.cast import NOON
from tests.inbox.meta_told import FACEBOOK, PAGE, comment, page_changes
from vigie.errors import ForbiddenError, InboxError
from vigie.inbox.admission import Office
from vigie.inbox.changes import Hand
from vigie.inbox.intake import put, take_waiting
from vigie.inbox.meta_public import PRIVATELY
from vigie.inbox.models import Box, Conversation, Message
from vigie.inbox.owing import Terms
from vigie.inbox.privately import answer_privately, may_be_answered_privately
from vigie.inbox.sending import outgoing_of
from vigie.inbox.visible import Eyes
from vigie.register.models import Institution
from vigie.register.rights import NOBODY, RIGHTS, Author

HAND = Hand(
    eyes=Eyes(author=Author(name="alice", rights=RIGHTS["answerer"])),
    terms=Terms(zone=ZoneInfo("Europe/Paris"), now=NOON + timedelta(hours=1)),
)


@pytest.fixture
def under_a_post(northfield: Institution, office: Office) -> Conversation:
    """A comment under a post of Northfield's page."""
    box = Box.objects.create(
        name="page", label="Page", channel="facebook", institution=northfield, address=PAGE
    )
    put(box, page_changes(comment()), home=office.home, now=NOON)
    take_waiting(box, FACEBOOK, office)
    return Conversation.objects.get()


def test_private_answer_is_handed_in_as_one(under_a_post: Conversation) -> None:
    message = answer_privately(under_a_post, "It is in your file.", hand=HAND)
    outgoing = outgoing_of(Message.objects.get(pk=message.pk))
    assert (outgoing.facts[PRIVATELY], outgoing.facts["comment"]) == ("yes", "4242_1_10")


def test_it_is_possible_for_a_week(under_a_post: Conversation) -> None:
    assert may_be_answered_privately(under_a_post, now=NOON) == NOON + timedelta(days=7)
    assert may_be_answered_privately(under_a_post, now=NOON + timedelta(days=7)) is None


def test_second_one_is_refused(under_a_post: Conversation) -> None:
    answer_privately(under_a_post, "It is in your file.", hand=HAND)
    with pytest.raises(InboxError, match="possible once"):
        answer_privately(under_a_post, "And this too.", hand=HAND)


def test_form_sent_twice_is_one_answer(under_a_post: Conversation) -> None:
    for _time in range(2):
        answer_privately(under_a_post, "It is in your file.", hand=HAND, key="a")
    assert Message.objects.filter(direction="out").count() == 1


def test_one_that_failed_may_be_said_again(under_a_post: Conversation) -> None:
    answer_privately(under_a_post, "It is in your file.", hand=HAND)
    Message.objects.filter(direction="out").update(state="failed")
    assert answer_privately(under_a_post, "It is in your file.", hand=HAND)


def test_after_a_week_it_says_what_else_can_be_done(under_a_post: Conversation) -> None:
    late = replace(HAND, terms=replace(HAND.terms, now=NOON + timedelta(days=8)))
    with pytest.raises(InboxError, match="in public"):
        answer_privately(under_a_post, "Too late.", hand=late)


def test_mail_is_no_comment(asked: Callable[..., Conversation]) -> None:
    with pytest.raises(InboxError, match="Only a comment"):
        answer_privately(asked(), "Hello", hand=HAND)


def test_reader_may_not(under_a_post: Conversation) -> None:
    nobody = replace(HAND, eyes=Eyes(author=NOBODY))
    with pytest.raises(ForbiddenError):
        answer_privately(under_a_post, "Hello", hand=nobody)
