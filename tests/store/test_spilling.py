"""What does not fit in memory leaves nothing behind, however its process ended."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from vigie.store.engines.duckdb import DuckdbEngine
from vigie.store.spilling import YOUNG, Spill

HOLDS = """
from vigie.store.spilling import Spill
spill = Spill()
(spill.folder / "rows").write_bytes(b"x")
print(spill.folder, flush=True)
input()
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr(tempfile, "tempdir", None)
    return tmp_path


def held_elsewhere(folder: Path) -> tuple[subprocess.Popen[str], Path]:
    """Return a process that holds a folder, and the folder; it is no longer young."""
    process = subprocess.Popen([sys.executable, "-c", HOLDS], text=True, stdin=subprocess.PIPE,
                               stdout=subprocess.PIPE, env={**os.environ})  # fmt: skip
    assert process.stdout is not None
    held = Path(process.stdout.readline().strip())
    assert held.parent == folder
    aged(held)
    return process, held


def aged(folder: Path) -> None:
    then = folder.stat().st_mtime - YOUNG - 1
    os.utime(folder, (then, then))


def test_an_engine_that_ends_leaves_nothing(folder: Path) -> None:
    engine = DuckdbEngine()
    assert len(list(folder.iterdir())) == 1
    del engine
    assert list(folder.iterdir()) == []


def test_what_a_killed_process_left_is_taken_away_by_the_next(folder: Path) -> None:
    process, held = held_elsewhere(folder)
    with process:
        process.send_signal(signal.SIGKILL)
    assert held.exists()
    Spill().let_go()
    assert not held.exists()


def test_what_a_living_process_uses_stays(folder: Path) -> None:
    process, held = held_elsewhere(folder)
    Spill().let_go()
    assert (held / "rows").exists()
    process.communicate("\n")


def test_what_was_just_made_stays(folder: Path) -> None:
    (folder / "vigie-duckdb-new").mkdir()
    Spill().let_go()
    assert (folder / "vigie-duckdb-new").exists()


def test_nobody_else_reads_it(folder: Path) -> None:
    spill = Spill()
    assert spill.folder.stat().st_mode & 0o077 == 0
    spill.let_go()
