"""The button that takes a reply another way, and the way that a reply box was opened for."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.http import urlencode

from vigie.inbox.changes import Hand
from vigie.inbox.models import Conversation, Message
from vigie.inbox.other_ways import Way, begin, way_named, ways
from vigie.web.sentences import reader_language, said
from vigie.words import _


def begun(request: HttpRequest, found: Conversation, hand: Hand) -> HttpResponseBase:
    """Begin a reply the way that was chosen, and go where it is written."""
    way = way_named(request.POST["way"], found, hand=hand)
    given = request.POST.get("message", "")
    failed: Message | None = None
    if given.isascii() and given.isdigit() and len(given) < 19:
        failed = found.messages.filter(pk=int(given)).first()
    words = request.POST.get("words", "")
    target = begin(found, way, words, hand=hand, language=reader_language(), failed=failed)
    messages.success(request, said(_("Your words stand in the reply. Read them, then send it.")))
    response = redirect("inbox.conversation", number=target.pk)
    chosen = f"?{urlencode({'by': way.name})}" if way.through else ""
    response["Location"] += f"{chosen}#reply"
    return response


def chosen(request: HttpRequest, found: Conversation, hand: Hand) -> Way | None:
    """Return the way that the reply box is opened for; none: the way they wrote."""
    name = request.POST.get("by") or request.GET.get("by", "")
    if not name:
        return None
    return next((way for way in ways(found, hand=hand) if way.name == name), None)
