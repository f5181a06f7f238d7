"""A database that does not do its part: a sentence that says what to do, and no traceback."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import OperationalError

from vigie.cli.database_words import understood
from vigie.cli.main import database_errors

VIGIE = [sys.executable, "-c", "from vigie.cli.main import main; main()"]


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ("connection failed: Connection refused", "See whether it runs"),
        ("database is locked", "Do it again in a moment"),
        ("file is not a database", "put back the last copy"),
        ("attempt to write a readonly database", "Let the user that runs Vigie write"),
        ("database or disk is full", "Make room"),
    ],
)
def test_what_a_database_says_is_told_with_what_to_do(told: str, words: str) -> None:
    assert isinstance(error := OperationalError(told), database_errors())
    assert words in str(understood(error))


def test_what_nobody_foresaw_is_not_hidden() -> None:
    assert understood(OperationalError("no such table: odd")) is None


def test_command_over_a_damaged_database_says_so(tmp_path: Path) -> None:
    (tmp_path / "vigie.sqlite3").write_text("No database, but a letter to somebody.")
    environment = {**os.environ, "VIGIE_HOME": str(tmp_path), "VIGIE_DATABASE_URL": "",
                   "VIGIE_LANGUAGE": "en"}  # fmt: skip
    asked = [*VIGIE, "inbox", "status"]
    done = subprocess.run(asked, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr.startswith(f"{tmp_path / 'vigie.sqlite3'} is damaged, or no database.")
