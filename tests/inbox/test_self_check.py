"""What the database keeps is compared with a real count, and mended."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection

from vigie.inbox import in_step, tallying
from vigie.inbox.models import Conversation, Tally, Wording
from vigie.inbox.searching import note_words
from vigie.inbox.self_check import Difference, check, mend
from vigie.register.models import Service

Ask = Callable[..., Conversation]


@pytest.fixture
def filled(asked: Ask, library: Service) -> None:
    """Three conversations with words: two of the library, one of nobody."""
    note_words([asked(service=library).pk, asked(service=library).pk, asked(state="waiting").pk])


def test_what_is_in_step_is_sound(filled: None) -> None:
    assert check().is_sound


def test_a_total_that_is_wrong_is_said_and_mended(filled: None, library: Service) -> None:
    Tally.objects.create(service=library.pk, state="open", kind="mail", count=5)
    Tally.objects.create(service=0, state="closed", kind="form", count=2)
    found = check()
    assert list(found.totals) == [
        Difference(service=0, state="closed", kind="form", kept=2, counted=0),
        Difference(service=library.pk, state="open", kind="mail", kept=7, counted=2),
    ]
    mend(found)
    assert check().is_sound
    assert tallying.kept() == tallying.counted()


def test_what_changes_after_it_was_mended_is_kept(filled: None, asked: Ask) -> None:
    Tally.objects.all().delete()
    mend(check())
    asked(state="waiting")
    assert tallying.kept() == tallying.counted()


def test_marks_that_are_wrong_are_said_and_mended(filled: None) -> None:
    Wording.objects.update(marks="=closed")
    found = check()
    assert found.marks == 3
    mend(found)
    assert check().is_sound


def test_a_trigger_that_is_gone_is_said_and_comes_back(filled: None, asked: Ask) -> None:
    on = " ON inbox_conversation" if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER inbox_conversation_added{on}")
    asked()
    found = check()
    assert found.missing == ["inbox_conversation_added"]
    assert [(one.kept, one.counted) for one in found.totals] == [(0, 1)]
    mend(found)
    asked()
    assert check().is_sound


def test_an_index_of_other_words_is_said_and_made_anew(filled: None) -> None:
    if connection.vendor == "postgresql":
        pytest.skip("PostgreSQL keeps its own index")
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO {in_step.INDEX}(rowid, words, marks) VALUES (1, 'x', 'x')")
    found = check()
    assert not found.has_sound_words
    mend(found)
    assert check().is_sound
