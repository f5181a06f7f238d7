"""The list of institutions, and how one is found."""

from __future__ import annotations

import pytest
from django.test import Client

from vigie.store.store import Store
from vigie.web.institutions import found, plain


@pytest.mark.parametrize(
    ("sought", "names"),
    [
        ("northfield", ["northfield"]),
        ("NORTH univ", ["northfield"]),
        ("universite de southbridge", ["southbridge"]),
        ("0990003C", ["eastmere"]),
        ("unf", ["northfield"]),
        ("", ["eastmere", "northfield", "southbridge"]),
        ("nortfield", ["northfield"]),
        ("zzzzzz", []),
    ],
)
def test_institution_is_found_by_any_of_its_names(
    cast: Store, sought: str, names: list[str]
) -> None:
    assert [row.institution for row in found(cast, sought)] == names


def test_accents_and_ligatures_do_not_hide_a_name() -> None:
    assert plain("École des Beaux-Arts · Œuvre") == "ecole des beaux arts oeuvre"


def test_list_links_to_each_profile(site: Client, cast: Store) -> None:
    assert "/institutions/northfield/" in site.get("/institutions/").text


def test_search_that_finds_nothing_says_what_to_do(site: Client, cast: Store) -> None:
    assert "Try fewer letters." in site.get("/institutions/", {"q": "zzzz"}).text


def test_list_is_offered_as_a_file_of_what_is_shown(site: Client, cast: Store) -> None:
    response = site.get("/institutions/", {"q": "north", "format": "csv"})
    body = b"".join(response.streaming_content).decode("utf-8-sig")
    assert response["Content-Type"].startswith("text/csv")
    assert "Northfield University" in body
    assert "Eastmere" not in body


def test_page_number_that_is_no_number_is_refused(site: Client) -> None:
    assert site.get("/institutions/", {"page": "-1"}).status_code == 404


def test_unchanged_list_costs_a_few_bytes(site: Client, cast: Store) -> None:
    first = site.get("/institutions/")
    again = site.get("/institutions/", headers={"if-none-match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_new_register_is_seen_at_once(site: Client, store: Store, cast: Store) -> None:
    first = site.get("/institutions/")
    store.replace("institutions", store.table("institutions").limit(1).to_pyarrow())
    again = site.get("/institutions/", headers={"if-none-match": first["ETag"]})
    assert again.status_code == 200
