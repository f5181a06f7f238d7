"""Two real workers at the same moment, over PostgreSQL: everything once, and all of it.

Work is claimed by one worker; but one that was taken for dead, a machine that slept, goes on beside
the one that took over. ``tests/servers/test_inbox_postgresql.py`` runs this.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection

from tests.inbox.due_things import EACH, became, prepare, told_twice

ROOT = Path(__file__).parents[2]
pytestmark = [pytest.mark.server, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """What a worker is told: the database of this test, and a home."""
    if connection.vendor != "postgresql":
        pytest.skip("over PostgreSQL alone: SQLite lets one writer in at a time")
    known = connection.settings_dict
    address = f"postgresql://{known['USER']}@{known['HOST']}:{known['PORT']}/{known['NAME']}"
    return {**os.environ, "VIGIE_DATABASE_URL": address, "VIGIE_HOME": str(tmp_path / "home"),
            "VIGIE_MAIL_URL": "smtp://nowhere.example:25",
            "DJANGO_SETTINGS_MODULE": "vigie.web.settings"}  # fmt: skip


def test_two_workers_at_once_do_everything_once(
    environment: dict[str, str], tmp_path: Path
) -> None:
    prepare(tmp_path / "home")
    command = [sys.executable, "-m", "tests.inbox.second_worker", str(tmp_path)]
    both = [
        subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.PIPE, text=True)
        for _worker in range(2)
    ]
    said = [one.communicate(timeout=120)[1] for one in both]
    assert [one.returncode for one in both] == [0, 0], said
    assert told_twice(tmp_path / "mails.jsonl") == {}
    assert became() == {
        "asked": 3 * EACH,
        "deputies": 1,
        "escalated": 2 * EACH,
        "carried": {EACH // 4},
        "shared": 6 * (EACH // 4),
        "helped": EACH,
        "snoozed": 0,
        "replies": {("sent", 1)},
        "greeted": 2 * EACH,
        "arrivals": {("done", 0)},
        "kept": 2 * EACH,
        "unsent": 0,
        "is whole": True,
    }
