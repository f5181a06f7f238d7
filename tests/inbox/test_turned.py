"""What authors change and take down: shown, forgotten in time, and never answered by mistake."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from tests.cast import NOON
from tests.inbox.pigeon import Sky, letter, loft
from tests.inbox.slow_tables import left
from tests.inbox.test_sending import ANSWERER, Sends, post  # noqa: F401  # a fixture
from vigie.inbox import changes
from vigie.inbox.admitting import Office
from vigie.inbox.intake import let_go
from vigie.inbox.models import Arrival, Attachment, Conversation, FormerWords, Message, Wording
from vigie.inbox.noticing import CHANGED, TAKEN_DOWN, WROTE_AGAIN, turned
from vigie.inbox.owing import Terms
from vigie.inbox.sending import send_due, try_again

Bring = Callable[..., list[Arrival]]
LATER = NOON + timedelta(hours=1)


def edited(key: str, words: str, *, hours: int = 1) -> bytes:
    at = NOON + timedelta(hours=hours)
    return loft(letter(key, words=words, edited=at.isoformat()))


def gone(key: str) -> bytes:
    return loft({"key": key, "gone": True})


def test_later_words_take_the_place_of_earlier_ones_which_are_kept_for_now(bring: Bring) -> None:
    bring(loft(letter("1", words="At night?")))
    bring(edited("1", "At noon?"))
    message = Message.objects.get()
    assert (message.words, message.edited_at) == ("At noon?", LATER)
    assert [row.words for row in message.former.all()] == ["At night?"]
    assert "night" not in Wording.objects.get().words


def test_news_of_an_edit_in_any_order_leave_the_latest_words(bring: Bring) -> None:
    bring(loft(letter("1")), edited("1", "second", hours=2), edited("1", "first"))
    assert Message.objects.get().words == "second"


def test_edit_that_changes_no_word_is_shown_to_nobody(bring: Bring) -> None:
    bring(loft(letter("1")))
    (arrival,) = bring(edited("1", "Is it open?"))
    message = Message.objects.get()
    assert (arrival.duplicate, message.changed_at, message.edited_at) == (1, None, LATER)


def test_former_words_go_with_the_payloads(bring: Bring, office: Office) -> None:
    bring(loft(letter("1")))
    bring(edited("1", "At noon?"))
    let_go(home=office.home, before=office.now - timedelta(days=1))
    assert FormerWords.objects.count() == 1
    let_go(home=office.home, before=office.now + timedelta(days=1))
    assert not FormerWords.objects.exists()


def test_what_was_taken_down_leaves_nothing_but_the_fact(
    bring: Bring, office: Office, django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    bring(loft(letter("1", words="My number is 1234", files={"a.txt": "1234"})))
    bring(edited("1", "It is 5678"))
    with django_capture_on_commit_callbacks(execute=True):
        bring(gone("1"))
    message = Message.objects.get()
    assert (message.words, message.state, message.changed_at) == ("", "withdrawn", office.now)
    assert "1234" not in Wording.objects.get().words
    assert not FormerWords.objects.exists()
    assert not Attachment.objects.exists()
    left = [path for path in Path(office.home).rglob("*") if path.is_file()]
    assert not any(b"1234" in path.read_bytes() for path in left)


def test_question_that_was_taken_down_is_owed_no_answer(bring: Bring) -> None:
    bring(loft(letter("1")))
    bring(gone("1"))
    row = Conversation.objects.get()
    assert (row.state, row.due_at, row.passages.count()) == ("closed", None, 1)


def test_other_question_of_the_same_matter_is_still_owed_one(bring: Bring) -> None:
    bring(loft(letter("1"), letter("2", thread="1", words="And on Sunday?")))
    bring(gone("1"))
    assert Conversation.objects.get().state == "open"


def test_reply_under_way_to_what_was_taken_down_is_not_sent(
    bring: Bring,
    post: Sends,  # noqa: F811
    sky: Sky,
) -> None:
    bring(loft(letter("1")))
    reply = changes.reply(Conversation.objects.get(), "At eight.", hand=ANSWERER)
    bring(gone("1"))
    assert send_due(post(NOON + timedelta(hours=1))) == 0
    reply.refresh_from_db()
    assert reply.failure is not None
    assert "taken down" in reply.failure["en"]
    assert try_again(reply, now=NOON)
    assert send_due(post()) == 1


def test_answer_to_what_has_turned_is_asked_about(bring: Bring, office: Office) -> None:
    bring(loft(letter("1")))
    row = Conversation.objects.get()
    before = office.now - timedelta(minutes=1)
    Message.objects.update(received_at=before)
    assert turned(row, seen_at=before) is None
    bring(edited("1", "At noon?"))
    assert turned(row, seen_at=before) == CHANGED
    assert turned(row, seen_at=office.now) is None
    bring(loft(letter("2", thread="1", at=LATER.isoformat())))
    Message.objects.filter(key="1").update(changed_at=None)
    assert turned(row, seen_at=before) == WROTE_AGAIN
    bring(gone("2"))
    assert turned(row, seen_at=None) == TAKEN_DOWN


def test_question_taken_down_was_waited_for_until_then(bring: Bring, office: Office) -> None:
    bring(loft(letter("1")))
    bring(gone("1"))
    terms: Terms = replace(office.terms, now=office.now + timedelta(days=30))
    (row,) = left(Conversation.objects.all(), terms=terms).conversations
    assert (row.observed_at, row.waited_minutes) == (office.now, 7 * 24 * 60)
