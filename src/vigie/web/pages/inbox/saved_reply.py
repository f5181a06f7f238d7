"""What does a saved reply say?"""

from __future__ import annotations

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase

from vigie.register.rights import ENTER_INBOX
from vigie.web import inbox_hand
from vigie.web.pages.inbox.saved_replies import seen_by
from vigie.web.saved_reply_form import answer

route = "inbox/saved-replies/<int:number>/"
permission = ENTER_INBOX
methods = ("GET", "HEAD", "POST")


def page(request: HttpRequest, number: int) -> HttpResponseBase:
    """Show a saved reply to be changed, or let it go."""
    hand = inbox_hand.hand(request)
    row = seen_by(hand.eyes).filter(pk=number).first()
    if row is None:
        raise Http404
    return answer(request, hand, reply=row)
