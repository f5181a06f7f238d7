"""Everyone may read what is listened to and why; who keeps a query is an office, not a person."""

from __future__ import annotations

from dataclasses import replace
from html import unescape

import pytest
from django.test import Client, override_settings

from tests.cast import ALICE, NOON
from tests.listening.test_changes import LIBRARY
from vigie.collect.connecting import days_of_others
from vigie.listening import changes
from vigie.listening.public_register import REFUSALS
from vigie.register.rights import RIGHTS, Author
from vigie.settings import Settings
from vigie.words import LANGUAGES

KEEPER = Author(name="keeper-of-queries", rights=RIGHTS["editor"])


@pytest.fixture
def register(site: Client) -> Client:
    changes.keep_query(LIBRARY, by=KEEPER)
    changes.keep_query(replace(LIBRARY, name="old", title="Old words", is_on=False), by=KEEPER)
    changes.permit_figure(
        "Ada Northfield", role="President", reason="Speeches of the university",
        until=NOON.date().replace(year=2099),
    )  # fmt: skip
    return site


def test_stranger_reads_every_query_with_its_purpose(register: Client) -> None:
    page = unescape(register.get("/listening/register/").text)
    for said in (LIBRARY.title, LIBRARY.purpose, LIBRARY.office, LIBRARY.words, "Old words"):
        assert said in page


def test_person_who_keeps_a_query_is_not_named(register: Client) -> None:
    for wanted in ("", "json", "csv"):
        page = register.get("/listening/register/", {"format": wanted} if wanted else {})
        assert KEEPER.name.encode() not in b"".join(page)  # type: ignore[arg-type]  # any answer


def test_register_says_how_long_each_network_is_kept(register: Client) -> None:
    rows = register.get("/listening/register/?format=json").getvalue().decode()
    assert all(f": {days}" in rows for days in set(days_of_others().values()))


def test_register_says_what_is_never_done(register: Client) -> None:
    page = unescape(register.get("/listening/register/").text)
    assert all(str(refusal) in page for refusal in REFUSALS)


def test_public_figure_stands_there_with_the_reason(register: Client) -> None:
    page = register.get("/listening/register/").text
    assert "Ada Northfield" in page
    assert "Speeches of the university" in page


def test_register_says_to_whom_one_may_write(register: Client, settings: Settings) -> None:
    with override_settings(CONFIGURED=replace(settings, contact="dpo@northfield.example")):
        assert "dpo@northfield.example" in register.get("/listening/register/").text


def test_stranger_does_not_read_the_assessment(site: Client) -> None:
    assert site.get("/listening/impact/").status_code == 302


@pytest.mark.parametrize("language", LANGUAGES)
def test_assessment_holds_every_purpose_and_room_to_sign(bob: Client, language: str) -> None:
    changes.keep_query(LIBRARY, by=KEEPER)
    page = bob.get("/listening/impact/", headers={"accept-language": language}).text
    assert LIBRARY.purpose in page
    assert {"en": "Date and signature", "fr": "Date et signature"}[language] in page


def test_assessment_leaves_as_a_file_to_sign(bob: Client) -> None:
    file = bob.get("/listening/impact/?format=pdf").getvalue()
    assert file.startswith(b"%PDF")
    assert ALICE.encode() not in file
