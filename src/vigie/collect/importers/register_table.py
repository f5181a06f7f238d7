"""A table of institutions and their accounts, as Vigie exports it or as people make it."""

from __future__ import annotations

from collections.abc import Iterator

from vigie.collect.cells import whole_number
from vigie.collect.headings import Cells, Headings, Row
from vigie.collect.importer import Context, RowImporter
from vigie.collect.institution_names import KINDS, Slugs, kind_of, plain, slug_of
from vigie.collect.reading import Sample
from vigie.collect.register_rows import (
    account_columns,
    accounts_of,
    constant,
    country_of,
    day_of,
    several,
    student_columns,
    tidy,
    website_of,
)
from vigie.errors import RowError
from vigie.model import Enrolment, Institution, Record
from vigie.words import _


class RegisterTable(RowImporter):
    """A table (CSV, XLSX …) with one row for an institution, and a column for each network.

    Columns: ``name`` is needed; ``institution`` (its slug), ``kind``, ``country``, ``region``,
    ``city``, ``website``, ``uai``, ``ror``, ``wikidata``, ``eter``, ``short_name``, ``aliases``,
    ``students_2025`` for each year, and a column named as the network (``bluesky``,
    ``instagram`` …) with addresses or handles; several in a cell are parted by ``;`` or a space,
    the first is the principal one.
    """

    label = _("Table of institutions and accounts")
    headings = Headings(
        required={"name": "name|nom|libellé"},
        also={
            "institution": "institution|slug",
            "kind": "kind|genre",
            "country": "country|pays|country_code",
            "region": "region|région",
            "city": "city|ville",
            "website": "website|site|site internet|site web|web site",
            "uai": "uai",
            "other_uais": "other_uais",
            "ror": "ror",
            "wikidata": "wikidata",
            "eter": "eter",
            "timezone": "timezone",
            "short_name": "short_name|sigle|acronym",
            "aliases": "aliases|alias",
            "opened_on": "opened_on",
            "closed_on": "closed_on",
        },
    )

    def __init__(self) -> None:
        self._slugs = Slugs()

    def recognises(self, sample: Sample) -> int:
        """Count the columns: a name, and two more that speak of an institution."""
        columns = tuple(sample.columns)
        accounts = account_columns(columns)
        found = self.headings.found(sample)
        tells = any(
            self.headings.column(columns, meaning)
            for meaning in ("kind", "website", "uai", "ror", "wikidata", "country")
        )
        return found + len(accounts) if tells and found + len(accounts) >= 3 else 0

    def records(self, row: Row, context: Context) -> Iterator[Record | RowError]:
        """Yield the institution, its enrolments and its accounts."""
        cells = self.headings.cells(row)
        name = tidy(cells.raw("name"))
        if name is None:
            raise RowError(
                _("This row names no institution: nothing can be kept under it."),
                column=cells.places.get("name"),
            )
        kind, slip = _kind(cells, name, context)
        if slip is not None:
            yield slip
        institution = self._institution(cells, name, kind, context)
        yield institution
        for column, year in student_columns(tuple(row)):
            try:
                students = whole_number(row[column], column=column)
            except RowError as error:
                yield error
                continue
            if students:
                yield Enrolment(institution=institution.institution, year=year, students=students)
        columns = account_columns(tuple(row))
        yield from accounts_of(institution, ((column, net, row[column]) for column, net in columns))

    def _institution(
        self, cells: Cells, name: str, kind: str | None, context: Context
    ) -> Institution:
        country = country_of(cells.raw("country") or constant(context, "country"))
        city, uai = tidy(cells.raw("city")), tidy(cells.raw("uai"))
        given = slug_of(tidy(cells.raw("institution")) or "")
        return Institution(
            institution=self._slugs.of(
                given or name, identity=(given, uai or "", name), more=(city, country, uai)
            ),
            name=name,
            kind=kind,
            country=country,
            region=tidy(cells.raw("region")),
            city=city,
            website=website_of(cells.raw("website")),
            timezone=tidy(cells.raw("timezone")),
            uai=uai,
            other_uais=several(cells.raw("other_uais")),
            ror=tidy(cells.raw("ror")),
            wikidata=tidy(cells.raw("wikidata")),
            eter=tidy(cells.raw("eter")),
            short_name=tidy(cells.raw("short_name")),
            aliases=several(cells.raw("aliases")),
            opened_on=day_of(cells.raw("opened_on")),
            closed_on=day_of(cells.raw("closed_on"), last=True),
        )


def _kind(cells: Cells, name: str, context: Context) -> tuple[str | None, RowError | None]:
    """Return the kind of an institution as written, and what cannot be one."""
    written = tidy(cells.raw("kind")) or constant(context, "kind")
    if written is None:
        return kind_of(name), None
    kind = plain(written).replace(" ", "_")
    if kind in KINDS:
        return kind, None
    slip = RowError(
        _(
            "{kind} is not a kind of institution. Write one of: {kinds}.",
            kind=written,
            kinds=", ".join(KINDS),
        ),
        column=cells.places.get("kind"),
    )
    return kind_of(name), slip
