"""What leaves the inbox: no name, no word, and counts that an erasure leaves as they were."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from tests.cast import NOON
from tests.inbox.slow_tables import Counted, left
from vigie.inbox.erasing import forget
from vigie.inbox.figures import taught
from vigie.inbox.forgetting import marks
from vigie.inbox.models import Conversation, Message, Satisfaction, Target, Topic
from vigie.inbox.owing import terms
from vigie.inbox.rows import rows_of
from vigie.inbox.visible import Eyes
from vigie.register.models import Service
from vigie.register.rights import COMMAND_LINE

HOUR = timedelta(hours=1)
Ask = Callable[..., Conversation]


def say(
    conversation: Conversation, direction: str, hours: float, *, is_automatic: bool = False
) -> None:
    """Let something be said so many hours after noon."""
    Message.objects.create(
        conversation=conversation, box=conversation.box, direction=direction,
        key=f"{conversation.pk}-{direction}-{hours}", words="Where is my card? Zoé, 06 12 34 56 78",
        said_at=NOON + hours * HOUR, received_at=NOON + hours * HOUR, is_automatic=is_automatic,
        state="received" if direction == "in" else "sent",
        sent_at=None if direction == "in" else NOON + hours * HOUR,
    )  # fmt: skip


def counted(hours_later: float = 100) -> Counted:
    """Return what leaves the inbox so many hours after noon."""
    now = NOON + hours_later * HOUR
    known = terms(zone=ZoneInfo("Europe/Paris"), now=now)
    return left(Conversation.objects.all(), terms=known, name=lambda number: f"p{number}")


@pytest.fixture
def answered(asked: Ask, library: Service) -> Conversation:
    """Return a conversation with two turns, answered after two hours and after one."""
    found = asked(service=library, subject="My card", answered_at=NOON + 2 * HOUR)
    for direction, hours in (("in", 0), ("in", 1), ("out", 2), ("in", 5), ("out", 6)):
        say(found, direction, hours)
    return found


def test_a_row_has_times_and_counts(answered: Conversation) -> None:
    Target.objects.create(response_minutes=480)
    (row,) = counted().conversations
    assert (row.conversation, row.institution, row.service) == (
        f"p{answered.pk}", "northfield", "library",
    )  # fmt: skip
    assert (row.incoming, row.outgoing, row.waited_minutes, row.target_minutes) == (3, 2, 120, 480)
    assert row.lasted_minutes == 100 * 60 - 3 * 60 - 94 * 60


def test_each_turn_is_a_response(answered: Conversation) -> None:
    found = counted().responses
    assert [(one.place, one.waited_minutes) for one in found] == [(0, 120), (1, 60)]
    assert found[1].asked_at == NOON + 5 * HOUR


def test_nothing_leaves_that_names_or_quotes(answered: Conversation) -> None:
    found = counted()
    said = repr([asdict(row) for row in (*found.conversations, *found.responses)])
    for secret in (answered.contact.name, "card", "06 12", "Alice", "Bob", "@"):
        assert secret not in said


def test_automatic_messages_neither_ask_nor_answer(asked: Ask) -> None:
    row = asked()
    say(row, "in", 0, is_automatic=True)
    say(row, "out", 1, is_automatic=True)
    found = counted()
    assert found.conversations[0].left_out == "automatic"
    assert not found.responses


def test_who_still_waits_is_followed_until_now(asked: Ask) -> None:
    say(asked(), "in", 0)
    assert counted(10).conversations[0].waited_minutes == 600
    assert counted(10).responses[0].answered_at is None


def test_what_was_merged_counts_once(asked: Ask) -> None:
    survivor = asked()
    asked(merged_into=survivor)
    assert len(counted().conversations) == 1


def test_a_topic_and_an_opinion_leave(asked: Ask, library: Service) -> None:
    topic = Topic.objects.create(service=library, name="Cards")
    row = asked(service=library, topic=topic)
    Satisfaction.objects.create(conversation=row, digest="d", asked_at=NOON, score=4, words="Zoé")
    (found,) = counted().conversations
    assert (found.topic, found.is_asked, found.score) == ("Cards", True, 4)


def test_erasing_a_person_changes_no_figure(answered: Conversation, tmp_path: Path) -> None:
    before = counted()
    forget(
        answered.contact, eyes=Eyes(author=COMMAND_LINE), mark=marks("k"), home=tmp_path, now=NOON
    )
    after = counted()
    assert after == before
    assert taught(rows_of(after.conversations)) == taught(rows_of(before.conversations))


def test_ten_times_as_many_are_read_with_as_many_questions(
    asked: Ask, django_assert_num_queries: Callable[..., object]
) -> None:
    for _ in range(10):
        say(asked(), "in", 0)
    known = terms(zone=ZoneInfo("Europe/Paris"), now=NOON)
    with django_assert_num_queries(10):  # type: ignore[attr-defined]  # a context
        left(Conversation.objects.all(), terms=known)


def test_a_day_is_one_of_the_institution_wherever_the_machine_is(asked: Ask) -> None:
    late = datetime(2026, 10, 4, 22, 30, tzinfo=UTC)
    asked(opened_at=late, asked_at=late, incoming_at=late)
    (row,) = counted().conversations
    assert row.opened_on == date(2026, 10, 5)


def test_what_a_robot_wrote_is_no_question_and_no_answer(asked: Ask) -> None:
    row = asked()
    say(row, "in", 0, is_automatic=True)
    say(row, "out", 1, is_automatic=True)
    (found,) = counted().conversations
    assert (found.waited_minutes is None or found.left_out is not None) is True
    assert counted().responses == []


def test_what_was_opened_again_is_one_conversation_with_its_first_response(
    answered: Conversation,
) -> None:
    Conversation.objects.update(state="open", reopened=2, closed_at=None)
    (row,) = counted().conversations
    assert row.waited_minutes == 120
