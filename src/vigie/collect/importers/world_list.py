"""The world list of universities and their domains."""

from __future__ import annotations

from collections.abc import Iterator

from vigie.collect.headings import Headings, Row
from vigie.collect.importer import Context, RowImporter
from vigie.collect.institution_names import KINDS, Slugs, kind_of
from vigie.collect.reading import Sample
from vigie.collect.register_rows import (
    constant,
    country_of,
    several,
    tidy,
    website_host,
    website_of,
)
from vigie.errors import RowError
from vigie.model import Institution
from vigie.words import _


class WorldList(RowImporter):
    """*University domains list* (Hipo), in JSON or CSV: names, countries, sites.

    It has no accounts and no codes: institutions already in the register are found again by
    their site, or by their name in their country. What kind they are is known only where the
    name says so; ``kind=university`` gives one to all rows.
    """

    label = _("World list of universities")
    headings = Headings(
        required={"name": "name", "country": "alpha_two_code|country_code|country code"},
        also={
            "pages": "web_pages|web_pages.0|web_page|website|url",
            "domains": "domains|domains.0|domain",
            "region": "state-province|state_province|state",
            "country_name": "country",
        },
    )

    def __init__(self) -> None:
        self._slugs = Slugs()

    def recognises(self, sample: Sample) -> int:
        """Count the columns; one of sites or domains must be there."""
        columns = tuple(sample.columns)
        sites = [self.headings.column(columns, meaning) for meaning in ("pages", "domains")]
        return self.headings.found(sample) if any(sites) else 0

    def records(self, row: Row, context: Context) -> Iterator[Institution]:
        """Yield the institution."""
        cells = self.headings.cells(row)
        name = tidy(cells.raw("name"))
        if name is None:
            raise RowError(
                _("This row names no institution: nothing can be kept under it."),
                column=cells.places.get("name"),
            )
        pages = several(cells.raw("pages"))
        domains = several(cells.raw("domains"))
        website = website_of(pages[0] if pages else (domains[0] if domains else None))
        country = country_of(cells.raw("country") or cells.raw("country_name"))
        host = website_host(website)
        kind = constant(context, "kind")
        yield Institution(
            institution=self._slugs.of(
                name, identity=(name, country or "", host or ""), more=(country, host)
            ),
            name=name,
            kind=kind if kind in KINDS else kind_of(name),
            country=country,
            region=tidy(cells.raw("region")),
            website=website,
        )
