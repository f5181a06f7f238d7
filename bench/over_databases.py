"""Measures over SQLite and over PostgreSQL: each filled once, and measured as a copy of that.

What is filled can be kept in a folder (``--kept``), under a name of its rows and tables: where
either changes, it is filled anew.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import vigie
from tests.servers.postgresql import running

DATABASES = ("sqlite", "postgresql")


@dataclass(frozen=True, kw_only=True)
class Size:
    """How much there is."""

    conversations: int = 200_000
    messages: int = 1_000_000


@dataclass(frozen=True, kw_only=True)
class Measurement:
    """A benchmark of the inbox, of which each part runs in a process of its own."""

    name: str
    """Of its module in this folder."""
    fill: Callable[[Size], object]
    """Writes the rows into migrated tables."""
    measure: Callable[[str, Size], bool]
    """Prints what it sees over a database; whether all held."""


def main(measurement: Measurement) -> int:
    """Measure over the database that was named, or over both; 1 where something did not hold."""
    asked = argparse.ArgumentParser()
    asked.add_argument("database", nargs="?", choices=DATABASES)
    asked.add_argument("--conversations", type=int, default=Size.conversations)
    asked.add_argument("--messages", type=int, default=Size.messages)
    asked.add_argument("--kept", type=Path)
    asked.add_argument("--child", choices=("fill", "measure"))
    given = asked.parse_args()
    size = Size(conversations=given.conversations, messages=given.messages)
    if given.child:
        return _within(measurement, given.child, given.database, size)
    with tempfile.TemporaryDirectory(prefix="vigie-bench-") as folder:
        kept = given.kept or Path(folder)
        kept.mkdir(parents=True, exist_ok=True)
        over = {"sqlite": _sqlite, "postgresql": _postgresql}
        names = [given.database] if given.database else list(DATABASES)
        return max(over[name](measurement, kept / _named(measurement, size), size)
                   for name in names)  # fmt: skip


def _named(measurement: Measurement, size: Size) -> str:
    told = hashlib.sha256(Path(__file__).with_name("desk_rows.py").read_bytes())
    for file in sorted((Path(vigie.__file__).parent / "inbox" / "migrations").glob("0*.py")):
        told.update(file.read_bytes())
    return f"{measurement.name}-{size.conversations}-{size.messages}-{told.hexdigest()[:12]}"


def _sqlite(measurement: Measurement, kept: Path, size: Size) -> int:
    full = kept.with_name(f"{kept.name}.sqlite3")
    with tempfile.TemporaryDirectory(prefix="vigie-bench-") as home:
        if not full.exists():
            _child(measurement, "fill", "sqlite", size, home=home)
            shutil.move(Path(home) / "vigie.sqlite3", full)
        shutil.copy(full, Path(home) / "vigie.sqlite3")
        return _child(measurement, "measure", "sqlite", size, home=home)


def _postgresql(measurement: Measurement, kept: Path, size: Size) -> int:
    full = kept.with_name(f"{kept.name}.postgresql")
    with tempfile.TemporaryDirectory(prefix="vigie-bench-") as home:
        if not full.exists():
            with running(left_at=full) as address:
                _child(measurement, "fill", "postgresql", size, home=home, address=address)
        with running(is_durable=True, begun_from=full) as address:
            return _child(measurement, "measure", "postgresql", size, home=home, address=address)


def _child(
    measurement: Measurement, what: str, database: str, size: Size, *, home: str, address: str = ""
) -> int:
    command = [sys.executable, "-m", f"bench.{measurement.name}", database, "--child", what,
               "--conversations", str(size.conversations),
               "--messages", str(size.messages)]  # fmt: skip
    environment = {**os.environ, "VIGIE_HOME": home, "VIGIE_DATABASE_URL": address,
                   "DJANGO_SETTINGS_MODULE": "vigie.web.settings"}  # fmt: skip
    return subprocess.run(command, env=environment, check=what == "fill").returncode


def _within(measurement: Measurement, what: str, database: str, size: Size) -> int:
    import django

    django.setup()
    if what == "measure":
        # The disk still writes the gigabytes that were copied: nothing waits for them afterwards.
        os.sync()
        return 0 if measurement.measure(database, size) else 1
    from django.core.management import call_command
    from django.db import connection

    call_command("migrate", verbosity=0)
    measurement.fill(size)
    connection.close()
    return 0
