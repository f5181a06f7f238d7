"""What is this file, how will its rows be read, how far is its import, what became of them?"""

from __future__ import annotations

from datetime import UTC, datetime
from http import HTTPStatus

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from vigie.errors import FileError, UnknownFileError, VigieError
from vigie.register.rights import IMPORT_FILES
from vigie.web import importing, mapping, preview
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
    if request.POST.get("do") == "map":
        return _map(request, shelf, received)
    return _begin(request, shelf, received)


def _map(request: HttpRequest, shelf: Shelf, received: Received) -> HttpResponse:
    try:
        mapping.keep(shelf.path(received), request.POST.dict())
    except VigieError as error:
        return _shown(request, shelf, received, mistake=error.words)
    return redirect("sources.received", name=received.name)


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
    seen, unread, asked = None, None, None
    if received.state == WAITING:
        try:
            seen = preview.preview(shelf.path(received), received)
        except VigieError as error:
            unread = error.words
            asked = _asked(request, shelf, received, error)
    shown = {
        "received": received,
        "seen": seen,
        "unread": unread,
        "asked": asked,
        "mistake": mistake,
        "is_silent": received.is_silent(datetime.now(UTC)),
        "posted": request.POST,
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if mistake else HTTPStatus.OK
    return render(request, "sources/received.html", shown, status=status)


def _asked(
    request: HttpRequest, shelf: Shelf, received: Received, error: VigieError
) -> mapping.Asking | None:
    """Return what to ask about a file no importer recognises; nothing where asking is no use."""
    if not isinstance(error, UnknownFileError):
        return None
    try:
        return mapping.asking(shelf.path(received), request.GET.get("table", mapping.POSTS))
    except FileError:
        return None
