"""Erase this person? What goes is named before; the receipt stays after."""

from __future__ import annotations

from datetime import UTC, datetime
from http import HTTPStatus

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render

from vigie.errors import InboxError
from vigie.inbox import looking_up
from vigie.inbox.boxes import MARK_KEY
from vigie.inbox.erasing import erased, forget, receipt_of
from vigie.inbox.forgetting import marks
from vigie.inbox.models import Contact
from vigie.inbox.personal_file import counted, receipt_document
from vigie.inbox.visible import Eyes
from vigie.register.rights import FORGET_CONTACTS
from vigie.secret import kept_secret
from vigie.web.contacts import contact_of
from vigie.web.inbox_hand import eyes
from vigie.web.shown import show_fresh
from vigie.words import Words, _

route = "inbox/contacts/<int:number>/forget/"
permission = FORGET_CONTACTS
methods = ("GET", "HEAD", "POST")


def page(request: HttpRequest, number: int) -> HttpResponseBase:
    """Say what an erasure takes and ask once; afterwards, show the receipt."""
    seeing = eyes(request)
    found = contact_of(seeing, number)
    done = erased(found, by=seeing.author)
    if done is not None:
        made = receipt_document(found.pk, done)
        return show_fresh(request, made, template="inbox/receipt.html")
    if found.forgotten_at is not None:
        return render(request, "inbox/nobody.html", {"one": found})
    if request.method != "POST":
        return _asked(request, found, seeing)
    if request.POST.get("sure") != "yes":
        mistake = _("Tick the box first: an erasure cannot be taken back.")
        return _asked(request, found, seeing, mistake=mistake)
    configured = settings.CONFIGURED
    mark = marks(kept_secret(configured.home, MARK_KEY))
    try:
        forget(found, eyes=seeing, mark=mark, home=configured.home, now=datetime.now(UTC))
    except InboxError as error:
        return _asked(request, found, seeing, mistake=error.words)
    return redirect("inbox.forget_contact", number=found.pk)


def _asked(
    request: HttpRequest, found: Contact, seeing: Eyes, *, mistake: Words | None = None
) -> HttpResponseBase:
    shown = {
        "one": found,
        "counted": counted(receipt_of(found, home=settings.CONFIGURED.home)),
        "unseen": looking_up.unseen(found, seeing),
        "mistake": mistake,
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if mistake else HTTPStatus.OK
    return render(request, "inbox/forget_contact.html", shown, status=status)
