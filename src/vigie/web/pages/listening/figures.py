"""Which persons may be listened for, and why? The register of public figures."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from http import HTTPStatus

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from vigie.errors import ForbiddenError, ListeningError
from vigie.listening import changes
from vigie.listening.models import PublicFigure
from vigie.register.rights import PERMIT_LISTENING, READ_LISTENING
from vigie.web.people import author_of, may
from vigie.web.sentences import said
from vigie.words import Words, _

route = "listening/figures/"
permission = READ_LISTENING
methods = ("GET", "HEAD", "POST")

A_YEAR = timedelta(days=365)
DONE: Mapping[str, Words] = {
    "permit": _("The register holds this person now, for everyone to see."),
    "erase": _("The register holds this person no longer: queries on the name are refused."),
}


def page(request: HttpRequest) -> HttpResponse:
    """List the public figures, add one, or take one out."""
    if request.method != "POST":
        return _show(request)
    what = request.POST.get("do", "")
    if what not in DONE:
        raise Http404
    try:
        _done(request, what)
    except ForbiddenError:
        raise
    except ListeningError as error:
        return _show(request, mistake=error.words)
    messages.success(request, said(DONE[what]))
    return redirect("listening.figures")


def _done(request: HttpRequest, what: str) -> None:
    given, by = request.POST, author_of(request)
    if what == "erase":
        changes.erase_figure(given.get("name", ""), by=by)
        changes.switch_off_refused()
        return
    changes.permit_figure(
        given.get("name", ""),
        role=given.get("role", ""),
        reason=given.get("reason", ""),
        until=_day(given.get("until", "")),
        handles=re.split(r"[\s,;]+", given.get("handles", "")),
        by=by,
    )


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ListeningError(
            _("Say until which day: a role ends, and the reason with it.")
        ) from error


def _show(request: HttpRequest, *, mistake: Words | None = None) -> HttpResponse:
    today = datetime.now(UTC).astimezone(settings.CONFIGURED.zone).date()
    form = request.POST.dict() if mistake else {"until": (today + A_YEAR).isoformat()}
    shown = {
        "figures": list(PublicFigure.objects.all()),
        "today": today,
        "form": form,
        "may_permit": may(request, PERMIT_LISTENING),
        "mistake": mistake,
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if mistake else HTTPStatus.OK
    return render(request, "listening/figures.html", shown, status=status)
