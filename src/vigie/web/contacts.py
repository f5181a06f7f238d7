"""What the pages of contacts share: whom a number names, and what is asked before a change."""

from __future__ import annotations

from django.http import Http404, HttpRequest

from vigie.inbox.looking_up import seen_by
from vigie.inbox.models import Contact
from vigie.inbox.visible import Eyes


def contact_of(eyes: Eyes, number: int) -> Contact:
    """Return a contact these eyes may see, or whom it was merged into; any other is not found."""
    row = Contact.objects.filter(pk=number).first()
    while row is not None and row.merged_into_id is not None:
        row = row.merged_into
    found = None if row is None else seen_by(eyes).filter(pk=row.pk).first()
    if found is None:
        raise Http404
    return found


def number(request: HttpRequest, name: str) -> int:
    """Return a number that a form or an address gives; 0: none."""
    given = request.POST.get(name) or request.GET.get(name) or ""
    return int(given) if given.isascii() and given.isdigit() and len(given) < 19 else 0
