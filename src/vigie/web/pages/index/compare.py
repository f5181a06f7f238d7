"""Us against up to six peers, on the same axes."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render

from vigie.model import Institution
from vigie.web import institutions
from vigie.web.asking import asked_words
from vigie.web.page import PUBLIC
from vigie.web.shown import show_report
from vigie.web.site import site_store

route = "compare/"
permission = PUBLIC

MOST = 7
OFFERED = 12
LONGEST = 4_000


def page(request: HttpRequest) -> HttpResponseBase:
    """Compare the institutions named in the address, or help to choose them."""
    chosen = _chosen(request)
    sought = asked_words(request)
    store = site_store()
    known = {row.institution: row for row in institutions.found(store, "")}
    offered = institutions.found(store, sought)
    here = [known[slug] for slug in chosen if slug in known]
    beside = {
        "here": [(row, _without(chosen, row)) for row in here],
        "offered": _offered(offered, chosen) if sought or not chosen else (),
        "sought": sought,
        "is_full": len(chosen) >= MOST,
        "with": ",".join(chosen),
    }
    if len(chosen) < 2 and not request.GET.get("format"):
        return render(request, "index/choose.html", beside)
    return show_report(
        request,
        "comparison",
        given={"with": ",".join(chosen)},
        template="index/compare.html",
        beside=beside,
    )


def _chosen(request: HttpRequest) -> list[str]:
    named = ",".join(request.GET.getlist("with"))[:LONGEST].split(",")
    return list(dict.fromkeys(slug.strip() for slug in named if slug.strip()))


def _offered(rows: Sequence[Institution], chosen: list[str]) -> list[tuple[Institution, str]]:
    others = [row for row in rows if row.institution not in chosen]
    return [(row, ",".join([*chosen, row.institution])) for row in others[:OFFERED]]


def _without(chosen: list[str], row: Institution) -> str:
    return ",".join(slug for slug in chosen if slug != row.institution)
