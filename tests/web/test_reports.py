"""Every report is a page in both languages, and the same as a file."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date

import pytest
from django.test import Client

from tests.cast import NOON
from vigie.columns import table_of
from vigie.model import Edition, Institution, Standing
from vigie.store.store import Store
from vigie.web import kept
from vigie.web.warming import warm

PAGES = (
    "/", "/index/", "/index/2026-09/", "/institutions/", "/institutions/university-01/",
    "/compare/", "/compare/?with=university-01,university-02", "/method/", "/history/", "/sector/",
    "/index/responsiveness/", "/institutions/university-01/responsiveness/",
)  # fmt: skip
FILES = ("pdf", "xlsx", "csv", "json")


@pytest.fixture
def compared(store: Store) -> Store:
    """A store with one edition: twelve universities, all in one group."""
    slugs = [f"university-{number:02}" for number in range(1, 13)]
    institutions = [
        Institution(institution=slug, name=slug.title(), kind="university", country="FR")
        for slug in slugs
    ]
    store.replace("institutions", table_of(Institution, institutions))
    edition = Edition(
        edition="2026-09", revision=1, month_on=date(2026, 9, 1), method="vigie 2026.1",
        computed_at=NOON, published_at=NOON,
    )  # fmt: skip
    store.replace("editions", table_of(Edition, [edition]))
    store.replace("standings", table_of(Standing, _standings(slugs)))
    return store


def _standings(slugs: Sequence[str]) -> list[Standing]:
    return [
        Standing(
            edition="2026-09", revision=1, month_on=date(2026, 9, 1), method="vigie 2026.1",
            group="university.fr", group_size=len(slugs), institution=slug, score=99.0 - place,
            rank=place, rank_low=max(place - 2, 1), rank_high=min(place + 3, len(slugs)),
            first_ten=0.5, band=1 + place // 4, coverage=1.0, seen_at=NOON,
        )
        for place, slug in enumerate(slugs, start=1)
    ]  # fmt: skip


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("address", PAGES)
def test_every_page_answers_in_both_languages(
    site: Client, compared: Store, address: str, language: str
) -> None:
    response = site.get(address, headers={"accept-language": language})
    assert response.status_code == 200
    assert f'<html lang="{language}">' in response.text
    assert response.text.count("<h1>") == 1
    # The policy of every page forbids what is written inline.
    assert _inline(response.text) == []


def _inline(page: str) -> list[str]:
    return [sign for sign in (" style=", "<style", "onclick") if sign in page]


@pytest.mark.parametrize("address", PAGES)
def test_no_page_says_anything_before_there_is_something(site: Client, address: str) -> None:
    status = site.get(address).status_code
    assert status == (404 if "university" in address or "2026-09" in address else 200)


@pytest.mark.parametrize("kind", FILES)
def test_edition_is_offered_in_every_format(site: Client, compared: Store, kind: str) -> None:
    response = site.get("/index/2026-09/", {"format": kind})
    body = b"".join(response.streaming_content)
    begins = {"pdf": b"%PDF", "xlsx": b"PK", "csv": b"\xef\xbb\xbf", "json": b"{"}
    assert body.startswith(begins[kind]) or kind == "csv"
    assert f".{kind}" in response["Content-Disposition"]


def test_file_holds_what_the_page_shows(site: Client, compared: Store) -> None:
    chosen = {"with": "university-01,university-02", "format": "json"}
    said = b"".join(site.get("/compare/", chosen).streaming_content).decode()
    assert "University-02" in json.dumps(json.loads(said))
    assert "University-03" not in said


def test_filter_that_names_nothing_is_refused_in_words(site: Client, compared: Store) -> None:
    response = site.get("/index/", {"kind": "lighthouse", "format": "json"})
    assert response.status_code == 404


def test_unknown_format_is_refused_in_words(site: Client, compared: Store) -> None:
    response = site.get("/index/", {"format": "docx"})
    assert response.status_code == 404
    assert "There is no format docx" in response.text


def test_edition_chosen_in_the_form_has_its_own_address(site: Client, compared: Store) -> None:
    response = site.get("/index/", {"edition": "2026-09", "kind": "university", "group": ""})
    assert response["Location"] == "/index/2026-09/?kind=university"


def test_edition_nobody_published_is_nowhere(site: Client, compared: Store) -> None:
    assert site.get("/index/1999-01/").status_code == 404


def test_first_page_names_who_leads(site: Client, compared: Store) -> None:
    page = site.get("/").text
    assert "University-01" in page
    assert "Which institution is yours?" in page


def test_first_page_remembers_whose_it_is(site: Client, compared: Store) -> None:
    site.get("/", {"institution": "university-03"})
    assert "How is University-03 doing?" in site.get("/").text


def test_first_page_does_not_remember_what_does_not_exist(site: Client, compared: Store) -> None:
    site.get("/", {"institution": "atlantis"})
    assert "institution" not in site.cookies


def test_comparison_can_gain_and_lose_an_institution(site: Client, compared: Store) -> None:
    page = site.get("/compare/", {"with": "university-01,university-02", "q": "university-03"})
    assert "?with=university-01%2Cuniversity-02%2Cuniversity-03" in page.text
    assert 'href="/compare/?with=university-02"' in page.text


def test_eighth_institution_cannot_be_added(site: Client, compared: Store) -> None:
    seven = ",".join(f"university-{number:02}" for number in range(1, 8))
    assert 'id="add"' not in site.get("/compare/", {"with": seven}).text


def test_unchanged_edition_costs_a_few_bytes(site: Client, compared: Store) -> None:
    first = site.get("/index/")
    again = site.get("/index/", headers={"if-none-match": first["ETag"]})
    assert again.status_code == 304


def test_each_language_has_its_own_mark(site: Client, compared: Store) -> None:
    marks: Mapping[str, str] = {
        language: site.get("/index/", headers={"accept-language": language})["ETag"]
        for language in ("fr", "en")
    }
    assert marks["fr"] != marks["en"]


def test_page_of_someone_signed_in_is_never_shared(alice: Client, compared: Store) -> None:
    assert "ETag" not in alice.get("/index/")


def test_first_pages_are_made_before_anyone_asks(site: Client, compared: Store) -> None:
    warm().join(timeout=60)
    before = len(kept.pages)
    site.get("/index/")
    assert len(kept.pages) == before
