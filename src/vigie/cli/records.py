"""Opens the database of the register for the commands that touch records."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

from vigie import settings
from vigie.store.room import full, says_full


def open_records() -> None:
    """Start Django and bring the database up to date; called only inside commands that need it."""
    import django
    from django.core.management import call_command

    settings.load().home.mkdir(parents=True, exist_ok=True)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "vigie.web.settings")
    django.setup()
    call_command("migrate", interactive=False, verbosity=0)


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
