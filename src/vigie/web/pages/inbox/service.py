"""Who answers for this service, when, how soon? How would a question asked now count?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from http import HTTPStatus

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.http import urlencode

from vigie.errors import ForbiddenError, InboxError
from vigie.inbox import sharing_changes
from vigie.inbox.carrying import Load, can_answer, knows_in_all, loads_of
from vigie.inbox.changes import Hand
from vigie.inbox.channel import known_channels
from vigie.inbox.clock import is_open
from vigie.inbox.delayed import delayed
from vigie.inbox.explaining import DueAt
from vigie.inbox.keeping import may_count, may_keep
from vigie.inbox.models import Hours, Target
from vigie.inbox.owing import zone_of
from vigie.inbox.recounting import progress_of
from vigie.inbox.service_map import gaps_of
from vigie.inbox.unreached import unreached
from vigie.listening import label_names, tables
from vigie.listening.calendar import calendar
from vigie.register.models import Person, Service
from vigie.register.rights import CHANGE_INBOX, CHANGE_PEOPLE, ENTER_INBOX, READ_LISTENING
from vigie.web import closure_form, hours_form, inbox_hand, service_form
from vigie.web.inbox_services import named
from vigie.web.people import may
from vigie.web.sentences import reader_language, said
from vigie.web.service_acts import ACTS, Outcome
from vigie.web.service_now import (
    closures_ahead,
    holidays_ahead,
    holidays_of,
    now_of,
    sentence_now,
)
from vigie.web.target_form import UNITS, URGENCY_WORDS, channel_words, lasting
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
YEAR = timedelta(days=365)


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


def _people(
    request: HttpRequest, service: Service, hand: Hand, _outcome: Outcome
) -> dict[str, object]:
    roles = (
        ("correspondent", _("Correspondent"), service.correspondent),
        ("deputy", _("Deputy"), service.deputy),
    )
    rows = [
        {
            "name": name,
            "label": label,
            "person": person,
            "new_name": request.POST.get(f"{name}-name", ""),
            "new_mail": request.POST.get(f"{name}-mail", ""),
            "may_give_mail": person is not None
            and not person.mail
            and (person == hand.person or hand.eyes.author.may(CHANGE_PEOPLE)),
        }
        for name, label, person in roles
    ]
    return {"roles": rows, "people": Person.objects.select_related("user")}


def _facts(
    request: HttpRequest, service: Service, _hand: Hand, _outcome: Outcome
) -> dict[str, object]:
    form = (
        request.POST.dict() if request.POST.get("do") == "facts" else service_form.filled(service)
    )
    return {"form": form, "offices": label_names.SERVICES}


def _hours(
    _request: HttpRequest, service: Service, hand: Hand, outcome: Outcome
) -> dict[str, object]:
    kept = Hours.objects.filter(service=service).first()
    entered = outcome.shown.get("hours_entered")
    given = entered if isinstance(entered, hours_form.Entered) else None
    language = reader_language()
    return {
        "rows": hours_form.rows(kept, language, given),
        "holidays": holidays_ahead(service, now=hand.now, language=language),
        "keeps_holidays": kept.keeps_holidays if kept else True,
    }


def _closures(
    request: HttpRequest, service: Service, hand: Hand, _outcome: Outcome
) -> dict[str, object]:
    zone, language = zone_of(service, hand.terms.zone), reader_language()
    found: dict[str, object] = {
        "closures": closures_ahead(service, now=hand.now, zone=zone, language=language),
        "form": request.POST.dict(),
        "may_listen": may(request, READ_LISTENING),
        "offer_zone": zone,
    }
    if request.GET.get("calendar") == "listening" and may(request, READ_LISTENING):
        found["offer"] = _academic(service, hand)
    return found


def _academic(service: Service, hand: Hand) -> closure_form.Offer:
    """Offer the breaks of the academic calendar that listening keeps; holidays count already."""
    zone, language = zone_of(service, hand.terms.zone), reader_language()
    today = hand.now.astimezone(zone).date()
    known = calendar(
        tables.events(), first=today, last=today + YEAR, zone=settings.CONFIGURED.timezone
    )
    holidays = holidays_of(service, now=hand.now, language=language)
    events = [
        closure_form.whole_days(
            event.name, event.title.get(language) or event.name, event.first_day, event.last_day,
            zone=zone,
        )
        for event in known
        if event.kind == "holidays"
        and event.institution in (None, service.institution.slug)
        and not (event.first_day == event.last_day and event.first_day in holidays)
    ]  # fmt: skip
    return closure_form.offer(closure_form.ACADEMIC, events, now=hand.now, is_ticked=False)


def _targets(
    request: HttpRequest, service: Service, hand: Hand, _outcome: Outcome
) -> dict[str, object]:
    own = [target for target in hand.terms.targets if target.service_id in (None, service.pk)]
    rows = [
        {
            "target": target,
            "is_own": target.service_id == service.pk,
            "channel": channel_words(target.channel),
            "urgency": URGENCY_WORDS[target.urgency],
            "response": lasting(target.response_minutes),
            "resolution": lasting(target.resolution_minutes) if target.resolution_minutes else None,
            "due": _due(service, hand, target),
        }
        for target in sorted(own, key=_order)
    ]
    return {
        "rows": rows,
        "form": request.POST.dict(),
        "units": {name: words for name, (_minutes, words) in UNITS.items()},
        "channels": {name: member.label for name, member in known_channels().items()},
        "urgencies": URGENCY_WORDS,
    }


def _order(target: Target) -> tuple[bool, str, str]:
    return target.service_id is None, target.channel, target.urgency


def _due(service: Service, hand: Hand, target: Target) -> str:
    found = now_of(service, hand.terms, language=reader_language(), target=target)
    return DueAt(found).spoken(reader_language()) if found else ""


def _topics(
    request: HttpRequest, service: Service, _hand: Hand, _outcome: Outcome
) -> dict[str, object]:
    return {"topics": service.topics.all(), "form": request.POST.dict()}


@dataclass(frozen=True, kw_only=True)
class Carried:
    """A line of who carries how much."""

    load: Load
    knows_in_all: bool
    """Whether whoever looks may know how much they carry over all services."""
    is_own: bool
    mistake: Words | None = None
    mistake_in_all: Words | None = None


def _sharing(
    request: HttpRequest, service: Service, hand: Hand, outcome: Outcome
) -> dict[str, object]:
    carried = loads_of(service)
    told = knows_in_all(hand.eyes, {load.capacity.person_id for load in carried})
    known = {load.capacity.person_id for load in carried}
    people = Person.objects.exclude(pk__in=known).select_related("user")
    if not may_keep(hand.eyes, service):
        people = people.none()
    return {
        "loads": [
            Carried(
                load=load,
                knows_in_all=load.capacity.person_id in told,
                is_own=load.capacity.person == hand.person,
                mistake=outcome.mistakes.get(f"most-{load.capacity.person_id}"),
                mistake_in_all=outcome.mistakes.get(f"in-all-{load.capacity.person_id}"),
            )
            for load in carried
        ],
        "queue": sharing_changes.waiting(service),
        "others": [one for one in people if can_answer(one, service)],
        "is_open_now": is_open(hand.terms.hours_of(service.pk), hand.now),
        "most_carried": sharing_changes.MOST,
        "form": request.POST.dict(),
    }


PARTS = {
    "people": _people,
    "facts": _facts,
    "hours": _hours,
    "closures": _closures,
    "targets": _targets,
    "topics": _topics,
    "sharing": _sharing,
}
"""What each view shows."""
