"""Who answers for this service, when, how soon? How would a question asked now count?"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from http import HTTPStatus

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.http import urlencode

from vigie.errors import ForbiddenError, InboxError
from vigie.inbox.changes import Hand
from vigie.inbox.delayed import delayed
from vigie.inbox.keeping import may_count, may_keep
from vigie.inbox.models import Hours
from vigie.inbox.owing import zone_of
from vigie.inbox.recounting import progress_of
from vigie.inbox.service_map import gaps_of
from vigie.inbox.unreached import unreached
from vigie.register.models import Service
from vigie.register.rights import CHANGE_INBOX, ENTER_INBOX
from vigie.web import inbox_hand, service_facts, service_sharing, service_targets, service_times
from vigie.web.inbox_services import named
from vigie.web.sentences import reader_language, said
from vigie.web.service_acts import ACTS, Outcome
from vigie.web.service_now import sentence_now
from vigie.words import Words, _

route = "inbox/services/<slug:name>/"
permission = ENTER_INBOX
methods = ("GET", "HEAD", "POST")
takes_files = True

VIEWS: Mapping[str, Words] = {
    "people": _("Who answers"),
    "facts": _("What it answers"),
    "hours": _("Hours"),
    "closures": _("Closed days"),
    "targets": _("Targets"),
    "topics": _("Topics"),
    "sharing": _("Who carries how much"),
}
"""The parts of the page, each with its address."""
Part = Callable[[HttpRequest, Service, Hand, Outcome], dict[str, object]]
PARTS: Mapping[str, Part] = {
    "people": service_facts.people,
    "facts": service_facts.facts,
    "hours": service_times.hours,
    "closures": service_times.closures,
    "targets": service_targets.targets,
    "topics": service_facts.topics,
    "sharing": service_sharing.sharing,
}
"""What each of them shows."""


def page(request: HttpRequest, name: str) -> HttpResponseBase:
    """Show one view of a service, or do what was asked."""
    service, hand = named(name), inbox_hand.hand(request)
    if request.method != "POST":
        return _shown(request, service, hand, view=_view(request))
    if request.POST.get("do", "") not in ACTS:
        raise Http404
    view, act = ACTS[request.POST["do"]]
    try:
        outcome = act(request, service, hand)
    except ForbiddenError:
        raise
    except InboxError as error:
        return _shown(request, service, hand, view=view, mistake=error.words)
    if outcome.words is None:
        return _shown(request, service, hand, view=view, outcome=outcome)
    messages.success(request, said(outcome.words))
    return _back(request, view)


def _back(request: HttpRequest, view: str) -> HttpResponseBase:
    return HttpResponseRedirect(f"{request.path}?{urlencode({'show': view})}")


def _view(request: HttpRequest) -> str:
    asked = request.GET.get("show", "")
    return asked if asked in VIEWS else "people"


def _shown(
    request: HttpRequest,
    service: Service,
    hand: Hand,
    *,
    view: str,
    outcome: Outcome | None = None,
    mistake: Words | None = None,
) -> HttpResponseBase:
    outcome = outcome or Outcome()
    seeing, language = hand.eyes, reader_language()
    mistakes = dict(outcome.mistakes)
    hours = Hours.objects.filter(service=service).first()
    shown: dict[str, object] = {
        "one": service,
        "view": view,
        "views": VIEWS,
        "recounted": progress_of(service),
        "sentence": sentence_now(service, hand.terms, language=language),
        "gaps": gaps_of(service, has_hours=hours is not None),
        "unreached": unreached([service]).get(service.pk, []),
        "delayed": delayed([service], now=hand.now).get(service.pk, []),
        "hours": hours,
        "zone": zone_of(service, hand.terms.zone).key,
        "may_keep": may_keep(seeing, service),
        "may_keep_all": seeing.author.may(CHANGE_INBOX),
        "may_read": may_count(seeing, service) or may_keep(seeing, service),
        "mistake": mistake,
        "mistakes": mistakes,
        **PARTS[view](request, service, hand, outcome),
        **outcome.shown,
    }
    is_wrong = bool(mistake or mistakes)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if is_wrong else HTTPStatus.OK
    response = render(request, "inbox/service.html", shown, status=status)
    response["Cache-Control"] = "private, no-store"
    return response
