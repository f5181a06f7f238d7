"""Answer a public comment by a direct message, once."""

from __future__ import annotations

import uuid
from http import HTTPStatus

from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render

from vigie.errors import ForbiddenError, InboxError
from vigie.inbox.changes import Hand
from vigie.inbox.models import Conversation
from vigie.inbox.privately import answer_privately, may_be_answered_privately
from vigie.register.rights import ANSWER_INBOX, ENTER_INBOX
from vigie.web import inbox_hand
from vigie.web.sentences import said
from vigie.words import Words, _

route = "inbox/<int:number>/privately/"
permission = ENTER_INBOX
methods = ("GET", "HEAD", "POST")


def page(request: HttpRequest, number: int) -> HttpResponseBase:
    """Show the comment and a form, or hand the answer in."""
    hand = inbox_hand.hand(request)
    found = inbox_hand.conversation(hand.eyes, number)
    hand.require(ANSWER_INBOX, found)
    if request.method != "POST":
        return _shown(request, found, hand)
    words, key = request.POST.get("words", ""), request.POST.get("key", "")[:64]
    try:
        answer_privately(found, words, hand=hand, key=key)
    except (InboxError, ForbiddenError) as error:
        return _shown(request, found, hand, mistake=error.words)
    messages.success(request, said(_("The private answer is handed in.")))
    return redirect("inbox.conversation", number=number)


def _shown(
    request: HttpRequest, found: Conversation, hand: Hand, *, mistake: Words | None = None
) -> HttpResponseBase:
    comments = found.messages.filter(direction="in").select_related("handle")
    shown = {
        "one": found,
        "comment": comments.order_by("-said_at", "-id").first(),
        "until": may_be_answered_privately(found, now=hand.now),
        "words": request.POST.get("words", ""),
        "form_key": uuid.uuid4().hex,
        "mistake": mistake,
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if mistake else HTTPStatus.OK
    response = render(request, "inbox/privately.html", shown, status=status)
    response["Cache-Control"] = "private, no-store"
    return response
