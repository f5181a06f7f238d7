"""What is listened to here, and why? Open to everyone."""

from __future__ import annotations

from datetime import UTC, datetime

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from vigie.listening.public_register import document
from vigie.web.page import PUBLIC
from vigie.web.public_listening import public_listening
from vigie.web.shown import show_fresh

route = "listening/register/"
permission = PUBLIC


def page(request: HttpRequest) -> HttpResponseBase:
    """Show every query with its purpose, and what is never done."""
    now = datetime.now(UTC)
    return show_fresh(
        request, document(public_listening(now), now=now), template="listening/report.html"
    )
