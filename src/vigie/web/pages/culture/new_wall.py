"""Opens a wall for a class."""

from __future__ import annotations

from datetime import UTC, datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from vigie.culture import wall_changes
from vigie.culture.wall import mistakes_of
from vigie.errors import CultureError, ForbiddenError
from vigie.register.rights import WRITE_CULTURE
from vigie.web.people import author_of
from vigie.web.wall_form import blank, drafted, show_form

route = "culture/walls/new/"
permission = WRITE_CULTURE
methods = ("GET", "HEAD", "POST")


def page(request: HttpRequest) -> HttpResponse:
    """Ask for what the class is called, then open its wall."""
    now = datetime.now(UTC)
    if request.method != "POST":
        return show_form(request, blank(now))
    draft = drafted(request.POST.dict())
    mistakes = mistakes_of(draft, now=now)
    if mistakes:
        return show_form(request, draft, mistakes=mistakes)
    try:
        row = wall_changes.open_wall(draft, by=author_of(request), at=now)
    except ForbiddenError:
        raise
    except CultureError as error:
        return show_form(request, draft, mistakes={"hashtag": error.words})
    return redirect("culture.wall", number=row.pk)
