"""What the pages of services share: which service is meant, and where its page is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from django import template
from django.http import Http404
from django.urls import reverse

from vigie.inbox.delayed import delayed_of_all
from vigie.inbox.recounting import Progress
from vigie.inbox.service_map import GAPS
from vigie.inbox.unreached import unreached_of_all
from vigie.register.models import Service
from vigie.web.closure_form import ACADEMIC, Offered
from vigie.web.sentences import reader_language, said
from vigie.web.service_now import span
from vigie.words import _

register = template.Library()


def addresses(services: Iterable[Service]) -> Mapping[int, str]:
    """Return the page of each service."""
    return {row.pk: own_address(row) for row in services}


def own_address(service: Service) -> str:
    """Return the page of one service: by its slug, or by its number where it has none."""
    return reverse("inbox.service", kwargs={"name": service.slug or str(service.pk)})


def named(name: str) -> Service:
    """Return the service an address means."""
    rows = Service.objects.select_related("institution", "correspondent", "deputy")
    found = (
        rows.filter(pk=int(name)) if name.isdigit() and len(name) < 10 else rows.filter(slug=name)
    )
    one = found.first()
    if one is None:
        raise Http404
    return one


@register.inclusion_tag("inbox/unreached.html")
def unreached_people() -> dict[str, object]:
    """Say whom the mails that ask for an answer do not reach, or reach late."""
    missed, late = unreached_of_all(), delayed_of_all(now=datetime.now(UTC))
    return {
        "unreached": [(own_address(service), service, one) for service, one in missed],
        "delayed": [(own_address(service), service, one) for service, one in late],
    }


@register.inclusion_tag("inbox/recounting.html")
def recounting(progress: Progress | None) -> dict[str, object]:
    """Say how far due times are counted anew after hours were changed."""
    return {"progress": progress}


@register.filter
def page_of_service(service: Service) -> str:
    """Return the address of the page of a service."""
    return own_address(service)


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
