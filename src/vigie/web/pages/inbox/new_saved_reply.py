"""Which answer should be prepared?"""

from __future__ import annotations

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from vigie.register.rights import ENTER_INBOX
from vigie.web import inbox_hand
from vigie.web.saved_reply_form import answer

route = "inbox/saved-replies/new/"
permission = ENTER_INBOX
methods = ("GET", "HEAD", "POST")


def page(request: HttpRequest) -> HttpResponseBase:
    """Prepare an answer."""
    return answer(request, inbox_hand.hand(request))
