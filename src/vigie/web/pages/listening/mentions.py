"""What is said, by whom one need not know: the posts that a query, an office or a day asks for."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, time
from http import HTTPStatus
from typing import Any

import ibis.expr.types as ir
from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render

from vigie.collect.connecting import may_show_words
from vigie.errors import ListeningError, QueryError, VigieError
from vigie.listening import mention_list
from vigie.listening.gathering import our_accounts, tables_since
from vigie.listening.mention_document import document
from vigie.listening.mention_list import Place
from vigie.listening.open_questions import open_questions
from vigie.listening.sampled import estimate, sampled_said
from vigie.listening.texts import texts
from vigie.register.rights import LABEL_LISTENING, READ_LISTENING
from vigie.web import mention_filters
from vigie.web.found import with_inbox
from vigie.web.mention_filters import Asked, asked, filters
from vigie.web.people import may
from vigie.web.shown import FORMATS, show_fresh
from vigie.web.site import site_store

route = "listening/mentions/"
permission = READ_LISTENING

PAGE = 50


def page(request: HttpRequest) -> HttpResponseBase:
    """List the mentions asked for, or give exactly these as a file."""
    now = datetime.now(UTC)
    try:
        found = asked(request, now)
    except (QueryError, ListeningError) as error:
        return _refused(request, error)
    chosen = _chosen(found, now)
    if request.GET.get("format"):
        made = document(
            mention_list.all_of(chosen), estimate(chosen), choices=found.choices, now=now
        )
        return show_fresh(request, made)
    return _list(request, found, chosen)


def _chosen(found: Asked, now: datetime) -> ir.Table:
    first = found.wanted.first_day
    assert first is not None
    since = datetime.combine(first, time(), tzinfo=settings.CONFIGURED.zone)
    store = site_store()
    tables = tables_since(store, since, now)
    chosen = mention_list.chosen(store.view(texts, tables), found.wanted)
    if found.is_unanswered:
        waiting = open_questions(tables, accounts=our_accounts(settings.CONFIGURED), since=since)
        chosen = chosen.semi_join(waiting, ["network", "post"])
    return chosen


def _list(request: HttpRequest, found: Asked, chosen: ir.Table) -> HttpResponseBase:
    after = Place.read(request.GET.get("after", ""))
    rows, following = mention_list.page_of(chosen, after=after, size=PAGE)
    counted = estimate(chosen)
    shown = {
        "asked": found,
        "filters": filters(found),
        "rows": with_inbox(request, [_row(row) for row in rows]),
        "total": counted.kept,
        "sampled": sampled_said(counted),
        "networks": mention_list.by_network(chosen),
        "is_first": after is None,
        "first_page": found.address(),
        "next_page": found.address(after=str(following)) if following else "",
        "formats": [name for name in FORMATS if name != "pdf"],
        "may_label": may(request, LABEL_LISTENING),
    }
    response = render(request, "listening/mentions.html", shown)
    response["Cache-Control"] = "private, no-store"
    return response


def _row(row: Mapping[str, Any]) -> Mapping[str, Any]:
    is_shown = may_show_words(row["network"])
    return {**row, "text": row["text"] if is_shown else None, "may_show": is_shown}


def _refused(request: HttpRequest, error: VigieError) -> HttpResponseBase:
    empty = mention_filters.nothing(request)
    shown = {
        "asked": empty,
        "filters": filters(empty),
        "mistake": error.words,
        "pointed": error.pointed if isinstance(error, QueryError) else "",
        "rows": [],
        "total": 0,
    }
    return render(request, "listening/mentions.html", shown, status=HTTPStatus.UNPROCESSABLE_ENTITY)
