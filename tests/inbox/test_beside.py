"""What stands beside a conversation: told in one question, offered in another."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.contrib.auth.models import User

from tests.cast import NOON
from vigie.inbox.beside import HELD, held, offered
from vigie.inbox.models import (
    AnswerLink,
    Attachment,
    CalledIn,
    Conversation,
    ConversationLink,
    ConversationMerge,
    Draft,
    FormerWords,
    Looking,
    Mailing,
    Message,
    Note,
    Passage,
    SavedReply,
    Suggestion,
    Topic,
)
from vigie.register.models import Person, Service

Asked = Callable[..., Conversation]


def said(one: Conversation) -> Message:
    return Message.objects.create(
        conversation=one, box=one.box, direction="in", key="k", words="Hello", state="received",
        said_at=NOON, received_at=NOON,
    )  # fmt: skip


def mailed(one: Conversation, to: Person) -> AnswerLink:
    letter = Mailing.objects.create(name="m", kind="ask", to=to, made_at=NOON)
    return AnswerLink.objects.create(
        conversation=one, person=to, mailing=letter, digest="d", made_at=NOON, expires_at=NOON
    )


MADE: dict[str, Callable[[Conversation, Conversation, Person], object]] = {
    "drafts": lambda one, _o, _p: Draft.objects.create(
        conversation=one, writer="person:erin", words="Dear you", at=NOON
    ),
    "lookers": lambda one, _o, _p: Looking.objects.create(
        conversation=one, who="person:dora", name="dora", seen_at=NOON
    ),
    "called_in": lambda one, _o, person: CalledIn.objects.create(
        conversation=one, person=person, by="erin", at=NOON
    ),
    "notes": lambda one, _o, _p: Note.objects.create(conversation=one, words="See", at=NOON),
    "passages": lambda one, _o, _p: Passage.objects.create(conversation=one, at=NOON, by="rule"),
    "suggestion": lambda one, _o, _p: Suggestion.objects.create(
        conversation=one, services=[], annotator="a", at=NOON
    ),
    "enclosed": lambda one, _o, _p: Attachment.objects.create(
        message=said(one), name="a.pdf", media_type="application/pdf", size=1
    ),
    "former": lambda one, _o, _p: FormerWords.objects.create(
        message=said(one), words="Before", at=NOON
    ),
    "mailings": lambda one, _o, person: mailed(one, person),
    "links": lambda one, other, _p: ConversationLink.objects.create(
        first=min(one, other, key=lambda row: row.pk),
        second=max(one, other, key=lambda row: row.pk), by="erin", at=NOON,
    ),
    "merges": lambda one, other, _p: ConversationMerge.objects.create(
        survivor=one, absorbed=other, before={}, by="erin", at=NOON
    ),
    "others": lambda one, other, _p: Conversation.objects.filter(pk=other.pk).update(
        contact=one.contact
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", HELD)
def test_what_there_is_is_told_and_nothing_else(asked: Asked, alice: Person, name: str) -> None:
    one, other = asked(), asked()
    assert held(one, who="person:erin") == frozenset()
    MADE[name](one, other, alice)
    assert held(one, who="person:erin") == {name}


def test_link_is_told_at_both_ends_and_oneself_is_no_looker(asked: Asked) -> None:
    one, other = asked(), asked()
    ConversationLink.objects.create(first=one, second=other, by="erin", at=NOON)
    Looking.objects.create(conversation=one, who="person:erin", name="erin", seen_at=NOON)
    assert held(one, who="person:erin") == held(other, who="person:erin") == {"links"}


def test_one_chooses_from_what_is_open_in_its_order(
    asked: Asked, library: Service, health: Service
) -> None:
    Service.objects.create(institution=library.institution, name="Old", is_active=False)
    Service.objects.filter(pk=health.pk).update(public_name="Well-being")
    for name in ("Loans", "Access"):
        Topic.objects.create(service=library, name=name)
    Topic.objects.create(service=health, name="Pain")
    Person.objects.create(user=User.objects.create(username="zoe"))
    for title, used in (("Rare", 1), ("Often", 9)):
        SavedReply.objects.create(title=title, words={}, used=used, changed_at=NOON)
    SavedReply.objects.create(title="Pain", words={}, service=health, changed_at=NOON)
    found = offered(asked(service=library))
    assert [str(one) for one in found.services] == ["Well-being", "Library"]
    assert [str(one) for one in found.topics] == ["Access", "Loans"]
    assert [str(one) for one in found.people] == ["zoe"]
    assert [str(one) for one in found.saved] == ["Often", "Rare"]
