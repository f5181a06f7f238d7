"""Registers become institutions, accounts and enrolments; nothing in them is dropped unsaid."""

from __future__ import annotations

import csv
from collections import Counter
from datetime import date
from pathlib import Path

import pyarrow as pa
import pytest

from tests.collect.expected import context_of
from vigie.collect.importer import Parsed
from vigie.collect.importers.register_fr import RegisterFr
from vigie.collect.importers.register_table import RegisterTable
from vigie.collect.importers.wikidata import Wikidata
from vigie.collect.institution_names import Slugs, kind_of, slug_of
from vigie.collect.reading import ROW
from vigie.collect.recognising import recognise
from vigie.collect.register_rows import country_of, day_of, several, website_of
from vigie.columns import records_of
from vigie.model import Account, Enrolment, Institution

COUNTED = {
    "compte_facebook": {2023: 212, 2024: 218, 2025: 209},
    "compte_twitter": {2023: 203, 2024: 207, 2025: 198},
    "compte_instagram": {2023: 122, 2024: 130, 2025: 127},
    "compte_linkedin": {2023: 141, 2024: 153, 2025: 148},
    "compte_youtube": {2023: 159, 2024: 171, 2025: 167},
    "compte_flickr": {2023: 17, 2024: 19, 2025: 18},
    "compte_pinterest": {2023: 5, 2024: 6, 2025: 6},
    "compte_vimeo": {2023: 10, 2024: 10, 2025: 10},
    "compte_dailymotion": {2023: 6, 2024: 6, 2025: 6},
    "compte_github": {2023: 3, 2024: 3, 2025: 3},
    "flux_rss": {2023: 90, 2024: 89, 2025: 82},
    "compte_scribd": {2023: 1, 2024: 1, 2025: 1},
    "compte_scoopit": {2023: 7, 2024: 7, 2025: 7},
    "compte_tumblr": {2023: 3, 2024: 3, 2025: 3},
    "compte_france_culture": {2023: 7, 2024: 7, 2025: 6},
}
"""Cells that are not empty, counted by hand column by column."""

ACCOUNTS = {
    "facebook": {2023: 212, 2024: 218, 2025: 209},
    "x": {2023: 201, 2024: 206, 2025: 197},
    "instagram": {2023: 122, 2024: 131, 2025: 128},
    "linkedin": {2023: 141, 2024: 153, 2025: 148},
    "youtube": {2023: 159, 2024: 171, 2025: 167},
    "flickr": {2023: 17, 2024: 18, 2025: 17},
    "pinterest": {2023: 5, 2024: 6, 2025: 6},
    "vimeo": {2023: 10, 2024: 10, 2025: 10},
    "dailymotion": {2023: 5, 2024: 5, 2025: 5},
    "github": {2023: 3, 2024: 3, 2025: 3},
    "rss": {2023: 90, 2024: 89, 2025: 82},
    "other": {2023: 18, 2024: 18, 2025: 17},
}
"""The counts above, but for the cells of UNREADABLE, and one address of Instagram that stands in
the column of Flickr (2024 and 2025) and counts as Instagram's."""

UNREADABLE = {
    2023: [
        ("compte_twitter", "https://twitter.com/search?q=esitc%20caen&src=typd&lang=fr"),
        ("compte_dailymotion", "https://www.dailymotion.com/video/x3bfs38"),
        ("compte_twitter", "https://www.agro-bordeaux.fr/"),
    ],
    2024: [
        ("compte_twitter", "https://www.agro-bordeaux.fr/"),
        ("compte_dailymotion", "https://www.dailymotion.com/video/x3bfs38"),
    ],
    2025: [
        ("compte_dailymotion", "https://www.dailymotion.com/video/x3bfs38"),
        ("compte_twitter", "https://www.agro-bordeaux.fr/"),
    ],
}

EDITIONS = pytest.mark.parametrize("edition", [2023, 2024, 2025])


def read(path: Path) -> Parsed:
    found = recognise(path)
    batches = [
        found.importer.parse(batch, context_of({})) for batch in found.importer.read(found.sample)
    ]
    names = {name for parsed in batches for name in parsed.tables}
    return Parsed(
        tables={
            name: pa.concat_tables(one.tables[name] for one in batches if name in one.tables)
            for name in names
        },
        read=sum(one.read for one in batches),
        refused=tuple(refusal for one in batches for refusal in one.refused),
    )


def parse(importer: RegisterFr | RegisterTable | Wikidata, *rows: dict[str, str]) -> Parsed:
    columns = {name: [row.get(name) for row in rows] for name in rows[0]}
    numbers = pa.array(range(2, len(rows) + 2), pa.int64())
    batch = pa.table({**{n: pa.array(c, pa.string()) for n, c in columns.items()}, ROW: numbers})
    return importer.parse(batch, context_of({}))


def french(**cells: str) -> dict[str, str]:
    return {"uo_lib": "Northfield", "uai": "0990001A", "type_d_etablissement": "École", **cells}


@EDITIONS
def test_cells_of_each_column_are_as_many_as_counted_by_hand(
    edition: int, shared_data: Path
) -> None:
    path = shared_data / f"registry-fr-{edition}.csv"
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file, delimiter=";"))
    filled = {column: sum(bool(row[column].strip()) for row in rows) for column in COUNTED}
    assert filled == {column: counts[edition] for column, counts in COUNTED.items()}


@EDITIONS
def test_accounts_of_each_network_are_as_many_as_counted_by_hand(
    edition: int, shared_data: Path
) -> None:
    parsed = read(shared_data / f"registry-fr-{edition}.csv")
    found = Counter(row.network for row in records_of(Account, parsed.tables["accounts"]))
    assert found == {network: counts[edition] for network, counts in ACCOUNTS.items()}


@EDITIONS
def test_what_is_not_an_account_is_exactly_what_was_found_by_hand(
    edition: int, shared_data: Path
) -> None:
    parsed = read(shared_data / f"registry-fr-{edition}.csv")
    cells = [(cell.column, cell.content[cell.column or ""]) for cell in parsed.refused
             if cell.is_partial]  # fmt: skip
    assert cells == UNREADABLE[edition]


@EDITIONS
def test_readable_and_unreadable_are_all_that_was_written(edition: int) -> None:
    written = sum(counts[edition] for counts in COUNTED.values())
    kept = sum(counts[edition] for counts in ACCOUNTS.values())
    assert written == kept + len(UNREADABLE[edition])


@pytest.mark.parametrize(("edition", "kept"), [(2023, 249), (2024, 250), (2025, 245)])
def test_every_named_row_of_an_edition_is_an_institution(
    edition: int, kept: int, shared_data: Path
) -> None:
    parsed = read(shared_data / f"registry-fr-{edition}.csv")
    slugs = {row.institution for row in records_of(Institution, parsed.tables["institutions"])}
    assert len(slugs) == parsed.tables["institutions"].num_rows == kept
    assert parsed.read == kept + sum(not cell.is_partial for cell in parsed.refused)


def test_row_without_a_name_is_refused_with_its_number(shared_data: Path) -> None:
    parsed = read(shared_data / "registry-fr-2023.csv")
    (refused,) = [cell for cell in parsed.refused if not cell.is_partial]
    assert (refused.row, refused.column) == (33, "uo_lib")


@pytest.mark.parametrize(
    ("edition", "year", "students"), [(2023, 2017, 6103), (2024, 2022, None), (2023, 2010, 4257)]
)
def test_students_are_read_by_academic_year(
    edition: int, year: int, students: int | None, shared_data: Path
) -> None:
    parsed = read(shared_data / f"registry-fr-{edition}.csv")
    found = {
        (row.institution, row.year): row.students
        for row in records_of(Enrolment, parsed.tables["enrolments"])
    }
    name = "ecole-superieure-des-sciences-economiques-et-commerciales"
    assert found.get((name, year)) == students


def test_wikidata_export_gives_every_account(shared_data: Path) -> None:
    parsed = read(shared_data / "registry-de-wikidata.csv")
    found = Counter(row.network for row in records_of(Account, parsed.tables["accounts"]))
    assert found == {
        "facebook": 141, "x": 123, "instagram": 123, "youtube": 74, "linkedin": 55,
        "mastodon": 32, "tiktok": 9, "bluesky": 1,
    }  # fmt: skip
    assert parsed.refused == ()


@pytest.mark.slow
def test_world_list_gives_every_institution(shared_data: Path) -> None:
    parsed = read(shared_data / "universities-world.json")
    assert parsed.tables["institutions"].num_rows == 10_251


def test_two_codes_in_a_cell_are_a_code_and_another_one() -> None:
    parsed = parse(RegisterFr(), french(uai="0602099F;0951803U"))
    (row,) = records_of(Institution, parsed.tables["institutions"])
    assert (row.uai, row.other_uais) == ("0602099F", ("0951803U",))


def test_former_codes_alone_are_not_the_current_one() -> None:
    parsed = parse(RegisterFr(), french(uai="", anciens_codes_uai="0290346U"))
    (row,) = records_of(Institution, parsed.tables["institutions"])
    assert (row.uai, row.other_uais) == (None, ("0290346U",))


def test_column_of_students_may_hold_an_address() -> None:
    parsed = parse(RegisterFr(), french(inscrits="https://data.example/", inscrits_2016="1 204"))
    (row,) = records_of(Enrolment, parsed.tables["enrolments"])
    assert (row.year, row.students, parsed.refused) == (2016, 1204, ())


def test_students_below_zero_are_left_out_and_said() -> None:
    parsed = parse(RegisterFr(), french(inscrits_2016="-3"))
    assert "enrolments" not in parsed.tables
    assert [(cell.column, cell.is_partial) for cell in parsed.refused] == [("inscrits_2016", True)]


def test_first_account_of_a_network_is_the_principal_one() -> None:
    parsed = parse(RegisterFr(), french(compte_twitter="https://x.com/UNF https://x.com/UNF2"))
    rows = records_of(Account, parsed.tables["accounts"])
    assert [(row.handle, row.is_principal) for row in rows] == [("UNF", True), ("UNF2", False)]


def test_institution_without_accounts_is_kept() -> None:
    parsed = parse(RegisterFr(), french())
    assert set(parsed.tables) == {"institutions"}


def test_account_of_two_institutions_is_read_for_both() -> None:
    address = "https://www.youtube.com/user/esilvparis"
    rows = (
        french(compte_youtube=address),
        french(uo_lib="Southbridge", uai="0990002B", compte_youtube=address),
    )
    found = records_of(Account, parse(RegisterFr(), *rows).tables["accounts"])
    assert [row.institution for row in found] == ["northfield", "southbridge"]


def test_same_name_twice_gets_two_slugs_that_tell_them_apart() -> None:
    rows = (french(com_nom="Paris 5e"), french(uai="0990002B", com_nom="Lyon 2e"))
    found = records_of(Institution, parse(RegisterFr(), *rows).tables["institutions"])
    assert [row.institution for row in found] == ["northfield", "northfield-lyon"]
    assert [row.city for row in found] == ["Paris", "Lyon"]


def test_institution_without_a_label_is_called_by_its_site() -> None:
    row = {"uni": "http://www.wikidata.org/entity/Q1", "website": "https://www.unf.example/"}
    (found,) = records_of(Institution, parse(Wikidata(), row).tables["institutions"])
    assert (found.name, found.wikidata, found.kind) == ("unf.example", "Q1", None)


def test_cell_that_is_no_entity_is_refused() -> None:
    parsed = parse(Wikidata(), {"uni": "Northfield", "xUri": "https://x.com/UNF"})
    assert [cell.column for cell in parsed.refused] == ["uni"]


def test_table_with_an_unknown_kind_says_which_there_are() -> None:
    parsed = parse(RegisterTable(), {"name": "Southbridge", "kind": "faculty"})
    assert "engineering_school" in str(parsed.refused[0].reason)


@pytest.mark.parametrize(
    ("name", "type_named", "kind"),
    [
        ("Université de Technologie de Compiègne", "École", "university"),
        ("CY Cergy Paris", "Université", "university"),
        ("École centrale d'électronique", "École", "engineering_school"),
        ("Institut Mines-Télécom, au périmètre de … Business school", "Grand établissement",
         "engineering_school"),
        ("Arts et Métiers Sciences et Technologies", "Grand établissement", "engineering_school"),
        ("École supérieure d’art et de design d'Amiens", "École", "art_school"),
        ("Audencia Business School", "École", "business_school"),
        ("École française d'Athènes", "Autre établissement", "research"),
        ("Sciences Po Lyon", "Autre établissement", "institute"),
        ("École navale", "Grand établissement", "other"),
        ("Universidad de Eastmere", None, "university"),
        ("Ecole Navale", None, None),
    ],
)  # fmt: skip
def test_kind_is_read_from_the_type_and_the_name(
    name: str, type_named: str | None, kind: str | None
) -> None:
    assert kind_of(name, type_named=type_named) == kind


def test_slug_is_plain_and_short() -> None:
    assert slug_of("Université d’Évry — Œuvres") == "universite-d-evry-oeuvres"
    assert len(slug_of("École " * 40)) <= 80


def test_slug_of_an_institution_is_the_same_each_time_it_is_asked() -> None:
    slugs = Slugs()
    asked = [slugs.of("Nord", identity=(key,), more=("Lille",)) for key in ("1", "2", "3", "1")]
    assert asked == ["nord", "nord-lille", "nord-lille-2", "nord"]


@pytest.mark.parametrize(
    ("cell", "last", "day"),
    [
        ("1971", False, date(1971, 1, 1)),
        ("2020", True, date(2020, 12, 31)),
        ("1971-02", False, date(1971, 2, 1)),
        ("1969-06-21", False, date(1969, 6, 21)),
        ("1969-13-41", False, None),
        ("nd", False, None),
        (None, False, None),
    ],
)
def test_date_is_read_as_far_as_it_goes(cell: str | None, last: bool, day: date | None) -> None:
    assert day_of(cell, last=last) == day


def test_cell_with_several_parts_is_cut() -> None:
    assert several("0342222F;0352692L") == several('["0342222F", "0352692L"]')
    assert several("[oops") == ("[oops",)


def test_country_is_read_in_either_language() -> None:
    names = ("France", "Égypte", "Germany", "de", "Nowhere", None)
    assert [country_of(name) for name in names] == ["FR", "EG", "DE", "DE", None, None]


def test_site_gets_the_scheme_it_lacks() -> None:
    assert website_of("unf.example") == "https://unf.example"
    assert website_of("non") is None
