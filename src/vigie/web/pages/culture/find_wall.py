"""Where a room types the short code of its wall."""

from __future__ import annotations

from datetime import UTC, datetime
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from vigie.web.page import PUBLIC
from vigie.web.walls import wall_with_code

route = "wall/"
permission = PUBLIC


def page(request: HttpRequest) -> HttpResponse:
    """Ask for a code, or lead to the wall that has it."""
    typed = request.GET.get("code", "")[:80]
    if not typed.strip():
        return render(request, "culture/find_wall.html", {"typed": "", "is_unknown": False})
    wall = wall_with_code(typed, datetime.now(UTC))
    if wall is not None:
        return redirect("culture.public_wall", hashtag=wall.tag)
    shown = {"typed": typed, "is_unknown": True}
    return render(request, "culture/find_wall.html", shown, status=HTTPStatus.NOT_FOUND)
