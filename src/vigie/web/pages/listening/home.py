"""What is new, what waits for an answer, what broke? The page of every morning."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import ibis.expr.types as ir
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from vigie.collect.connecting import may_show_words
from vigie.listening.alert_changes import see
from vigie.listening.models import AlertSent, Listener, Query
from vigie.listening.morning import Morning, morning
from vigie.listening.morning_words import sentences, title
from vigie.listening.open_questions import open_questions
from vigie.listening.texts import texts
from vigie.register.models import Institution
from vigie.register.rights import READ_LISTENING, WRITE_LISTENING
from vigie.sources.gathering import is_someone_working
from vigie.web.listening_texts import our_accounts, tables_since, texts_since
from vigie.web.people import may
from vigie.web.site import site_store
from vigie.words import Words

route = "listening/"
permission = READ_LISTENING
methods = ("GET", "HEAD", "POST")

FIRST_LOOK = timedelta(days=7)
"""What someone sees who looks for the first time."""
LONGEST_LOOK = timedelta(days=31)
OPEN_FOR = timedelta(days=30)
"""Questions older than that are past answering."""
OPEN_SHOWN = 20
ALERTS_SHOWN = 10


@dataclass(frozen=True, kw_only=True)
class Open:
    """A question that waits for an answer."""

    network: str
    url: str | None
    text: str | None
    asked_at: datetime
    services: Sequence[str]


def page(request: HttpRequest) -> HttpResponse:
    """Show what is new since this reader last said that they had seen it."""
    now = datetime.now(UTC)
    if request.method == "POST":
        see(request.user.person, at=now)
        return redirect("listening.home")
    since = _since(request, now)
    found = morning(texts_since(site_store(), since, now), since=since)
    waiting, count = _waiting(now)
    institutions = dict(Institution.objects.values_list("slug", "name"))
    shown = {
        "title": title(found, waiting=count),
        "since": since,
        "is_first": _listener(request) is None,
        "sentences": sentences(found, institution=lambda slug: institutions.get(slug, slug)),
        "found": found,
        "parts": _parts(found, institutions),
        "waiting": waiting,
        "waiting_count": count,
        "alerts": _unread(request),
        "queries": Query.objects.filter(is_on=True).count(),
        "may_write": may(request, WRITE_LISTENING),
        "nobody_works": not is_someone_working(now),
    }
    return render(request, "listening/home.html", shown)
