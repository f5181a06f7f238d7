"""Of all that is said of our peers and of us, how much is said of us?"""

from __future__ import annotations

from datetime import UTC, date, datetime
from operator import itemgetter

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render

from vigie.columns import records_of
from vigie.errors import ReportError
from vigie.listening.voice import EVERYWHERE, document, shares, voice
from vigie.model import Institution
from vigie.register.rights import READ_LISTENING
from vigie.web.shown import show_fresh
from vigie.web.site import site_store
from vigie.words import _

route = "listening/voice/"
permission = READ_LISTENING


def page(request: HttpRequest) -> HttpResponseBase:
    """Show the share of voice of an institution in its group, with its peers."""
    store = site_store()
    institutions = store.table("institutions")
    rows = {one.institution: one for one in records_of(Institution, institutions.to_pyarrow())}
    slug = request.GET.get("institution") or settings.CONFIGURED.institution
    values = store.table("values")
    known = shares(values).select("month_on", "network").distinct().to_pyarrow().to_pylist()
    months = sorted({row["month_on"] for row in known}, reverse=True)
    if slug not in rows or not months:
        named = sorted(((one.institution, one.name) for one in rows.values()), key=itemgetter(1))
        shown = {"is_measured": bool(months and rows), "institutions": named}
        return render(request, "listening/no_voice.html", shown)
    networks = sorted(
        {row["network"] for row in known}, key=lambda name: (name != EVERYWHERE, name)
    )
    found = voice(
        values,
        institutions,
        rows[slug],
        month=_chosen(request.GET.get("month", ""), months),
        network=_network(request.GET.get("network", ""), networks),
    )
    made = document(
        found,
        names={one.institution: one.short_name or one.name for one in rows.values()},
        months=months,
        networks=networks,
        now=datetime.now(UTC),
    )
    return show_fresh(request, made, template="listening/report.html")


def _chosen(wanted: str, months: list[date]) -> date:
    for month in months:
        if not wanted or f"{month:%Y-%m}" == wanted[:7]:
            return month
    raise ReportError(
        _(
            "No share of voice is known for {month}. The latest is {latest}.",
            month=wanted[:20],
            latest=f"{months[0]:%Y-%m}",
        )
    )


def _network(wanted: str, networks: list[str]) -> str:
    if wanted and wanted not in networks:
        raise ReportError(
            _("{chosen} is not known. Choose one of: {known}.", chosen=wanted[:40],
              known=", ".join(networks))
        )  # fmt: skip
    return wanted or networks[0]
