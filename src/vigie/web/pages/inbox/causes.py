"""Why do people write to this service, and what do they ask again and again?"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import numpy as np
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render

from vigie.errors import InboxError
from vigie.inbox.cause_document import PERIODS, document
from vigie.inbox.causes import Cause, causes, year_begun
from vigie.inbox.models import Conversation
from vigie.inbox.teaching import draft_entry, may_teach
from vigie.inbox.visible import Eyes, visible, without_called
from vigie.present.document import Filter, Said
from vigie.register.models import Service
from vigie.register.rights import ENTER_INBOX
from vigie.web import inbox_hand
from vigie.web.inbox_counted import counted
from vigie.web.inbox_taught import chosen, number, services_seen
from vigie.web.sentences import reader_language, said
from vigie.web.shown import show_fresh
from vigie.web.site import situation
from vigie.words import _

route = "inbox/causes/"
permission = ENTER_INBOX
methods = ("GET", "HEAD", "POST")

WEEKS = {"quarter": 13, "year": 53}


def page(request: HttpRequest) -> HttpResponseBase:
    """Show topics and repeated questions of a service, or draft an answer to one."""
    seeing = inbox_hand.eyes(request)
    services = services_seen(seeing)
    service = chosen(services, request.GET.get("service", ""))
    if service is None:
        return render(request, "inbox/no_causes.html", {})
    if request.method == "POST":
        return _draft(request, service)
    return _shown(request, seeing, services, service)


def _shown(
    request: HttpRequest, seeing: Eyes, services: list[Service], service: Service
) -> HttpResponseBase:
    now, period = datetime.now(UTC), _period(request)
    today = now.astimezone(settings.CONFIGURED.zone).date()
    since = _since(period, today)
    begins = since - (today - since)
    slug = service.slug or f"service-{service.pk}"
    rows = counted(seeing, since=begins, now=now, service=service)
    is_before = rows.opened_on < np.datetime64(since, "D")
    made = document(
        rows.at(~is_before),
        rows.at(is_before),
        name=str(service),
        since=since,
        now=now,
        filters=_filters(services, slug, period),
        is_invented=situation().is_invented,
    )
    beside = {
        "causes": _causes(seeing, service, since),
        "service": service,
        "since": since,
        "is_rentree": period == "rentree",
        "may_teach": may_teach(seeing, service),
    }
    return show_fresh(request, made, template="inbox/causes.html", beside=beside)


def _causes(seeing: Eyes, service: Service, since: date) -> list[Cause]:
    opened = datetime.combine(since, time(0), settings.CONFIGURED.zone)
    own = without_called(seeing)
    return causes(service, visible(own), since=opened)


def _period(request: HttpRequest) -> str:
    asked = request.GET.get("period", "")
    return asked if asked in PERIODS else "rentree"


def _since(period: str, today: date) -> date:
    if period in WEEKS:
        return today - timedelta(days=today.weekday()) - timedelta(weeks=WEEKS[period] - 1)
    return year_begun(today)


def _filters(services: list[Service], slug: str, period: str) -> list[Filter]:
    options: dict[str, Said] = {row.slug or f"service-{row.pk}": str(row) for row in services}
    return [
        Filter(name="service", label=_("Service"), options=options, chosen=slug),
        Filter(name="period", label=_("Time"), options=dict(PERIODS), chosen=period),
    ]


def _draft(request: HttpRequest, service: Service) -> HttpResponseBase:
    today = datetime.now(settings.CONFIGURED.zone).date()
    hand = inbox_hand.hand(request)
    wanted = number(request.POST.get("question", ""))
    found = _causes(hand.eyes, service, _since(_period(request), today))
    cause = next((one for one in found if one.asked.centre.key == wanted), None)
    if cause is None:
        raise Http404
    if cause.draft is not None:
        return redirect("inbox.faq_entry", number=cause.draft.pk)
    language = _language(cause)
    try:
        made = draft_entry(service, cause.question, cause.keys, language=language, hand=hand)
    except InboxError as error:
        messages.error(request, said(error.words))
        return redirect("inbox.causes")
    messages.success(request, said(_("The draft is made of the answers that were given. Mend it.")))
    return redirect("inbox.faq_entry", number=made.pk)


def _language(cause: Cause) -> str:
    row = Conversation.objects.filter(pk=cause.asked.centre.key).first()
    known = row.language if row else ""
    return known if known in ("fr", "en") else reader_language()
