"""What was proposed to change in the register; and the place to send a new look at it."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from http import HTTPStatus
from pathlib import Path

from django.conf import settings
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from vigie import flow
from vigie.errors import VigieError
from vigie.register.changes import propose
from vigie.register.contents import register_of
from vigie.register.models import Update
from vigie.register.rights import CHANGE_REGISTER
from vigie.web.people import author_of
from vigie.web.received import Received, Shelf
from vigie.web.uploads import NO_FILE, too_large
from vigie.words import Words

route = "register/updates/"
permission = CHANGE_REGISTER
methods = ("GET", "HEAD", "POST")
takes_files = True

LATEST = 100


def page(request: HttpRequest) -> HttpResponse:
    """List the updates, or compare a file with the register."""
    if request.method != "POST":
        return _list(request)
    shelf = Shelf(settings.CONFIGURED.home)
    sent, before = request.FILES.get("file"), request.POST.get("received")
    if getattr(request, "file_too_large", False):
        return _list(request, mistake=too_large(command="vigie register import FILE"))
    if before:
        received = shelf.find(before)
    elif sent is not None and sent.size:
        received = shelf.keep(sent, by=request.user.get_username(), now=datetime.now(UTC))
    else:
        return _list(request, mistake=NO_FILE)
    try:
        number = _propose(request, shelf.path(received), received)
    except VigieError as error:
        return _list(request, mistake=error.words)
    finally:
        # The difference holds all it said; a file that was refused is sent again once mended.
        shelf.drop(received)
    return redirect("register.update", number=number)


def _propose(request: HttpRequest, path: Path, received: Received) -> int:
    recognised, parsed = flow.read_register_file(path, settings=settings.CONFIGURED)
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return propose(
        register_of(parsed.tables),
        source=recognised.importer_name,
        file_name=received.file,
        digest=digest,
        by=author_of(request),
    )


def _list(request: HttpRequest, *, mistake: Words | None = None) -> HttpResponse:
    def states(name: str) -> Count:
        return Count("items", filter=Q(items__state=name))

    updates = Update.objects.annotate(
        pending=states("pending"), accepted=states("accepted"), rejected=states("rejected")
    )
    shown = {"updates": updates.order_by("-id")[:LATEST], "mistake": mistake}
    status = HTTPStatus.UNPROCESSABLE_ENTITY if mistake else HTTPStatus.OK
    return render(request, "register/updates.html", shown, status=status)
