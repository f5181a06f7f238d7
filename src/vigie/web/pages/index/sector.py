"""How large the audience of the whole sector is."""

from __future__ import annotations

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from vigie.web.page import PUBLIC
from vigie.web.shown import show_report

route = "sector/"
permission = PUBLIC


def page(request: HttpRequest) -> HttpResponseBase:
    """Show the totals of the sector with their coverage."""
    return show_report(request, "sector")
