"""What exactly came, why could it not be read, and what is to become of it?"""

from __future__ import annotations

from http import HTTPStatus
from pathlib import Path

from django.conf import settings
from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render

from vigie.errors import ForbiddenError, InboxError
from vigie.inbox import box_changes
from vigie.inbox.box_changes import boxes_seen, may_open
from vigie.inbox.changes import Hand
from vigie.inbox.intake import FOLDER
from vigie.inbox.models import Arrival
from vigie.register.rights import CONNECT_INBOX
from vigie.web import inbox_hand
from vigie.web.sentences import said
from vigie.words import Words, _

route = "inbox/boxes/<slug:name>/arrivals/<int:number>/"
permission = CONNECT_INBOX
methods = ("GET", "HEAD", "POST")

SHOWN = 20_000
"""Bytes of a payload that the page shows; the file has all of it."""


def page(request: HttpRequest, name: str, number: int) -> HttpResponseBase:
    """Show a payload as it came, read it again, or drop it."""
    hand = inbox_hand.hand(request)
    rows = Arrival.objects.select_related("box__service", "box__institution")
    found = rows.filter(box__in=boxes_seen(hand.eyes), box__name=name, pk=number).first()
    if found is None or not may_open(hand.eyes, found):
        raise Http404
    if request.method != "POST":
        return _file(found) if request.GET.get("format") == "raw" else _shown(request, found)
    try:
        words = _done(request, found, hand)
    except ForbiddenError:
        raise
    except InboxError as error:
        return _shown(request, found, mistake=error.words)
    messages.success(request, said(words))
    response = redirect("inbox.box", name=name)
    response["Location"] += "?show=quarantine"
    return response


def _done(request: HttpRequest, found: Arrival, hand: Hand) -> Words:
    what = request.POST.get("do", "")
    if what == "replay":
        box_changes.replay(found.box, hand=hand, arrival=found.pk)
        return _("It is read again at the next turn of a worker.")
    if what == "drop":
        home = settings.CONFIGURED.home
        box_changes.drop(found, request.POST.get("reason", ""), home=home, hand=hand)
        return _("It is dropped; the journal keeps the reason.")
    raise Http404


def _path(found: Arrival) -> Path | None:
    """Return the file of a payload, below the folder of payloads; none when it was let go."""
    if not found.file:
        return None
    path = (settings.CONFIGURED.home / found.file).resolve()
    folder = (settings.CONFIGURED.home / FOLDER).resolve()
    return path if path.is_relative_to(folder) and path.is_file() else None


def _file(found: Arrival) -> HttpResponseBase:
    path = _path(found)
    if path is None:
        raise Http404
    response = FileResponse(
        path.open("rb"), as_attachment=True, filename=f"payload-{found.pk}.bin",
        content_type="application/octet-stream",
    )  # fmt: skip
    response["Cache-Control"] = "private, no-store"
    return response


def _shown(
    request: HttpRequest, found: Arrival, *, mistake: Words | None = None
) -> HttpResponseBase:
    path = _path(found)
    beginning = b""
    if path is not None:
        with path.open("rb") as file:
            beginning = file.read(SHOWN)
    content = {
        "one": found,
        "box": found.box,
        "has_file": path is not None,
        "text": beginning.decode("utf-8", "replace"),
        "is_cut": found.size > SHOWN,
        "mistake": mistake,
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if mistake else HTTPStatus.OK
    response = render(request, "inbox/arrival.html", content, status=status)
    response["Cache-Control"] = "private, no-store"
    return response
