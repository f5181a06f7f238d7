"""What does my class ask? Approve, hide, merge, answer, close, take home."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.http import urlencode

from vigie import flow
from vigie.culture import board, wall_changes
from vigie.culture import wall as rules
from vigie.culture.alike import alike
from vigie.culture.board import OnWall
from vigie.culture.gathering import gather
from vigie.culture.wall_models import HIDDEN, SHOWN, WAITING, Wall
from vigie.errors import CultureError, ForbiddenError
from vigie.register.rights import WRITE_CULTURE
from vigie.web.people import author_of
from vigie.web.sentences import said
from vigie.web.shown import FORMATS, show_fresh
from vigie.web.site import site_store
from vigie.web.wall_document import wall_document
from vigie.web.walls import addresses
from vigie.words import Words, _, plural

route = "culture/walls/<int:number>/"
permission = WRITE_CULTURE
methods = ("GET", "HEAD", "POST")

VIEWS: Mapping[str, Words] = {
    "waiting": _("To approve"),
    "shown": _("To answer"),
    "answered": _("Already answered"),
    "hidden": _("Hidden from the room"),
}
MOST_DIGITS = 9


@dataclass(frozen=True, kw_only=True)
class Line:
    """A question as its owner sees it."""

    asked: OnWall
    like: OnWall | None
    """An earlier one that may be the same."""
    onward: int | None
    """The question to go on with once this one leaves the list."""


def page(request: HttpRequest, number: int) -> HttpResponseBase:
    """Show the questions of a wall, as a page or a file, or do what was asked."""
    wall = Wall.objects.filter(pk=number).first()
    if wall is None:
        raise Http404
    now = datetime.now(UTC)
    if request.method == "POST":
        return _do(request, wall, now)
    if "seen" in request.GET:
        return _news(request, wall)
    if request.GET.get("format"):
        return show_fresh(request, wall_document(wall, board.board(wall), now=now))
    return _show(request, wall, now)


def _news(request: HttpRequest, wall: Wall) -> HttpResponse:
    """Say that there is more to see; the list stays as it is under the hands of its reader."""
    if request.GET["seen"] == str(wall.version):
        return HttpResponse(status=HTTPStatus.NO_CONTENT)
    return render(request, "culture/wall_news.html", {"wall": wall})


def _do(request: HttpRequest, wall: Wall, now: datetime) -> HttpResponse:
    what, view = request.POST.get("do", ""), request.POST.get("show", "")
    try:
        words, place = _done(request, wall, what, now)
    except ForbiddenError:
        raise
    except CultureError as error:
        return _show(request, wall, now, mistake=error.words)
    if words is not None:
        messages.success(request, said(words))
    response = redirect("culture.wall", number=wall.pk)
    asked = f"?{urlencode({'show': view})}" if view in VIEWS else ""
    response["Location"] += asked + (f"#question-{place}" if place else "")
    return response


def _done(
    request: HttpRequest, wall: Wall, what: str, now: datetime
) -> tuple[Words | None, int | None]:
    """Do what a button says; return what to say, and the question to come back to."""
    by = author_of(request)
    if what == "close":
        wall_changes.close(wall.pk, by=by, at=now)
        return _("The wall is closed. The room no longer sees it."), None
    if what == "erase":
        wall_changes.erase(wall.pk, by=by, at=now)
        return _("The questions are erased. How many there were is kept."), None
    if what == "gather":
        return _gathered(wall, now), None
    if what == "split":
        row = wall_changes.split(wall.pk, _number(request, "wording"), by=by, at=now)
        return None, row.number
    number = _number(request, "number")
    if what == "merge":
        into = _number(request, "into")
        wall_changes.merge(wall.pk, number, into=into, by=by, at=now)
        return _("Question {number} is merged into {into}.", number=number, into=into), into
    if what == "unmerge":
        wall_changes.unmerge(wall.pk, number, by=by, at=now)
        return _("What was merged into question {number} is apart again.", number=number), number
    if what not in wall_changes.ACTS:
        raise Http404
    wall_changes.ACTS[what](wall.pk, number, by=by, at=now)
    return None, _number(request, "onward") if request.POST.get("onward") else None


def _gathered(wall: Wall, now: datetime) -> Words:
    done = gather(wall, flow.tagged(site_store(), wall.tag, since=wall.opened_at), at=now)
    return plural(
        "{count} question came from posts with #{hashtag}.",
        "{count} questions came from posts with #{hashtag}.",
        count=done.taken,
        hashtag=wall.hashtag,
    )


def _number(request: HttpRequest, name: str) -> int:
    text = request.POST.get(name, "").strip()
    if not (text.isascii() and text.isdigit() and len(text) < MOST_DIGITS):
        raise CultureError(_("Write the number of a question."))
    return int(text)


def _show(
    request: HttpRequest, wall: Wall, now: datetime, *, mistake: Words | None = None
) -> HttpResponse:
    found = board.board(wall)
    parts = _parts(found)
    asked = request.POST.get("show") or request.GET.get("show", "")
    first = "waiting" if parts["waiting"] else "shown"
    view = asked if asked in VIEWS else first
    rows = parts[view]
    shown = {
        "wall": wall,
        "is_open": rules.is_open(wall, now),
        "counts": board.counts(found),
        "views": [(name, words, len(parts[name])) for name, words in VIEWS.items()],
        "view": view,
        "view_words": VIEWS[view],
        "lines": _lines(rows, found),
        "addresses": addresses(request, wall),
        "erased_on": rules.erased_on(wall, now),
        "closes_at": wall.closes_at.astimezone(settings.CONFIGURED.zone),
        "formats": FORMATS,
        "mistake": mistake,
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if mistake else HTTPStatus.OK
    response = render(request, "culture/wall.html", shown, status=status)
    response["Cache-Control"] = "private, no-store"
    return response


def _parts(found: Sequence[OnWall]) -> dict[str, list[OnWall]]:
    ranked = board.most_asked(found)
    return {
        "waiting": [one for one in ranked if one.state == WAITING],
        "shown": [one for one in ranked if one.state == SHOWN and not one.is_answered],
        "answered": [one for one in ranked if one.state == SHOWN and one.is_answered],
        "hidden": [one for one in ranked if one.state == HIDDEN],
    }


def _lines(rows: Sequence[OnWall], found: Sequence[OnWall]) -> list[Line]:
    places = alike([one.text for one in found])
    likes = {one.pk: found[at] for one, at in zip(found, places, strict=True) if at is not None}
    onward = [*(one.number for one in rows[1:]), None]
    return [
        Line(asked=one, like=likes.get(one.pk), onward=after)
        for one, after in zip(rows, onward, strict=False)
    ]
