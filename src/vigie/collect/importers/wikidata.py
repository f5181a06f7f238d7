"""Institutions and their accounts as Wikidata's query service exports them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from vigie.collect.headings import Headings, Row
from vigie.collect.importer import Context, RowImporter
from vigie.collect.institution_names import KINDS, Slugs, kind_of
from vigie.collect.reading import Sample
from vigie.collect.register_rows import (
    account_columns,
    accounts_of,
    constant,
    country_of,
    tidy,
    website_host,
    website_of,
)
from vigie.errors import RowError
from vigie.model import Institution, Record
from vigie.words import _

_ENTITY = re.compile(r"(?:.*/)?(Q\d+)/?")


class Wikidata(RowImporter):
    """A CSV or JSON of Wikidata's query service: one row for an institution and its accounts.

    Recognised by a column of entities (``uni``, ``item``) and columns of accounts (``xUri``,
    ``mastodonUrl`` …). An institution with several accounts on a network has several rows; the
    first account is the principal one. Where the query asked for no label, the institution is
    called by the host of its site until its name is known. The country and the kind may be given
    for all rows: ``country=DE``, ``kind=university``.
    """

    label = _("Wikidata export")
    headings = Headings(
        required={"entity": "uni|university|item|institution|entity|organization|org"},
        also={
            "name": "uniLabel|universityLabel|itemLabel|institutionLabel|entityLabel|label|name",
            "website": "website|url|site|officialWebsite",
            "country": "countryCode|country_code|country|countryLabel",
            "city": "cityLabel|city|locationLabel",
            "ror": "ror|rorId",
            "short_name": "shortName|short_name|acronym",
        },
    )

    def __init__(self) -> None:
        self._slugs = Slugs()

    def recognises(self, sample: Sample) -> int:
        """Count the columns, where the entities are Wikidata's."""
        entities = self.headings.column(tuple(sample.columns), "entity")
        accounts = account_columns(tuple(sample.columns))
        if entities is None or not accounts or not sample.rows:
            return 0
        if not all(_ENTITY.fullmatch((row[entities] or "").strip()) for row in sample.rows):
            return 0
        return self.headings.found(sample) + len(accounts)

    def records(self, row: Row, context: Context) -> Iterator[Record | RowError]:
        """Yield the institution and the accounts of this row."""
        cells = self.headings.cells(row)
        entity = _ENTITY.fullmatch((cells.raw("entity") or "").strip())
        if entity is None:
            raise RowError(
                _(
                    "{cell} is not an entity of Wikidata (Q and a number).",
                    cell=cells.raw("entity") or "",
                ),
                column=cells.places.get("entity"),
            )
        website = website_of(cells.raw("website"))
        host = website_host(website)
        label = tidy(cells.raw("name"))
        label = None if label and _ENTITY.fullmatch(label) else label
        name = label or host or entity[1]
        kind = constant(context, "kind")
        institution = Institution(
            institution=self._slugs.of(
                label or _spoken(host) or entity[1], identity=(entity[1],), more=(host, entity[1])
            ),
            name=name,
            kind=kind if kind in KINDS else kind_of(name),
            country=country_of(cells.raw("country") or constant(context, "country")),
            city=tidy(cells.raw("city")),
            website=website,
            wikidata=entity[1],
            ror=tidy(cells.raw("ror")),
            short_name=tidy(cells.raw("short_name")),
        )
        yield institution
        columns = account_columns(tuple(row))
        yield from accounts_of(institution, ((column, net, row[column]) for column, net in columns))


def _spoken(host: str | None) -> str | None:
    """Return the part of a host people say: ``uni-mainz`` of ``uni-mainz.de``."""
    if host is None:
        return None
    first, _dot, rest = host.partition(".")
    return first if len(first) > 4 and "." not in rest else host
