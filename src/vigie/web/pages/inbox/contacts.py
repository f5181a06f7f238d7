"""Who writes to us? Contacts by name or handle, those who wrote last in front."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render

from vigie.inbox import looking_up
from vigie.inbox.counting import Total, total_of, up_to_most
from vigie.inbox.listing import Place
from vigie.inbox.models import Contact
from vigie.inbox.visible import Eyes
from vigie.register.rights import ENTER_INBOX
from vigie.web.contacts import contact_of, number
from vigie.web.inbox_hand import eyes

route = "inbox/contacts/"
permission = ENTER_INBOX

PAGE = 50
LONGEST_SEARCH = 200


def page(request: HttpRequest) -> HttpResponseBase:
    """List contacts; with ``with`` in the address, one is looked for to merge with that one."""
    seeing = eyes(request)
    words = request.GET.get("q", "").strip()[:LONGEST_SEARCH]
    other = _other(request, seeing)
    rows = looking_up.found(seeing, words)
    if other is not None:
        rows = rows.exclude(pk=other.pk)
    after = Place.read(request.GET.get("after", ""))
    found, following = looking_up.page_of(rows, after=after, size=PAGE)
    counts = looking_up.counted(found, seeing)
    shown = {
        "rows": [(one, counts.get(one.pk)) for one in found],
        "total": _total(rows, found, is_all=after is None and following is None),
        "words": words,
        "other": other,
        "is_first": after is None,
        "next_page": str(following) if following else "",
    }
    return render(request, "inbox/contacts.html", shown)


def _total(rows: QuerySet[Contact], found: list[Contact], *, is_all: bool) -> Total:
    """Return how many there are; what stands on one page is not looked for again."""
    return Total(count=len(found)) if is_all else total_of(up_to_most(rows))


def _other(request: HttpRequest, seeing: Eyes) -> Contact | None:
    wanted = number(request, "with")
    try:
        return contact_of(seeing, wanted) if wanted else None
    except Http404:
        return None
