"""Every page is closed unless it says otherwise."""

from __future__ import annotations

from types import ModuleType, SimpleNamespace

import pytest
from django.test import Client

import vigie.web.pages
from tests.web.conftest import PASSWORD
from vigie.errors import PluginError
from vigie.register.rights import RIGHTS
from vigie.web.page import Page, _page, pages

PAGES = pages(vigie.web.pages)
CLOSED = [page for page in PAGES if page.permission is not None]


def address(page: Page) -> str:
    """Return an address of a page, with something where it takes a name."""
    parts = page.route.split("/")
    return "/" + "/".join("1" if part.startswith("<") else part for part in parts)


@pytest.mark.parametrize("page", CLOSED, ids=lambda page: page.name)
def test_stranger_is_sent_to_sign_in(site: Client, page: Page) -> None:
    response = site.get(address(page))
    assert response.status_code == (302 if "GET" in page.methods else 405)
    if response.status_code == 302:
        assert response["Location"].startswith("/sign-in/?next=")


@pytest.mark.parametrize(
    "page",
    [page for page in CLOSED if page.permission not in RIGHTS["reader"]],
    ids=lambda page: page.name,
)
def test_person_without_the_right_is_told_so(bob: Client, page: Page) -> None:
    response = bob.get(address(page))
    assert response.status_code == (403 if "GET" in page.methods else 405)
    assert "Ask an administrator" in response.text or "GET" not in page.methods


def test_page_that_says_nothing_about_who_may_open_it_is_refused() -> None:
    module = SimpleNamespace(route="secret/", page=lambda request: None)
    with pytest.raises(PluginError, match="does not declare permission"):
        _page("inbox.secret", module)  # type: ignore[arg-type]


def test_page_answers_only_the_methods_it_declares(site: Client) -> None:
    assert site.post("/institutions/").status_code == 405


def test_strangers_upload_is_refused_before_it_is_read(site: Client) -> None:
    response = site.post("/sources/", {"file": b"x" * 1000})
    assert response["Location"].startswith("/sign-in/")


def test_right_password_lets_in_and_leads_on(site: Client, people: object) -> None:
    given = {"username": "alice", "password": PASSWORD, "next": "/method/"}
    assert site.post("/sign-in/", given)["Location"] == "/method/"


def test_nobody_is_led_to_another_site(site: Client, people: object) -> None:
    given = {"username": "alice", "password": PASSWORD, "next": "https://evil.example/"}
    assert site.post("/sign-in/", given)["Location"] == "/"


def test_wrong_password_says_so_beside_the_form(site: Client, people: object) -> None:
    response = site.post("/sign-in/", {"username": "alice", "password": "no"})
    assert (response.status_code, 'role="alert"' in response.text) == (422, True)


def test_site_without_anyone_explains_how_to_make_the_first_person(site: Client) -> None:
    response = site.get("/sign-in/")
    assert "vigie user add" in response.text
    assert "<input" not in response.text.split("<main")[1]


def test_signing_out_takes_a_form(alice: Client) -> None:
    assert alice.get("/sign-out/").status_code == 405
    assert alice.post("/sign-out/").status_code == 302
    assert alice.get("/sources/").status_code == 302


def test_every_page_module_is_a_page() -> None:
    assert isinstance(vigie.web.pages, ModuleType)
    assert {"index.home", "index.latest", "sources.sources"} <= {page.name for page in PAGES}
