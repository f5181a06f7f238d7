"""How long does one wait for an institution's answer?"""

from __future__ import annotations

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from vigie.register.rights import READ_LISTENING
from vigie.web.page import PUBLIC
from vigie.web.people import may
from vigie.web.shown import show_report

route = "institutions/<slug:institution>/responsiveness/"
permission = PUBLIC


def page(request: HttpRequest, institution: str) -> HttpResponseBase:
    """Show how long the questions to one institution waited."""
    beside = {"may_listen": True} if may(request, READ_LISTENING) else {}
    return show_report(
        request,
        "institution_responsiveness",
        given={"institution": institution},
        template="index/institution_responsiveness.html",
        beside=beside,
    )
