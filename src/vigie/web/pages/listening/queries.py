"""What is listened to, by whom, and what did each query catch?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from vigie.listening.gathering import read_queries, texts_since
from vigie.listening.models import Query
from vigie.listening.morning import by_query
from vigie.listening.sampled import Estimate
from vigie.register.rights import READ_LISTENING, WRITE_LISTENING
from vigie.web.people import may
from vigie.web.site import site_store
from vigie.words import Words, _, plural

route = "listening/queries/"
permission = READ_LISTENING

DAYS = 30


@dataclass(frozen=True, kw_only=True)
class Line:
    """One query of the list."""

    row: Query
    caught: Estimate | None
    """Lately; unknown for one that is off or cannot be read."""


def page(request: HttpRequest) -> HttpResponse:
    """List the queries with what each caught lately."""
    now = datetime.now(UTC)
    since = now - timedelta(days=DAYS)
    queries = read_queries()
    caught = by_query(texts_since(site_store(), since, now), queries, since=since)
    lines = [
        Line(row=row, caught=caught.get(row.name, Estimate()) if row.name in queries else None)
        for row in Query.objects.all()
    ]
    shown = {
        "title": _title(lines),
        "lines": lines,
        "days": DAYS,
        "may_write": may(request, WRITE_LISTENING),
    }
    return render(request, "listening/queries.html", shown)


def _title(lines: Sequence[Line]) -> Words:
    count = sum(line.row.is_on for line in lines)
    if not count:
        return _("Nothing is listened to yet")
    return plural("{count} query is listened to", "{count} queries are listened to", count=count)
