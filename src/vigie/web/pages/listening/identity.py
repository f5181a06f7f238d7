"""Who can be told from the others by what they post?"""

from __future__ import annotations

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from vigie.register.rights import READ_LISTENING
from vigie.web.shown import show_report

route = "listening/identity/"
permission = READ_LISTENING


def page(request: HttpRequest) -> HttpResponseBase:
    """Show how far each institution is told from its peers."""
    return show_report(request, "identity", given={"institution": ""},
                       template="listening/report.html")  # fmt: skip
