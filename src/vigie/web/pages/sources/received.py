"""What is this file, how will its rows be read, how far is its import, what became of them?"""

from __future__ import annotations

from datetime import UTC, datetime
from http import HTTPStatus

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from vigie.errors import VigieError
from vigie.register.rights import IMPORT_FILES
from vigie.web import importing, preview
from vigie.web.received import WAITING, Received, Shelf
from vigie.web.sentences import said
from vigie.words import Words, _

route = "sources/received/<str:name>/"
permission = IMPORT_FILES
methods = ("GET", "HEAD", "POST")

UNTOUCHED = _("The file was thrown away. Nothing of it was kept.")


def page(request: HttpRequest, name: str) -> HttpResponse:
    """Show how far a file is, or do what was asked with it."""
    shelf = Shelf(settings.CONFIGURED.home)
    received = shelf.find(name)
    if request.method != "POST":
        return _shown(request, shelf, received)
    if received.is_working and not received.is_silent(datetime.now(UTC)):
        return redirect("sources.received", name=name)
    if request.POST.get("do") == "drop":
        shelf.drop(received)
        messages.success(request, said(UNTOUCHED))
        return redirect("sources.sources")
    return _begin(request, shelf, received)


def _begin(request: HttpRequest, shelf: Shelf, received: Received) -> HttpResponse:
    try:
        answered = preview.answered(received, request.POST)
        seen = preview.preview(shelf.path(answered), answered)
    except VigieError as error:
        return _shown(request, shelf, received, mistake=error.words)
    shelf.note(answered)
    if seen.missing:
        return _shown(request, shelf, answered, mistake=seen.missing[0])
    importing.begin(shelf, answered, settings.CONFIGURED)
    return redirect("sources.received", name=received.name)


def _shown(
    request: HttpRequest, shelf: Shelf, received: Received, *, mistake: Words | None = None
) -> HttpResponse:
    seen, unread = None, None
    if received.state == WAITING:
        try:
            seen = preview.preview(shelf.path(received), received)
        except VigieError as error:
            unread = error.words
    shown = {
        "received": received,
        "seen": seen,
        "unread": unread,
        "mistake": mistake,
        "is_silent": received.is_silent(datetime.now(UTC)),
        "posted": request.POST,
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if mistake else HTTPStatus.OK
    return render(request, "sources/received.html", shown, status=status)
