"""What is asked again and again, and what do we answer? With a copy for the institution's site."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render

from vigie.inbox.faq_writing import WRITERS, entry
from vigie.inbox.models import FaqDraft
from vigie.register.rights import ENTER_INBOX
from vigie.web.inbox_hand import eyes
from vigie.web.inbox_taught import services_seen
from vigie.web.sentences import reader_language
from vigie.words import Words, _

route = "inbox/faq/"
permission = ENTER_INBOX

STATES: dict[str, Words] = {
    "": _("drafts and published"),
    "draft": _("drafts"),
    "published": _("published"),
    "dropped": _("put aside"),
}


def page(request: HttpRequest) -> HttpResponseBase:
    """List the entries, or write them as Markdown or HTML."""
    services = services_seen(eyes(request))
    slug, state = request.GET.get("service", ""), request.GET.get("state", "")
    state = state if state in STATES else ""
    rows = FaqDraft.objects.filter(service__in=services).select_related("service")
    rows = rows.filter(state=state) if state else rows.exclude(state="dropped")
    if slug:
        rows = rows.filter(service__slug=slug)
    wanted = request.GET.get("format", "")
    if wanted in WRITERS:
        return _file(list(rows), wanted)
    shown = {
        "entries": rows,
        "services": services,
        "service": slug,
        "states": STATES,
        "state": state,
        "language": reader_language(),
    }
    response = render(request, "inbox/faq.html", shown)
    response["Cache-Control"] = "private, no-store"
    return response


def _file(rows: list[FaqDraft], wanted: str) -> HttpResponse:
    write, kind = WRITERS[wanted]
    language = reader_language()
    entries = [entry(row.question, row.answer, row.url, language=language) for row in rows]
    response = HttpResponse(write(entries), content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="faq-{language}.{wanted}"'
    response["Cache-Control"] = "private, no-store"
    return response
