"""Replies go out once, whatever breaks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.cast import NOON
from tests.inbox.pigeon import Pigeon, Sky, letter, loft
from vigie.errors import ForbiddenError, InboxError
from vigie.http import Http
from vigie.inbox import changes
from vigie.inbox.changes import Hand
from vigie.inbox.models import Arrival, Box, Conversation, Message
from vigie.inbox.owing import Terms
from vigie.inbox.sending import LEASE, Post, send_due, try_again
from vigie.inbox.visible import Eyes
from vigie.register.models import LogEntry
from vigie.register.rights import NOBODY, RIGHTS, Author

Bring = Callable[..., list[Arrival]]
ANSWERER = Hand(
    eyes=Eyes(author=Author(name="alice", rights=RIGHTS["answerer"])),
    terms=Terms(zone=ZoneInfo("Europe/Paris"), now=NOON),
)
EDITOR = replace(ANSWERER, eyes=Eyes(author=Author(name="bob", rights=RIGHTS["editor"])))


@pytest.fixture
def question(bring: Bring) -> Conversation:
    """A question that a pigeon brought."""
    bring(loft(letter("1")))
    return Conversation.objects.get()


@pytest.fixture
def post(sky: Sky) -> Callable[[datetime], Post]:
    """Send by pigeon at a moment."""

    def at(moment: datetime = NOON) -> Post:
        return Post(
            connect=lambda box: Pigeon(sky),
            http=Http(agent="test"),
            clock=lambda: moment,
            terms=lambda: ANSWERER.terms,
        )

    return at


Sends = Callable[..., Post]


def test_reply_goes_out_once(question: Conversation, post: Sends, sky: Sky) -> None:
    changes.reply(question, "At eight.", hand=ANSWERER)
    assert (send_due(post()), send_due(post())) == (1, 0)
    assert [one.words for one in sky.delivered] == ["At eight."]


def test_reply_is_sent_only_when_the_network_confirmed(
    question: Conversation, post: Sends, sky: Sky
) -> None:
    sky.breaks_before = 1
    message = changes.reply(question, "At eight.", hand=ANSWERER)
    send_due(post())
    message.refresh_from_db()
    assert (message.state, message.sent_at) == ("due", None)
    assert message.failure is not None
    assert "hawk" in message.failure["en"]


def test_reply_is_tried_again_after_a_while(question: Conversation, post: Sends, sky: Sky) -> None:
    sky.breaks_before = 1
    changes.reply(question, "At eight.", hand=ANSWERER)
    send_due(post())
    assert send_due(post(NOON + timedelta(minutes=2))) == 1


def test_worker_that_dies_after_sending_leaves_one_reply(
    question: Conversation, post: Sends, sky: Sky
) -> None:
    sky.breaks_after = 1
    message = changes.reply(question, "At eight.", hand=ANSWERER)
    with pytest.raises(KeyboardInterrupt):
        send_due(post())
    send_due(post(NOON + LEASE + timedelta(minutes=1)))
    message.refresh_from_db()
    assert (message.state, len(sky.delivered)) == ("sent", 1)


def test_other_worker_leaves_a_reply_alone_that_is_being_sent(
    question: Conversation, post: Sends
) -> None:
    changes.reply(question, "At eight.", hand=ANSWERER)
    Message.objects.filter(direction="out").update(state="sending", claimed_at=NOON)
    assert send_due(post(NOON + timedelta(minutes=1))) == 0


def test_form_sent_twice_is_one_reply(question: Conversation) -> None:
    first = changes.reply(question, "At eight.", hand=ANSWERER, key="form")
    assert changes.reply(question, "At eight.", hand=ANSWERER, key="form") == first


def test_reply_after_the_window_fails_and_proposes_another_way(
    question: Conversation, post: Sends
) -> None:
    message = changes.reply(question, "At eight.", hand=ANSWERER)
    send_due(post(NOON + timedelta(days=2)))
    message.refresh_from_db()
    question.refresh_from_db()
    assert (message.state, question.state) == ("failed", "open")
    assert message.failure is not None
    assert "letter" in message.failure["en"]


def test_reply_that_failed_can_be_sent_again(question: Conversation, post: Sends, sky: Sky) -> None:
    message = changes.reply(question, "At eight.", hand=ANSWERER)
    Message.objects.filter(pk=message.pk).update(state="failed")
    assert try_again(message, now=NOON)
    assert send_due(post()) == 1


def test_reply_waits_for_approval_where_it_is_asked_for(
    question: Conversation, loft_box: Box, post: Sends, sky: Sky
) -> None:
    Box.objects.update(needs_approval=True)
    message = changes.reply(question, "At eight.", hand=ANSWERER)
    assert (message.state, send_due(post())) == ("proposed", 0)
    changes.approve(message, hand=EDITOR)
    assert send_due(post()) == 1


def test_answerer_may_not_approve(question: Conversation, loft_box: Box) -> None:
    Box.objects.update(needs_approval=True)
    message = changes.reply(question, "At eight.", hand=ANSWERER)
    with pytest.raises(ForbiddenError):
        changes.approve(message, hand=ANSWERER)


def test_stranger_may_not_reply(question: Conversation) -> None:
    with pytest.raises(ForbiddenError):
        changes.reply(question, "Hello", hand=replace(ANSWERER, eyes=Eyes(author=NOBODY)))


def test_link_lets_its_holder_answer_that_conversation_alone(
    question: Conversation, bring: Bring
) -> None:
    bring(loft(letter("2", author="student2")))
    other = Conversation.objects.exclude(pk=question.pk).get()
    hand = replace(ANSWERER, eyes=Eyes(author=NOBODY), through="link", over=question.pk)
    changes.reply(question, "At eight.", hand=hand)
    with pytest.raises(ForbiddenError):
        changes.reply(other, "At eight.", hand=hand)


def test_reply_taken_back_is_never_sent(question: Conversation, post: Sends) -> None:
    message = changes.reply(question, "At eight.", hand=ANSWERER)
    changes.take_back(message, hand=ANSWERER)
    question.refresh_from_db()
    assert (send_due(post()), question.state, question.answered_at) == (0, "open", None)


def test_reply_that_was_sent_cannot_be_taken_back(question: Conversation, post: Sends) -> None:
    message = changes.reply(question, "At eight.", hand=ANSWERER)
    send_due(post())
    with pytest.raises(InboxError, match="cannot be taken back"):
        changes.take_back(message, hand=ANSWERER)


def test_log_says_who_replied_and_not_what(question: Conversation) -> None:
    changes.reply(question, "A secret", hand=ANSWERER)
    entry = LogEntry.objects.get(action="inbox.reply")
    assert entry.by == "alice"
    assert "secret" not in str(entry.facts)


def test_waiting_for_the_other_side_counts_for_nobody(question: Conversation, bring: Bring) -> None:
    changes.reply(question, "Which book?", hand=ANSWERER)
    answer = (NOON + timedelta(hours=5)).isoformat()
    bring(loft(letter("2", thread="1", at=answer)))
    terms = replace(ANSWERER.terms, now=NOON + timedelta(hours=6))
    changes.close(question, hand=replace(ANSWERER, terms=terms))
    question.refresh_from_db()
    assert question.resolution_minutes == 60
