"""Signing in: guesses are borne for a while, nothing says who exists, sessions end in time."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from axes.models import AccessAttempt
from django.contrib.sessions.models import Session
from django.test import Client, override_settings

from tests.web.conftest import PASSWORD
from vigie.register import patience
from vigie.register.models import Person
from vigie.register.people import put_password
from vigie.settings import Settings

NEW = "two lamps on the south tower"


def guess(client: Client, name: str = "alice", password: str = "no", **also: str) -> int:
    given = {"username": name, "password": password}
    return client.post("/sign-in/", given, headers=also).status_code


def test_after_five_wrong_passwords_the_right_one_is_not_even_tried(
    site: Client, people: object
) -> None:
    assert [guess(site) for _attempt in range(5)] == [422, 422, 422, 422, 429]
    assert guess(site, password=PASSWORD) == 429


def test_it_makes_no_difference_whether_a_name_exists(site: Client, people: object) -> None:
    def seen(name: str) -> list[tuple[int, str]]:
        pages = [site.post("/sign-in/", {"username": name, "password": "no"}) for _try in range(6)]
        tokens = r'name="csrfmiddlewaretoken" value="\w+"'
        return [
            (page.status_code, re.sub(tokens, "", page.text).replace(name, "")) for page in pages
        ]

    assert seen("alice") == seen("mallory")


def test_page_says_how_long_to_wait_in_the_readers_language(site: Client, people: object) -> None:
    for _attempt in range(5):
        guess(site)
    page = site.post("/sign-in/?language=fr", {"username": "alice", "password": "no"})
    assert "Réessayez dans 15 minutes" in page.text
    assert 800 < int(page["Retry-After"]) <= 901


def test_waiting_ends_and_is_not_drawn_out_by_trying_again(site: Client, people: object) -> None:
    for _attempt in range(7):
        guess(site)
    (row,) = AccessAttempt.objects.all()
    assert row.failures_since_start == 5
    AccessAttempt.objects.update(attempt_time=row.attempt_time - timedelta(minutes=16))
    assert guess(site, password=PASSWORD) == 302


def test_right_password_forgets_the_wrong_ones(site: Client, people: object) -> None:
    for name in ("alice", "alice", "ALICE", "alice"):
        guess(site, name)
    assert guess(Client(), password=PASSWORD) == 302
    assert not AccessAttempt.objects.exists()


def test_another_name_or_another_address_is_not_held_back(site: Client, people: object) -> None:
    for _attempt in range(5):
        guess(site)
    assert guess(site, "bob", PASSWORD) == 302
    assert Client(REMOTE_ADDR="192.0.2.7").post(
        "/sign-in/", {"username": "alice", "password": PASSWORD}
    ).status_code == 302  # fmt: skip


def test_address_that_tries_many_names_is_held_back(site: Client, people: object) -> None:
    for number in range(patience.FOR_ONE_ADDRESS):
        guess(site, f"name{number}")
    assert guess(site, "alice", PASSWORD) == 429


def test_neither_name_nor_address_nor_browser_is_kept(site: Client, people: object) -> None:
    guess(site, "alice", "secret words", **{"user-agent": "Browser/1"})
    (row,) = AccessAttempt.objects.values()
    kept = " ".join(str(value) for value in row.values())
    assert not [one for one in ("alice", "127.0.0.1", "Browser", "secret") if one in kept]


@pytest.mark.parametrize(
    ("servers", "passed", "same"),
    [(0, "198.51.100.9", True), (1, "198.51.100.9", False), (1, "198.51.100.9, 127.0.0.1", True)],
)
def test_address_comes_from_our_own_servers_alone(
    servers: int, passed: str, same: bool, site: Client, people: object, settings: Settings
) -> None:
    known = patience.address_mark("127.0.0.1")
    with override_settings(CONFIGURED=Settings(home=settings.home, servers_before=servers)):
        guess(site, **{"x-forwarded-for": passed})
    assert (AccessAttempt.objects.get().ip_address == known) == same


def test_whole_network_of_an_ipv6_address_is_one() -> None:
    one, other = (patience.address_mark(f"2001:db8::{end}") for end in ("1", "2"))
    assert one == other != patience.address_mark("2001:db8:0:1::1")


def test_unlocked_name_is_tried_at_once(site: Client, people: object) -> None:
    for _attempt in range(5):
        guess(site)
    assert patience.unlock("Alice") == 1
    assert guess(site, password=PASSWORD) == 302


def test_session_is_another_one_after_signing_in(site: Client, people: object) -> None:
    site.post("/sign-in/", {"username": "bob", "password": PASSWORD})
    first = site.cookies["sessionid"].value
    guess(site, "alice", PASSWORD)
    site.post("/sign-out/")
    guess(site, "alice", PASSWORD)
    assert site.cookies["sessionid"].value != first
    assert not Session.objects.filter(session_key=first).exists()


def test_cookie_of_a_session_is_closed_to_scripts_and_other_sites(
    site: Client, people: object
) -> None:
    guess(site, "alice", PASSWORD)
    cookie = site.cookies["sessionid"]
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")


def test_changed_password_ends_every_session_but_this_one(
    site: Client, alice: Client, people: tuple[Person, Person]
) -> None:
    here = Client(headers={"accept-language": "en"})
    here.force_login(people[0].user)  # type: ignore[arg-type]  # added with a user
    answer = here.post("/settings/account/", {"old": PASSWORD, "new": NEW, "again": NEW})
    assert answer.status_code == 302
    assert here.get("/sources/").status_code == 200
    assert alice.get("/sources/").status_code == 302


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"old": "no", "new": NEW, "again": NEW}, "is another one"),
        ({"old": PASSWORD, "new": NEW, "again": "x"}, "two different ways"),
        ({"old": PASSWORD, "new": "short", "again": "short"}, "too short"),
        ({"old": PASSWORD, "new": "123456789012345", "again": "123456789012345"}, "numeric"),
    ],
)
def test_password_is_refused_in_words(alice: Client, given: dict[str, str], words: str) -> None:
    answer = alice.post("/settings/account/", given)
    assert (answer.status_code, words in answer.text) == (422, True)


def test_rules_of_passwords_are_said_in_french(alice: Client) -> None:
    given = {"old": PASSWORD, "new": "court", "again": "court"}
    assert "trop court" in alice.post("/settings/account/?language=fr", given).text


def test_person_who_is_no_longer_active_is_out_at_once(
    bob: Client, people: tuple[Person, Person]
) -> None:
    user = people[1].user
    assert user is not None
    user.is_active = False
    user.save()
    assert bob.get("/register/").status_code == 302


def test_password_is_not_changed_for_others_without_the_right(
    people: tuple[Person, Person],
) -> None:
    from vigie.errors import ForbiddenError
    from vigie.register.people import author

    alice, bob = people
    with pytest.raises(ForbiddenError):
        put_password(alice.user, NEW, by=author(bob.user))  # type: ignore[arg-type]  # has a user
