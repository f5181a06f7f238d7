"""What did this institution change because of what people wrote? Open to everyone."""

from __future__ import annotations

from datetime import UTC, datetime

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from vigie.inbox.changed import Changed, changed
from vigie.inbox.models import Change
from vigie.register.models import Institution
from vigie.web.changes_feed import feed
from vigie.web.page import PUBLIC
from vigie.web.sentences import reader_language

route = "changes/<slug:institution>/"
permission = PUBLIC

LATEST = 100


def page(request: HttpRequest, institution: str) -> HttpResponse:
    """Show the changes that everybody may read, or the same as an Atom feed."""
    found = get_object_or_404(Institution, slug=institution)
    rows = Change.objects.filter(service__institution=found, is_public=True)
    kept = rows.select_related("service", "topic")[:LATEST]
    if request.GET.get("format") == "atom":
        made = feed(found, kept, language=reader_language(), configured=settings.CONFIGURED)
        return HttpResponse(made, content_type="application/atom+xml; charset=utf-8")
    zone = settings.CONFIGURED.zone
    today = datetime.now(UTC).astimezone(zone).date()
    shown = {"institution": found, "changes": map(_told, changed(kept, today=today, zone=zone))}
    return render(request, "inbox/public_changes.html", {**shown, "has_changes": bool(kept)})


def _told(one: Changed) -> Changed:
    """Return a change as everybody may know it: of a confidential service nothing is counted."""
    return Changed(change=one.change, effect=None) if one.change.service.is_confidential else one
