"""How soon do we answer, and who gets no answer?"""

from __future__ import annotations

from datetime import UTC, datetime

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from vigie.inbox.figure_asked import Asked
from vigie.inbox.figure_document import document
from vigie.register.rights import ENTER_INBOX, READ_INBOX
from vigie.web.inbox_counted import counted_with_messages
from vigie.web.inbox_hand import eyes
from vigie.web.people import may
from vigie.web.shown import show_fresh
from vigie.web.site import situation

route = "inbox/figures/"
permission = ENTER_INBOX


def page(request: HttpRequest) -> HttpResponseBase:
    """Show the figures of the services this person may see, as filters ask for them."""
    now = datetime.now(UTC)
    today = now.astimezone(settings.CONFIGURED.zone).date()
    asked = Asked.read(request.GET.dict(), today=today)
    found = counted_with_messages(eyes(request), since=asked.since, now=now)
    made = document(found, asked, now=now, is_invented=situation().is_invented)
    known = found.rows.service.found()
    beside = {
        "may_read_all": may(request, READ_INBOX),
        "service": asked.service if asked.service in known else "",
    }
    return show_fresh(request, made, template="inbox/figures.html", beside=beside)
