"""What comes in, from where, how fresh, what failed? And the place to send a file."""

from __future__ import annotations

from datetime import UTC, datetime
from http import HTTPStatus

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render

from vigie.columns import records_of
from vigie.model import Run
from vigie.register.rights import IMPORT_FILES
from vigie.web.received import Shelf
from vigie.web.site import site_store
from vigie.web.uploads import NO_FILE, too_large
from vigie.words import Words

route = "sources/"
permission = IMPORT_FILES
methods = ("GET", "HEAD", "POST")
takes_files = True

LATEST = 100


def page(request: HttpRequest) -> HttpResponse:
    """List what came in, or take a file."""
    return _take(request) if request.method == "POST" else _list(request)


def _take(request: HttpRequest) -> HttpResponse:
    sent = request.FILES.get("file")
    if getattr(request, "file_too_large", False):
        return _list(request, mistake=too_large())
    if sent is None or not sent.size:
        return _list(request, mistake=NO_FILE)
    shelf = Shelf(settings.CONFIGURED.home)
    received = shelf.keep(sent, by=request.user.get_username(), now=datetime.now(UTC))
    return _seen(received.name)


def _seen(name: str) -> HttpResponseRedirect:
    return redirect("sources.received", name=name)


def _list(request: HttpRequest, *, mistake: Words | None = None) -> HttpResponse:
    store = site_store()
    runs = store.table("runs")
    total = int(runs.count().to_pyarrow().as_py())
    latest = runs.order_by(runs.ended_at.desc(), runs.run).limit(LATEST).to_pyarrow()
    shown = {
        "runs": records_of(Run, latest),
        "total": total,
        "waiting": Shelf(settings.CONFIGURED.home).waiting(),
        "mistake": mistake,
        "limit": settings.CONFIGURED.upload_limit,
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if mistake else HTTPStatus.OK
    return render(request, "sources/sources.html", shown, status=status)
