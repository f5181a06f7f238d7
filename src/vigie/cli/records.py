"""Opens the database of the register for the commands that touch records."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from vigie import settings
from vigie.cli.saying import tell
from vigie.store.room import full, says_full
from vigie.words import _

UPDATING = 5_642_026
"""By this number processes that bring one PostgreSQL up to date wait for each other."""


def open_records() -> None:
    """Start Django and bring the database up to date; called only inside commands that need it."""
    import django

    home = settings.load().home
    home.mkdir(parents=True, exist_ok=True)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "vigie.web.settings")
    django.setup()
    _bring_up_to_date(home)


@contextmanager
def room_for_records() -> Iterator[None]:
    """Say in words that the disk is full, where the database says so."""
    from django.db import DatabaseError

    try:
        yield
    except DatabaseError as error:
        if not says_full(error):
            raise
        raise full(settings.load().home) from error


def _bring_up_to_date(home: Path) -> None:
    """Change tables as this version has them, each change whole or not at all, by one process."""
    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    known = MigrationExecutor(connection)
    if not known.migration_plan(known.loader.graph.leaf_nodes()):
        return
    if known.loader.applied_migrations:
        tell(
            _(
                "The database is brought up to date, which takes minutes where there is much in "
                "it. Stopped anywhere, it goes on from there the next time."
            ),
            err=True,
        )
    with _alone(home), room_for_records():
        # Planned anew: another process may have done it meanwhile.
        call_command("migrate", interactive=False, verbosity=0)


@contextmanager
def _alone(home: Path) -> Iterator[None]:
    """Wait until no other process changes the tables, here or on another machine."""
    from django.db import connection

    if connection.vendor != "postgresql":
        with (home / ".updating").open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [UPDATING])
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [UPDATING])
