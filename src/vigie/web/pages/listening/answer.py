"""Answer a mention: it becomes a conversation of the inbox, once, and is answered there."""

from __future__ import annotations

from datetime import UTC, datetime
from http import HTTPStatus

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from vigie.collect.address import NETWORKS
from vigie.errors import VigieError
from vigie.http import open_http
from vigie.inbox.bench import Bench
from vigie.inbox.finding import take_up
from vigie.inbox.models import Conversation
from vigie.inbox.visible import visible
from vigie.register.rights import ANSWER_INBOX
from vigie.web import inbox_hand
from vigie.web.people import author_of
from vigie.web.sentences import said
from vigie.words import Words, _

route = "listening/mentions/answer/"
permission = ANSWER_INBOX
methods = ("POST",)


def page(request: HttpRequest) -> HttpResponse:
    """Take a mention up and go to its conversation, or say why that cannot be done."""
    network, post = request.POST.get("network", ""), request.POST.get("post", "").strip()
    if network not in NETWORKS or not post or len(post) > 512:
        return _refused(request, _("Choose a mention from the list: this form names none."))
    with open_http(settings.CONFIGURED) as http:
        bench = Bench(settings=settings.CONFIGURED, http=http, clock=lambda: datetime.now(UTC))
        try:
            found = take_up(network, post, bench=bench, by=author_of(request))
        except VigieError as error:
            return _refused(request, error.words)
    return _gone_to(request, found)


def _gone_to(request: HttpRequest, found: Conversation) -> HttpResponse:
    """Go to a conversation, or say which service has it where this person may not see it."""
    if visible(inbox_hand.eyes(request)).filter(pk=found.pk).exists():
        return redirect("inbox.conversation", number=found.pk)
    words = _("It is in the inbox of {service}, who answer it.", service=str(found.service or "–"))
    messages.success(request, said(words))
    return redirect("listening.mentions")


def _refused(request: HttpRequest, mistake: Words) -> HttpResponse:
    shown = {"mistake": mistake, "url": _web(request.POST.get("url", ""))}
    return render(request, "listening/answer.html", shown, status=HTTPStatus.UNPROCESSABLE_ENTITY)


def _web(address: str) -> str:
    return address if address.startswith(("https://", "http://")) else ""
