"""What the room sees: the questions most people ask, large enough for the back row."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from http import HTTPStatus

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from vigie.culture import board
from vigie.culture.wall_models import Wall
from vigie.web.page import PUBLIC
from vigie.web.walls import addresses, is_open, wall_of
from vigie.words import Words, _

route = "wall/<str:hashtag>/projected/"
permission = PUBLIC

MOST = 6
"""Questions shown: more could not be read from the back row."""
LOOKS: Mapping[str, Words] = {
    "": _("As the machine"),
    "light": _("Light look"),
    "dark": _("Dark look"),
}


def page(request: HttpRequest, hashtag: str) -> HttpResponse:
    """Show the wall, or what changed of it since it was last asked for."""
    wall = wall_of(hashtag)
    if wall is None:
        raise Http404
    seen = request.GET.get("seen")
    if seen == str(wall.version):
        return HttpResponse(status=HTTPStatus.NO_CONTENT)
    look, shown = request.GET.get("look", ""), _shown(wall, datetime.now(UTC))
    if request.GET.get("heard") == shown["mark"]:
        return HttpResponse(status=HTTPStatus.NO_CONTENT)
    content = {
        **shown,
        "addresses": addresses(request, wall),
        "look": look if look in LOOKS else "",
        "looks": LOOKS,
        "is_still": "still" in request.GET,
    }
    response = render(request, _template(request), content)
    response["Cache-Control"] = "private, no-store"
    return response


def _template(request: HttpRequest) -> str:
    """Return what is asked for: what is seen, what is said aloud, or the whole page."""
    if not request.headers.get("HX-Request"):
        return "culture/projected.html"
    piece = "said" if "heard" in request.GET else "questions"
    return f"culture/projected_{piece}.html"


def _shown(wall: Wall, now: datetime) -> dict[str, object]:
    open_now = is_open(wall, now)
    found = board.shown(board.board(wall)) if open_now else []
    ranked = [one for one in board.most_asked(found) if not one.is_answered]
    return {
        "wall": wall,
        "is_open": open_now,
        "rows": ranked[:MOST],
        "more": max(len(ranked) - MOST, 0),
        "answered": sum(one.is_answered for one in found),
        "count": len(found),
        # Said aloud only when how many there are has changed.
        "mark": f"{len(found)}-{len(ranked)}-{open_now:d}",
    }
