"""A public comment answered by a direct message: once, and not for long."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from vigie.errors import InboxError
from vigie.inbox.boxes import member_of
from vigie.inbox.changes import Hand, reply
from vigie.inbox.meta_public import (
    COMMENT,
    MEDIA,
    PRIVATE,
    PRIVATE_OVER,
    PRIVATELY,
    SAID_AT,
    PublicChannel,
)
from vigie.inbox.models import Conversation, Message
from vigie.words import Words, _


def may_be_answered_privately(conversation: Conversation, *, now: datetime) -> datetime | None:
    """Return until when the last comment may be answered by a direct message; none: it may not."""
    comment = _last_comment(conversation)
    if comment is None or _was_answered(comment):
        return None
    until = datetime.fromisoformat(comment.facts[SAID_AT]) + PRIVATE
    return until if now < until else None


def _last_comment(conversation: Conversation) -> Message | None:
    if not issubclass(member_of(conversation.box), PublicChannel):
        return None
    rows = conversation.messages.filter(direction="in", is_withdrawn=False)
    last = rows.order_by("-said_at", "-id").first()
    is_one = last is not None and COMMENT in last.facts and MEDIA not in last.facts
    return last if is_one else None


def _was_answered(comment: Message) -> bool:
    """Whether a private answer went out, or is about to."""
    answers = Message.objects.filter(
        box=comment.box, direction="out", answers_to=comment.key, facts__has_key=PRIVATELY
    )
    return answers.exclude(state__in=("failed", "refused", "withdrawn")).exists()


def answer_privately(
    conversation: Conversation, words: str, *, hand: Hand, key: str = ""
) -> Message:
    """Hand in an answer by direct message; like any other it may wait for approval."""
    with transaction.atomic():
        known = Message.objects.filter(box=conversation.box, key=key).first() if key else None
        if known is not None:
            return known
        if may_be_answered_privately(conversation, now=hand.now) is None:
            raise InboxError(_refusal(conversation))
        message = reply(conversation, words, hand=hand, key=key)
        message.facts = {**message.facts, PRIVATELY: "yes"}
        message.save(update_fields=("facts",))
    return message


def _refusal(conversation: Conversation) -> Words:
    comment = _last_comment(conversation)
    if comment is None:
        return _("Only a comment can be answered by a direct message.")
    if _was_answered(comment):
        return _(
            "This comment was answered by a direct message already, which is possible once. "
            "Answer in public, or wait for them to write."
        )
    return PRIVATE_OVER
