"""What the network of a conversation allows, shown beside the reply: how long, and how else."""

from __future__ import annotations

from datetime import UTC, datetime

from django import template

from vigie.inbox.models import Conversation
from vigie.inbox.owing import window_of
from vigie.inbox.privately import may_be_answered_privately

register = template.Library()


@register.inclusion_tag("inbox/answer_ways.html")
def answer_ways(conversation: Conversation) -> dict[str, object]:
    """Show the rule of the network, what to do when it is too late, and the private way."""
    now = datetime.now(UTC)
    return {
        "one": conversation,
        "window": window_of(conversation, now=now),
        "until": may_be_answered_privately(conversation, now=now),
    }
