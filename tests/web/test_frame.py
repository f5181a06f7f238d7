"""What holds on every page: language, policies, the invented banner, errors in words."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from django.test import Client, RequestFactory
from django.utils import translation

from tests.cast import INSTITUTIONS
from vigie.columns import table_of
from vigie.model import Institution
from vigie.present.colours import stylesheet
from vigie.store.store import Store
from vigie.web.headers import CONTENT_SECURITY_POLICY
from vigie.web.mistakes import broken
from vigie.web.settings import HERE

LIST = "/institutions/"


def test_nothing_comes_from_another_host(site: Client) -> None:
    response = site.get(LIST)
    assert response["Content-Security-Policy"] == CONTENT_SECURITY_POLICY
    assert "default-src 'self'" in CONTENT_SECURITY_POLICY
    assert "unsafe" not in CONTENT_SECURITY_POLICY


def test_every_table_says_what_it_holds() -> None:
    written = [one.read_text(encoding="utf-8") for one in (HERE / "templates").rglob("*.html")]
    tables = [each for one in written for each in re.findall(r"<table[^>]*>\s*(<\w+)", one)]
    assert len(tables) > 20
    assert set(tables) == {"<caption"}


def test_page_has_no_inline_script_or_style(site: Client) -> None:
    page = site.get(LIST).text
    assert " style=" not in page
    assert "<style" not in page
    assert "<script>" not in page


@pytest.mark.parametrize("language", ["fr", "en"])
def test_language_asked_for_is_spoken_and_remembered(site: Client, language: str) -> None:
    site.get(LIST, {"language": language})
    assert f'<html lang="{language}">' in site.get(LIST).text


def test_browsers_language_is_spoken_when_nothing_was_asked(site: Client) -> None:
    page = site.get(LIST, headers={"accept-language": "fr-CH, fr;q=0.9, en;q=0.8"})
    assert '<html lang="fr">' in page.text
    assert page["Content-Language"] == "fr"


def test_language_nobody_speaks_here_is_ignored(site: Client) -> None:
    assert '<html lang="en">' in site.get(LIST, {"language": "xx"}).text


def test_language_switch_leads_back_to_the_same_page(site: Client) -> None:
    page = site.get(LIST, {"q": "north"}).text
    assert 'href="?q=north&amp;language=fr"' in page


def test_invented_institutions_are_announced_on_every_page(site: Client, store: Store) -> None:
    assert "invented-banner" not in site.get("/sign-in/").text
    invented = [replace(one, is_invented=True) for one in INSTITUTIONS]
    store.replace("institutions", table_of(Institution, invented))
    assert "invented-banner" in site.get("/sign-in/").text


@pytest.mark.parametrize(("language", "words"), [("en", "leads nowhere"), ("fr", "/nowhere/")])
def test_address_that_leads_nowhere_is_said_in_words(
    site: Client, language: str, words: str
) -> None:
    response = site.get("/nowhere/", {"language": language})
    assert response.status_code == 404
    assert words in response.text


def test_institution_nobody_knows_is_a_page_not_a_traceback(site: Client, cast: Store) -> None:
    response = site.get("/institutions/atlantis/")
    assert response.status_code == 404
    assert "Traceback" not in response.text


def test_page_for_what_nobody_foresaw_needs_no_database() -> None:
    with translation.override("en"):
        response = broken(RequestFactory().get("/"))
    assert response.status_code == 500
    assert "Something broke on our side." in response.text


def test_form_without_its_token_is_refused_in_words(site: Client) -> None:
    strict = Client(enforce_csrf_checks=True, headers={"accept-language": "en"})
    response = strict.post("/sign-in/", {"username": "alice", "password": "x"})
    assert response.status_code == 403
    assert "open for too long" in response.text


def test_style_sheet_knows_every_colour_of_charts() -> None:
    style = " ".join((HERE / "static" / "vigie.css").read_text(encoding="utf-8").split())
    light, dark = stylesheet().split("@media")[:2]
    for rules in (light, dark):
        for pair in rules.split("{")[-1].split("}")[0].split(";"):
            assert not pair or ": ".join(pair.split(":")) in style
