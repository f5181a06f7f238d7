"""A run killed at random moments loses nothing, doubles nothing, and says what happened."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.flow.killed import HANDLES, POSTS
from vigie.columns import records_of
from vigie.flow.journal import runs_of
from vigie.model import Cursor
from vigie.settings import Settings
from vigie.store.store import Store, open_store

MOST_RUNS = 5
ROOT = Path(__file__).parents[2]
COMMAND = [sys.executable, "-m", "tests.flow.killed"]


def killed_after(home: Path, seconds: float) -> bool:
    """Start a run, kill it after so long, and say whether it had come to its end."""
    child = subprocess.Popen(
        [*COMMAND, str(home), "0.005"], stdout=subprocess.PIPE, text=True, cwd=ROOT
    )
    assert child.stdout is not None
    with child, child.stdout as said:
        assert said.readline() == "begun\n"
        time.sleep(seconds)
        child.kill()
        return "done" in said.read()


def posts(store: Store) -> list[str]:
    found: list[str] = store.table("posts").to_pyarrow()["post"].to_pylist()
    return sorted(found)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(2))
def test_a_run_killed_again_and_again_ends_with_everything_once(tmp_path: Path, seed: int) -> None:
    home, chance = tmp_path / "home", random.Random(seed)
    store = open_store(Settings(home=home))
    for _run in range(MOST_RUNS):
        before = set(posts(store))
        ended = killed_after(home, chance.uniform(0.1, 3))
        assert before <= set(posts(store)), "what was kept is gone"
        if ended:
            break
    subprocess.run([*COMMAND, str(home), "0.005"], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    assert posts(store) == sorted(f"{h}-{number}" for h in HANDLES for number in range(POSTS))
    cursors = records_of(Cursor, store.table("cursors").to_pyarrow())
    assert all(cursor.succeeded_at for cursor in cursors)


@pytest.mark.slow
def test_the_journal_of_a_killed_run_holds_together(tmp_path: Path) -> None:
    home = tmp_path / "home"
    store = open_store(Settings(home=home))
    with subprocess.Popen(
        [*COMMAND, str(home), "0.5"], cwd=ROOT, stdout=subprocess.DEVNULL
    ) as child:
        while child.poll() is None and not any(run.read for run in runs_of(store, "pond")):
            time.sleep(0.1)
        child.kill()
    (run,) = runs_of(store, "pond")
    assert run.state == "running"
    assert run.read == run.kept + run.duplicate + run.refused + (run.skipped or 0) > 0
