"""What people keep of what the inbox taught: who may, what is written, what it is made of."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.cast import ALICE, NOON
from vigie.errors import ForbiddenError, InboxError
from vigie.inbox.causes import causes, proposed_answer, year_begun
from vigie.inbox.changed import changed
from vigie.inbox.changes import Hand
from vigie.inbox.faq_writing import Entry, entry, html, markdown
from vigie.inbox.models import Change, Conversation, FaqDraft, Message, Topic
from vigie.inbox.owing import Terms
from vigie.inbox.teaching import (
    Said,
    draft_entry,
    drop_entry,
    erase_change,
    keep_entry,
    note_change,
    publish_entry,
)
from vigie.inbox.visible import Eyes
from vigie.register.models import LogEntry, Person, Service
from vigie.register.rights import IN_A_SERVICE, NOBODY, RIGHTS, Author

Ask = Callable[..., Conversation]
TERMS = Terms(zone=ZoneInfo("Europe/Paris"), now=NOON)
EDITOR = Eyes(author=Author(name=ALICE, rights=RIGHTS["editor"]))
ANSWERER = Eyes(author=Author(name="erin", rights=RIGHTS["answerer"]))
SAID = Said(
    said={"en": "Nobody knows when you open."},
    changed={"en": "The hours are at the door."},
    changed_on=NOON.date(),
)


def hand(eyes: Eyes = EDITOR) -> Hand:
    return Hand(eyes=eyes, terms=TERMS)


def card(asked: Ask, service: Service, number: int, *, answer: str = "") -> Conversation:
    """Let someone ask for a card, and perhaps be answered."""
    row = asked(service=service)
    row.contact.name = f"Marie{number} Curie"
    row.contact.save()
    Message.objects.create(
        conversation=row, box=row.box, direction="in", key=f"i{row.pk}", state="received",
        words=f"Where do I get my student card? Marie{number}, 06 12 34 56 0{number}",
        said_at=NOON, received_at=NOON,
    )  # fmt: skip
    if answer:
        Message.objects.create(
            conversation=row, box=row.box, direction="out", key=f"o{row.pk}", state="sent",
            words=answer, said_at=NOON, received_at=NOON, sent_at=NOON,
        )  # fmt: skip
    return row


@pytest.fixture
def cards(asked: Ask, library: Service, alice: Person) -> list[Conversation]:
    """Four people ask for their card; three are answered."""
    answers = ("It is at the desk, building A. Alice", "At the desk, building A.", "Ask the bank.")
    return [card(asked, library, number, answer=text) for number, text in enumerate((*answers, ""))]


def test_a_repeated_question_is_shown_without_who_asked(
    cards: list[Conversation], library: Service
) -> None:
    (found,) = causes(library, Conversation.objects.all(), since=NOON)
    assert (found.count, found.draft) == (4, None)
    assert "student card" in found.question
    assert "Marie" not in found.question
    assert "06 12" not in found.question


def test_the_proposed_answer_names_nobody(cards: list[Conversation]) -> None:
    words = proposed_answer([row.pk for row in cards])
    assert "desk" in words
    assert ALICE not in words


def test_an_entry_is_drafted_kept_and_published(
    cards: list[Conversation], library: Service
) -> None:
    keys = [row.pk for row in cards]
    made = draft_entry(library, "Where is my card?", keys, language="en", hand=hand())
    assert (made.state, made.conversations) == ("draft", keys)
    with pytest.raises(InboxError, match="address"):
        publish_entry(made, hand=hand())
    url = "https://northfield.example/card"
    kept = keep_entry(made, question={"en": "Where?"}, answer={"en": "A"}, url=url, hand=hand())
    assert publish_entry(kept, hand=hand()).state == "published"
    (found,) = causes(library, Conversation.objects.all(), since=NOON)
    assert found.draft is not None
    assert found.draft.url == url


def test_a_dropped_entry_answers_nothing(cards: list[Conversation], library: Service) -> None:
    made = draft_entry(library, "Card?", [cards[0].pk], language="en", hand=hand())
    drop_entry(made, hand=hand())
    (found,) = causes(library, Conversation.objects.all(), since=NOON)
    assert found.draft is None


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "card.html", "ftp://x.example/", "https://", "https://x/>"]
)
def test_an_address_that_is_none_is_refused(library: Service, url: str) -> None:
    made = FaqDraft.objects.create(service=library, question={"en": "?"}, at=NOON)
    with pytest.raises(InboxError, match="address"):
        keep_entry(made, question={"en": "?"}, answer={}, url=url, hand=hand())


def test_who_only_answers_may_not_write_for_everybody(library: Service) -> None:
    for eyes in (ANSWERER, Eyes(author=NOBODY)):
        with pytest.raises(ForbiddenError):
            draft_entry(library, "?", [], language="en", hand=hand(eyes))
        with pytest.raises(ForbiddenError):
            note_change(library, SAID, hand=hand(eyes))
    assert not FaqDraft.objects.exists()
    assert not Change.objects.exists()


def test_confidential_services_write_for_themselves(health: Service) -> None:
    with pytest.raises(ForbiddenError):
        note_change(health, SAID, hand=hand(EDITOR))
    own = Eyes(author=NOBODY, in_services=((health.pk, IN_A_SERVICE["editor"]),))
    assert note_change(health, SAID, hand=hand(own)).pk


def test_a_change_is_written_mended_and_erased(library: Service, health: Service) -> None:
    topic = Topic.objects.create(service=library, name="Hours")
    given = Said(said=SAID.said, changed=SAID.changed, changed_on=NOON.date(), topic=topic.pk)
    made = note_change(library, given, hand=hand())
    assert (made.topic, made.is_public) == (topic, False)
    mended = note_change(
        library,
        Said(said=SAID.said, changed=SAID.changed, changed_on=NOON.date(), is_public=True),
        hand=hand(), change=made,
    )  # fmt: skip
    assert (mended.pk, mended.is_public, mended.topic) == (made.pk, True, None)
    erase_change(mended, hand=hand())
    assert not Change.objects.exists()
    written = LogEntry.objects.order_by("pk").values_list("action", flat=True)
    assert list(written) == ["change.keep", "change.keep", "change.erase"]


def test_a_topic_of_another_service_is_refused(library: Service, health: Service) -> None:
    topic = Topic.objects.create(service=health, name="Hours")
    given = Said(said=SAID.said, changed=SAID.changed, changed_on=NOON.date(), topic=topic.pk)
    with pytest.raises(InboxError, match="topic"):
        note_change(library, given, hand=hand())


def test_what_is_to_come_has_changed_nothing(library: Service) -> None:
    later = Said(said=SAID.said, changed=SAID.changed, changed_on=NOON.date() + timedelta(days=1))
    with pytest.raises(InboxError, match="over"):
        note_change(library, later, hand=hand())


def test_a_change_counts_its_topic(asked: Ask, library: Service) -> None:
    topic = Topic.objects.create(service=library, name="Hours")
    day = date(2026, 6, 1)
    for back in range(40):
        at = datetime(2026, 6, 1, 12, tzinfo=UTC) - timedelta(days=back + 1)
        asked(service=library, topic=topic, opened_at=at)
    Change.objects.create(service=library, topic=topic, said={}, changed={}, changed_on=day,
                          by="x", at=NOON)  # fmt: skip
    (found,) = changed(Change.objects.all(), today=day + timedelta(days=99), zone=TERMS.zone)
    assert found.effect is not None
    assert (found.effect.before, found.effect.after) == (40, 0)


def test_the_year_begins_in_september() -> None:
    assert year_begun(date(2026, 11, 27)) == date(2026, 9, 1)
    assert year_begun(date(2026, 8, 31)) == date(2025, 9, 1)


def test_what_people_wrote_is_never_a_mark() -> None:
    one = Entry(
        question="# <b>Why</b>\n*now*?", answer="1. <script>\n\n- a_b", url="https://x.example/?a&b"
    )
    assert "<script>" not in html([one])
    assert html([one]).count("<p>") == 3
    assert "\\<b\\>" in markdown([one])
    assert "\\*now\\*" in markdown([one])
    assert "1\\. \\<script\\>" in markdown([one])


def test_an_entry_in_one_language_is_written_in_it() -> None:
    assert entry({"fr": "Où ?"}, {"fr": "Là."}, "", language="en").question == "Où ?"
