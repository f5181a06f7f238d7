"""Which answers are prepared, in which languages?"""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render

from vigie.inbox.models import SavedReply
from vigie.inbox.visible import Eyes
from vigie.register.rights import ENTER_INBOX, READ_INBOX
from vigie.web import inbox_hand
from vigie.web.saved_reply_form import services_of

route = "inbox/saved-replies/"
permission = ENTER_INBOX

MOST_SHOWN = 500


def page(request: HttpRequest) -> HttpResponseBase:
    """List the saved replies this person may use."""
    hand = inbox_hand.hand(request)
    rows = seen_by(hand.eyes).select_related("service")
    shown = {"rows": list(rows[:MOST_SHOWN]), "may_add": bool(services_of(hand))}
    response = render(request, "inbox/saved_replies.html", shown)
    response["Cache-Control"] = "private, no-store"
    return response


def seen_by(eyes: Eyes) -> QuerySet[SavedReply]:
    """Return the saved replies of services these eyes see into, and those of every service."""
    rows = SavedReply.objects.order_by("title", "id")
    own = rows.filter(service__in=eyes.services_with(READ_INBOX))
    common = rows.filter(service__isnull=True)
    if eyes.author.may(READ_INBOX):
        common |= rows.exclude(service__is_confidential=True)
    return own | common
