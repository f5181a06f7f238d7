"""The secret key, the database's address, and files as they arrive."""

from __future__ import annotations

import sqlite3
import stat
from contextlib import closing
from pathlib import Path

import pytest

from vigie.errors import SettingError
from vigie.secret import kept_secret
from vigie.web.database import database
from vigie.web.received import _safe

KEY_FILE = "secret-key"
FULL = 2
"""As SQLite counts: every transaction is flushed before it is said to be done."""


def test_secret_key_is_made_once_and_kept(tmp_path: Path) -> None:
    first = kept_secret(tmp_path / "home", KEY_FILE)
    assert kept_secret(tmp_path / "home", KEY_FILE) == first
    assert len(first) >= 50


def test_only_its_owner_reads_the_secret_key(tmp_path: Path) -> None:
    kept_secret(tmp_path, KEY_FILE)
    assert stat.S_IMODE((tmp_path / KEY_FILE).stat().st_mode) == 0o600


def test_no_address_means_a_file_in_home(tmp_path: Path) -> None:
    assert database("", tmp_path)["NAME"] == tmp_path / "vigie.sqlite3"


def test_postgresql_address_is_taken_apart(tmp_path: Path) -> None:
    found = database(
        "postgresql://vigie:p%40ss@db.example:5433/regis%20ter?sslmode=require", tmp_path
    )
    assert found["ENGINE"] == "django.db.backends.postgresql"
    assert (found["USER"], found["PASSWORD"], found["HOST"]) == ("vigie", "p@ss", "db.example")
    assert (found["PORT"], found["NAME"]) == ("5433", "regis ter")
    assert found["OPTIONS"] == {"sslmode": "require", "options": "-c jit=off"}


def test_sqlite_address_names_a_file(tmp_path: Path) -> None:
    assert database("sqlite:////var/vigie.db", tmp_path)["NAME"] == Path("/var/vigie.db")


def test_what_was_written_is_on_the_disk_when_the_power_fails(tmp_path: Path) -> None:
    options = database("", tmp_path)["OPTIONS"]
    assert isinstance(options, dict)
    with closing(sqlite3.connect(tmp_path / "vigie.sqlite3")) as connection:
        connection.executescript(options["init_command"])
        assert connection.execute("PRAGMA synchronous").fetchone() == (FULL,)


def test_other_databases_are_refused_without_showing_the_password(tmp_path: Path) -> None:
    with pytest.raises(SettingError) as refusal:
        database("mysql://root:hunter2@db/vigie", tmp_path)
    assert "mysql" in str(refusal.value)
    assert "hunter2" not in str(refusal.value)


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("posts.csv", "posts.csv"),
        ("../../etc/passwd", "passwd"),
        ("C:\\exports\\Été 2026.xlsx", "Été 2026.xlsx"),
        ("..", "file"),
        ("", "file"),
        ("state.json", "file"),
        ("a\x00b\n.csv", "ab.csv"),
    ],
)
def test_name_of_a_file_is_made_safe(sent: str, kept: str) -> None:
    assert _safe(sent) == kept


def test_endless_name_is_cut_but_keeps_its_ending() -> None:
    assert _safe("n" * 999 + ".csv").endswith("n.csv")
    assert len(_safe("é" * 999 + ".csv").encode()) < 255
