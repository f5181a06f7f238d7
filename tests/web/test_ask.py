"""The public form: for anybody, without script, and safe before it says thank you."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import pytest
from django.core import signing
from django.http import HttpResponse
from django.test import Client

from vigie.inbox.asking import reference_of
from vigie.inbox.models import Arrival, Box, Target
from vigie.register.models import Institution, Service
from vigie.settings import Settings
from vigie.web import ask_patience
from vigie.web.pages.inbox.ask import SALT, TRAP

GIVEN = {"words": "When do you open?", "mail": "marie@example.org", "name": "", "service": ""}


@pytest.fixture
def box(site: Client, db: None) -> Box:
    """Northfield's form."""
    northfield = Institution.objects.create(slug="north", name="Northfield University")
    Service.objects.create(
        institution=northfield, name="BU", slug="library", public_name="The library",
        answers="loans and hours",
    )  # fmt: skip
    return Box.objects.create(name="ask", label="Questions", channel="form", institution=northfield)


def token(*, seconds: float = 60, key: str = "k1") -> str:
    made = datetime.now(UTC) - timedelta(seconds=seconds)
    return signing.dumps({"key": key, "at": made.timestamp()}, salt=SALT)


def sent(client: Client, **changes: str) -> HttpResponse:
    return client.post("/ask/ask/", {**GIVEN, "token": token(), **changes})  # type: ignore[return-value]  # what a page answers


def test_form_is_open_to_everyone_and_names_the_services(site: Client, box: Box) -> None:
    text = site.get("/ask/ask/").text
    assert "Northfield University" in text
    assert "The library – loans and hours" in text


@pytest.mark.parametrize("name", ["nowhere", "mail"])
def test_only_a_form_is_a_form(site: Client, box: Box, name: str) -> None:
    Box.objects.create(name="mail", label="Mail", channel="mail", institution=box.institution)
    assert site.get(f"/ask/{name}/").status_code == 404


def test_question_is_on_the_disk_before_it_says_thank_you(
    site: Client, box: Box, settings: Settings
) -> None:
    answer = sent(site)
    arrival = Arrival.objects.get()
    assert answer.status_code == 302
    assert b"When do you open?" in (settings.home / arrival.file).read_bytes()
    thanks = site.get(answer["Location"]).text
    assert reference_of("k1") in thanks


def test_thanks_say_who_answers_and_how_soon(site: Client, box: Box) -> None:
    service = Service.objects.get()
    Target.objects.create(service=service, response_minutes=16 * 60)
    thanks = site.get(sent(site, service="library")["Location"]).text
    assert "It goes to: The library." in thanks
    assert "within 16 hours of opening time" in thanks


def test_language_of_the_page_goes_with_the_question(
    site: Client, box: Box, settings: Settings
) -> None:
    site.get("/ask/ask/?language=fr")
    sent(site)
    assert b'"language": "fr"' in (settings.home / Arrival.objects.get().file).read_bytes()


@pytest.mark.parametrize(
    ("changes", "status", "words"),
    [
        ({"words": ""}, 422, "Write your question."),
        ({"mail": "marie"}, 422, "name@example.org"),
        ({TRAP: "buy now"}, 422, "must stay empty"),
        ({"token": token(seconds=-3600)}, 422, "very quick"),
        ({"token": "made up"}, 422, "open for a long time"),
        ({"service": "nowhere"}, 422, "Choose one of the services"),
    ],
)
def test_what_is_not_taken_says_why_and_keeps_the_words(
    site: Client, box: Box, changes: dict[str, str], status: int, words: str
) -> None:
    answer = sent(site, name="Marie D.", **changes)
    assert (answer.status_code, Arrival.objects.count()) == (status, 0)
    assert words in answer.text
    assert "Marie D." in answer.text


def test_form_that_was_refused_can_be_sent_again(site: Client, box: Box) -> None:
    answer = sent(site, token="made up")
    made = re.search(r'name="token" value="([^"]+)"', answer.text)
    assert made is not None
    assert signing.loads(made[1], salt=SALT)["key"]


def test_program_that_asks_without_end_is_asked_to_wait(
    site: Client, box: Box, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ask_patience, "MOST_IN_AN_HOUR", 2)
    found = [sent(site, token=token(key=f"{number}")).status_code for number in range(3)]
    assert found == [302, 302, 429]
    assert Arrival.objects.count() == 2


def test_full_disk_thanks_nobody(site: Client, box: Box, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("vigie.inbox.safe_files.os.fsync", full)
    answer = sent(site)
    assert (answer.status_code, Arrival.objects.count()) == (503, 0)
    assert "could not be kept" in answer.text
    assert "When do you open?" in answer.text


def test_form_of_another_site_is_refused(box: Box, site: Client) -> None:
    strict = Client(enforce_csrf_checks=True)
    assert sent(strict).status_code == 403


def test_thanks_cannot_be_made_up(site: Client, box: Box) -> None:
    assert "Send the question" in site.get("/ask/ask/?sent=whatever").text


def test_page_stays_in_no_cache(site: Client, box: Box) -> None:
    place = urlsplit(sent(site)["Location"])
    assert site.get(f"{place.path}?{place.query}")["Cache-Control"] == "private, no-store"
