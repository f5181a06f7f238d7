"""Which service answers what, who is missing, who has too much, and what does nobody own?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http import HTTPStatus

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render

from vigie.errors import ForbiddenError, InboxError
from vigie.inbox.service_changes import add_service
from vigie.inbox.service_map import Asked, Standing, flows, standings, unowned
from vigie.inbox.visible import Eyes
from vigie.register.models import Institution, Service
from vigie.register.rights import CHANGE_INBOX, ENTER_INBOX
from vigie.web import inbox_hand
from vigie.web.flow_picture import Picture, drawn
from vigie.web.inbox_services import addresses, own_address
from vigie.web.sentences import said
from vigie.words import Words, _, plural

route = "inbox/services/"
permission = ENTER_INBOX
methods = ("GET", "HEAD", "POST")

LATE_DAYS = timedelta(days=30)
"""How far back the picture of what went where looks."""


@dataclass(frozen=True, kw_only=True)
class Group:
    """The services of one institution."""

    institution: Institution
    rows: Sequence[tuple[Standing, str]]
    """Each with the address of its page."""
    picture: Picture | None


def page(request: HttpRequest) -> HttpResponseBase:
    """Show the map of services, or add one."""
    if request.method != "POST":
        return _shown(request)
    hand = inbox_hand.hand(request)
    institution = Institution.objects.filter(slug=request.POST.get("institution", "")).first()
    try:
        if institution is None:
            raise InboxError(_("Choose the institution the service belongs to."))
        made = add_service(institution, request.POST.get("name", ""), hand=hand)
    except ForbiddenError:
        raise
    except InboxError as error:
        return _shown(request, mistake=error.words)
    messages.success(request, said(_("{service} is there. Say who answers.", service=made.name)))
    return redirect(own_address(made))


def _shown(request: HttpRequest, *, mistake: Words | None = None) -> HttpResponse:
    seeing, now = inbox_hand.eyes(request), datetime.now(UTC)
    found, nobodys = standings(seeing, now=now), unowned(seeing, now=now)
    shown = {
        "title": _title(found, nobodys),
        "groups": _groups(found, seeing, now),
        "nobodys": nobodys,
        "open": sum(one.asked.open for one in found if one.asked) + nobodys.open,
        "late": sum(one.asked.late for one in found if one.asked) + nobodys.late,
        "lacking": sum(bool(one.gaps) for one in found),
        "overloaded": sum(one.is_overloaded for one in found),
        "resting": _resting(),
        "institutions": Institution.objects.filter(
            merged_into__isnull=True, closed_on__isnull=True
        ),
        "entered": _entered(request, found),
        "may_add": seeing.author.may(CHANGE_INBOX),
        "mistake": mistake,
        "now": now,
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if mistake else HTTPStatus.OK
    response = render(request, "inbox/services.html", shown, status=status)
    response["Cache-Control"] = "private, no-store"
    return response


def _entered(request: HttpRequest, found: Sequence[Standing]) -> Mapping[str, str]:
    """Return what was entered; at first, the institution that has services already."""
    if request.method == "POST":
        return request.POST.dict()
    return {"institution": found[0].service.institution.slug} if found else {}


def _title(found: Sequence[Standing], nobodys: Asked) -> Words:
    if not found:
        return _("Which services answer?")
    unanswered = sum("correspondent" in one.gaps for one in found)
    if unanswered:
        return plural(
            "In {count} of {all} services, nobody answers",
            "In {count} of {all} services, nobody answers",
            count=unanswered,
            all=len(found),
        )
    unreached = sum(bool(one.unreached) for one in found)
    if unreached:
        return plural(
            "In {count} of {all} services, mails do not reach who answers",
            "In {count} of {all} services, mails do not reach who answers",
            count=unreached,
            all=len(found),
        )
    if nobodys.open:
        return plural(
            "{count} question is nobody’s", "{count} questions are nobody’s", count=nobodys.open
        )
    overloaded = sum(one.is_overloaded for one in found)
    if overloaded:
        return plural(
            "{count} service has more than it can carry",
            "{count} services have more than they can carry",
            count=overloaded,
        )
    overburdened = {load.capacity.person_id for one in found for load in one.overburdened}
    if overburdened:
        return plural(
            "{count} person carries more than they can",
            "{count} people carry more than they can",
            count=len(overburdened),
        )
    late = sum(one.asked.late for one in found if one.asked)
    if late:
        return plural("{count} question is late", "{count} questions are late", count=late)
    return _("Every service has someone who answers")


def _groups(found: Sequence[Standing], seeing: Eyes, now: datetime) -> list[Group]:
    pages = addresses([one.service for one in found])
    groups = []
    for institution in dict.fromkeys(one.service.institution for one in found):
        own = [one for one in found if one.service.institution == institution]
        went = flows(seeing, now=now, institution=institution, last=LATE_DAYS)
        names = {one.service.pk: str(one.service) for one in own}
        groups.append(
            Group(
                institution=institution,
                rows=[(one, pages[one.service.pk]) for one in own],
                picture=drawn(went, names, nobody=said(_("nobody yet"))),
            )
        )
    return groups


def _resting() -> list[tuple[Service, str]]:
    rows = list(Service.objects.filter(is_active=False).order_by("name"))
    return [(row, own_address(row)) for row in rows]
