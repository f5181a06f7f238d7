"""What the pages of services share: which service is meant, and where its page is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from zoneinfo import ZoneInfo

from django import template
from django.http import Http404
from django.urls import reverse

from vigie.inbox.service_map import GAPS
from vigie.register.models import Service
from vigie.web.closure_form import ACADEMIC, Offered
from vigie.web.sentences import reader_language, said
from vigie.web.service_now import span
from vigie.words import _

register = template.Library()


def addresses(services: Iterable[Service]) -> Mapping[int, str]:
    """Return the page of each service: by its slug, or by its number where two share one."""
    rows = list(services)
    shared = Counter(row.slug for row in rows)
    return {
        row.pk: address(row.slug if row.slug and shared[row.slug] == 1 else str(row.pk))
        for row in rows
    }


def address(name: str) -> str:
    """Return the address of the page of a service."""
    return reverse("inbox.service", kwargs={"name": name})


def own_address(service: Service) -> str:
    """Return the page of one service."""
    return addresses(Service.objects.filter(slug=service.slug))[service.pk]


def named(name: str) -> Service:
    """Return the service an address means."""
    rows = Service.objects.select_related("institution", "correspondent", "deputy")
    found = (
        rows.filter(pk=int(name)) if name.isdigit() and len(name) < 10 else rows.filter(slug=name)
    )
    if len(found) != 1:
        raise Http404
    return found[0]


@register.filter
def gap(name: str) -> str:
    """Say what a service lacks."""
    return said(GAPS[name])


@register.filter
def calendar_name(source: str) -> str:
    """Say which calendar a closure comes from."""
    return said(_("academic calendar")) if source == ACADEMIC else source


@register.filter
def when_closed(offered: Offered, zone: ZoneInfo) -> str:
    """Say when an event of a calendar lasts."""
    one = offered.closed
    return said(span(one.starts_at, one.ends_at, zone=zone, language=reader_language()))
