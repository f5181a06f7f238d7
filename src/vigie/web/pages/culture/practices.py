"""Which practices are worth spreading, how far is each, and what can others copy?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime

from django.conf import settings
from django.contrib import messages
from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse

from vigie.culture import changes
from vigie.culture.models import Practice
from vigie.culture.practice import KINDS, OWNERS, STATE_WORDS, STATES, Draft
from vigie.present.document import Cell, Column, Document, Figure, Figures, Filter, Grid, Link
from vigie.present.naming import network
from vigie.present.writing import Day
from vigie.register.rights import READ_CULTURE, WRITE_CULTURE
from vigie.web.asking import asked_page, asked_words
from vigie.web.people import author_of, may
from vigie.web.seen_posts import SeenPost, seen_post
from vigie.web.sentences import said
from vigie.web.shown import show_fresh
from vigie.web.site import site_store
from vigie.words import Words, _, plural

route = "culture/"
permission = READ_CULTURE
methods = ("GET", "HEAD", "POST")

ALL = _("all")
COLUMNS = (
    Column(key="title", label=_("Practice"), is_row_header=True),
    Column(key="kind", label=_("Kind")),
    Column(key="state", label=_("State")),
    Column(key="where", label=_("Where it was seen")),
    Column(key="owner", label=_("Whose")),
    Column(key="copying", label=_("What others can copy"), is_wide=True),
    Column(key="support", label=_("Support given"), is_wide=True),
    Column(key="reused_by", label=_("Reused by"), is_wide=True),
    Column(key="notes", label=_("Notes"), is_wide=True),
    Column(key="changed", label=_("Changed"), kind="date"),
)
ON_PAGE = frozenset({"title", "kind", "state", "where", "owner", "copying", "changed"})
"""Columns of the page; files hold them all."""


def page(request: HttpRequest) -> HttpResponseBase:
    """List the notebook, or note a practice that was seen in a post."""
    return _note(request) if request.method == "POST" else _list(request)


def _note(request: HttpRequest) -> HttpResponseBase:
    seen = seen_post(site_store(), request.POST.get("network", ""), request.POST.get("post", ""))
    if seen is None:
        raise Http404
    row = changes.note(_spotted(seen), by=author_of(request), post=seen.post)
    words = _("It is in the notebook. Say in a few words what is done, and what others can copy.")
    messages.success(request, said(words))
    return redirect("culture.practice", number=row.pk)


def _spotted(seen: SeenPost) -> Draft:
    title = _(
        "Seen on {network} on {day}",
        network=network(seen.network),
        day=Day(seen.published_at.date()),
    )
    return Draft(title=said(title), network=seen.network, url=seen.url)


def _list(request: HttpRequest) -> HttpResponseBase:
    asked = {name: request.GET.get(name, "") for name in ("state", "kind", "owner")}
    asked["q"] = asked_words(request)
    rows = list(_practices(asked))
    whole = Grid(
        name="practices",
        caption=_("Practices of the notebook"),
        columns=COLUMNS,
        rows=[_row(row) for row in rows],
        page=asked_page(request),
    )
    short = replace(
        whole, name="list", columns=[column for column in COLUMNS if column.key in ON_PAGE]
    )
    document = Document(
        name="practices",
        title=_("What is worth spreading?"),
        lead=_lead(len(rows)),
        blocks=[_figures(), short],
        made_at=datetime.now(UTC),
        choices={name: value for name, value in asked.items() if value},
        filters=_filters(asked),
        main=whole,
    )
    beside = {
        "sought": asked["q"],
        "may_write": may(request, WRITE_CULTURE),
        "is_empty": not Practice.objects.exists(),
    }
    return show_fresh(request, document, template="culture/practices.html", beside=beside)


def _practices(asked: Mapping[str, str]) -> QuerySet[Practice]:
    found = Practice.objects.all()
    for name, field in (("state", "state"), ("kind", "kind"), ("owner", "owner_kind")):
        if asked[name]:
            found = found.filter(**{field: asked[name]})
    for word in asked["q"].split():
        found = found.filter(
            Q(title__icontains=word) | Q(seen__icontains=word) | Q(copying__icontains=word)
            | Q(hashtag__icontains=word) | Q(owner__icontains=word) | Q(notes__icontains=word)
        )  # fmt: skip
    return found


def _lead(count: int) -> Words:
    return plural(
        "{count} practice. Each was seen on networks, and goes on until others do it too.",
        "{count} practices. Each was seen on networks, and goes on until others do it too.",
        count=count,
    )


def _figures() -> Figures:
    counted = dict(Practice.objects.order_by().values_list("state").annotate(Count("id")))
    return Figures(
        items=[Figure(label=STATE_WORDS[state], value=counted.get(state, 0)) for state in STATES]
    )


def _filters(asked: Mapping[str, str]) -> list[Filter]:
    offered: tuple[tuple[str, Words, Mapping[str, Words]], ...] = (
        ("state", _("State"), STATE_WORDS),
        ("kind", _("Kind"), KINDS),
        ("owner", _("Whose"), OWNERS),
    )
    return [
        Filter(name=name, label=label, options={"": ALL, **options}, chosen=asked[name])
        for name, label, options in offered
    ]


def _row(row: Practice) -> dict[str, Cell]:
    return {
        "title": Link(text=row.title, href=reverse("culture.practice", kwargs={"number": row.pk})),
        "kind": KINDS[row.kind],
        "state": STATE_WORDS[row.state],
        "where": _where(row),
        "owner": row.owner or "",
        "copying": row.copying,
        "support": row.support,
        "reused_by": row.reused_by,
        "notes": row.notes,
        "changed": row.changed_at.astimezone(settings.CONFIGURED.zone).date(),
    }


def _where(row: Practice) -> Cell:
    text = f"#{row.hashtag}" if row.hashtag else network(row.network) if row.network else ""
    return Link(text=text or row.url, href=row.url) if row.url else text
