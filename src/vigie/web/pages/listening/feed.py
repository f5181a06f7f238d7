"""Alerts as a feed: the secret in its address says whose, so a feed reader needs no password."""

from __future__ import annotations

from datetime import UTC, datetime

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse

from vigie.listening.alert_changes import reader_of, told_to
from vigie.listening.feed import Entry, feed
from vigie.listening.letters import subject
from vigie.listening.models import AlertSent, Query
from vigie.listening.outgoing import host_of, language_of
from vigie.register.people import author
from vigie.register.rights import READ_LISTENING
from vigie.web.page import PUBLIC
from vigie.words import _, say

route = "listening/feed/<slug:query>.atom"
permission = PUBLIC

ALL = "all"
LATEST = 50


def page(request: HttpRequest, query: str) -> HttpResponse:
    """Answer with the warnings of one query, or of all, to the person whose secret it is."""
    person = reader_of(request.GET.get("key", ""))
    if person is None or not person.user or not author(person.user).may(READ_LISTENING):
        raise Http404
    configured = settings.CONFIGURED
    rows = AlertSent.objects.filter(told_to(person), alert__by_feed=True)
    title = _("Alerts of Vigie")
    if query != ALL:
        found = Query.objects.filter(name=query).first()
        if found is None:
            raise Http404
        rows = rows.filter(alert__query=found)
        title = _("Alerts of Vigie: {query}", query=found.title)
    language = language_of(person, configured)
    entries = [
        Entry(
            mark=f"alert-{row.pk}",
            title=say(subject(row.alert.kind, row.alert.query.title, row.facts), language),
            address=f"{configured.site}/listening/alerts/{row.pk}/",
            at=row.decided_at,
        )
        for row in rows.select_related("alert__query")[:LATEST]
    ]
    made = feed(
        say(title, language), entries, host=host_of(configured), name=query, now=datetime.now(UTC)
    )
    response = HttpResponse(made, content_type="application/atom+xml; charset=utf-8")
    response["Cache-Control"] = "private, no-store"
    response["X-Robots-Tag"] = "noindex"
    return response
