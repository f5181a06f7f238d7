"""What is kept of this person? All of it, to be handed to them, in a file they can read."""

from __future__ import annotations

from datetime import UTC, datetime

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect

from vigie.inbox.erasing import export
from vigie.inbox.personal_file import person_file
from vigie.register.rights import FORGET_CONTACTS
from vigie.web.contacts import contact_of
from vigie.web.inbox_hand import eyes
from vigie.web.shown import show_fresh

route = "inbox/contacts/<int:number>/export/"
permission = FORGET_CONTACTS


def page(request: HttpRequest, number: int) -> HttpResponseBase:
    """Show everything that is kept of a person, or give it as a file."""
    seeing, now = eyes(request), datetime.now(UTC)
    found = contact_of(seeing, number)
    if found.forgotten_at is not None:
        return redirect("inbox.forget_contact", number=found.pk)
    made = person_file(found.pk, export(found, eyes=seeing, now=now), now=now)
    return show_fresh(request, made, template="inbox/export_contact.html", beside={"one": found})
