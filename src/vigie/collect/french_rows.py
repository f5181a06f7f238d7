"""The rows of the French ministry's register, from a file or from its interface."""

from __future__ import annotations

import re
from collections.abc import Iterator

from vigie.collect.cells import whole_number
from vigie.collect.headings import Cells, Headings, Row
from vigie.collect.institution_names import Slugs, kind_of, plain
from vigie.collect.register_rows import (
    account_columns,
    accounts_of,
    country_of,
    day_of,
    several,
    student_columns,
    tidy,
    website_of,
)
from vigie.errors import RowError
from vigie.model import Account, Enrolment, Institution, Record
from vigie.words import _

_UAI = re.compile(r"\d{7}[A-Z]")
_ZONES = {
    "Guadeloupe": "America/Guadeloupe",
    "Guyane": "America/Cayenne",
    "La Réunion": "Indian/Reunion",
    "Martinique": "America/Martinique",
    "Mayotte": "Indian/Mayotte",
    "Nouvelle-Calédonie": "Pacific/Noumea",
    "Polynésie française": "Pacific/Tahiti",
}


def _both(names: str) -> str:
    """Return names as the CSV and as the nested JSON of the portal write them."""
    return "|".join(f"{name}|fields.{name}" for name in names.split("|"))


HEADINGS = Headings(
    required={
        "name": _both("uo_lib|libellé"),
        "uai": _both("uai|uai - identifiant"),
        "type": _both("type_d_etablissement|type d'établissement"),
    },
    also={
        name: _both(names)
        for name, names in {
            "identity": "etablissement_id_paysage|identifiant interne|identifiant_interne",
            "short": "nom_court|nom court",
            "initials": "sigle",
            "website": "url|site internet",
            "former": "anciens_codes_uai|anciens codes uai",
            "wikidata": "identifiant_wikidata|Identifiant wikidata",
            "eter": "identifiant_eter|Identifiant ETER",
            "ror": "identifiant_ror|Identifiant ROR",
            "opened": "date_creation",
            "closed": "date_fermeture",
            "city": "com_nom|Commune",
            "town": "localite_acheminement_uai|Localité",
            "region": "reg_nom|Région",
            "country": "pays_etranger_acheminement|Pays",
            "official": "uo_lib_officiel",
            "english": "uo_lib_en|English name",
            "searched": "champ_recherche",
        }.items()
    },
)
"""The columns of the register, under all names they have had."""


class FrenchRows:
    """Reads the rows of one look at the register; each institution gets a slug of its own."""

    def __init__(self) -> None:
        self._slugs = Slugs()

    def records(self, row: Row) -> Iterator[Record | RowError]:
        """Yield the institution, its enrolments and its accounts."""
        cells = HEADINGS.cells(row)
        name = tidy(cells.raw("name"))
        if name is None:
            raise RowError(
                _("This row names no institution: nothing can be kept under it."),
                column=cells.places.get("name"),
            )
        institution, slips = self._institution(cells, name)
        yield institution
        yield from slips
        yield from _enrolments(institution, row)
        yield from _accounts(institution, row)

    def _institution(self, cells: Cells, name: str) -> tuple[Institution, list[RowError]]:
        codes, slips = _codes(cells)
        uai = (codes[0] if codes else "") or None
        city = re.sub(r"\s+\d+(?:er|e)$", "", tidy(cells.raw("city") or cells.raw("town")) or "")
        region = tidy(cells.raw("region"))
        short = tidy(cells.raw("short")) or tidy(cells.raw("initials"))
        wikidata = _match(r"Q\d+", cells.raw("wikidata"))
        ror = _match(r"0[a-z0-9]{6}\d{2}", cells.raw("ror"))
        identity = (uai or tidy(cells.raw("identity")) or wikidata or "", name)
        institution = Institution(
            institution=self._slugs.of(name, identity=identity, more=(city or None, uai)),
            name=name,
            kind=kind_of(name, type_named=(several(cells.raw("type")) or (None,))[0]),
            country=country_of(cells.raw("country")),
            region=region,
            city=city or None,
            website=website_of(cells.raw("website")),
            timezone=_ZONES.get(region or ""),
            uai=uai,
            other_uais=tuple(codes[1:]),
            ror=ror,
            wikidata=wikidata,
            eter=tidy(cells.raw("eter")),
            short_name=short,
            aliases=_aliases(cells, name, short),
            opened_on=day_of(cells.raw("opened")),
            closed_on=day_of(cells.raw("closed"), last=True),
        )
        return institution, slips


def _codes(cells: Cells) -> tuple[list[str], list[RowError]]:
    """Return the UAI codes, the current one first, and what is no such code."""
    codes: dict[str, None] = {}
    slips = []
    for meaning in ("uai", "former"):
        for code in several(cells.raw(meaning)):
            if _UAI.fullmatch(code):
                codes[code] = None
            else:
                slips.append(
                    RowError(
                        _("{code} is not a UAI code (seven digits and a letter).", code=code),
                        column=cells.places.get(meaning),
                    )
                )
    if not several(cells.raw("uai")):
        # Former codes alone: the institution has no current one, it was given up or not yet made.
        return ["", *codes] if codes else [], slips
    return list(codes), slips


def _match(pattern: str, cell: str | None) -> str | None:
    found = re.search(rf"(?:^|/)({pattern})$", (several(cell) or ("",))[0].strip())
    return found[1] if found else None


def _aliases(cells: Cells, name: str, short: str | None) -> tuple[str, ...]:
    searched = re.sub(r"(?:NomLong|NomCourt|Synonymes):", "", cells.raw("searched") or "")
    named = [
        *(tidy(cells.raw(meaning)) for meaning in ("short", "initials", "official", "english")),
        *several(searched),
    ]
    known = {plain(text) for text in (name, short) if text}
    found: dict[str, str] = {}
    for text in named:
        if text and plain(text) not in known:
            found.setdefault(plain(text), text)
    return tuple(found.values())


def _enrolments(institution: Institution, row: Row) -> Iterator[Enrolment | RowError]:
    for column, year in student_columns(tuple(row)):
        try:
            students = whole_number(row[column], column=column)
        except RowError as slip:
            yield slip
            continue
        # A school without one student is a cell nobody filled: unknown, not zero.
        if students:
            yield Enrolment(institution=institution.institution, year=year, students=students)


def _accounts(institution: Institution, row: Row) -> Iterator[Account | RowError]:
    columns = account_columns(tuple(row))
    return accounts_of(institution, ((column, network, row[column]) for column, network in columns))
