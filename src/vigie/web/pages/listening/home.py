"""What is new, what waits for an answer, what broke? The page of every morning."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import ibis.expr.types as ir
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from vigie import flow
from vigie.collect.connecting import may_show_words
from vigie.listening import label_names
from vigie.listening.alert_changes import see, told_to
from vigie.listening.answers import chosen_answers
from vigie.listening.cells import Counted
from vigie.listening.gathering import (
    names_of_institutions,
    our_accounts,
    search_cursors,
    tables_since,
    texts_since,
)
from vigie.listening.models import AlertSent, Listener, Query
from vigie.listening.morning import Morning, morning
from vigie.listening.morning_words import sentences, title
from vigie.listening.open_questions import OPEN_FOR, open_questions
from vigie.listening.searched import behind
from vigie.listening.spike_list import told
from vigie.listening.spike_words import sentence
from vigie.present import naming
from vigie.register.rights import READ_LISTENING, WRITE_LISTENING
from vigie.sources.gathering import is_someone_working
from vigie.web.people import may, person_of
from vigie.web.site import site_store
from vigie.words import Words, _

route = "listening/"
permission = READ_LISTENING
methods = ("GET", "HEAD", "POST")

FIRST_LOOK = timedelta(days=7)
"""What someone sees who looks for the first time."""
LONGEST_LOOK = timedelta(days=31)
OPEN_SHOWN = 10
ALERTS_SHOWN = 10
SPIKES_SHOWN = 5


PART_SHOWN = 12
PARTS = {
    "intent": _("What they want"),
    "service": _("Office concerned"),
    "network": _("Network"),
    "institution": _("Institution"),
    "tone": _("Tone"),
}


@dataclass(frozen=True, kw_only=True)
class Part:
    """The counts of one kind: name, what it is called, how many."""

    name: str
    title: Words
    rows: Sequence[tuple[str, Words | str, Counted]]


@dataclass(frozen=True, kw_only=True)
class Open:
    """A question that waits for an answer."""

    network: str
    url: str | None
    text: str | None
    asked_at: datetime
    services: Sequence[str]


def page(request: HttpRequest) -> HttpResponse:
    """Show what is new since this reader last said that they had seen it."""
    now = datetime.now(UTC)
    if request.method == "POST":
        see(person_of(request), at=now)
        return redirect("listening.home")
    since = _since(request, now)
    found = morning(texts_since(site_store(), since, now), since=since)
    waiting, count = _waiting(now)
    institutions = names_of_institutions()
    names = list(Query.objects.filter(is_on=True).values_list("name", flat=True))
    shown = {
        "title": title(found, waiting=count),
        "since": since,
        "is_first": _listener(request) is None,
        "sentences": sentences(found, institution=lambda slug: institutions.get(slug, slug)),
        "found": found,
        "parts": _parts(found, institutions),
        "waiting": waiting,
        "waiting_count": count,
        "alerts": _unread(request),
        "spikes": _spikes(since, now, institutions),
        "queries": len(names),
        "behind": behind(search_cursors(site_store()), names, now=now) if names else None,
        "may_write": may(request, WRITE_LISTENING),
        "nobody_works": not is_someone_working(now),
    }
    return render(request, "listening/home.html", shown)


def _listener(request: HttpRequest) -> Listener | None:
    return Listener.objects.filter(person=person_of(request), seen_at__isnull=False).first()


def _since(request: HttpRequest, now: datetime) -> datetime:
    listener = _listener(request)
    if listener is None or listener.seen_at is None:
        return now - FIRST_LOOK
    return max(listener.seen_at, now - LONGEST_LOOK)


def _waiting(now: datetime) -> tuple[list[Open], int]:
    """Return the questions that wait, the oldest first, and how many there are."""
    tables = tables_since(site_store(), now - OPEN_FOR, now)
    accounts = our_accounts(settings.CONFIGURED)
    keys = open_questions(tables, accounts=accounts, since=now - OPEN_FOR)
    said = tables["mentions"].select("network", "post", "url", "text", "published_at", "subject")
    found = keys.inner_join(said, ["network", "post", ("account", "subject")])
    by_post = {(row["network"], row["post"]): row for row in found.to_pyarrow().to_pylist()}
    oldest = sorted(by_post.values(), key=lambda row: (row["published_at"], row["post"]))
    shown = oldest[:OPEN_SHOWN]
    services = _services(tables["labels"], [row["post"] for row in shown])
    return [_open(row, services) for row in shown], len(by_post)


def _services(labels: ir.Table, posts: Sequence[str]) -> dict[tuple[str, str], Sequence[str]]:
    if not posts:
        return {}
    rows = chosen_answers(labels.filter(labels.post.isin(posts)))
    found = rows.select("network", "post", "services").to_pyarrow().to_pylist()
    return {(row["network"], row["post"]): row["services"] or () for row in found}


def _open(row: Mapping[str, Any], services: Mapping[tuple[str, str], Sequence[str]]) -> Open:
    return Open(
        network=row["network"],
        url=row["url"],
        text=row["text"] if may_show_words(row["network"]) else None,
        asked_at=row["published_at"],
        services=services.get((row["network"], row["post"]), ()),
    )


def _spikes(
    since: datetime, now: datetime, institutions: Mapping[str, str]
) -> list[tuple[str, Words]]:
    """Say which queries brought more than chance explains since then, each once."""
    zone = settings.CONFIGURED.zone
    today = now.astimezone(zone).date()
    first = min(since.astimezone(zone).date(), today - timedelta(days=1))
    found = told(flow.known_spikes(site_store(), first=first))
    titles = dict(Query.objects.values_list("name", "title"))
    return [
        (
            one.head.spike,
            sentence(
                one.head,
                title=titles.get(one.head.query, one.head.query),
                institution=lambda slug: institutions.get(slug, slug),
                today=today,
            ),
        )
        for one in found[:SPIKES_SHOWN]
    ]


def _unread(request: HttpRequest) -> Sequence[AlertSent]:
    rows = AlertSent.objects.filter(told_to(person_of(request)), read_at__isnull=True)
    return list(rows.select_related("alert__query")[:ALERTS_SHOWN])


def _parts(found: Morning, institutions: Mapping[str, str]) -> list[Part]:
    names: Mapping[str, Callable[[str], Words | str]] = {
        "intent": partial(label_names.answer, "intent"),
        "service": partial(label_names.answer, "service"),
        "network": naming.network,
        "institution": lambda slug: institutions.get(slug, slug),
        "tone": partial(label_names.answer, "tone"),
    }
    return [
        Part(
            name=name,
            title=PARTS[name],
            rows=[(one.name, say_name(one.name), one) for one in found.of(name)[:PART_SHOWN]],
        )
        for name, say_name in names.items()
        if found.of(name)
    ]
