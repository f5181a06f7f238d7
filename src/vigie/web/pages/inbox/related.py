"""Which other conversation belongs with this one? Suggested with reasons, and looked for."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from vigie.inbox.joining import why_not_merged
from vigie.inbox.models import Conversation
from vigie.inbox.related import looked_for, suggested
from vigie.inbox.visible import Eyes
from vigie.register.rights import ANSWER_INBOX, ENTER_INBOX
from vigie.web import inbox_hand
from vigie.words import Words

route = "inbox/<int:number>/related/"
permission = ENTER_INBOX
LONGEST = 200


def page(request: HttpRequest, number: int) -> HttpResponse:
    """Show what may belong with a conversation, and what is looked for."""
    hand = inbox_hand.hand(request)
    one = inbox_hand.conversation(hand.eyes, number)
    hand.require(ANSWER_INBOX, one)
    asked = request.GET.get("q", "").strip()[:LONGEST]
    found, has_more = looked_for(one, asked, hand.eyes) if asked else ([], False)
    near = [] if found else suggested(one, hand.eyes)
    shown = {
        "one": one,
        "asked": asked,
        "found": [(*_row(one, row, hand.eyes), ()) for row in found],
        "has_more": has_more,
        "near": [(*_row(one, row.conversation, hand.eyes), row.reasons) for row in near],
    }
    response = render(request, "inbox/related.html", shown)
    response["Cache-Control"] = "private, no-store"
    return response


def _row(
    one: Conversation, row: Conversation, eyes: Eyes
) -> tuple[Conversation, bool, Words | None]:
    """Return a conversation, whether it may be joined, and why it cannot be merged."""
    return row, eyes.may(ANSWER_INBOX, row), why_not_merged(one, row)
