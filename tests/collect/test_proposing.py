"""What an unknown file may mean is guessed, for a person to correct."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from tests.collect.making import separated, written
from vigie.collect.mapping import as_toml, mapping_of
from vigie.collect.proposing import missing, propose
from vigie.collect.reading import look


def proposed(tmp_path: Path, header: list[str], *rows: list[str]) -> dict[str, str | None]:
    found = propose(look(written(tmp_path / "x", separated([header, *rows]))))
    return {"table": found.table} | {
        name: rule.column or rule.constant for name, rule in found.columns.items()
    }


def test_posts_are_told_by_their_identifiers_and_dates(tmp_path: Path) -> None:
    header = ["id_str", "created_at", "full_text", "favorite_count", "lang"]
    row = ["1", "2026-07-14", "x", "1", "fr"]
    assert proposed(tmp_path, header, row) == {
        "table": "posts",
        "post": "id_str",
        "published_at": "created_at",
        "text": "full_text",
        "likes": "favorite_count",
        "language": "lang",
    }


def test_french_names_are_known(tmp_path: Path) -> None:
    header = ["Identifiant", "Date de publication", "Légende", "Mentions J’aime", "Partages"]
    found = proposed(tmp_path, header, ["1", "14/07/2026", "x", "1", "1"])
    assert (found["published_at"], found["likes"]) == ("Date de publication", "Mentions J’aime")


def test_an_audience_is_told_by_its_followers(tmp_path: Path) -> None:
    found = proposed(tmp_path, ["Date", "Page", "Abonnés"], ["2026-07-14", "x", "1"])
    assert (found["table"], found["followers"]) == ("snapshots", "Abonnés")


def test_the_network_is_told_by_the_addresses(tmp_path: Path) -> None:
    row = ["1", "2026-07-14", "https://www.instagram.com/northfield/"]
    assert proposed(tmp_path, ["id", "date", "profile"], row)["network"] == "instagram"


def test_a_register_is_told_by_its_names_accounts_and_students(tmp_path: Path) -> None:
    header = ["Nom", "Ville", "Twitter", "Étudiants 2025-26"]
    row = ["Northfield", "Northfield", "@northfield", "1"]
    found = propose(look(written(tmp_path / "x", separated([header, row]))))
    assert (found.table, dict(found.accounts)) == ("institutions", {"x": "Twitter"})
    assert dict(found.students) == {2025: "Étudiants 2025-26"}


@pytest.mark.parametrize(
    ("dates", "first"),
    [(["03/04/2026", "28/04/2026"], True), (["03/04/2026", "04/28/2026"], False),
     (["03/04/2026", "05/06/2026"], None), (["2026-07-14"], None)],
)  # fmt: skip
def test_the_order_of_day_and_month_is_told_by_the_dates(
    tmp_path: Path, dates: list[str], first: bool | None
) -> None:
    rows = [["1", day] for day in dates]
    found = propose(look(written(tmp_path / "x", separated([["id", "date"], *rows]))))
    assert found.columns["published_at"].day_first is first


def test_what_a_person_still_has_to_say_is_named(tmp_path: Path) -> None:
    found = propose(look(written(tmp_path / "x", "id,words\n1,x\n")))
    assert missing(found) == ("network", "account", "published_at")


def test_a_proposal_can_be_kept_as_a_mapping(tmp_path: Path) -> None:
    text = "id,network,account,date,text\n1,x,northfield,2026-07-14,x\n"
    found = propose(look(written(tmp_path / "x", text)))
    assert mapping_of(tomllib.loads(as_toml(found))).columns == found.columns
    assert missing(found) == ()


def test_the_columns_of_a_real_file_are_guessed(shared_data: Path) -> None:
    found = propose(look(shared_data / "swiss-posts-2009-2023.csv"))
    assert found.columns["post"].column == "id_str"
    assert found.columns["account"].column == "university"
