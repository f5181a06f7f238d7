"""How soon did this service answer in a quarter, what was it asked, and what was thought of it?"""

from __future__ import annotations

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render

from vigie.inbox.keeping import may_count
from vigie.register.models import Service
from vigie.register.rights import ENTER_INBOX
from vigie.web.inbox_hand import eyes
from vigie.web.shown import show_report
from vigie.web.site import site_store

route = "inbox/quarter/<slug:service>/"
permission = ENTER_INBOX


def page(request: HttpRequest, service: str) -> HttpResponseBase:
    """Show the page of a service to those who may know how much it is asked."""
    seeing = eyes(request)
    rows = Service.objects.filter(slug=service).select_related("institution")
    found = next((row for row in rows if may_count(seeing, row)), None)
    if found is None:
        raise Http404
    institution = found.institution.slug
    if not _is_counted(institution, service):
        return render(request, "inbox/not_counted.html", {"one": found})
    return show_report(
        request,
        "service_page",
        given={"institution": institution, "service": service},
        template="inbox/service_quarter.html",
        beside={"one": found},
    )


def _is_counted(institution: str, service: str) -> bool:
    rows = site_store().table("conversations")
    here = rows.filter(rows.institution == institution, rows.service == service)
    return bool(here.count().to_pyarrow().as_py())
