"""Opens the database of the register for the commands that touch records."""

from __future__ import annotations

import os

from vigie import settings


def open_records() -> None:
    """Start Django and bring the database up to date; called only inside commands that need it."""
    import django
    from django.core.management import call_command

    settings.load().home.mkdir(parents=True, exist_ok=True)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "vigie.web.settings")
    django.setup()
    call_command("migrate", interactive=False, verbosity=0)
