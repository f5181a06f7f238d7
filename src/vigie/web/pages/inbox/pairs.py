"""Which contacts may be one person? Pairs with their reasons; only a person merges them."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from django.contrib import messages
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render

from vigie.errors import InboxError
from vigie.inbox import looking_up, pairing
from vigie.inbox.changes import Hand
from vigie.inbox.models import Contact, NotTheSame
from vigie.inbox.pairs import Pair
from vigie.inbox.visible import Eyes
from vigie.register.rights import ENTER_INBOX
from vigie.web import inbox_hand
from vigie.web.contacts import contact_of, number
from vigie.web.sentences import said
from vigie.words import Words, _

route = "inbox/contacts/pairs/"
permission = ENTER_INBOX
methods = ("GET", "HEAD", "POST")

MOST_SHOWN = 50


def page(request: HttpRequest) -> HttpResponseBase:
    """List pairs that may be one person, or remember that two are not."""
    hand = inbox_hand.hand(request)
    if request.method == "POST":
        act = ACTS.get(request.POST.get("do", ""))
        if act is None:
            raise Http404
        try:
            messages.success(request, said(act(request, hand)))
        except InboxError as error:
            messages.error(request, said(error.words))
        return redirect("inbox.pairs")
    found = pairing.pairs(hand.eyes)
    apart = _told_apart(hand.eyes)
    shown = {
        "rows": _shown(found[:MOST_SHOWN], hand.eyes),
        "total": len(found),
        "apart": apart,
        "most_compared": pairing.MOST_COMPARED,
    }
    return render(request, "inbox/pairs.html", shown)


def _shown(found: list[Pair], eyes: Eyes) -> list[Mapping[str, object]]:
    keys = {key for pair in found for key in (pair.first, pair.second)}
    known = Contact.objects.prefetch_related("handles").in_bulk(keys)
    counts = looking_up.counted(list(known.values()), eyes)
    return [
        {
            "two": [(known[key], counts.get(key)) for key in (pair.first, pair.second)],
            "first": pair.first,
            "second": pair.second,
            "reasons": pair.reasons,
        }
        for pair in found
    ]


def _told_apart(eyes: Eyes) -> list[NotTheSame]:
    seen = looking_up.seen_by(eyes).values("pk")
    rows = NotTheSame.objects.filter(first__in=seen, second__in=seen)
    return list(rows.select_related("first", "second")[:MOST_SHOWN])


def _tell_apart(request: HttpRequest, hand: Hand) -> Words:
    first, second = (contact_of(hand.eyes, number(request, name)) for name in ("first", "second"))
    pairing.tell_apart(first, second, hand=hand)
    return _("They are two people: this pair is not suggested again.")


def _again(request: HttpRequest, hand: Hand) -> Words:
    row = NotTheSame.objects.select_related("first", "second").filter(pk=number(request, "pair"))
    found = row.first()
    if found is None:
        raise Http404
    pairing.suggest_again(found, hand=hand)
    return _("The pair may be suggested once more.")


ACTS: Mapping[str, Callable[[HttpRequest, Hand], Words]] = {
    "tell_apart": _tell_apart,
    "again": _again,
}
"""What a button asks for."""
