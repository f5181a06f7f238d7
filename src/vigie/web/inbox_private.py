"""The way to a private answer, shown beside a comment while there is one."""

from __future__ import annotations

from datetime import UTC, datetime

from django import template

from vigie.inbox.models import Conversation
from vigie.inbox.privately import may_be_answered_privately

register = template.Library()


@register.inclusion_tag("inbox/private_way.html")
def private_way(conversation: Conversation) -> dict[str, object]:
    """Show the way to a private answer, and until when it is open."""
    until = may_be_answered_privately(conversation, now=datetime.now(UTC))
    return {"one": conversation, "until": until}
