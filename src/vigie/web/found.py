"""Which mentions of a list can be answered in the inbox, and which are there already."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.http import HttpRequest

from vigie.inbox.finding import networks_that_find, taken_up
from vigie.inbox.visible import visible
from vigie.register.rights import ANSWER_INBOX
from vigie.web import inbox_hand
from vigie.web.people import may


def with_inbox(request: HttpRequest, rows: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Return rows of mentions, each with its conversation or with whether it can become one."""
    shown = list(rows)
    if not may(request, ANSWER_INBOX):
        return shown
    networks = networks_that_find()
    posts = [(row["network"], row["post"]) for row in shown if row["network"] in networks]
    known = taken_up(posts)
    seen = visible(inbox_hand.eyes(request)).filter(pk__in=known.values())
    open_to_them = set(seen.values_list("pk", flat=True))
    return [
        {
            **row,
            "conversation": number if number in open_to_them else None,
            "is_in_inbox": number is not None,
            "may_take_up": number is None and row["network"] in networks,
        }
        for row in shown
        for number in [known.get((row["network"], row["post"]))]
    ]
