"""Which queries brought more than chance explains, and when?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from vigie import flow
from vigie.listening.gathering import names_of_institutions
from vigie.listening.models import Query
from vigie.listening.spike_list import Told, told
from vigie.listening.spike_words import (
    HOW,
    INVISIBLE,
    Named,
    part_instead,
    sentence,
    surely,
)
from vigie.model import Spike
from vigie.present.writing import Day
from vigie.register.rights import READ_LISTENING, WRITE_LISTENING
from vigie.sources.gathering import is_someone_working
from vigie.sources.models import Work
from vigie.sources.turns import SPIKES
from vigie.web.people import may
from vigie.web.site import site_store
from vigie.words import Words, _, plural

route = "listening/spikes/"
permission = READ_LISTENING

SPANS = (30, 90, 365)
PARTS_SHOWN = 6
"""Parts of a spike that are read at a glance; the others unfold."""


@dataclass(frozen=True, kw_only=True)
class Shown:
    """A spike of the list."""

    spike: Spike
    said: Words
    sure: Words
    parts: Sequence[tuple[Words, Spike]]
    """The surest, and the others."""
    more: Sequence[tuple[Words, Spike]]
    lasted: Words | None
    """Over which days, when it was more than one."""


def page(request: HttpRequest) -> HttpResponse:
    """List the spikes in sentences, the newest first."""
    now = datetime.now(UTC)
    today = now.astimezone(settings.CONFIGURED.zone).date()
    span, query = _span(request), request.GET.get("query", "")[:64]
    titles = dict(Query.objects.values_list("name", "title"))
    chosen = query if query in titles else None
    first = today - timedelta(days=span)
    found = told(flow.known_spikes(site_store(), query=chosen, first=first))
    looked = Work.objects.filter(kind=SPIKES).values_list("last_success", flat=True).first()
    shown = {
        "title": _title(found, span),
        "rows": _rows(found, titles, today),
        "queries": titles,
        "query": chosen or "",
        "span": span,
        "spans": SPANS,
        "watched": Query.objects.filter(is_on=True).count(),
        "looked_at": looked,
        "nobody_works": not is_someone_working(now),
        "how": HOW,
        "invisible": INVISIBLE,
        "may_write": may(request, WRITE_LISTENING),
    }
    response = render(request, "listening/spikes.html", shown)
    response["Cache-Control"] = "private, no-store"
    return response


def _span(request: HttpRequest) -> int:
    asked = request.GET.get("days", "")
    return int(asked) if asked in map(str, SPANS) else SPANS[0]


def _title(found: list[Told], span: int) -> Words:
    if not found:
        return _("Nothing stood out lately")
    return plural(
        "{count} spike in {days} days", "{count} spikes in {days} days", count=len(found), days=span
    )


def _rows(found: list[Told], titles: Mapping[str, str], today: date) -> list[Shown]:
    names = names_of_institutions()

    def institution(slug: str) -> str:
        return names.get(slug, slug)

    return [
        Shown(
            spike=one.head,
            said=sentence(
                one.head, title=titles.get(one.head.query, one.head.query),
                institution=institution, today=today,
            ),
            sure=surely(one.head),
            parts=named[:PARTS_SHOWN],
            more=named[PARTS_SHOWN:],
            lasted=_lasted(one),
        )
        for one in found
        for named in [_named_parts(one, institution)]
    ]  # fmt: skip


def _named_parts(one: Told, institution: Named) -> list[tuple[Words, Spike]]:
    surest = sorted(one.parts, key=lambda part: part.chance)
    return [(part_instead(part, institution=institution), part) for part in surest]


def _lasted(one: Told) -> Words | None:
    if one.first == one.last:
        return None
    return _(
        "It stood out from {first} to {last}; this is its surest day.",
        first=Day(one.first),
        last=Day(one.last),
    )
