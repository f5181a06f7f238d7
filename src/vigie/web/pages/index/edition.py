"""One edition of the Index, at an address that stays."""

from __future__ import annotations

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from vigie.register.rights import READ_LISTENING
from vigie.web.editions import at_its_address
from vigie.web.page import PUBLIC
from vigie.web.people import offered
from vigie.web.shown import show_report

route = "index/<slug:edition>/"
permission = PUBLIC


def page(request: HttpRequest, edition: str) -> HttpResponseBase:
    """Show the edition named in the address."""
    return at_its_address(request) or show_report(
        request,
        "index_edition",
        given={"edition": edition},
        template="index/edition.html",
        beside=offered(request, may_listen=READ_LISTENING),
    )
