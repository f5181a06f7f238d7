"""How did the inbox do in a quarter, beside the one before?"""

from __future__ import annotations

from collections.abc import Mapping

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from vigie.register.models import Institution
from vigie.register.rights import READ_INBOX
from vigie.web.inbox_hand import eyes
from vigie.web.inbox_taught import services_seen
from vigie.web.shown import show_report
from vigie.web.site import site_store

route = "inbox/quarter/"
permission = READ_INBOX


def page(request: HttpRequest) -> HttpResponseBase:
    """Show the report on a quarter to those who may see the inbox of every service."""
    known = _known()
    wanted = request.GET.get("institution", "") or _usual(known)
    return show_report(
        request,
        "inbox_quarter",
        given={"institution": wanted},
        template="inbox/quarter.html",
        beside={
            "services": services_seen(eyes(request), institution=wanted),
            "institutions": known if len(known) > 1 else {},
            "institution": wanted,
        },
    )


def _known() -> dict[str, str]:
    """Return the institutions that were written to, by short name, in the order of their names."""
    rows = site_store().table("conversations").select("institution").distinct()
    slugs = rows.to_pyarrow()["institution"].to_pylist()
    names = dict(Institution.objects.filter(slug__in=slugs).values_list("slug", "name"))
    return dict(sorted(((slug, names.get(slug, slug)) for slug in slugs), key=lambda one: one[1]))


def _usual(known: Mapping[str, str]) -> str:
    """Return the institution of this site if it was written to, or the first that was."""
    own = settings.CONFIGURED.institution
    return own if own in known else next(iter(known), "")
