"""Were you helped? One question to whoever wrote, opened by a link in their last message."""

from __future__ import annotations

from datetime import UTC, datetime
from http import HTTPStatus

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render

from vigie.errors import InboxError
from vigie.inbox import satisfaction
from vigie.inbox.models import Satisfaction
from vigie.web.page import PUBLIC
from vigie.words import Words

route = "satisfaction/<str:token>/"
permission = PUBLIC
methods = ("GET", "HEAD", "POST")
is_signed = True
"""The token in the address is checked in place of a form's."""


def page(request: HttpRequest, token: str) -> HttpResponseBase:
    """Ask, and keep the answer."""
    now = datetime.now(UTC)
    row = satisfaction.of_token(token)
    if row is None or not (satisfaction.may_say(row, now=now) or row.answered_at):
        return _private(render(request, "inbox/helped.html", {"is_over": True},
                               status=HTTPStatus.GONE))  # fmt: skip
    if request.method != "POST":
        return _shown(request, row, now)
    given = request.POST.get("score", "")
    try:
        satisfaction.keep(row, score=int(given) if given in "12345" and given else None,
                          words=request.POST.get("words", ""), now=now)  # fmt: skip
    except InboxError as error:
        return _shown(request, row, now, mistake=error.words)
    return _private(redirect("inbox.helped", token=token))


def _shown(
    request: HttpRequest, row: Satisfaction, now: datetime, *, mistake: Words | None = None
) -> HttpResponseBase:
    shown = {
        "row": row,
        "may_say": satisfaction.may_say(row, now=now),
        "scores": satisfaction.SCORES.items(),
        "typed": request.POST.get("words", row.words)[: satisfaction.MOST_LETTERS],
        "until": row.answered_at + satisfaction.MAY_CHANGE if row.answered_at else None,
        "longest": satisfaction.MOST_LETTERS,
        "mistake": mistake,
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if mistake else HTTPStatus.OK
    return _private(render(request, "inbox/helped.html", shown, status=status))


def _private(response: HttpResponseBase) -> HttpResponseBase:
    response["Cache-Control"] = "private, no-store"
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response
