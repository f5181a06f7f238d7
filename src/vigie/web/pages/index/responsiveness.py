"""Who answers the public, and how sure is that?"""

from __future__ import annotations

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from vigie.web.page import PUBLIC
from vigie.web.shown import show_report

route = "index/responsiveness/"
permission = PUBLIC


def page(request: HttpRequest) -> HttpResponseBase:
    """Show who answers on one network and in one month."""
    return show_report(request, "responsiveness")
