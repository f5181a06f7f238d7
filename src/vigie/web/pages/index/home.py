"""How are we doing? Our own place, who leads, and how large the whole is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from itertools import islice
from typing import TypeVar

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.http import urlencode

from vigie import flow
from vigie.errors import VigieError
from vigie.inbox import listing
from vigie.present.document import Block, Document, Figures, Grid, Link, Note, Said, Section
from vigie.register.rights import ENTER_INBOX
from vigie.store.store import Store
from vigie.web import inbox_hand, institutions
from vigie.web.page import PUBLIC
from vigie.web.people import may
from vigie.web.shown import show
from vigie.web.site import site_store
from vigie.words import _

route = ""
permission = PUBLIC

B = TypeVar("B", Figures, Grid)

COOKIE = "institution"
A_YEAR = 365 * 24 * 3600
TOP = 5
GROUPS = 6
"""Peer groups whose first are shown."""
LEADERS = ("rank", "institution", "score")
REPORTS = ("institution_profile", "index_edition", "sector")


def page(request: HttpRequest) -> HttpResponseBase:
    """Show what matters to this reader first; useful before anything was chosen."""
    asked = request.GET.get("institution")
    ours = asked or request.COOKIES.get(COOKIE) or settings.CONFIGURED.institution
    known = flow.report_names()
    needs = (known[name].needs for name in REPORTS if name in known)
    response = show(
        request,
        "home",
        build=_document,
        tables=frozenset().union(*needs),
        choices={"institution": ours[:200]},
        template="index/home.html",
        beside=_needs(request),
    )
    if asked is not None and _is_known(asked):
        response.set_cookie(
            COOKIE, asked, max_age=A_YEAR, samesite="Lax", secure=settings.CONFIGURED.https
        )
    return response


def _needs(request: HttpRequest) -> dict[str, object]:
    """Return what waits in the inbox for someone who may look into it; nothing for others."""
    if not may(request, ENTER_INBOX):
        return {}
    found = listing.counts(inbox_hand.eyes(request), now=datetime.now(UTC))
    return {"waits": found}


def _is_known(slug: str) -> bool:
    store = site_store()
    return any(row.institution == slug for row in institutions.found(store, ""))


def _document(store: Store, choices: Mapping[str, str], now: datetime) -> Document:
    known = {row.institution: row for row in institutions.found(store, "")}
    ours = known.get(choices.get("institution", ""))
    blocks: list[Block] = []
    title, lead = _TITLE, _LEAD
    if ours is not None:
        profile = _built(store, "institution_profile", {"institution": ours.institution}, now)
        figures = _first(profile.blocks, Figures) if profile else None
        blocks.extend([figures] if figures else [])
        title = _("How is {institution} doing?", institution=ours.name)
        lead = profile.title if profile else lead
    blocks.extend(_whole(_built(store, "sector", {}, now)))
    blocks.extend(_top(_built(store, "index_edition", {}, now)))
    return Document(
        name="home",
        title=title,
        lead=lead,
        blocks=blocks or [Note(text=_EMPTY)],
        made_at=now,
        is_invented=any(row.is_invented for row in known.values()),
        choices={"institution": ours.institution} if ours else {},
    )


_TITLE: Said = _("How are universities and schools doing on social networks?")
_LEAD: Said = _(
    "An open Index of their audience and activity. Every figure says how it was made, "
    "how much was seen, and how sure we are."
)
_EMPTY = _(
    "Nothing has been observed yet. Try “vigie demo” for an invented sector, or begin with a "
    "register: “vigie register import FILE”, then “vigie import FILE”."
)


def _built(store: Store, name: str, choices: Mapping[str, str], now: datetime) -> Document | None:
    try:
        return flow.build_report(store, name, choices, now=now)
    except VigieError:
        # Nothing to say of it yet: the page says what it can.
        return None


def _top(edition: Document | None) -> Iterator[Block]:
    """Yield the first of each peer group, the largest group first."""
    if edition is None:
        return
    groups = [block for block in edition.blocks if isinstance(block, Section)]
    found = [(group, grid) for group in groups if (grid := _first(group.blocks, Grid))]
    found.sort(key=lambda pair: -len(pair[1].rows))
    leaders = [_leaders(group, grid) for group, grid in found[:GROUPS]]
    if leaders:
        yield Section(title=edition.title, name="index", blocks=leaders)


def _leaders(group: Section, grid: Grid) -> Grid:
    more = Link(
        text=_("All {count}, and how sure it is", count=len(grid.rows)),
        href=f"{reverse('index.latest')}?{urlencode({'group': grid.name})}",
    )
    return replace(
        grid,
        caption=group.title,
        columns=[column for column in grid.columns if column.key in LEADERS],
        rows=list(islice(grid.rows, TOP)),
        note=None,
        total=None,
        page=None,
        more=more,
    )


def _whole(sector: Document | None) -> Iterator[Block]:
    figures = _first(sector.blocks, Figures) if sector else None
    if sector is None or figures is None:
        return
    yield Section(title=sector.title, name="sector", blocks=[figures])


def _first(blocks: Sequence[Block], kind: type[B]) -> B | None:
    for block in blocks:
        if isinstance(block, kind):
            return block
        inner = _first(block.blocks, kind) if isinstance(block, Section) else None
        if inner is not None:
            return inner
    return None
