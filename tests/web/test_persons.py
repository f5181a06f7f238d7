"""People and roles on the site: added, given what they may do, invited once, and gone at once."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from django.core import mail
from django.test import Client, override_settings

from tests.web.conftest import PASSWORD
from vigie.register.models import Institution, LogEntry, Person, Role, Service
from vigie.settings import Settings

NEW = "two lamps on the south tower"


@pytest.fixture
def library(site: Client) -> Service:
    """Northfield's library."""
    northfield = Institution.objects.create(slug="northfield", name="Northfield University")
    return Service.objects.create(institution=northfield, name="Library", slug="library")


@pytest.fixture
def dora(alice: Client) -> Person:
    """Dora, whom Alice just added."""
    alice.post("/settings/people/", {"name": "Dora", "mail": "dora@x.example", "language": "fr"})
    return Person.objects.get(name="Dora")


def test_person_is_added_by_name_and_mail(dora: Person) -> None:
    assert (dora.mail, dora.language, dora.user) == ("dora@x.example", "fr", None)
    assert LogEntry.objects.filter(action="person.add", subject="Dora", by="alice").exists()


@pytest.mark.parametrize("given", [{"name": "", "mail": "a@x.example"}, {"name": "Dora"},
                                   {"name": "Dora", "mail": "not an address"}])  # fmt: skip
def test_person_who_cannot_be_named_or_reached_is_refused(
    alice: Client, given: dict[str, str]
) -> None:
    assert alice.post("/settings/people/", given).status_code == 422
    assert Person.objects.count() == 2


def test_invitation_is_mailed_where_mail_is_set_up(
    alice: Client, dora: Person, settings: Settings
) -> None:
    with override_settings(CONFIGURED=replace(settings, mail_url="smtp://localhost")):
        page = alice.post(f"/settings/people/{dora.pk}/", {"do": "sign_in", "username": "dora"})
    [letter] = mail.outbox
    link = re.search(r"/welcome/[^<\s]+/", page.text)
    assert letter.to == ["dora@x.example"]
    assert link is not None
    assert link[0] in letter.body
    assert "Choisissez" in letter.body
    assert "It was sent to dora@x.example" in page.text


def test_invitation_that_is_not_mailed_says_so(alice: Client, dora: Person) -> None:
    page = alice.post(f"/settings/people/{dora.pk}/", {"do": "sign_in", "username": "dora"})
    assert "Mail is not set up on this site" in page.text
    assert mail.outbox == []


def test_role_is_given_in_one_service_and_taken_away(
    alice: Client, dora: Person, library: Service
) -> None:
    address = f"/settings/people/{dora.pk}/"
    alice.post(address, {"do": "role", "role": "answerer", "service": library.pk})
    assert list(Role.objects.filter(person=dora).values_list("name", "service__name")) == [
        ("answerer", "Library")
    ]
    assert "Library" in alice.get("/settings/people/").text
    alice.post(address, {"do": "role", "role": "", "service": library.pk})
    assert not Role.objects.filter(person=dora).exists()


def invite(alice: Client, dora: Person) -> str:
    page = alice.post(f"/settings/people/{dora.pk}/", {"do": "sign_in", "username": "dora"}).text
    found = re.search(r"/welcome/[^<]+/", page)
    assert found is not None
    return found[0]


def test_invited_person_chooses_a_password_once(alice: Client, dora: Person) -> None:
    link, hers = invite(alice, dora), Client(headers={"accept-language": "en"})
    assert "sign in as <strong>dora</strong>" in hers.get(link).text
    assert hers.post(link, {"new": "short", "again": "short"}).status_code == 422
    assert hers.post(link, {"new": NEW, "again": NEW}).status_code == 302
    dora.refresh_from_db()
    assert dora.user is not None
    assert dora.user.check_password(NEW)
    assert Client().get(link).status_code == 404


@pytest.mark.parametrize("link", ["/welcome/MQ/x-y/", "/welcome/%F0%9F/x/", "/welcome/OTk5OTk/a/"])
def test_link_that_is_not_ours_opens_nothing(site: Client, people: object, link: str) -> None:
    assert site.get(link).status_code == 404


def test_link_of_someone_who_left_opens_nothing(alice: Client, dora: Person) -> None:
    link = invite(alice, dora)
    alice.post(f"/settings/people/{dora.pk}/", {"do": "leave"})
    assert Client().get(link).status_code == 404


def test_who_leaves_is_out_at_once_and_answers_for_nothing(
    alice: Client, bob: Client, people: tuple[Person, Person], library: Service
) -> None:
    Service.objects.update(correspondent=people[1])
    alice.post(f"/settings/people/{people[1].pk}/", {"do": "leave"})
    library.refresh_from_db()
    assert (library.correspondent, people[1].roles.count()) == (None, 0)
    assert bob.get("/register/").status_code == 302
    given = {"username": "bob", "password": PASSWORD}
    assert Client().post("/sign-in/", given).status_code == 422


@pytest.mark.parametrize("given", [{"do": "leave"}, {"do": "role", "role": "reader"},
                                   {"do": "role", "role": ""}])  # fmt: skip
def test_last_administrator_stays(
    alice: Client, people: tuple[Person, Person], given: dict[str, str]
) -> None:
    answer = alice.post(f"/settings/people/{people[0].pk}/", given)
    assert (answer.status_code, "must stay administrator" in answer.text) == (422, True)
    assert people[0].roles.get().name == "administrator"


@pytest.mark.parametrize("given", [{}, {"do": "role", "role": "king"},
                                   {"do": "role", "role": "reader", "service": "x"},
                                   {"do": "sign_in", "username": " "},
                                   {"do": "sign_in", "username": "alice"}])  # fmt: skip
def test_form_that_makes_no_sense_is_refused_in_words(
    alice: Client, dora: Person, given: dict[str, str]
) -> None:
    assert alice.post(f"/settings/people/{dora.pk}/", given).status_code == 422


def test_editor_gives_nobody_a_role(bob: Client, people: tuple[Person, Person]) -> None:
    Role.objects.filter(person=people[1]).update(name="editor")
    address = f"/settings/people/{people[1].pk}/"
    assert bob.post(address, {"do": "role", "role": "administrator"}).status_code == 403
    assert people[1].roles.get().name == "editor"
