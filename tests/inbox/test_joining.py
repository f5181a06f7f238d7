"""Conversations about one matter are linked and merged, and given back exactly."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.cast import NOON
from tests.inbox.pigeon import letter, loft
from tests.inbox.test_sending import ANSWERER
from vigie.errors import ForbiddenError, InboxError
from vigie.inbox import changes, joining
from vigie.inbox.models import (
    Arrival,
    Conversation,
    ConversationLink,
    ConversationMerge,
    Message,
    Note,
    Wording,
)
from vigie.inbox.visible import Eyes
from vigie.register.models import Service
from vigie.register.rights import NOBODY

Bring = Callable[..., list[Arrival]]
Two = tuple[Conversation, Conversation]


def everything() -> list[list[dict[str, object]]]:
    kinds = (Conversation, Message, Note, Wording)
    return [list(kind.objects.order_by("pk").values()) for kind in kinds]


def named(thread: str) -> Conversation:
    return Conversation.objects.select_related("box", "service", "contact").get(thread=thread)


@pytest.fixture
def two(bring: Bring) -> Two:
    """The same student asks twice; the second time in anger, with a note of ours."""
    bring(loft(letter("1", words="My card?"), letter("2", words="Where is my card?")))
    changes.add_note(named("2"), "She called too", hand=ANSWERER)
    changes.reply(named("1"), "Soon", hand=ANSWERER)
    return named("1"), named("2")


def test_merged_conversations_have_one_history(two: Two) -> None:
    joining.merge(*two, hand=ANSWERER)
    assert (named("1").messages.count(), named("1").notes.count()) == (3, 1)
    assert (named("1").state, named("2").merged_into) == ("open", two[0])


def test_undoing_a_merge_gives_back_the_exact_start(two: Two) -> None:
    before = everything()
    joining.undo(joining.merge(*two, hand=ANSWERER), hand=ANSWERER)
    assert everything() == before


def test_next_message_of_the_absorbed_one_joins_the_survivor(two: Two, bring: Bring) -> None:
    joining.merge(*two, hand=ANSWERER)
    bring(loft(letter("3", thread="2")))
    assert Message.objects.get(key="3").conversation == two[0]


def test_undo_keeps_what_came_since(two: Two, bring: Bring) -> None:
    merged = joining.merge(*two, hand=ANSWERER)
    later = (NOON + timedelta(hours=1)).isoformat()
    bring(loft(letter("3", thread="1", at=later, words="Thank you")))
    joining.undo(merged, hand=ANSWERER)
    assert Message.objects.get(key="3").conversation == two[0]
    assert named("1").incoming_at == NOON + timedelta(hours=1)
    assert named("2").messages.count() == 1


def test_merges_are_undone_the_last_one_first(two: Two, bring: Bring) -> None:
    first = joining.merge(*two, hand=ANSWERER)
    bring(loft(letter("9")))
    second = joining.merge(named("9"), two[0], hand=ANSWERER)
    assert named("2").merged_into == named("9")
    with pytest.raises(InboxError, match="later merges"):
        joining.undo(first, hand=ANSWERER)
    joining.undo(second, hand=ANSWERER)
    joining.undo(first, hand=ANSWERER)
    assert named("2").merged_into is None


def test_merge_is_undone_once(two: Two) -> None:
    merged = joining.merge(*two, hand=ANSWERER)
    joining.undo(merged, hand=ANSWERER)
    with pytest.raises(InboxError, match="already"):
        joining.undo(merged, hand=ANSWERER)


def test_conversations_with_two_people_are_not_merged(two: Two, bring: Bring) -> None:
    bring(loft(letter("4", author="somebody")))
    with pytest.raises(InboxError, match="two people"):
        joining.merge(two[0], named("4"), hand=ANSWERER)


def test_what_is_confidential_is_not_merged_into_another_service(two: Two, health: Service) -> None:
    Conversation.objects.filter(thread="2").update(service=health)
    hand = replace(ANSWERER, eyes=replace(ANSWERER.eyes, in_services=(
        (health.pk, frozenset({"inbox.read", "inbox.answer"})),)))  # fmt: skip
    with pytest.raises(InboxError, match="confidential"):
        joining.merge(named("1"), named("2"), hand=hand)


@pytest.mark.parametrize("join", [joining.link, joining.merge])
def test_both_must_be_ones_own_to_answer(join: Callable[..., object], two: Two,
                                         health: Service) -> None:  # fmt: skip
    Conversation.objects.filter(thread="2").update(service=health)
    for hand in (ANSWERER, replace(ANSWERER, eyes=Eyes(author=NOBODY))):
        with pytest.raises(ForbiddenError):
            join(named("1"), named("2"), hand=hand)
    assert not ConversationLink.objects.exists()
    assert not ConversationMerge.objects.exists()


def test_link_is_seen_from_both_ends_until_it_is_taken_away(two: Two) -> None:
    made = joining.link(two[1], two[0], hand=ANSWERER)
    joining.link(*two, hand=ANSWERER)
    assert joining.linked(two[0], ANSWERER.eyes) == [(made, two[1])]
    assert joining.linked(two[1], ANSWERER.eyes) == [(made, two[0])]
    joining.unlink(made, hand=ANSWERER)
    assert joining.linked(two[0], ANSWERER.eyes) == []


def test_link_to_what_one_may_not_see_is_not_shown(two: Two, health: Service) -> None:
    joining.link(*two, hand=ANSWERER)
    Conversation.objects.filter(thread="2").update(service=health)
    assert joining.linked(two[0], ANSWERER.eyes) == []
