"""Opening the records: brought up to date by one process, however many begin at once."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection

OPEN = [sys.executable, "-c", "from vigie.cli.records import open_records; open_records()"]
BEFORE = "DELETE FROM django_migrations WHERE app = 'sessions'; DROP TABLE django_session"
"""As if one change were still to be done, on which no other builds."""


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_processes_that_begin_at_once_bring_it_up_to_date_once(tmp_path: Path) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("a copy is made of what SQLite keeps")
    connection.ensure_connection()
    with sqlite3.connect(tmp_path / "vigie.sqlite3") as copy:
        connection.connection.backup(copy)
        copy.executescript(BEFORE)
    environment = {**os.environ, "VIGIE_HOME": str(tmp_path), "VIGIE_DATABASE_URL": "",
                   "VIGIE_LANGUAGE": "en"}  # fmt: skip
    both = [
        subprocess.Popen(OPEN, env=environment, stderr=subprocess.PIPE, text=True)
        for _process in range(2)
    ]
    said = [one.communicate(timeout=60)[1] for one in both]
    assert [one.returncode for one in both] == [0, 0], said
    assert any("goes on from there the next time" in one for one in said)
    with sqlite3.connect(tmp_path / "vigie.sqlite3") as copy:
        assert copy.execute("SELECT count(*) FROM django_session").fetchone() == (0,)
