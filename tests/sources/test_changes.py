"""People connect, pause and disconnect sources: by right, in the log, and nothing in the clear."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from tests.cast import BOB, NOON
from tests.sources.conftest import SECRET, Kinds
from vigie.errors import ForbiddenError, SecretError, SettingError
from vigie.register.models import LogEntry
from vigie.register.rights import RIGHTS, Author
from vigie.sealing import new_key
from vigie.settings import Settings
from vigie.sources import changes
from vigie.sources.connections import entered, hint
from vigie.sources.models import Connection, Work
from vigie.sources.turns import COLLECT, schedule

pytestmark = pytest.mark.django_db

READER = Author(name=BOB, rights=RIGHTS["reader"])
EDITOR = Author(name=BOB, rights=RIGHTS["editor"])


def everything_written() -> str:
    """Return every cell of every table of the database, as text."""
    with connection.cursor() as cursor:
        found = []
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            found.append(repr(cursor.fetchall()))
    return "\n".join(found)


def test_what_was_entered_is_given_to_the_connector(settings: Settings, kinds: Kinds) -> None:
    changes.connect(kinds.closed, kinds.keys, settings=settings)
    assert entered(kinds.closed, settings=settings) == kinds.keys


def test_database_and_log_hold_no_secret(settings: Settings, kinds: Kinds) -> None:
    changes.connect(kinds.closed, kinds.keys, settings=settings)
    assert SECRET not in everything_written()
    assert LogEntry.objects.filter(action="connection.put", subject=kinds.closed).exists()


def test_only_last_letters_and_day_are_shown_again(settings: Settings, kinds: Kinds) -> None:
    kept = changes.connect(kinds.closed, kinds.keys, settings=settings, at=NOON)
    assert next(iter(kept.hints.values())) == {"ends": "7Q4Z", "on": "2026-10-01"}


@pytest.mark.parametrize(("secret", "shown"), [("abcdefgh1234", "1234"), ("abcdefg1234", "")])
def test_short_secret_is_not_given_away_by_its_end(secret: str, shown: str) -> None:
    assert hint(secret) == shown


def test_what_is_left_empty_stays_as_it_was(settings: Settings, kinds: Kinds) -> None:
    changes.connect(kinds.closed, kinds.keys, settings=settings)
    changes.connect(kinds.closed, dict.fromkeys(kinds.keys, " "), settings=settings, label="Ours")
    assert entered(kinds.closed, settings=settings) == kinds.keys
    assert Connection.objects.get().label == "Ours"


def test_connecting_without_the_key_is_refused(settings: Settings, kinds: Kinds) -> None:
    with pytest.raises(SettingError, match="cannot be connected without"):
        changes.connect(kinds.closed, {}, settings=settings)
    assert not Connection.objects.exists()


def test_option_nobody_knows_is_refused(settings: Settings, kinds: Kinds) -> None:
    with pytest.raises(SettingError, match="has no option colour"):
        changes.connect(kinds.closed, {**kinds.keys, "colour": "red"}, settings=settings)


@pytest.mark.parametrize("value", ["two\nlines", "nul\0", "x" * 9000])
def test_value_that_can_be_no_key_is_refused(settings: Settings, kinds: Kinds, value: str) -> None:
    with pytest.raises(SettingError, match="Copy it again"):
        changes.connect(kinds.closed, dict.fromkeys(kinds.keys, value), settings=settings)


def test_key_that_is_a_json_file_may_have_lines(settings: Settings, kinds: Kinds) -> None:
    written = '{\n "private_key": "abc"\n}\n'
    changes.connect(kinds.closed, dict.fromkeys(kinds.keys, written), settings=settings)
    assert set(entered(kinds.closed, settings=settings).values()) == {'{"private_key": "abc"}'}


def test_connected_source_is_due_at_once(settings: Settings, kinds: Kinds) -> None:
    changes.connect(kinds.closed, kinds.keys, settings=settings, at=NOON)
    assert Work.objects.get(kind=COLLECT, connector=kinds.closed).due_at == NOON


def test_disconnecting_erases_the_key_and_the_work(settings: Settings, kinds: Kinds) -> None:
    changes.connect(kinds.closed, kinds.keys, settings=settings)
    changes.disconnect(kinds.closed, settings=settings)
    assert not Connection.objects.exists()
    assert not Work.objects.filter(connector=kinds.closed).exists()


def test_disconnecting_what_was_not_connected_is_refused(settings: Settings, kinds: Kinds) -> None:
    with pytest.raises(SettingError, match="nothing to erase"):
        changes.disconnect(kinds.closed, settings=settings)


def test_paused_source_stays_paused_when_work_is_planned(settings: Settings, kinds: Kinds) -> None:
    changes.pause(kinds.open, settings=settings, by=EDITOR, at=NOON)
    schedule(settings, now=NOON + timedelta(days=3))
    assert Work.objects.get(kind=COLLECT, connector=kinds.open).is_paused


def test_resumed_source_is_due_at_once(settings: Settings, kinds: Kinds) -> None:
    changes.pause(kinds.open, settings=settings, at=NOON)
    changes.resume(kinds.open, settings=settings, at=NOON + timedelta(hours=1))
    row = Work.objects.get(kind=COLLECT, connector=kinds.open)
    assert (row.is_paused, row.due_at) == (False, NOON + timedelta(hours=1))


def test_source_that_needs_a_key_cannot_be_run(settings: Settings, kinds: Kinds) -> None:
    with pytest.raises(SettingError, match="connect it first"):
        changes.run_now(kinds.closed, settings=settings)


def test_source_nobody_knows_is_refused_with_the_known_ones(settings: Settings) -> None:
    with pytest.raises(SettingError, match="There are: "):
        changes.run_now("friendster", settings=settings)


@pytest.mark.parametrize("by", [READER, EDITOR], ids=["reader", "editor"])
def test_only_an_administrator_connects(settings: Settings, kinds: Kinds, by: Author) -> None:
    with pytest.raises(ForbiddenError):
        changes.connect(kinds.closed, kinds.keys, settings=settings, by=by)
    with pytest.raises(ForbiddenError):
        changes.disconnect(kinds.closed, settings=settings, by=by)
    with pytest.raises(ForbiddenError):
        changes.rotate(settings=settings, by=by)


def test_reader_neither_runs_nor_pauses(settings: Settings, kinds: Kinds) -> None:
    for change in (changes.run_now, changes.pause, changes.resume, changes.reread):
        with pytest.raises(ForbiddenError):
            change(kinds.open, settings=settings, by=READER)


def test_every_change_is_in_the_log(settings: Settings, kinds: Kinds) -> None:
    changes.connect(kinds.closed, kinds.keys, settings=settings)
    for change in (changes.pause, changes.resume, changes.run_now, changes.reread):
        change(kinds.closed, settings=settings)
    changes.rotate(settings=settings)
    changes.disconnect(kinds.closed, settings=settings)
    assert list(LogEntry.objects.values_list("action", flat=True)) == [
        "connection.put", "work.pause", "work.resume", "work.run_now", "work.reread",
        "connection.rotate", "connection.erase",
    ]  # fmt: skip


def test_rotating_seals_with_the_first_key(settings: Settings, kinds: Kinds) -> None:
    old, new = new_key(), new_key()
    changes.connect(kinds.closed, kinds.keys, settings=replace(settings, token_keys=old))
    changes.rotate(settings=replace(settings, token_keys=f"{new},{old}"))
    assert entered(kinds.closed, settings=replace(settings, token_keys=new)) == kinds.keys


def test_rotating_is_all_or_nothing(settings: Settings, kinds: Kinds) -> None:
    old, new = new_key(), new_key()
    changes.connect(kinds.closed, kinds.keys, settings=replace(settings, token_keys=old))
    changes.connect(
        "webhook.generic", {"secret": SECRET}, settings=replace(settings, token_keys=new)
    )
    before = list(Connection.objects.values_list("sealed", flat=True))
    with pytest.raises(SecretError):
        changes.rotate(settings=replace(settings, token_keys=new))
    assert list(Connection.objects.values_list("sealed", flat=True)) == before


def test_lost_key_does_not_prevent_entering_a_new_one(settings: Settings, kinds: Kinds) -> None:
    changes.connect(kinds.closed, kinds.keys, settings=replace(settings, token_keys=new_key()))
    changes.connect(kinds.closed, kinds.keys, settings=settings)
    assert entered(kinds.closed, settings=settings) == kinds.keys


def test_database_refuses_a_claim_that_is_not_whole() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Work.objects.create(kind=COLLECT, connector="x", due_at=NOON, claimed_by="one")
