"""May your post be shown? The page its author answers, without an account."""

from __future__ import annotations

from datetime import UTC, datetime
from http import HTTPStatus

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from vigie.errors import ListeningError
from vigie.listening import consent_changes
from vigie.listening.consenting import LONGEST_CREDIT, may_answer, may_withdraw
from vigie.listening.models import Consent
from vigie.web.consents import asker, stands
from vigie.web.page import PUBLIC
from vigie.words import Words

route = "consent/<str:token>/"
permission = PUBLIC
methods = ("GET", "HEAD", "POST")


def page(request: HttpRequest, token: str) -> HttpResponse:
    """Say who asks for what, and keep the answer."""
    now = datetime.now(UTC)
    row = consent_changes.of_token(token, now=now)
    if row is None:
        return _private(render(request, "listening/consent_over.html", status=HTTPStatus.NOT_FOUND))
    if request.method == "POST":
        return _do(request, token, row, now)
    return _show(request, row, now)


def _do(request: HttpRequest, token: str, row: Consent, now: datetime) -> HttpResponse:
    what = request.POST.get("answer", "")
    credit = request.POST.get("credit", "") if request.POST.get("named") == "yes" else ""
    try:
        if what == "withdraw":
            consent_changes.withdraw(token, at=now)
        elif what in ("yes", "no"):
            consent_changes.answer(token, is_yes=what == "yes", credit=credit, at=now)
        else:
            raise Http404
    except ListeningError as error:
        row.refresh_from_db()
        return _show(request, row, now, mistake=error.words)
    return redirect("listening.consent", token=token)


def _show(
    request: HttpRequest, row: Consent, now: datetime, *, mistake: Words | None = None
) -> HttpResponse:
    (one,) = stands([row], now)
    shown = {
        "one": one,
        "asker": asker() or request.get_host(),
        "contact": settings.CONFIGURED.contact,
        "may_answer": may_answer(row, now),
        "may_withdraw": may_withdraw(row, now),
        "longest_credit": LONGEST_CREDIT,
        "typed": request.POST.get("credit", "")[:1000],
        "mistake": mistake,
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if mistake else HTTPStatus.OK
    return _private(render(request, "listening/consent.html", shown, status=status))


def _private(response: HttpResponse) -> HttpResponse:
    """Keep the secret of the address out of caches; other sites are told nothing of it anyway."""
    response["Cache-Control"] = "private, no-store"
    return response
