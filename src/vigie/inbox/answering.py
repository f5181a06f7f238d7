"""What someone may do who holds a link: answer, or say that the question is not theirs."""

from __future__ import annotations

from django.db import transaction

from vigie.errors import InboxError
from vigie.inbox import changes
from vigie.inbox.changes import Hand
from vigie.inbox.channel import known_channels
from vigie.inbox.enclosures import Files
from vigie.inbox.links import OPEN, revoke, standing
from vigie.inbox.models import AnswerLink, Conversation, Message, Note, Passage
from vigie.inbox.owing import Terms, settle
from vigie.inbox.visible import Eyes
from vigie.register.rights import ANSWER_INBOX, Author
from vigie.words import LANGUAGES, Words, _, say


def hand_of(link: AnswerLink, terms: Terms) -> Hand:
    """Return the hand of whoever holds a link: it reaches that one conversation."""
    return Hand(
        eyes=Eyes(author=Author(name=str(link.person))),
        terms=terms,
        person=link.person,
        through="link",
        over=link.conversation_id,
    )


def longest(conversation: Conversation) -> int | None:
    """Return how many characters an answer may have; none: there is no limit."""
    member = known_channels().get(conversation.answers_by.channel)
    return member.longest if member else None


def answer(
    link: AnswerLink, words: str, *, terms: Terms, key: str = "", files: Files | None = None
) -> Message:
    """Hand in an answer through a link."""
    if standing(link, now=terms.now) != OPEN:
        raise InboxError(_("This link no longer opens the question. Nothing was sent."))
    limit = longest(link.conversation)
    if limit is not None and len(words.strip()) > limit:
        raise InboxError(
            _("The answer is too long: {count} characters, and this channel takes {limit}. "
              "Shorten it.", count=len(words.strip()), limit=limit)
        )  # fmt: skip
    with transaction.atomic():
        message = changes.reply(
            link.conversation, words, hand=hand_of(link, terms), key=key, files=files
        )
        AnswerLink.objects.filter(pk=link.pk).update(answered_at=terms.now)
    return message


def hand_back(link: AnswerLink, words: str, *, terms: Terms) -> None:
    """Say that a question is for another service: communication finds the right one."""
    if standing(link, now=terms.now) != OPEN:
        raise InboxError(_("This link no longer opens the question."))
    hand = hand_of(link, terms)
    hand.require(ANSWER_INBOX, link.conversation)
    with transaction.atomic():
        row = changes.locked(link.conversation_id)
        before = str(row.service or "")
        if words.strip():
            Note.objects.create(conversation=row, words=words.strip(), by=link.person, at=terms.now)
        reason = _("{service} says that it is not theirs to answer.", service=before)
        pass_on(row, reason, by=str(link.person), terms=terms)
        hand.note("inbox.hand_back", row, **{"from": before})


def pass_on(row: Conversation, reason: Words, *, by: str, terms: Terms) -> None:
    """Let nobody own a conversation until a person sends it on; saves it."""
    row.service = row.person = row.topic = None
    row.escalated, row.warned_at = 0, None
    row.touched_at = terms.now
    settle(row, terms)
    row.save()
    revoke(row, now=terms.now)
    said = {language: say(reason, language) for language in LANGUAGES}
    Passage.objects.create(conversation=row, at=terms.now, by=by, reason=said)
