"""What was published before: the record of every index there ever was in this field."""

from __future__ import annotations

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from vigie.web.page import PUBLIC
from vigie.web.shown import show_report

route = "history/"
permission = PUBLIC


def page(request: HttpRequest) -> HttpResponseBase:
    """Show the published record and what re-running its methods says."""
    return show_report(request, "history")
