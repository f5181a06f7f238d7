"""How does a network call us? The address to give it, the secrets it needs, what it sent."""

from __future__ import annotations

from http import HTTPStatus

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters

from vigie.errors import ForbiddenError, VigieError
from vigie.register.rights import CONNECT_SOURCES, READ_SOURCES
from vigie.sources import changes
from vigie.sources.models import Connection, Delivery
from vigie.sources.source import WEBHOOK, source
from vigie.sources.webhook import webhooks
from vigie.web import options
from vigie.web.people import author_of, may
from vigie.web.sentences import said
from vigie.words import Words, _

route = "sources/webhooks/<slug:name>/"
permission = READ_SOURCES
methods = ("GET", "HEAD", "POST")

LATEST = 50
DONE = {
    "connect": _("What you entered is sealed and kept. Deliveries are taken from now on."),
    "disconnect": _("The secrets are erased: nothing more is taken. What came before stays."),
}


@sensitive_post_parameters()
def page(request: HttpRequest, name: str) -> HttpResponse:
    """Show a way in, or keep what was entered for it."""
    if name not in webhooks():
        raise Http404
    if request.method != "POST":
        return _show(request, name)
    what = request.POST.get("do", "")
    if what not in DONE:
        raise Http404
    try:
        _done(request, WEBHOOK + name, what)
    except ForbiddenError:
        raise
    except VigieError as error:
        return _show(request, name, mistake=error.words)
    messages.success(request, said(DONE[what]))
    return redirect("sources.way_in", name=name)


def _done(request: HttpRequest, name: str, what: str) -> None:
    configured, by = settings.CONFIGURED, author_of(request)
    if what == "connect":
        row = Connection.objects.filter(connector=name).first()
        entered = options.given(request, source(name), row)
        label = request.POST.get("label", "")[:200]
        changes.connect(name, entered, settings=configured, label=label, by=by)
    else:
        changes.disconnect(name, settings=configured, by=by)


def _show(request: HttpRequest, name: str, *, mistake: Words | None = None) -> HttpResponse:
    known = source(WEBHOOK + name)
    connection = Connection.objects.filter(connector=known.name).first()
    own, _seldom = options.fields(known, connection, request.POST.dict() or None)
    shown = {
        "source": known,
        "connection": connection,
        "address": request.build_absolute_uri(reverse("sources.webhook", kwargs={"name": name})),
        "own": own,
        "steps": options.steps(known.guide),
        "deliveries": Delivery.objects.filter(webhook=name)[:LATEST],
        "asks_to_disconnect": request.GET.get("show") == "disconnect",
        "may_connect": may(request, CONNECT_SOURCES),
        "mistake": mistake,
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if mistake else HTTPStatus.OK
    response = render(request, "sources/way_in.html", shown, status=status)
    response["Cache-Control"] = "private, no-store"
    return response
