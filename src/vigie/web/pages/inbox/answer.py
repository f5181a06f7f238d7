"""A question, and the box for its answer: opened by a link in a mail, without an account."""

from __future__ import annotations

import uuid
from datetime import UTC, date, datetime
from http import HTTPStatus

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render

from vigie.errors import ForbiddenError, InboxError
from vigie.inbox import answering, entrusting
from vigie.inbox.channel import known_channels
from vigie.inbox.clock import elapsed
from vigie.inbox.delayed import arrived
from vigie.inbox.links import EXPIRED, OPEN, of_token, standing
from vigie.inbox.models import AnswerLink
from vigie.inbox.needing_time import (
    Time,
    ask_deputy,
    asked_until,
    courtesy,
    latest,
    may_ask_deputy,
    need_time,
)
from vigie.inbox.noticing import turned
from vigie.inbox.owing import Terms, is_owed, terms
from vigie.web.asking import moment_of
from vigie.web.enclosing import asked_for, files_of
from vigie.web.page import PUBLIC
from vigie.web.sentences import reader_language
from vigie.words import Words, _

route = "answer/<str:token>/"
permission = PUBLIC
methods = ("GET", "HEAD", "POST")
takes_files = True
is_signed = True
"""The token in the address is checked in place of a form's: so the page needs no cookie, and may
keep its address from every other site."""


def page(request: HttpRequest, token: str) -> HttpResponseBase:
    """Show the question that a link opens, and keep what is answered."""
    known = terms(zone=settings.CONFIGURED.zone, now=datetime.now(UTC))
    link = of_token(token)
    if link is None:
        return _private(render(request, "inbox/answer_over.html", {"state": "unknown"},
                               status=HTTPStatus.NOT_FOUND))  # fmt: skip
    arrived(link)
    if standing(link, now=known.now) != OPEN:
        return _over(request, link, known)
    if request.method != "POST":
        return _shown(request, token, link, known)
    return _done(request, token, link, known)


def _done(request: HttpRequest, token: str, link: AnswerLink, known: Terms) -> HttpResponseBase:
    try:
        if request.POST.get("do") in LATER:
            return LATER[request.POST["do"]](request, token, link, known)
        if request.POST.get("do") == "hand_back":
            answering.hand_back(link, request.POST.get("why", ""), terms=known)
            return _private(render(request, "inbox/answer_over.html", {"state": "handed_back"}))
        seen_at = moment_of(request.POST.get("seen", ""))
        if (turn := turned(link.conversation, seen_at=seen_at)) is not None and (
            "anyway" not in request.POST
        ):
            return _shown(request, token, link, known, mistake=turn, is_turned=True)
        words, key = request.POST.get("words", ""), request.POST.get("key", "")[:64]
        answering.answer(link, words, terms=known, key=key, files=files_of(request))
    except (InboxError, ForbiddenError) as error:
        return _shown(request, token, link, known, mistake=error.words)
    response = redirect("inbox.answer", token=token)
    response["Location"] += "#answered"
    return _private(response)


def _time(request: HttpRequest, token: str, link: AnswerLink, known: Terms) -> HttpResponseBase:
    """Note that the holder needs time."""
    day = parse_day(request.POST.get("day", ""))
    told = request.POST.get("courtesy", "") if request.POST.get("tell") else ""
    asked = Time(day=day, why=request.POST.get("why", ""), courtesy=told)
    need_time(link, asked, terms=known, language=reader_language())
    response = redirect("inbox.answer", token=token)
    response["Location"] += "#time"
    return _private(response)


def _deputy(request: HttpRequest, token: str, link: AnswerLink, known: Terms) -> HttpResponseBase:
    """Let the deputy answer instead."""
    ask_deputy(link, request.POST.get("why", ""), terms=known)
    shown = {"state": "deputy", "deputy": link.conversation.service.deputy}  # type: ignore[union-attr]  # it has one
    return _private(render(request, "inbox/answer_over.html", shown))


LATER = {"time": _time, "deputy": _deputy}
"""What else a button asks for than an answer."""


def _over(request: HttpRequest, link: AnswerLink, known: Terms) -> HttpResponseBase:
    """Say why a link no longer opens, and send a new one where it only ran out."""
    state = standing(link, now=known.now)
    if request.method == "POST" and state == EXPIRED:
        state = "sent" if entrusting.ask_again(link, now=known.now) else "sent_before"
    status = HTTPStatus.OK if state.startswith("sent") else HTTPStatus.GONE
    return _private(render(request, "inbox/answer_over.html", {"state": state}, status=status))


def _shown(
    request: HttpRequest,
    token: str,
    link: AnswerLink,
    known: Terms,
    *,
    mistake: Words | None = None,
    is_turned: bool = False,
) -> HttpResponseBase:
    if link.opened_at is None and request.method == "GET":
        AnswerLink.objects.filter(pk=link.pk).update(opened_at=known.now)
    one = link.conversation
    said = one.messages.exclude(direction="out", is_withdrawn=True)
    owed = is_owed(one)
    first_day = known.now.astimezone(known.hours_of(one.service_id).zone).date()
    shown = {
        "one": one,
        "link": link,
        "now": known.now,
        "owed": owed,
        "token": token,
        "messages_said": said.select_related("person").prefetch_related("attachments")
        .order_by("said_at", "id"),
        "left": elapsed(known.hours_of(one.service_id), known.now, one.due_at).total_seconds()
        if one.due_at else None,
        "is_answered": link.answered_at is not None,
        "needs_approval": one.box.needs_approval or (one.service and one.service.needs_approval),
        "longest": answering.longest(one),
        **asked_for(request, known_channels().get(one.answers_by.channel)),
        "delayed_day": asked_until(one, known),
        "has_time": one.delayed_until is not None and one.delayed_until > known.now,
        "may_need_time": owed and first_day <= latest(one, known),
        "deputy": one.service.deputy if one.service and may_ask_deputy(link) else None,
        "first_day": first_day,
        "last_day": latest(one, known),
        "courtesy": request.POST.get("courtesy") or courtesy(one, language=reader_language()),
        "is_time_wrong": bool(mistake) and request.POST.get("do") in LATER,
        "typed": request.POST.get("words", "") if mistake else "",
        "form_key": uuid.uuid4().hex,
        "mistake": mistake,
        "is_turned": is_turned,
        "seen": known.now.isoformat(),
        "may_hand_back": link.answered_at is None,
    }  # fmt: skip
    status = HTTPStatus.UNPROCESSABLE_ENTITY if mistake else HTTPStatus.OK
    return _private(render(request, "inbox/answer.html", shown, status=status))


def parse_day(given: str) -> date:
    """Read a day as a form gives it."""
    try:
        return date.fromisoformat(given)
    except ValueError as error:
        raise InboxError(
            _("“{given}” is not a day. Write it as 2026-12-31.", given=given[:20])
        ) from error


def _private(response: HttpResponseBase) -> HttpResponseBase:
    """Keep the secret of the address to whoever opened it."""
    response["Cache-Control"] = "private, no-store"
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response
