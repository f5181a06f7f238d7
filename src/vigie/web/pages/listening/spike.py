"""Why did this query bring so much? Its words, its posts, what was expected."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.utils.http import urlencode

from vigie import flow
from vigie.collect.connecting import may_show_words
from vigie.errors import QueryError
from vigie.flow.spiking import Explained, Watch
from vigie.listening import tables
from vigie.listening.calendar import calendar, ruling
from vigie.listening.forecast import forecast
from vigie.listening.gathering import names_of_institutions
from vigie.listening.models import Query
from vigie.listening.narrowing import narrowed
from vigie.listening.rising import rising
from vigie.listening.series import Series
from vigie.listening.spike_chart import AFTER, DayShown, days_shown
from vigie.listening.spike_document import document
from vigie.listening.spike_words import sentence
from vigie.listening.why import Key
from vigie.model import Spike
from vigie.register.rights import READ_LISTENING
from vigie.web.sentences import reader_language
from vigie.web.shown import show_fresh
from vigie.web.site import site_store
from vigie.words import Words, _

route = "listening/spikes/<slug:name>/"
permission = READ_LISTENING

POSTS_SHOWN = 50


@dataclass(frozen=True, kw_only=True)
class Posts:
    """A list of posts on the page."""

    title: Words
    rows: Sequence[Mapping[str, Any]]


def page(request: HttpRequest, name: str) -> HttpResponseBase:
    """Explain a spike, and show the posts of each part of the explanation."""
    spike = flow.spike_named(site_store(), name)
    if spike is None:
        raise Http404
    now = datetime.now(UTC)
    kept = Query.objects.filter(name=spike.query).first()
    watch = _watch(spike, kept)
    told = flow.explain(site_store(), watch, spike) if watch.queries else None
    known = told if told is not None and told.rows else None
    chosen = request.GET.get("term", "")[:200]
    shown = document(
        spike,
        known.why if known else None,
        _days(watch, spike, now) if watch.queries else (),
        title=_title(spike, kept, now),
        event=_event(spike),
        address=lambda term: f"?{urlencode({'term': term})}#posts",
        now=now,
    )
    beside = {"lists": _lists(known, chosen) if known else (), "term": chosen, "spike": spike}
    return show_fresh(request, shown, template="listening/spike.html", beside=beside)


def _watch(spike: Spike, kept: Query | None) -> Watch:
    """Return what is watched, the query of this spike as it is now; none where it is gone."""
    if kept is None:
        return Watch(queries={})
    try:
        query = narrowed(tables.query_of(kept))
    except QueryError:
        return Watch(queries={})
    others = flow.watch_of(tables.queries(), tables.events())
    return Watch(queries={**others.queries, spike.query: query}, events=others.events)


def _title(spike: Spike, kept: Query | None, now: datetime) -> Words:
    names = names_of_institutions()
    return sentence(
        spike,
        title=kept.title if kept else spike.query,
        institution=lambda slug: names.get(slug, slug),
        today=now.astimezone(settings.CONFIGURED.zone).date(),
    )


def _event(spike: Spike) -> str | None:
    zone = settings.CONFIGURED.timezone
    events = calendar(tables.events(), first=spike.day, last=spike.day, zone=zone)
    series = Series(query=spike.query, facet=spike.facet, value=spike.value)
    found = ruling(events, spike.day, series=series)
    if found is None:
        return None
    return found.title.get(reader_language()) or next(iter(found.title.values()))


def _days(watch: Watch, spike: Spike, now: datetime) -> Sequence[DayShown]:
    today = now.astimezone(settings.CONFIGURED.zone).date()
    last = min(spike.day + timedelta(days=AFTER), today)
    past = flow.history(
        site_store(), watch, settings=settings.CONFIGURED, now=now, judged_from=spike.day, last=last
    )
    told = forecast(past.watched.counts, past.calendar)
    return days_shown(spike, past.watched, told, rising(past.watched.counts, told))


def _lists(told: Explained, chosen: str) -> list[Posts]:
    found = []
    for term in told.why.terms:
        if term.driving.term == chosen:
            title = _("Posts that say “{term}”", term=term.driving.written)
            found.append(Posts(title=title, rows=_rows(told, term.posts[:POSTS_SHOWN])))
    if told.why.spark is not None:
        spark = _rows(told, [told.why.spark.post])
        found.append(Posts(title=_("The post of the institution"), rows=spark))
    found.append(Posts(title=_("The first posts"), rows=_rows(told, told.why.first)))
    if told.why.most_seen:
        seen = _rows(told, told.why.most_seen)
        found.append(Posts(title=_("The most seen posts"), rows=seen))
    return found


def _rows(told: Explained, posts: Sequence[Key]) -> list[Mapping[str, Any]]:
    return [
        {**row, "text": row["text"] if may_show_words(row["network"]) else None,
         "may_show": may_show_words(row["network"])}
        for key in posts
        if (row := told.rows.get(key)) is not None
    ]  # fmt: skip
