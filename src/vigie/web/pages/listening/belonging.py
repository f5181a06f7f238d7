"""Who says that they belong here, and may we show it?"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import ibis.expr.types as ir
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import urlencode

from vigie.collect.connecting import may_show_words
from vigie.listening import mention_list
from vigie.listening.consenting import STATES, state
from vigie.listening.gathering import texts_since
from vigie.listening.mention_list import Place, Wanted
from vigie.listening.models import Consent
from vigie.register.rights import READ_LISTENING, WRITE_LISTENING
from vigie.web.people import may
from vigie.web.site import site_store

route = "listening/belonging/"
permission = READ_LISTENING

BELONGING = "belonging"
PAGE = 50
DAYS = 180
"""How far back one looks unless a day is asked for."""


def page(request: HttpRequest) -> HttpResponse:
    """List the posts that show belonging, the newest first, with what their authors said."""
    now = datetime.now(UTC)
    since, network = _since(request, now), request.GET.get("network", "")[:16]
    chosen = _chosen(since, network, now)
    rows, following = mention_list.page_of(
        chosen, after=Place.read(request.GET.get("after", "")), size=PAGE
    )
    asked = {
        (row.network, row.post): state(row, now)
        for row in Consent.objects.filter(post__in=[row["post"] for row in rows]).order_by("pk")
    }
    shown = {
        "rows": [
            {**row, "may_show": may_show_words(row["network"]),
             "stands": STATES.get(asked.get((row["network"], row["post"]), ""))}
            for row in rows
        ],
        "total": mention_list.total(chosen),
        "since": since,
        "network": network,
        "networks": sorted({name for name, _days in _networks(chosen)} | ({network} - {""})),
        "next_page": _next(since, network, following),
        "may_ask": may(request, WRITE_LISTENING),
    }  # fmt: skip
    response = render(request, "listening/belonging.html", shown)
    response["Cache-Control"] = "private, no-store"
    return response


def _chosen(since: date, network: str, now: datetime) -> ir.Table:
    first = datetime.combine(since, time(), settings.CONFIGURED.zone)
    wanted = Wanted(intent=BELONGING, network=network, first_day=since)
    return mention_list.chosen(texts_since(site_store(), first, now), wanted)


def _networks(chosen: ir.Table) -> list[tuple[str, int]]:
    counted = chosen.group_by("network").agg(posts=chosen.count())
    return [(row["network"], row["posts"]) for row in counted.to_pyarrow().to_pylist()]


def _since(request: HttpRequest, now: datetime) -> date:
    try:
        return date.fromisoformat(request.GET.get("since", ""))
    except ValueError:
        return now.astimezone(settings.CONFIGURED.zone).date() - timedelta(days=DAYS)


def _next(since: date, network: str, following: Place | None) -> str:
    if following is None:
        return ""
    return (
        f"?{urlencode({'since': since.isoformat(), 'network': network, 'after': str(following)})}"
    )
