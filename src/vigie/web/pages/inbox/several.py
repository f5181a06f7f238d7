"""Many conversations are closed, put aside, sent on or unwanted at once, after one question."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse

from vigie.errors import ForbiddenError, InboxError
from vigie.inbox import changes, unwanted
from vigie.inbox.changes import Hand
from vigie.inbox.models import Conversation
from vigie.inbox.visible import visible
from vigie.register.models import Service
from vigie.register.rights import ENTER_INBOX
from vigie.web import inbox_hand
from vigie.web.conversation_acts import until
from vigie.web.sentences import said
from vigie.words import Words, _, plural

route = "inbox/several/"
permission = ENTER_INBOX
methods = ("POST",)

MOST = 50
"""As many as a page of the queue shows."""


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What is to be done with each conversation, in words and in deed."""

    question: Words
    act: Callable[[Conversation], None]
    after: Words | None = None
    """What it means; none: the question says it all."""


def page(request: HttpRequest) -> HttpResponseBase:
    """Ask once what is to happen with the chosen conversations, then do it."""
    hand = inbox_hand.hand(request)
    rows = _chosen(request, hand)
    try:
        asked = _asked(request, hand, len(rows))
    except InboxError as error:
        messages.error(request, said(error.words))
        return _back(request)
    if not request.POST.get("sure"):
        return _question(request, rows, asked)
    _do(request, rows, asked)
    return _back(request)


def _chosen(request: HttpRequest, hand: Hand) -> list[Conversation]:
    given = [one for one in request.POST.getlist("chosen") if one.isdecimal() and len(one) < 19]
    rows = visible(hand.eyes).filter(pk__in=[int(one) for one in given[:MOST]])
    return list(rows.select_related("box", "service", "contact").order_by("pk"))


def _asked(request: HttpRequest, hand: Hand, count: int) -> Asked:
    if not count:
        raise InboxError(_("Choose conversations first: nothing was changed."))
    known = DEEDS.get(request.POST.get("do", ""))
    if known is None:
        raise InboxError(_("Nothing was asked for. Choose a button."))
    return known(request, hand, count)


def _close(_request: HttpRequest, hand: Hand, count: int) -> Asked:
    return Asked(
        question=plural("Close {count} conversation?", "Close {count} conversations?", count=count),
        act=lambda row: changes.close(row, hand=hand),
    )


def _snooze(request: HttpRequest, hand: Hand, count: int) -> Asked:
    moment = until(request, hand.now)
    return Asked(
        question=plural("Put {count} conversation aside until {moment}?",
                        "Put {count} conversations aside until {moment}?",
                        count=count, moment=moment.astimezone(settings.CONFIGURED.zone)),
        act=lambda row: changes.snooze(row, moment, hand=hand),
    )  # fmt: skip


def _assign(request: HttpRequest, hand: Hand, count: int) -> Asked:
    service = _service(request)
    return Asked(
        question=plural("Send {count} conversation to {service}?",
                        "Send {count} conversations to {service}?",
                        count=count, service=str(service)),
        act=lambda row: changes.assign(row, service=service, hand=hand),
    )  # fmt: skip


def _unwanted(_request: HttpRequest, hand: Hand, count: int) -> Asked:
    return Asked(
        question=plural("Put {count} conversation aside as unwanted?",
                        "Put {count} conversations aside as unwanted?", count=count),
        act=lambda row: unwanted.mark(row, hand=hand),
        after=_("No answer is owed to them, no figure counts them, and nothing is learnt from "
                "them. They stay under “unwanted”, from where they can be brought back."),
    )  # fmt: skip


def _wanted(_request: HttpRequest, hand: Hand, count: int) -> Asked:
    return Asked(
        question=plural("Bring {count} conversation back?", "Bring {count} conversations back?",
                        count=count),
        act=lambda row: unwanted.take_back(row, hand=hand),
    )  # fmt: skip


DEEDS: Mapping[str, Callable[[HttpRequest, Hand, int], Asked]] = {
    "close": _close,
    "snooze": _snooze,
    "assign": _assign,
    "unwanted": _unwanted,
    "wanted": _wanted,
}
"""What a button asks for."""


def _service(request: HttpRequest) -> Service:
    given = request.POST.get("service", "")
    row = Service.objects.filter(pk=int(given[:18])).first() if given.isdecimal() else None
    if row is None:
        raise InboxError(_("Choose a service."))
    return row


def _question(request: HttpRequest, rows: list[Conversation], asked: Asked) -> HttpResponseBase:
    names = ("do", "service", "until", "day", "back")
    shown = {
        "rows": rows,
        "question": asked.question,
        "after": asked.after,
        "given": [(name, request.POST.get(name, "")) for name in names],
        "back": request.POST.get("back", ""),
    }
    response = render(request, "inbox/several.html", shown)
    response["Cache-Control"] = "private, no-store"
    return response


def _do(request: HttpRequest, rows: list[Conversation], asked: Asked) -> None:
    done, refused = 0, []
    for row in rows:
        try:
            asked.act(row)
        except (InboxError, ForbiddenError) as error:
            refused.append(error.words)
        else:
            done += 1
    changed = plural(
        "{count} conversation was changed.", "{count} conversations were changed.", count=done
    )
    messages.success(request, said(changed))
    if refused:
        left = plural("{count} stays as it was: {reason}", "{count} stay as they were: {reason}",
                      count=len(refused), reason=refused[0])  # fmt: skip
        messages.error(request, said(left))


def _back(request: HttpRequest) -> HttpResponseBase:
    query = request.POST.get("back", "")[:500]
    return redirect(f"{reverse('inbox.queue')}?{query}" if query else "inbox.queue")
