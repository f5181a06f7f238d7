"""What would these words catch? A piece of the page of a query, asked for while one types."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from vigie.register.rights import READ_LISTENING
from vigie.web import query_form
from vigie.web.query_page import seen_of

route = "listening/preview/"
permission = READ_LISTENING
methods = ("POST",)


def page(request: HttpRequest) -> HttpResponse:
    """Return the piece that says what the words catch."""
    found = seen_of(query_form.typed(request))
    response = render(request, "listening/preview.html", {"seen": found})
    response["Cache-Control"] = "private, no-store"
    return response
