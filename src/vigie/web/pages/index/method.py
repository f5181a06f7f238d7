"""How every figure is made."""

from __future__ import annotations

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from vigie.web.page import PUBLIC
from vigie.web.shown import show_report

route = "method/"
permission = PUBLIC


def page(request: HttpRequest) -> HttpResponseBase:
    """Show indicators, weights, methods and their sources."""
    return show_report(request, "method")
