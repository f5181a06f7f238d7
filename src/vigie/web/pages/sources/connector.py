"""How does this network stand? Connect it, ask it now, see what it brought and what it did not."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from http import HTTPStatus

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import urlencode
from django.views.decorators.debug import sensitive_post_parameters

from vigie.collect.connecting import connectors
from vigie.columns import records_of
from vigie.errors import ForbiddenError, VigieError
from vigie.model import Account
from vigie.register.rights import CONNECT_SOURCES, READ_SOURCES, RUN_SOURCES
from vigie.sources import changes
from vigie.sources.gathering import gather, is_someone_working
from vigie.sources.health import Facts, health_of
from vigie.sources.models import Connection
from vigie.sources.source import source
from vigie.web import options, source_rows
from vigie.web.asking import asked_page
from vigie.web.people import author_of, may
from vigie.web.sentences import said
from vigie.web.site import site_store
from vigie.words import Words, _

route = "sources/<slug:name>/"
permission = READ_SOURCES
methods = ("GET", "HEAD", "POST")

VIEWS: Mapping[str, Words] = {
    "accounts": _("Accounts"),
    "journal": _("Journal"),
    "quarantine": _("Quarantine"),
    "connection": _("Connection"),
    "rules": _("Rules"),
}
HIDDEN = ("disconnect",)
"""Views that are reached by a button only."""
ACCOUNTS_SHOWN = 100

DONE: Mapping[str, Words] = {
    "run": _("It is asked at the next turn of a worker."),
    "pause": _("It is paused: nothing is asked until you resume it."),
    "resume": _("It is asked again, at the next turn of a worker."),
    "reread": _("What is in quarantine is read again at the next turn of a worker."),
    "connect": _("What you entered is sealed and kept. The next turn says whether it is taken."),
    "disconnect": _("The keys are erased. What was observed stays."),
}


@sensitive_post_parameters()
def page(request: HttpRequest, name: str) -> HttpResponse:
    """Show one view of a source, or do what was asked."""
    if name not in connectors():
        raise Http404
    return _do(request, name) if request.method == "POST" else _show(request, name)


def _do(request: HttpRequest, name: str) -> HttpResponse:
    what = request.POST.get("do", "")
    if what not in DONE:
        raise Http404
    try:
        _done(request, name, what)
    except ForbiddenError:
        raise
    except VigieError as error:
        view = "connection" if what in ("connect", "disconnect") else _view(request)
        return _show(request, name, view=view, mistake=error.words)
    messages.success(request, said(DONE[what]))
    return _back(name, "connection" if what in ("connect", "disconnect") else _view(request))


def _done(request: HttpRequest, name: str, what: str) -> None:
    configured, by = settings.CONFIGURED, author_of(request)
    if what == "connect":
        row = Connection.objects.filter(connector=name).first()
        entered = options.given(request, source(name), row)
        label = request.POST.get("label", "")[:200]
        changes.connect(name, entered, settings=configured, label=label, by=by)
        return
    acts: Mapping[str, Callable[..., None]] = {
        "run": changes.run_now,
        "pause": changes.pause,
        "resume": changes.resume,
        "reread": changes.reread,
        "disconnect": changes.disconnect,
    }
    acts[what](name, settings=configured, by=by)


def _back(name: str, view: str) -> HttpResponse:
    response = redirect("sources.connector", name=name)
    if view:
        response["Location"] += f"?{urlencode({'show': view})}"
    return response


def _view(request: HttpRequest) -> str:
    asked = request.POST.get("show") or request.GET.get("show", "")
    return asked if asked in (*VIEWS, *HIDDEN) else ""


def _show(
    request: HttpRequest, name: str, *, view: str = "", mistake: Words | None = None
) -> HttpResponse:
    (facts,) = gather(site_store(), settings=settings.CONFIGURED, only=name)
    stands = health_of(facts)
    view = view or _view(request) or ("accounts" if stands.is_connected else "connection")
    shown = {
        "one": stands,
        "facts": facts,
        # Given one by one: a template would call the class itself.
        "rights": facts.connector.rights,
        "streams": facts.connector.streams,
        "permissions": facts.connector.permissions,
        "view": view,
        "views": VIEWS,
        "mistake": mistake,
        "nobody_works": not is_someone_working(datetime.now(UTC)),
        "may_run": may(request, RUN_SOURCES),
        "may_connect": may(request, CONNECT_SOURCES),
        **_beside(request, facts, view),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if mistake else HTTPStatus.OK
    response = render(request, "sources/connector.html", shown, status=status)
    response["Cache-Control"] = "private, no-store"
    return response


def _beside(request: HttpRequest, facts: Facts, view: str) -> dict[str, object]:
    """Return what one view shows besides how the source stands."""
    store, number = site_store(), asked_page(request)
    if view == "accounts":
        registered = records_of(Account, store.table("accounts").to_pyarrow())
        rows = source_rows.accounts(facts, registered)
        begin = (number - 1) * ACCOUNTS_SHOWN
        return _paged(rows[begin : begin + ACCOUNTS_SHOWN], len(rows), number, ACCOUNTS_SHOWN)
    if view == "journal":
        return {"rows": source_rows.journal(store, facts.name, now=facts.now)}
    if view == "quarantine":
        refused = source_rows.quarantine(store, facts.name, page=number)
        return _paged(refused, facts.quarantined, number, source_rows.PAGE)
    if view == "connection":
        known, posted = source(facts.name), request.POST.dict() if request.POST else None
        own, seldom = options.fields(known, facts.connection, posted)
        return {"own": own, "seldom": seldom, "steps": options.steps(known.guide)}
    return {}


def _paged(rows: object, count: int, number: int, size: int) -> dict[str, object]:
    return {"rows": rows, "count": count, "page_number": number, "pages": -(-count // size)}
