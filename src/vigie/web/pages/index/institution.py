"""Where an institution stands, why, and since when."""

from __future__ import annotations

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from vigie.register.rights import CHANGE_REGISTER, READ_LISTENING
from vigie.web.page import PUBLIC
from vigie.web.people import offered
from vigie.web.shown import show_report

route = "institutions/<slug:institution>/"
permission = PUBLIC


def page(request: HttpRequest, institution: str) -> HttpResponseBase:
    """Show the profile of one institution."""
    return show_report(
        request,
        "institution_profile",
        given={"institution": institution},
        template="index/profile.html",
        beside=offered(request, may_reply=CHANGE_REGISTER, may_listen=READ_LISTENING),
    )
