"""A file of a message: only for who sees the conversation, and never opened here."""

from __future__ import annotations

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from vigie.inbox.models import Attachment
from vigie.register.rights import ENTER_INBOX
from vigie.web import inbox_hand
from vigie.web.enclosing import handed_over

route = "inbox/<int:number>/files/<int:file>/"
permission = ENTER_INBOX


def page(request: HttpRequest, number: int, file: int) -> HttpResponseBase:
    """Hand over a file to be kept by the reader."""
    found = inbox_hand.conversation(inbox_hand.eyes(request), number)
    rows = Attachment.objects.filter(pk=file, message__conversation=found)
    return handed_over(rows.exclude(file="").first())
