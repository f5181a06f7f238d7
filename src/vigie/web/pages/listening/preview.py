"""What would these words catch? A piece of the page of a query, asked for while one types."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from vigie.register.rights import READ_LISTENING
from vigie.web.query_preview import Seen, seen

route = "listening/preview/"
permission = READ_LISTENING
methods = ("POST",)


def page(request: HttpRequest) -> HttpResponse:
    """Return the piece that says what the words catch."""
    words = request.POST.get("words", "")
    found = seen(words) if words.strip() else Seen()
    response = render(request, "listening/preview.html", {"seen": found})
    response["Cache-Control"] = "private, no-store"
    return response
