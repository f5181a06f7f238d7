"""What does listening do to people? The assessment, ready to complete and sign."""

from __future__ import annotations

from datetime import UTC, datetime

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from vigie.listening.impact import document
from vigie.register.rights import READ_LISTENING
from vigie.web.public_listening import public_listening
from vigie.web.shown import show_fresh

route = "listening/impact/"
permission = READ_LISTENING


def page(request: HttpRequest) -> HttpResponseBase:
    """Show the impact assessment, as a page and as a file to sign."""
    now = datetime.now(UTC)
    return show_fresh(
        request, document(public_listening(now), now=now), template="listening/report.html"
    )
