"""``vigie inbox check``: what is said, and with which end."""

from __future__ import annotations

import json

import pytest

from tests.cli.conftest import Run
from vigie.inbox.models import Tally


@pytest.fixture
def wrong(db: None) -> None:
    """A total of conversations that are not there."""
    Tally.objects.create(service=0, state="open", kind="mail", count=3)


def test_a_sound_inbox_is_said_so(run: Run, db: None) -> None:
    code, said, _errors = run("inbox", "check")
    assert (code, "Every total" in said) == (0, True)


def test_a_difference_is_said_and_ends_with_one(run: Run, wrong: None) -> None:
    code, said, _errors = run("inbox", "check")
    assert code == 1
    assert "nobody yet" in said


def test_mended_it_ends_well(run: Run, wrong: None) -> None:
    code, said, _errors = run("inbox", "check", "--mend", "--json")
    found = json.loads(said)
    assert (code, found["is_mended"], found["totals"][0]["kept"]) == (0, True, 3)
    assert run("inbox", "check")[0] == 0
