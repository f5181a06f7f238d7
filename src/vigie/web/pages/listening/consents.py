"""Whose words may we show? Requests, answers, and what must no longer be shown."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from django.contrib import messages
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect

from vigie.errors import ForbiddenError, ListeningError
from vigie.listening import consent_changes
from vigie.listening.consent_document import document
from vigie.listening.models import Consent
from vigie.register.rights import READ_LISTENING, WRITE_LISTENING
from vigie.web.consents import reusable, stands, stopped
from vigie.web.people import author_of, may
from vigie.web.sentences import said
from vigie.web.shown import show_fresh
from vigie.words import Words, _

route = "listening/consents/"
permission = READ_LISTENING
methods = ("GET", "HEAD", "POST")

OPEN = ("waiting", "unconfirmed", "expired", "no")
"""Requests that are listed beside the posts: nothing may be used of them."""
ACTS: Mapping[str, Callable[..., object]] = {
    "confirm": consent_changes.confirm,
    "take_back": consent_changes.take_back,
}
DONE: Mapping[str, Words] = {
    "confirm": _("It is confirmed: the post may be shown."),
    "take_back": _("The request is taken back: its link leads nowhere."),
}
MOST_DIGITS = 12


def page(request: HttpRequest) -> HttpResponseBase:
    """List what may be shown and how requests stand, or do what was asked."""
    if request.method == "POST":
        return _do(request)
    now = datetime.now(UTC)
    found = stands(Consent.objects.all(), now)
    made = document(reusable(found), stopped(found), now=now)
    beside = {
        "requests": [one for one in found if one.state in OPEN],
        "may_ask": may(request, WRITE_LISTENING),
    }
    return show_fresh(request, made, template="listening/consents.html", beside=beside)


def _do(request: HttpRequest) -> HttpResponseBase:
    what, number = request.POST.get("do", ""), request.POST.get("consent", "")
    if what not in ACTS or not (number.isascii() and number.isdigit()):
        raise Http404
    try:
        ACTS[what](int(number[:MOST_DIGITS]), by=author_of(request))
        messages.success(request, said(DONE[what]))
    except ForbiddenError:
        raise
    except ListeningError as error:
        messages.error(request, said(error.words))
    return redirect("listening.consents")
