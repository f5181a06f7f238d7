"""The latest edition of the Index: who leads, how sure are we, what moved?"""

from __future__ import annotations

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from vigie.register.rights import READ_LISTENING
from vigie.web.editions import at_its_address
from vigie.web.page import PUBLIC
from vigie.web.people import offered
from vigie.web.shown import show_report

route = "index/"
permission = PUBLIC


def page(request: HttpRequest) -> HttpResponseBase:
    """Show the latest edition there is."""
    return at_its_address(request) or show_report(
        request,
        "index_edition",
        template="index/edition.html",
        beside=offered(request, may_listen=READ_LISTENING),
    )
