"""What the page of a query and that of a new one share: the form, its mistakes, what it catches."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from vigie.collect.connecting import connectors
from vigie.errors import ListeningError, QueryError
from vigie.inbox.finding import networks_that_find
from vigie.listening import changes
from vigie.listening.gathering import search_cursors
from vigie.listening.kinds import INBOX_INTENTS
from vigie.listening.models import Alert, Query
from vigie.listening.searched import Searched, searched
from vigie.register.rights import PERMIT_LISTENING, WRITE_LISTENING
from vigie.web import query_form
from vigie.web.people import author_of, may
from vigie.web.query_preview import Seen, seen
from vigie.web.site import site_store

Mistake = ListeningError | QueryError


def kept(request: HttpRequest, name: str) -> Mistake | None:
    """Keep the query that was entered, or return why it cannot be kept."""
    try:
        changes.keep_query(query_form.entered(request, name), by=author_of(request))
    except (ListeningError, QueryError) as error:
        return error
    return None


def show(
    request: HttpRequest, *, row: Query | None, mistake: Mistake | None = None
) -> HttpResponse:
    """Show the form of a query beside what it catches."""
    is_typed = request.method == "POST" or row is None
    form = query_form.typed(request) if is_typed or row is None else query_form.filled(row)
    found = seen_of(form)
    shown = {
        "row": row,
        "form": form,
        "networks": query_form.networks(),
        "inbox_intents": INBOX_INTENTS if form.get("to_inbox") or networks_that_find() else (),
        "fields": query_form.fields(),
        "alerts": list(Alert.objects.filter(query=row).select_related("person")) if row else [],
        "mistake": mistake,
        "pointed": mistake.pointed if isinstance(mistake, QueryError) else "",
        "seen": found,
        "searched": _searched(row, found) if row and row.is_on else [],
        "asks_to_erase": request.GET.get("show") == "erase",
        "may_write": may(request, WRITE_LISTENING),
        "may_permit": may(request, PERMIT_LISTENING),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if mistake else HTTPStatus.OK
    response = render(request, "listening/query.html", shown, status=status)
    response["Cache-Control"] = "private, no-store"
    return response


def seen_of(form: Mapping[str, Any]) -> Seen:
    """Return what the words of a form catch, in its languages and on its networks."""
    if not str(form["words"]).strip():
        return Seen()
    try:
        languages = query_form.languages(str(form.get("languages", "")))
    except ListeningError:
        languages = ()  # still being typed
    networks = query_form.chosen_networks(form.get("networks", ()))
    return seen(str(form["words"]), languages=languages, networks=networks)


def _searched(row: Query, found: Seen) -> list[Searched]:
    chosen = set(row.networks)
    known = {name: cls.network for name, cls in connectors().items()}
    costs = [one for one in found.costs if not chosen or known[one.connector] in chosen]
    return searched(
        row.name,
        costs,
        search_cursors(site_store()),
        now=datetime.now(UTC),
        zone=settings.CONFIGURED.zone,
    )
