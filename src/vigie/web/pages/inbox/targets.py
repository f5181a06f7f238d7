"""How soon is an answer owed where a service says nothing of its own?"""

from __future__ import annotations

from http import HTTPStatus

from django.contrib import messages
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render

from vigie.errors import ForbiddenError, InboxError
from vigie.inbox.changes import Hand
from vigie.inbox.channel import known_channels
from vigie.inbox.recounting import progress_seen
from vigie.inbox.visible import sight_of
from vigie.register.rights import CHANGE_INBOX, ENTER_INBOX
from vigie.web import inbox_hand
from vigie.web.sentences import said
from vigie.web.service_acts import Outcome, erase_target, put_target
from vigie.web.target_form import UNITS, URGENCY_WORDS, channel_words, lasting
from vigie.words import Words

route = "inbox/targets/"
permission = ENTER_INBOX
methods = ("GET", "HEAD", "POST")

ACTS = {"target": put_target, "target_off": erase_target}


def page(request: HttpRequest) -> HttpResponseBase:
    """Show the targets of every service, or change one."""
    hand = inbox_hand.hand(request)
    if request.method != "POST":
        return _shown(request, hand, Outcome())
    if request.POST.get("do", "") not in ACTS:
        raise Http404
    try:
        outcome = ACTS[request.POST["do"]](request, None, hand)
    except ForbiddenError:
        raise
    except InboxError as error:
        return _shown(request, hand, Outcome(), mistake=error.words)
    if outcome.words is None:
        return _shown(request, hand, outcome)
    messages.success(request, said(outcome.words))
    return redirect("inbox.targets")


def _shown(
    request: HttpRequest, hand: Hand, outcome: Outcome, *, mistake: Words | None = None
) -> HttpResponseBase:
    targets = [target for target in hand.terms.targets if target.service_id is None]
    rows = [
        {
            "target": target,
            "is_own": True,
            "channel": channel_words(target.channel),
            "urgency": URGENCY_WORDS[target.urgency],
            "response": lasting(target.response_minutes),
            "resolution": lasting(target.resolution_minutes) if target.resolution_minutes else None,
        }
        for target in sorted(targets, key=lambda one: (one.channel, one.urgency))
    ]
    shown = {
        "rows": rows,
        "form": request.POST.dict(),
        "units": {name: words for name, (_minutes, words) in UNITS.items()},
        "channels": {name: member.label for name, member in known_channels().items()},
        "urgencies": URGENCY_WORDS,
        "recounted": progress_seen(sight_of(hand.eyes)),
        "may_keep": hand.eyes.author.may(CHANGE_INBOX),
        "mistakes": dict(outcome.mistakes),
        "mistake": mistake,
    }
    is_wrong = bool(mistake or outcome.mistakes)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if is_wrong else HTTPStatus.OK
    response = render(request, "inbox/targets.html", shown, status=status)
    response["Cache-Control"] = "private, no-store"
    return response
