"""What would an institution like ours listen to first? Queries made from the register."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from vigie.errors import ListeningError, QueryError
from vigie.listening import changes
from vigie.listening.kept import KeptQuery
from vigie.listening.models import Query
from vigie.listening.packs import Suggested, starter_pack
from vigie.model import Institution
from vigie.register.rights import WRITE_LISTENING
from vigie.register.rows import read_register
from vigie.web.people import author_of
from vigie.web.sentences import said
from vigie.words import Words, _, plural

route = "listening/queries/starter/"
permission = WRITE_LISTENING
methods = ("GET", "HEAD", "POST")

OFFERED = 300
"""Institutions to choose from; more are found by name in the register."""


@dataclass(frozen=True, kw_only=True)
class Offer:
    """A query that may be kept."""

    suggested: Suggested
    is_kept: bool
    """One with these words is listened to already."""


def page(request: HttpRequest) -> HttpResponse:
    """Offer the first queries of an institution, or keep those that were chosen."""
    register = read_register()
    slug = request.POST.get("institution") or request.GET.get("institution", "")
    slug = slug or settings.CONFIGURED.institution
    institution = next((one for one in register.institutions if one.institution == slug), None)
    if institution is None:
        return _shown(request, register.institutions, None, [])
    own = [one for one in register.accounts if one.institution == slug and not one.closed_on]
    pack = starter_pack(institution, own, register.institutions)
    if request.method != "POST":
        return _shown(request, register.institutions, institution, pack)
    chosen = [one for one in pack if one.name in request.POST.getlist("chosen")]
    mistake = _kept(request, chosen)
    if mistake is not None:
        return _shown(request, register.institutions, institution, pack, mistake=mistake)
    messages.success(request, said(_done(len(chosen))))
    return redirect("listening.queries")


def _kept(request: HttpRequest, chosen: Sequence[Suggested]) -> Words | None:
    if not chosen:
        return _("Tick the queries that shall be kept.")
    queries = [
        KeptQuery(
            name="",
            title=said(one.title),
            words=one.words,
            purpose=said(one.purpose),
            office=request.POST.get("office", ""),
        )
        for one in chosen
    ]
    try:
        changes.keep_new(queries, by=author_of(request))
    except (ListeningError, QueryError) as error:
        return error.words
    return None


def _done(count: int) -> Words:
    return plural(
        "{count} query is kept, and stands in the public register.",
        "{count} queries are kept, and stand in the public register.",
        count=count,
    )


def _shown(
    request: HttpRequest,
    institutions: Sequence[Institution],
    institution: Institution | None,
    pack: Sequence[Suggested],
    *,
    mistake: Words | None = None,
) -> HttpResponse:
    kept = set(Query.objects.values_list("words", flat=True))
    shown = {
        "institution": institution,
        "institutions": sorted(institutions, key=lambda one: one.name)[:OFFERED],
        "offers": [Offer(suggested=one, is_kept=one.words in kept) for one in pack],
        "office": request.POST.get("office", ""),
        "mistake": mistake,
    }
    return render(request, "listening/starter.html", shown, status=422 if mistake else 200)
