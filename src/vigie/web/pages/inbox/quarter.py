"""How did the inbox do in a quarter, beside the one before?"""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from vigie.register.rights import READ_INBOX
from vigie.web.inbox_hand import eyes
from vigie.web.inbox_taught import services_seen
from vigie.web.shown import show_report
from vigie.web.site import site_store

route = "inbox/quarter/"
permission = READ_INBOX


def page(request: HttpRequest) -> HttpResponseBase:
    """Show the report on a quarter to those who may see the inbox of every service."""
    wanted = request.GET.get("institution", "") or _ours()
    return show_report(
        request,
        "inbox_quarter",
        given={"institution": wanted},
        template="inbox/quarter.html",
        beside={"services": services_seen(eyes(request))},
    )


def _ours() -> str:
    """Return the institution of this site, if it was written to."""
    rows = site_store().table("conversations")
    own = settings.CONFIGURED.institution
    known = rows.filter(rows.institution == own).count().to_pyarrow().as_py()
    return own if known else ""
