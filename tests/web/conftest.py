"""The site of a test: its own home, its own people, the cast's institutions."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.core.cache import cache
from django.test import Client, override_settings

from tests.cast import ACCOUNTS, ALICE, BOB, INSTITUTIONS
from vigie.columns import table_of
from vigie.model import Account, Institution
from vigie.register.models import Person
from vigie.register.people import add_person
from vigie.settings import Settings
from vigie.store.store import Store

PASSWORD = "a lamp on the north tower"


@pytest.fixture
def site(settings: Settings, db: None) -> Iterator[Client]:
    """Charlie's browser, a stranger's, on a site whose home is a folder of this test."""
    quick = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    cache.clear()
    with override_settings(CONFIGURED=settings, PASSWORD_HASHERS=quick):
        yield _browser()


@pytest.fixture
def people(site: Client) -> tuple[Person, Person]:
    """Alice, who may do everything, and Bob, who may only read the register."""
    return (
        add_person(ALICE, PASSWORD, role="administrator"),
        add_person(BOB, PASSWORD, role="reader"),
    )


@pytest.fixture
def alice(people: tuple[Person, Person]) -> Client:
    """Alice's browser: she is signed in."""
    client = _browser()
    client.force_login(people[0].user)
    return client


@pytest.fixture
def bob(people: tuple[Person, Person]) -> Client:
    """Bob's browser: signed in, with the right to read only."""
    client = _browser()
    client.force_login(people[1].user)
    return client


def _browser() -> Client:
    return Client(headers={"accept-language": "en"})


def fill_cast(store: Store) -> None:
    """Let a store know the cast's institutions and accounts."""
    store.replace("institutions", table_of(Institution, INSTITUTIONS))
    store.replace("accounts", table_of(Account, ACCOUNTS))


@pytest.fixture
def cast(store: Store) -> Store:
    """A store that knows the cast's institutions and accounts."""
    fill_cast(store)
    return store
