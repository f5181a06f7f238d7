"""What nobody asks anything of us in: put aside, never thrown away, and brought back by a click.

Nothing is learnt from it. Who wrote is not refused unless a person says so in a second step; even
then what they begin is only put aside, where everybody who answers can look at it.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from vigie.inbox.changes import Hand, locked
from vigie.inbox.links import revoke
from vigie.inbox.models import Contact, Conversation, Passage
from vigie.inbox.owing import is_owed, settle
from vigie.register.rights import ANSWER_INBOX
from vigie.words import LANGUAGES, Words, _, say

BY_THEM = _("Put aside: a person said that all this sender begins is unwanted.")


def put_aside(conversation: Conversation, why: Words | None, *, now: datetime) -> Passage:
    """Return the passage that says why a conversation was put aside as it came in."""
    reason = {language: say(why or BY_THEM, language) for language in LANGUAGES}
    by = "mail server" if why is not None else ""
    return Passage(
        conversation=conversation, service=conversation.service, at=now, by=by, reason=reason
    )


def mark(conversation: Conversation, *, hand: Hand) -> None:
    """Put a conversation aside as unwanted: no answer is owed, no figure counts it."""
    hand.require(ANSWER_INBOX, conversation)
    with transaction.atomic():
        row = locked(conversation.pk)
        row.state, row.snoozed_until, row.closed_at = "unwanted", None, None
        _settled(row, hand)
        revoke(row, now=hand.now)
        hand.note("inbox.unwanted", row)


def take_back(conversation: Conversation, *, hand: Hand) -> None:
    """Say that a conversation is wanted after all: it stands where it would have stood."""
    hand.require(ANSWER_INBOX, conversation)
    with transaction.atomic():
        row = locked(conversation.pk)
        row.state = "open"
        if not is_owed(row):
            row.state = "waiting"
        _settled(row, hand)
        hand.note("inbox.wanted", row)


def _settled(row: Conversation, hand: Hand) -> None:
    settle(row, hand.terms)
    row.touched_at = hand.now
    row.save()


def refuse_sender(conversation: Conversation, *, hand: Hand) -> None:
    """Put aside all that this sender begins from now on."""
    _put(conversation, hand.now, "inbox.refuse_sender", hand=hand)


def hear_sender(conversation: Conversation, *, hand: Hand) -> None:
    """Let what this sender begins come in again like anybody's."""
    _put(conversation, None, "inbox.hear_sender", hand=hand)


def _put(conversation: Conversation, at: datetime | None, action: str, *, hand: Hand) -> None:
    hand.require(ANSWER_INBOX, conversation)
    with transaction.atomic():
        Contact.objects.filter(pk=conversation.contact_id).update(unwanted_at=at)
        hand.note(action, conversation, contact=conversation.contact_id)
