"""Which conversations may belong together: with reasons, never beyond what one may see."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.cast import NOON
from tests.inbox.test_other_ways import wrote
from tests.inbox.test_sending import ANSWERER
from vigie.inbox import joining
from vigie.inbox.models import Conversation, Handle
from vigie.inbox.related import looked_for, suggested
from vigie.inbox.searching import note_words
from vigie.register.models import Service
from vigie.words import say

Ask = Callable[..., Conversation]
EYES = ANSWERER.eyes
POST = {"network": "mastodon", "post": "9", "words": "", "url": ""}


def said(row: Conversation, words: str) -> Conversation:
    wrote(row, Handle.objects.filter(contact=row.contact)[0], words)
    note_words([row.pk])
    return row


@pytest.fixture
def one(asked: Ask) -> Conversation:
    """A question about residence permits."""
    return said(asked(post=POST), "My residence permit expires")


def reasons(one: Conversation) -> dict[int, str]:
    return {
        row.conversation.pk: " ".join(say(words, "en") for words in row.reasons)
        for row in suggested(one, EYES)
    }


@pytest.mark.parametrize(("changes", "reason"), [
    ({"post": POST}, "same public post"), ({"same": True}, "same person"),
])  # fmt: skip
def test_reason_is_said(
    one: Conversation, asked: Ask, changes: dict[str, object], reason: str
) -> None:
    given = {"contact": one.contact} if changes.pop("same", False) else changes
    other = asked(**given)
    assert reason in reasons(one)[other.pk]
    assert "within a day" in reasons(one)[other.pk]


def test_same_words_are_a_reason(one: Conversation, asked: Ask) -> None:
    other = said(asked(), "residence permit: it expires, what now?")
    assert "residence, expires, permit" in reasons(one)[other.pk]


def test_what_is_far_or_joined_or_hidden_is_not_suggested(
    one: Conversation, asked: Ask, health: Service
) -> None:
    far = NOON - timedelta(days=60)
    asked(post=POST, opened_at=far)
    asked(post=POST, service=health)
    joining.link(one, asked(post=POST), hand=ANSWERER)
    assert reasons(one) == {}


def test_it_is_looked_for_by_number_and_words(one: Conversation, asked: Ask) -> None:
    other = said(asked(), "Opening hours of the pool")
    assert looked_for(one, f"#{other.pk}", EYES) == ([other], False)
    assert looked_for(one, "pool hours", EYES) == ([other], False)
    assert looked_for(one, "nowhere", EYES) == ([], False)


@pytest.mark.parametrize("walked", [1, 400])
def test_those_that_changed_last_are_found_and_that_there_are_more(
    one: Conversation, asked: Ask, monkeypatch: pytest.MonkeyPatch, walked: int
) -> None:
    rows = [
        said(asked(touched_at=NOON + timedelta(hours=number)), "The pool" if number % 3 else "No")
        for number in range(5)
    ]
    monkeypatch.setattr("vigie.inbox.searching.WALKED", walked)
    monkeypatch.setattr("vigie.inbox.related.MOST_FOUND", 3)
    assert looked_for(one, "pool", EYES) == ([rows[4], rows[2], rows[1]], False)
    monkeypatch.setattr("vigie.inbox.related.MOST_FOUND", 2)
    assert looked_for(one, "pool", EYES) == ([rows[4], rows[2]], True)
    assert looked_for(one, "--", EYES) == ([], False)


def test_hidden_one_is_not_found(one: Conversation, asked: Ask, health: Service) -> None:
    other = said(asked(service=health), "Opening hours of the pool")
    nobody = replace(EYES, author=replace(EYES.author, rights=frozenset()))
    assert looked_for(one, str(other.pk), EYES) == ([], False)
    assert looked_for(other, str(one.pk), nobody) == ([], False)
