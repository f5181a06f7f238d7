"""You said, we changed: what services changed because of what people wrote, and did it help?"""

from __future__ import annotations

from datetime import UTC, date, datetime
from http import HTTPStatus

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render

from vigie.errors import InboxError
from vigie.inbox.changed import changed
from vigie.inbox.changes import Hand
from vigie.inbox.models import Change
from vigie.inbox.teaching import Said, erase_change, may_teach, note_change
from vigie.register.models import Service
from vigie.register.rights import ENTER_INBOX
from vigie.web import inbox_hand
from vigie.web.inbox_taught import number, services_seen, texts
from vigie.web.sentences import said
from vigie.words import LANGUAGES, Words, _

route = "inbox/changes/"
permission = ENTER_INBOX
methods = ("GET", "HEAD", "POST")


def page(request: HttpRequest) -> HttpResponseBase:
    """Show what was changed, or write it down."""
    hand = inbox_hand.hand(request)
    services = services_seen(hand.eyes)
    if request.method != "POST":
        return _shown(request, services, hand)
    try:
        words = _done(request, services, hand)
    except InboxError as error:
        return _shown(request, services, hand, mistake=error.words)
    messages.success(request, said(words))
    return redirect("inbox.changes")


def _done(request: HttpRequest, services: list[Service], hand: Hand) -> Words:
    what, known = request.POST.get("do", ""), _known(request.POST.get("change", ""), services)
    if what == "erase":
        if known is None:
            raise Http404
        erase_change(known, hand=hand)
        return _("It is taken out of the list.")
    if what != "keep":
        raise Http404
    note_change(_service(request, services), _given(request), hand=hand, change=known)
    return _("It is written down. What people write about it is counted on both sides of that day.")


def _known(text: str, services: list[Service]) -> Change | None:
    wanted = number(text)
    if wanted is None:
        return None
    rows = Change.objects.select_related("service__institution", "topic")
    found = rows.filter(pk=wanted, service__in=services).first()
    if found is None:
        raise Http404
    return found


def _service(request: HttpRequest, services: list[Service]) -> Service:
    wanted = number(request.POST.get("service", "")) or number(_of_topic(request))
    found = next((row for row in services if row.pk == wanted), None)
    if found is None:
        raise InboxError(_("Choose a service."))
    return found


def _of_topic(request: HttpRequest) -> str:
    """Return the service of a topic, which the list of topics names before it."""
    return request.POST.get("topic", "").partition("-")[0]


def _given(request: HttpRequest) -> Said:
    return Said(
        said=texts(request, "said"),
        changed=texts(request, "changed"),
        changed_on=_day(request.POST.get("changed_on", "")),
        topic=number(request.POST.get("topic", "").partition("-")[2]),
        is_public=bool(request.POST.get("is_public")),
    )


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise InboxError(_("Give the day of the change, as 2026-06-01.")) from error


def _shown(
    request: HttpRequest, services: list[Service], hand: Hand, *, mistake: Words | None = None
) -> HttpResponseBase:
    zone = settings.CONFIGURED.zone
    rows = Change.objects.filter(service__in=services).select_related(
        "service__institution", "topic"
    )
    writable = [row for row in services if may_teach(hand.eyes, row)]
    edited = _known(request.GET.get("change", ""), services)
    institutions = {row.institution for row in services}
    shown = {
        "changes": changed(rows, today=datetime.now(UTC).astimezone(zone).date(), zone=zone),
        "services": writable,
        "topics": [(row, _topics(row)) for row in writable],
        "form": request.POST.dict() if mistake else _filled(edited),
        "edited": edited,
        "public": sorted(institutions, key=str),
        "written_in": LANGUAGES,
        "mistake": mistake,
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if mistake else HTTPStatus.OK
    response = render(request, "inbox/changes.html", shown, status=status)
    response["Cache-Control"] = "private, no-store"
    return response


def _topics(service: Service) -> list[tuple[str, str]]:
    rows = service.topics.filter(is_active=True)
    empty = (f"{service.pk}-", said(_("{service}: no topic", service=str(service))))
    return [empty, *((f"{service.pk}-{row.pk}", f"{service}: {row.name}") for row in rows)]


def _filled(row: Change | None) -> dict[str, str]:
    if row is None:
        return {}
    said_in = {f"said_{language}": row.said.get(language, "") for language in LANGUAGES}
    changed_in = {f"changed_{language}": row.changed.get(language, "") for language in LANGUAGES}
    topic = f"{row.service_id}-{row.topic_id or ''}"
    return {
        **said_in, **changed_in, "change": str(row.pk), "topic": topic,
        "changed_on": row.changed_on.isoformat(), "is_public": "1" if row.is_public else "",
    }  # fmt: skip
