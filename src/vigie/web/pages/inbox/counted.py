"""Which conversations are behind a figure?"""

from __future__ import annotations

from datetime import UTC, datetime

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render

from vigie.inbox.figure_asked import FIGURES, WHICH, Asked, in_order
from vigie.inbox.models import Conversation
from vigie.inbox.rows import Row
from vigie.inbox.visible import visible
from vigie.register.rights import ENTER_INBOX
from vigie.web.inbox_counted import counted
from vigie.web.inbox_hand import eyes

route = "inbox/figures/conversations/"
permission = ENTER_INBOX

MOST = 200
"""Conversations on one page: what is further down is not what should be looked at first."""


def page(request: HttpRequest) -> HttpResponseBase:
    """List the conversations that a figure counts, what should be looked at in front."""
    now = datetime.now(UTC)
    today = now.astimezone(settings.CONFIGURED.zone).date()
    asked, seeing = Asked.read(request.GET.dict(), today=today), eyes(request)
    found = counted(seeing, since=asked.since, now=now)
    rows = asked.chosen(found)
    places = in_order(rows, asked.which).tolist()
    begins = _begins(request)
    keys = {place: int(rows.key[place]) for place in places[begins : begins + MOST]}
    known = visible(seeing).select_related("contact", "service").in_bulk(list(keys.values()))
    listed: list[tuple[Conversation, Row]] = [
        (known[key], rows.row(place)) for place, key in keys.items() if key in known
    ]
    shown = {
        "listed": listed, "total": len(places), "which": WHICH[asked.which][0], "asked": asked,
        "figures": asked.figures() if asked.week is None else FIGURES, "begins": begins,
        "next_page": begins + MOST if len(places) > begins + MOST else 0,
    }  # fmt: skip
    response = render(request, "inbox/counted.html", shown)
    response["Cache-Control"] = "private, no-store"
    return response


def _begins(request: HttpRequest) -> int:
    """Return the place in the list at which a page begins: all of it is counted anyway."""
    given = request.GET.get("after", "")
    return int(given) if given.isascii() and given.isdigit() and len(given) < 10 else 0
