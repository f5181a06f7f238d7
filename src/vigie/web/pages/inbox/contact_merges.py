"""Which contacts were made one, by whom and why? Each merge can be undone, exactly."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render

from vigie.errors import InboxError
from vigie.inbox import contacts, looking_up
from vigie.inbox.counting import total_of, up_to_most
from vigie.inbox.models import ContactMerge
from vigie.register.rights import ENTER_INBOX
from vigie.web import inbox_hand
from vigie.web.contacts import number
from vigie.web.sentences import said
from vigie.words import _

route = "inbox/contacts/merges/"
permission = ENTER_INBOX
methods = ("GET", "HEAD", "POST")

PAGE = 50


def page(request: HttpRequest) -> HttpResponseBase:
    """List merges, the last one first, or undo one."""
    hand = inbox_hand.hand(request)
    seen = looking_up.seen_by(hand.eyes).values("pk")
    # What was merged further is seen with whom it was merged into.
    rows = ContactMerge.objects.filter(
        Q(survivor__in=seen) | Q(survivor__merged_into__in=seen)
    ).exclude(before={})
    if request.method == "POST":
        merged = rows.filter(pk=number(request, "merge")).first()
        if merged is None:
            raise Http404
        try:
            contacts.undo(merged, hand=hand)
            messages.success(request, said(_("Undone: both contacts are as they were.")))
        except InboxError as error:
            messages.error(request, said(error.words))
        return redirect("inbox.contact_merges")
    before = number(request, "before")
    wanted = rows.filter(pk__lt=before) if before else rows
    found = list(wanted.select_related("survivor", "absorbed").order_by("-pk")[: PAGE + 1])
    shown = {
        "rows": found[:PAGE],
        "total": total_of(up_to_most(rows)),
        "is_first": not before,
        "next_page": found[PAGE - 1].pk if len(found) > PAGE else 0,
    }
    return render(request, "inbox/contact_merges.html", shown)
