"""A practice that was seen or told, noted by hand."""

from __future__ import annotations

from datetime import UTC, datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from vigie.culture import changes
from vigie.culture.practice import Draft, mistakes_of
from vigie.register.rights import WRITE_CULTURE
from vigie.web.people import author_of
from vigie.web.practice_form import drafted, show_form

route = "culture/practices/new/"
permission = WRITE_CULTURE
methods = ("GET", "HEAD", "POST")


def page(request: HttpRequest) -> HttpResponse:
    """Ask what was seen, then keep it."""
    if request.method != "POST":
        return show_form(request, Draft(title="", kind="teaching"))
    draft = drafted(request.POST.dict())
    mistakes = mistakes_of(draft, today=datetime.now(UTC).date())
    if mistakes:
        return show_form(request, draft, mistakes=mistakes)
    row = changes.note(draft, by=author_of(request))
    return redirect("culture.practice", number=row.pk)
