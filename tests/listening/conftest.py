"""What the tests of listening share: a kept query, an alert on it, and the people it tells."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.cast import ALICE, BOB, NOON
from tests.listening.test_changes import LIBRARY
from vigie.listening import changes
from vigie.listening.models import Alert
from vigie.register.models import Person
from vigie.register.people import add_person

PASSWORD = "a lamp on the north tower"


def person(name: str) -> Person:
    """Add someone who may sign in and has a mail address."""
    added = add_person(name, PASSWORD, role="editor")
    added.user.email = f"{name}@northfield.example"  # type: ignore[union-attr]  # just made
    added.user.save()  # type: ignore[union-attr]  # just made
    return added


@pytest.fixture
def alice(db: None) -> Person:
    """Alice, who answers for the library."""
    return person(ALICE)


@pytest.fixture
def bob(db: None) -> Person:
    """Bob, her deputy."""
    return person(BOB)


@pytest.fixture
def alert(alice: Person, bob: Person) -> Alert:
    """An alert of urgent posts about the library, which speaks at any hour."""
    return Alert.objects.create(
        query=changes.keep_query(LIBRARY),
        kind="urgent",
        person=alice,
        deputy=bob,
        quiet_from=None,
        quiet_until=None,
        cool_down=timedelta(),
        since=NOON,
    )
