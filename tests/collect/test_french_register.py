"""The ministry's register, read online, is the register read from its file."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.collect.answered import SAMPLES
from tests.collect.loopback import Asked, Said, Server, impatient, serving
from vigie.collect.connecting import connect
from vigie.collect.connector import Connector
from vigie.collect.importer import Parsed
from vigie.columns import records_of
from vigie.errors import GarbledError, MissingError, SettingError
from vigie.flow import fetch_register, read_register_file
from vigie.model import TABLES
from vigie.settings import Settings

TECHNICAL = {
    "identifiant interne": "etablissement_id_paysage",
    "libellé": "uo_lib",
    "nom court": "nom_court",
    "type d'établissement": "type_d_etablissement",
    "site internet": "url",
    "uai - identifiant": "uai",
    "anciens codes uai": "anciens_codes_uai",
    "Identifiant wikidata": "identifiant_wikidata",
    "Identifiant ETER": "identifiant_eter",
    "Identifiant ROR": "identifiant_ror",
    "Commune": "com_nom",
    "Localité": "localite_acheminement_uai",
    "Région": "reg_nom",
    "Pays": "pays_etranger_acheminement",
    "English name": "uo_lib_en",
}
"""Labels of the file → names of the interface."""
LISTS = frozenset({"type_d_etablissement", "anciens_codes_uai", "uai"})
"""Fields that hold several values: lists in the interface, cut by ``;`` in the file."""

Row = Mapping[str, object]
Pages = Callable[[list[Row], Asked], Said]


def rows_of(path: Path) -> list[Row]:
    """Return the rows of the file as the interface has them."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return [as_object(row) for row in csv.DictReader(file, delimiter=";")]


def as_object(row: Mapping[str, str]) -> Row:
    found: dict[str, object] = {}
    for label, cell in row.items():
        name = TECHNICAL.get(label, label)
        if label.startswith("Effectifs"):
            found["inscrits_" + label.split()[-1][:4]] = int(float(cell)) if cell else None
        elif name in LISTS:
            found[name] = cell.split(";") if cell else None
        else:
            found[name] = cell or None
    return found


def portal(rows: list[Row], asked: Asked) -> Said:
    """Answer as Opendatasoft does: sorted, a hundred at most, ten thousand in all."""
    ordered = sorted(rows, key=lambda row: str(row[asked.params["order_by"]]))
    if asked.path.endswith("/exports/json"):
        return told(ordered)
    limit, offset = int(asked.params["limit"]), int(asked.params["offset"])
    if limit > 100 or limit + offset > 10_000:
        return Said(status=400, body=b'{"error_code": "InvalidRESTParameterError"}')
    return told({"total_count": len(rows), "results": ordered[offset : offset + limit]})


def told(body: object) -> Said:
    return Said(
        body=json.dumps(body, ensure_ascii=False).encode(),
        headers={"Content-Type": "application/json; charset=utf-8"},
    )


@contextmanager
def serving_register(rows: list[Row], answer: Pages = portal) -> Iterator[tuple[Connector, Server]]:
    with serving(lambda asked: answer(rows, asked)) as server:
        yield connect("french_register", settings={"french_register_service": server.url}), server


def fetched(connector: Connector, settings: Settings) -> Parsed:
    with impatient() as http:
        _recognised, parsed = fetch_register(connector, http, settings=settings)
    return parsed


def everything(parsed: Parsed) -> dict[str, list[str]]:
    """Return all records, whatever their order."""
    return {
        name: sorted(map(repr, records_of(TABLES[name], table)))
        for name, table in parsed.tables.items()
    }


@pytest.mark.parametrize("edition", [2023, 2025])
def test_register_online_is_the_register_in_the_file(
    edition: int, shared_data: Path, settings: Settings
) -> None:
    path = shared_data / f"registry-fr-{edition}.csv"
    _recognised, file = read_register_file(path, settings=settings)
    with serving_register(rows_of(path)) as (connector, server):
        online = fetched(connector, settings)
    assert everything(online) == everything(file)
    assert (online.read, len(online.refused)) == (file.read, len(file.refused))
    assert [asked.params["offset"] for asked in server.asked] == ["0", "100", "200"]


def invented(count: int) -> list[Row]:
    sample = json.loads((SAMPLES / "french_register" / "register.json").read_text("utf-8"))
    row = sample["payload"]["body"]["results"][0]
    return [
        {**row, "etablissement_id_paysage": f"{number:05}", "uo_lib": f"École {number}",
         "uai": [f"{number:07}A"], "compte_facebook": f"https://www.facebook.com/school{number}"}
        for number in range(count)
    ]  # fmt: skip


def test_page_that_fails_once_is_asked_for_again(settings: Settings) -> None:
    failed: list[str] = []

    def failing(rows: list[Row], asked: Asked) -> Said:
        if asked.params["offset"] == "100" and not failed:
            failed.append("100")
            return Said(status=503, body=b"busy")
        return portal(rows, asked)

    with serving_register(invented(150), failing) as (connector, _server):
        assert fetched(connector, settings).tables["institutions"].num_rows == 150
    assert failed == ["100"]


def test_register_that_grows_while_it_is_read_is_read_again(settings: Settings) -> None:
    rows = invented(150)
    new = {**rows[0], "etablissement_id_paysage": "00000a", "uo_lib": "Nouvelle école"}

    def growing(rows: list[Row], asked: Asked) -> Said:
        answer = portal(rows, asked)
        if len(rows) == 150:
            rows.append(new)
        return answer

    with serving_register(rows, growing) as (connector, server):
        parsed = fetched(connector, settings)
    assert parsed.tables["institutions"].num_rows == 151
    assert [asked.params["offset"] for asked in server.asked] == ["0", "100", "0", "100"]


def test_register_that_never_stands_still_is_refused_and_leaves_nothing(
    settings: Settings,
) -> None:
    def growing(rows: list[Row], asked: Asked) -> Said:
        rows.append({**rows[0], "etablissement_id_paysage": f"x{len(rows)}"})
        return portal(rows, asked)

    with (
        serving_register(invented(150), growing) as (connector, _server),
        pytest.raises(GarbledError, match="changed while it was read"),
    ):
        fetched(connector, settings)
    assert not (settings.home / "registers").exists()


@pytest.mark.slow
def test_register_of_more_rows_than_pages_reach_is_asked_for_whole(settings: Settings) -> None:
    rows: list[Row] = [
        {"etablissement_id_paysage": f"{number:05}", "uo_lib": f"École {number}",
         "uai": [f"{number:07}A"], "type_d_etablissement": ["École"]}
        for number in range(10_050)
    ]  # fmt: skip
    with serving_register(rows) as (connector, server):
        parsed = fetched(connector, settings)
    assert parsed.tables["institutions"].num_rows == 10_050
    assert [asked.path.rpartition("/")[2] for asked in server.asked] == ["records", "json"]


def test_what_was_received_is_kept_and_can_be_imported_again(settings: Settings) -> None:
    with serving_register(invented(3)) as (connector, _server):
        online = fetched(connector, settings)
    (kept,) = (settings.home / "registers").iterdir()
    _recognised, again = read_register_file(kept, settings=settings)
    assert everything(again) == everything(online)


def test_name_that_two_pages_share_gets_two_slugs(settings: Settings) -> None:
    rows = [{**row, "uo_lib": "École"} for row in invented(101)]
    with serving_register(rows) as (connector, _server):
        parsed = fetched(connector, settings)
    slugs = parsed.tables["institutions"]["institution"].to_pylist()
    assert len(set(slugs)) == 101


def test_dataset_that_was_renamed_is_named(settings: Settings) -> None:
    with (
        serving_register([], lambda rows, asked: Said(status=404)) as (connector, _server),
        pytest.raises(MissingError, match="fr-esr-principaux"),
    ):
        fetched(connector, settings)


def test_connector_without_a_register_is_refused(settings: Settings) -> None:
    with pytest.raises(SettingError, match="holds no register"):
        fetched(connect("rss"), settings)
