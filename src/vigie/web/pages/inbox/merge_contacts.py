"""Are these two contacts one person? Which one stays, and what will happen, before it does."""

from __future__ import annotations

from http import HTTPStatus

from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render

from vigie.errors import InboxError
from vigie.inbox import contacts, looking_up, pairing
from vigie.inbox.changes import Hand
from vigie.inbox.models import Contact
from vigie.register.rights import ENTER_INBOX
from vigie.web import inbox_hand
from vigie.web.contacts import contact_of, number
from vigie.web.sentences import said
from vigie.words import Words, _

route = "inbox/contacts/merge/"
permission = ENTER_INBOX
methods = ("GET", "HEAD", "POST")


def page(request: HttpRequest) -> HttpResponseBase:
    """Show both contacts side by side with what a merge does, or merge them."""
    hand = inbox_hand.hand(request)
    first, second = (contact_of(hand.eyes, number(request, name)) for name in ("first", "second"))
    if request.method != "POST":
        return _shown(request, hand, first, second)
    survivor = {str(one.pk): one for one in (first, second)}.get(request.POST.get("survivor", ""))
    if survivor is None:
        return _shown(request, hand, first, second, mistake=_("Choose which contact stays."))
    absorbed = second if survivor.pk == first.pk else first
    reasons = _reasons(hand, first, second)
    try:
        contacts.merge(survivor, absorbed, hand=hand, reasons=reasons)
    except InboxError as error:
        return _shown(request, hand, first, second, mistake=error.words)
    messages.success(request, said(_("They are one contact now. The list of merges can undo it.")))
    return redirect("inbox.contact", number=survivor.pk)


def _reasons(hand: Hand, first: Contact, second: Contact) -> tuple[Words, ...]:
    both = tuple(sorted((first.pk, second.pk)))
    found = {(pair.first, pair.second): pair.reasons for pair in pairing.pairs(hand.eyes)}
    return found.get((both[0], both[1]), ())


def _shown(
    request: HttpRequest, hand: Hand, first: Contact, second: Contact, *,
    mistake: Words | None = None,
) -> HttpResponseBase:  # fmt: skip
    counts = looking_up.counted([first, second], hand.eyes)
    shown = {
        "two": [(one, counts.get(one.pk)) for one in (first, second)],
        "first": first,
        "second": second,
        "after": [contacts.joined(first, second), contacts.joined(second, first)],
        "together": sum(one["n"] for one in counts.values()),
        "reasons": _reasons(hand, first, second),
        "may_change": all(contacts.may_change(one, hand.eyes) for one in (first, second)),
        "mistake": mistake or (_("Choose two different contacts.") if first == second else None),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if shown["mistake"] else HTTPStatus.OK
    return render(request, "inbox/merge_contacts.html", shown, status=status)
