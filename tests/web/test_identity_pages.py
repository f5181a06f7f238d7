"""Who are we: read by who listens, declared by who keeps the queries."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.reports.test_identity import GIVEN
from vigie.columns import table_of
from vigie.listening import tables
from vigie.model import TABLES
from vigie.register.models import Institution
from vigie.sources.models import Work
from vigie.sources.turns import IDENTITY
from vigie.store.store import Store

pytestmark = pytest.mark.usefixtures("cast")
PAGE = "/listening/identity/northfield/"


@pytest.fixture
def northfield(site: Client) -> Institution:
    """Northfield in the register."""
    return Institution.objects.create(slug="northfield", name="Northfield University")


@pytest.fixture
def known(cast: Store) -> Store:
    for name, rows in GIVEN.items():
        cast.append(name, table_of(TABLES[name], rows))
    return cast


def declare(client: Client, **given: str) -> int:
    asked = {"do": "declare", "name": "The sea", "words": "ocean, sea*", **given}
    return client.post(PAGE, asked).status_code


def test_stranger_is_sent_to_sign_in(site: Client) -> None:
    assert site.get(PAGE).status_code == 302


def test_who_listens_reads_one_and_all(alice: Client, known: Store) -> None:
    assert "7 times of 10" in alice.get(PAGE).content.decode()
    assert "Northfield" in alice.get("/listening/identity/").content.decode()


def test_before_anybody_looked_it_says_what_to_do(alice: Client) -> None:
    assert "vigie identity" in alice.get(PAGE).content.decode()


def test_what_is_declared_is_kept_and_looked_at_at_once(
    alice: Client, northfield: Institution
) -> None:
    assert declare(alice) == 302
    (kept,) = tables.specialities("northfield")
    assert (kept.name, kept.words) == ("The sea", ("ocean", "sea*"))
    assert Work.objects.filter(kind=IDENTITY, subject="northfield").exists()


def test_what_was_declared_is_taken_back(alice: Client, northfield: Institution) -> None:
    declare(alice)
    assert alice.post(PAGE, {"do": "erase", "name": "The sea"}).status_code == 302
    assert not tables.specialities("northfield")


def test_speciality_without_words_is_refused_beside_the_form(
    alice: Client, northfield: Institution
) -> None:
    answer = alice.post(PAGE, {"do": "declare", "name": "The sea", "words": " , "})
    assert "Write the words" in answer.content.decode()


def test_who_may_only_read_declares_nothing(bob: Client, northfield: Institution) -> None:
    assert declare(bob) in (302, 403)
    assert not tables.specialities("northfield")
