"""Keeps a draft while it is written, and says who else is answering: script alone asks for it."""

from __future__ import annotations

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render

from vigie.inbox import changes
from vigie.inbox.listing import lookers
from vigie.register.rights import ENTER_INBOX
from vigie.web import inbox_hand
from vigie.web.conversation_acts import PRESENT, keep_draft

route = "inbox/<int:number>/typing/"
permission = ENTER_INBOX
methods = ("POST",)


def page(request: HttpRequest, number: int) -> HttpResponseBase:
    """Keep the draft and return who has the conversation before them."""
    hand = inbox_hand.hand(request)
    found = inbox_hand.conversation(hand.eyes, number)
    keep_draft(found, request.POST.get("words", ""), hand)
    others = lookers(found, but=changes.writer(hand), since=hand.now - PRESENT)
    response = render(request, "inbox/lookers.html", {"others": others})
    response["Cache-Control"] = "private, no-store"
    return response
