"""A file that came with a message: only for who sees the conversation, and never opened here."""

from __future__ import annotations

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest
from django.http.response import HttpResponseBase

from vigie.inbox.models import Attachment
from vigie.register.rights import ENTER_INBOX
from vigie.web import inbox_hand

route = "inbox/<int:number>/files/<int:file>/"
permission = ENTER_INBOX

SANDBOX = "default-src 'none'; sandbox"


def page(request: HttpRequest, number: int, file: int) -> HttpResponseBase:
    """Hand over a file to be kept by the reader; a browser is told not to show or run it."""
    found = inbox_hand.conversation(inbox_hand.eyes(request), number)
    row = Attachment.objects.filter(pk=file, message__conversation=found).exclude(file="").first()
    if row is None:
        raise Http404
    try:
        content = (settings.CONFIGURED.home / row.file).open("rb")
    except FileNotFoundError as error:
        raise Http404 from error
    response = FileResponse(
        content, as_attachment=True, filename=row.name, content_type=row.media_type
    )
    response["Content-Security-Policy"] = SANDBOX
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response
