"""A file of the one question that a link opens, for whoever answers it."""

from __future__ import annotations

from datetime import UTC, datetime

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase

from vigie.inbox.links import OPEN, of_token, standing
from vigie.inbox.models import Attachment
from vigie.web.enclosing import handed_over
from vigie.web.page import PUBLIC

route = "answer/<str:token>/files/<int:file>/"
permission = PUBLIC


def page(request: HttpRequest, token: str, file: int) -> HttpResponseBase:
    """Hand over a file, as long as the link opens the question."""
    link = of_token(token)
    if link is None or standing(link, now=datetime.now(UTC)) != OPEN:
        raise Http404
    rows = Attachment.objects.filter(
        pk=file, message__conversation=link.conversation, message__is_withdrawn=False
    )
    response = handed_over(rows.exclude(file="").first())
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response
