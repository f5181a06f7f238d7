"""Which institutions are seen here? A list one can search."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from vigie.model import Institution
from vigie.present.document import Cell, Column, Document, Grid, Link, Note
from vigie.present.naming import institution_path, kind
from vigie.present.writing import Country
from vigie.store.store import Store
from vigie.web import institutions
from vigie.web.asking import asked_page, asked_words
from vigie.web.page import PUBLIC
from vigie.web.shown import show
from vigie.words import Words, _, plural

route = "institutions/"
permission = PUBLIC

COLUMNS = (
    Column(key="name", label=_("Institution"), is_row_header=True),
    Column(key="kind", label=_("Kind")),
    Column(key="city", label=_("City")),
    Column(key="country", label=_("Country")),
)


def page(request: HttpRequest) -> HttpResponseBase:
    """List the institutions whose name holds what is sought."""
    sought = asked_words(request)
    return show(
        request,
        "institutions",
        build=_document,
        tables=frozenset({"institutions"}),
        choices={"q": sought, "page": str(asked_page(request))},
        template="index/institutions.html",
    )


def _document(store: Store, choices: Mapping[str, str], now: datetime) -> Document:
    sought = choices.get("q", "")
    rows = institutions.found(store, sought)
    grid = Grid(
        name="institutions",
        caption=_("Institutions"),
        columns=COLUMNS,
        rows=[_row(row) for row in rows],
        page=int(choices.get("page", "1")),
    )
    empty = Note(text=_("No institution is known by that name. Try fewer letters."))
    return Document(
        name="institutions",
        title=_("Which institution are you looking for?"),
        lead=_counted(len(rows), sought),
        blocks=[grid if rows else empty],
        made_at=now,
        is_invented=any(row.is_invented for row in rows),
        choices={"q": sought} if sought else {},
    )


def _counted(count: int, sought: str) -> Words:
    if sought:
        return plural(
            "{count} institution matches “{sought}”.",
            "{count} institutions match “{sought}”.",
            count=count,
            sought=sought,
        )
    return plural("{count} institution is seen.", "{count} institutions are seen.", count=count)


def _row(row: Institution) -> dict[str, Cell]:
    return {
        "name": Link(text=row.name, href=institution_path(row.institution)),
        "kind": kind(row.kind) if row.kind else None,
        "city": row.city,
        "country": _("{country}", country=Country(row.country)) if row.country else None,
    }
