"""What the pages on what the inbox teaches share: the services one may know of, texts of forms."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.http import Http404, HttpRequest

from vigie.inbox.keeping import may_count
from vigie.inbox.visible import Eyes
from vigie.register.models import Service
from vigie.words import LANGUAGES


def services_seen(eyes: Eyes, *, institution: str = "") -> list[Service]:
    """Return the services whose figures these eyes may see: of one institution, or of all."""
    rows = Service.objects.filter(is_active=True).select_related("institution")
    if institution:
        rows = rows.filter(institution__slug=institution)
    return [row for row in rows if may_count(eyes, row)]


def chosen(services: Sequence[Service], slug: str) -> Service | None:
    """Return the service an address names, or the first; none: there is none to see."""
    if not slug:
        return services[0] if services else None
    found = next((row for row in services if slug in (row.slug, f"service-{row.pk}")), None)
    if found is None:
        raise Http404
    return found


def texts(request: HttpRequest, name: str) -> Mapping[str, str]:
    """Return what a form says in each language: ``said_fr``, ``said_en``."""
    return {language: request.POST.get(f"{name}_{language}", "") for language in LANGUAGES}


def number(text: str) -> int | None:
    """Return the number of a form; none when it is none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None
