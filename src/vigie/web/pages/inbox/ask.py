"""Ask an institution a question, without an account."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http import HTTPStatus

from django.conf import settings
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode

from vigie.inbox import asking
from vigie.inbox.asking import LONGEST, LONGEST_NAME, Asked, mistakes_of, reference_of, written
from vigie.inbox.intake import put
from vigie.inbox.models import Box
from vigie.inbox.owing import terms
from vigie.register.models import Service
from vigie.web import ask_patience
from vigie.web.page import PUBLIC
from vigie.web.sentences import reader_language
from vigie.words import Words, _

route = "ask/<slug:name>/"
permission = PUBLIC
methods = ("GET", "HEAD", "POST")

TRAP = "confirm_address"
"""A field nobody sees: only a program fills it in."""
LEAST_SECONDS = 3
"""Nobody reads the form and writes a question in less."""
LONGEST_SECONDS = 24 * 3600
SALT = "vigie.ask"
TRAPPED = _("The last field must stay empty: it is there for programs. Empty it, then send again.")
HASTY = _("That was very quick. Read your question once more, then send it.")
STALE = _("This page was open for a long time. Your words are still here: send them again.")
TOO_MANY = _("Many questions come from this network just now. Wait a while, then send yours again.")
NO_ROOM = _("Your question could not be kept just now. It is still here: send it again later.")

_log = logging.getLogger("vigie.inbox")


@dataclass(frozen=True, kw_only=True)
class Form:
    """The form as it is shown."""

    asked: Asked
    token: str
    mistakes: Mapping[str, Words] = field(default_factory=dict)
    problem: Words | None = None
    status: HTTPStatus = HTTPStatus.OK


def page(request: HttpRequest, name: str) -> HttpResponse:
    """Show the form, take a question, or say thank you."""
    box = Box.objects.select_related("institution").filter(name=name, channel="form").first()
    if box is None or box.state == "paused":
        raise Http404
    now = datetime.now(UTC)
    if request.method == "POST":
        return _take(request, box, now)
    sent = _opened(request.GET.get("sent", ""), longest=None)
    if sent is not None:
        return _thanked(request, box, sent, now)
    blank = Asked(language=reader_language(), service=request.GET.get("service", "")[:80])
    return _shown(request, box, Form(asked=blank, token=_token(now)))


def _token(now: datetime) -> str:
    """Return what the form carries: its own key, and when it was made."""
    return signing.dumps({"key": uuid.uuid4().hex, "at": now.timestamp()}, salt=SALT)


def _opened(token: str, *, longest: int | None) -> dict[str, str | float] | None:
    try:
        found = signing.loads(token, salt=SALT, max_age=longest)
    except signing.BadSignature:
        return None
    return found if isinstance(found, dict) else None


def _take(request: HttpRequest, box: Box, now: datetime) -> HttpResponse:
    """Keep a question; say so only once it is on the disk."""
    asked = asking.typed(request.POST.dict(), language=reader_language())
    known = _opened(request.POST.get("token", ""), longest=LONGEST_SECONDS)
    token = request.POST.get("token", "") if known else _token(now)
    form = Form(asked=asked, token=token, mistakes=mistakes_of(asked, _services(box)))
    problem, status = _problem(request, box, form, known, now)
    if problem is not None or form.mistakes:
        return _shown(
            request, box,
            Form(asked=asked, token=token, mistakes=form.mistakes, problem=problem, status=status),
        )  # fmt: skip
    key = str((known or {})["key"])
    try:
        put(box, written(asked, key=key, at=now), home=settings.CONFIGURED.home, now=now)
    except OSError as error:
        _log.error("A question could not be kept: %s", error)
        status = HTTPStatus.SERVICE_UNAVAILABLE
        return _shown(request, box, Form(asked=asked, token=token, problem=NO_ROOM, status=status))
    sent = signing.dumps({"key": key, "service": asked.service}, salt=SALT)
    address = reverse("inbox.ask", kwargs={"name": box.name})
    return redirect(f"{address}?{urlencode({'sent': sent})}")


def _problem(
    request: HttpRequest,
    box: Box,
    form: Form,
    known: Mapping[str, str | float] | None,
    now: datetime,
) -> tuple[Words | None, HTTPStatus]:
    """Return what speaks against taking it that is not in a field a person fills in."""
    wrong = HTTPStatus.UNPROCESSABLE_ENTITY
    if request.POST.get(TRAP):
        return TRAPPED, wrong
    if known is None or "at" not in known:
        return STALE, wrong
    if form.mistakes:
        return None, wrong
    if now.timestamp() - float(known["at"]) < LEAST_SECONDS:
        return HASTY, wrong
    if ask_patience.is_spent(request, box.name):
        return TOO_MANY, HTTPStatus.TOO_MANY_REQUESTS
    return None, wrong


def _services(box: Box) -> dict[str, Service]:
    """Return the services that may be chosen, by slug."""
    rows = Service.objects.filter(institution=box.institution, is_active=True).exclude(slug="")
    return {row.slug: row for row in sorted(rows, key=_public_name)}


def _public_name(service: Service) -> str:
    return service.public_name or service.name


def _shown(request: HttpRequest, box: Box, form: Form) -> HttpResponse:
    shown = {
        "box": box,
        "form": form,
        "services": [
            (slug, _public_name(row), row.answers) for slug, row in _services(box).items()
        ],
        "trap": TRAP,
        "longest": LONGEST,
        "longest_name": LONGEST_NAME,
    }
    return _private(render(request, "inbox/ask.html", shown, status=form.status))


def _thanked(
    request: HttpRequest, box: Box, sent: Mapping[str, str | float], now: datetime
) -> HttpResponse:
    service = _services(box).get(str(sent.get("service", "")))
    known = terms(zone=settings.CONFIGURED.zone, now=now)
    target = known.narrowest(
        service=service.pk if service else None, channel=box.channel, urgency="normal"
    )
    shown = {
        "box": box,
        "reference": reference_of(str(sent.get("key", ""))),
        "service": _public_name(service) if service else "",
        "hours": -(-target.response_minutes // 60) if target else None,
    }
    return _private(render(request, "inbox/asked.html", shown))


def _private(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "private, no-store"
    return response
