"""What is noticed before an answer goes out: that what it answers is no longer what was read."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q

from vigie.inbox.models import Conversation, Message
from vigie.words import Words, _

TAKEN_DOWN = _("Its author took down the message that you answer. Do you still want to answer?")
CHANGED = _("Its author changed what they wrote since you opened this page. Read it again.")
WROTE_AGAIN = _("They wrote again since you opened this page. Read it first.")


def taken_down(said: Iterable[Message]) -> Words | None:
    """Say that what is answered is gone, of messages in their order; none: it stands there."""
    theirs = [one for one in said if one.direction == "in" and not one.is_automatic]
    return TAKEN_DOWN if theirs and theirs[-1].state == "withdrawn" else None


def turned(conversation: Conversation, *, seen_at: datetime | None) -> Words | None:
    """Say how what is answered has turned since it was read; none: it stands as it was read."""
    said = conversation.messages.filter(direction="in", is_automatic=False)
    gone = taken_down(said.order_by("said_at", "id"))
    if gone is not None or seen_at is None:
        return gone
    if is_changed(conversation, since=seen_at):
        return CHANGED
    return WROTE_AGAIN if said.filter(received_at__gt=seen_at).exists() else None


def is_changed(conversation: Conversation, *, since: datetime) -> bool:
    """Whether what they said was changed or taken down since a moment."""
    return conversation.messages.filter(
        Q(edited_at__isnull=False) | Q(state="withdrawn"), direction="in", changed_at__gt=since
    ).exists()
