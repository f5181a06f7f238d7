"""The form of a saved reply, and what becomes of it."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus

from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render

from vigie.errors import ForbiddenError, InboxError
from vigie.inbox import saved_replies
from vigie.inbox.changes import Hand
from vigie.inbox.models import SavedReply
from vigie.inbox.saved_replies import PLACEHOLDERS
from vigie.register.models import Service
from vigie.web.sentences import said
from vigie.words import LANGUAGES, Words, _

EVERY = "every"
"""The service of a saved reply that belongs to all."""


def services_of(hand: Hand) -> list[tuple[str, Words | str]]:
    """Return whose saved replies this hand may keep, as the form offers them."""
    every = [(EVERY, _("every service"))] if saved_replies.may_put(hand, None) else []
    rows = Service.objects.filter(is_active=True)
    own = [(str(row.pk), str(row)) for row in rows if saved_replies.may_put(hand, row)]
    return [*every, *own]


def answer(
    request: HttpRequest, hand: Hand, *, reply: SavedReply | None = None
) -> HttpResponseBase:
    """Show the form, or keep what it says."""
    if request.method != "POST":
        return _shown(request, hand, reply, _kept(reply))
    try:
        if reply is not None and request.POST.get("do") == "drop":
            saved_replies.drop(reply, hand=hand)
            messages.success(request, said(_("The saved reply is gone.")))
        else:
            made = saved_replies.put(
                title=request.POST.get("title", ""),
                words={name: request.POST.get(f"words-{name}", "") for name in LANGUAGES},
                service=_service(request),
                hand=hand,
                reply=reply,
            )
            messages.success(request, said(_("“{title}” is kept.", title=made.title)))
    except (InboxError, ForbiddenError) as error:
        return _shown(request, hand, reply, request.POST.dict(), mistake=error.words)
    return redirect("inbox.saved_replies")


def _kept(reply: SavedReply | None) -> Mapping[str, str]:
    if reply is None:
        return {}
    words = {f"words-{name}": text for name, text in reply.words.items()}
    return {"title": reply.title, "service": str(reply.service_id or EVERY), **words}


def _service(request: HttpRequest) -> Service | None:
    given = request.POST.get("service", "")
    if given == EVERY:
        return None
    row = Service.objects.filter(pk=int(given)).first() if given.isdecimal() else None
    if row is None:
        raise InboxError(_("Choose a service."))
    return row


def _shown(
    request: HttpRequest,
    hand: Hand,
    reply: SavedReply | None,
    given: Mapping[str, str],
    *,
    mistake: Words | None = None,
) -> HttpResponseBase:
    shown = {
        "reply": reply,
        "title": given.get("title", ""),
        "service": given.get("service", ""),
        "wordings": [(name, given.get(f"words-{name}", "")) for name in LANGUAGES],
        "services": services_of(hand),
        "placeholders": [(f"{{{name}}}", words) for name, words in PLACEHOLDERS.items()],
        "mistake": mistake,
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if mistake else HTTPStatus.OK
    response = render(request, "inbox/saved_reply.html", shown, status=status)
    response["Cache-Control"] = "private, no-store"
    return response
