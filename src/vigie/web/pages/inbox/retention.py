"""How long are words kept? Rules that say first what they would take, and take nothing until on."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import astuple
from http import HTTPStatus

from django.contrib import messages
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render

from vigie.errors import InboxError
from vigie.inbox import retaining
from vigie.inbox.changes import Hand
from vigie.inbox.models import Retention
from vigie.inbox.models.choices import KINDS
from vigie.inbox.words import KIND_WORDS
from vigie.register.models import Service
from vigie.register.rights import FORGET_CONTACTS
from vigie.web import inbox_hand
from vigie.web.sentences import said
from vigie.web.service_acts import number
from vigie.words import Words, _

route = "inbox/retention/"
permission = FORGET_CONTACTS
methods = ("GET", "HEAD", "POST")

USUAL_MONTHS = 24
TAKES = (_("Conversations"), _("Messages"), _("Notes"), _("Files"), _("People"))
"""What a rule takes, in the order in which it is counted."""


def page(request: HttpRequest) -> HttpResponseBase:
    """Show the rules with what each would take today, or change one."""
    hand = inbox_hand.hand(request)
    if request.method != "POST":
        return _shown(request, hand)
    act = ACTS.get(request.POST.get("do", ""))
    if act is None:
        raise Http404
    try:
        words = act(request, hand)
    except InboxError as error:
        return _shown(request, hand, mistake=error.words)
    messages.success(request, said(words))
    return redirect("inbox.retention")


def _keep(request: HttpRequest, hand: Hand) -> Words:
    given = request.POST.get("months", "").strip()
    months = int(given) if given.isascii() and given.isdigit() and len(given) < 5 else 0
    service = Service.objects.filter(pk=number(request, "service")).first()
    retaining.put_rule(service, request.POST.get("kind", ""), months, hand=hand)
    return _("The rule is kept, and off. Look at what it would take, then switch it on.")


def _on(request: HttpRequest, hand: Hand) -> Words:
    retaining.switch(_rule(request), is_on=True, hand=hand)
    return _("The rule is on: what it takes goes within a day, and the log says how much.")


def _off(request: HttpRequest, hand: Hand) -> Words:
    retaining.switch(_rule(request), is_on=False, hand=hand)
    return _("The rule is off. What it took stays gone.")


def _erase(request: HttpRequest, hand: Hand) -> Words:
    retaining.erase_rule(_rule(request), hand=hand)
    return _("The rule is taken out. What it took stays gone.")


def _rule(request: HttpRequest) -> Retention:
    found = Retention.objects.filter(pk=number(request, "rule")).select_related("service").first()
    if found is None:
        raise Http404
    return found


ACTS: Mapping[str, Callable[[HttpRequest, Hand], Words]] = {
    "keep": _keep,
    "on": _on,
    "off": _off,
    "erase": _erase,
}


def _shown(request: HttpRequest, hand: Hand, *, mistake: Words | None = None) -> HttpResponseBase:
    rules = Retention.objects.select_related("service")
    shown = {
        "rows": [(rule, astuple(retaining.takes(rule, now=hand.now))) for rule in rules],
        "takes": TAKES,
        "services": Service.objects.select_related("institution"),
        "kinds": [(name, KIND_WORDS[name]) for name in KINDS],
        "months": request.POST.get("months", "") or USUAL_MONTHS,
        "given": request.POST.dict(),
        "mistake": mistake,
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if mistake else HTTPStatus.OK
    response = render(request, "inbox/retention.html", shown, status=status)
    response["Cache-Control"] = "private, no-store"
    return response
