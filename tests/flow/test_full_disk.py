"""A disk full in the middle of a run: nothing is lost or doubled, and the journal says so."""

from __future__ import annotations

import random
import string
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.flow.pond import ASHBY, NORTHFIELD, NOW, AtEveryPage, Pond, run
from tests.tight import ENOUGH, Disk, grown, mounted
from vigie.columns import records_of
from vigie.errors import FullDiskError
from vigie.flow.journal import Collected, runs_of
from vigie.model import Cursor, Run
from vigie.settings import Settings
from vigie.store.store import Store, open_store

HOUR = timedelta(hours=1)
BOTH = (NORTHFIELD, ASHBY)


def pond() -> Pond:
    """Two accounts; one post of theirs cannot be read, and one goes later."""
    made = Pond()
    for handle, count in (("northfield", 4), ("ashby", 1)):
        for number in range(count):
            made.publish(handle, f"{handle}-{number}", days_ago=number + 1)
    made.publish("ashby", "odd", days_ago=2, at="yesterday")
    return made


def readable(made: Pond) -> list[str]:
    """Return the posts that are on the network and can be read."""
    return sorted(post for own in made.posts.values() for post in own if post != "odd")


def posts(store: Store) -> list[str]:
    found: list[str] = store.table("posts").to_pyarrow()["post"].to_pylist()
    return sorted(found)


def is_balanced(run: Run) -> bool:
    return run.read == run.kept + run.duplicate + run.refused + (run.skipped or 0)


def attempt(store: Store, made: Pond, **more: object) -> Collected | None:
    """Make a run; none where there was not even room to begin one."""
    try:
        return run(store, made, subjects=BOTH, keeping=AtEveryPage, **more)  # type: ignore[arg-type]
    except FullDiskError:
        return None


def uses_of_a_run(folder: Path, engine: object) -> int:
    """Return how much a whole second run asks of the disk."""
    disk = Disk()
    store, made = prepared(folder, disk, engine)
    before = disk.used
    attempt(store, made, now=NOW + HOUR)
    return disk.used - before


def prepared(folder: Path, disk: Disk, engine: object) -> tuple[Store, Pond]:
    """Return a store after a first run, and the pond with a new post and one taken down."""
    store = Store(str(folder), engine=engine, files=disk.files)  # type: ignore[arg-type]
    made = pond()
    attempt(store, made)
    made.publish("northfield", "new", days_ago=0.1)
    del made.posts["northfield"]["northfield-2"]
    return store, made


@pytest.fixture(scope="module")
def engine() -> object:
    return open_store(Settings()).engine


def test_full_in_the_middle_of_a_run_loses_and_doubles_nothing(
    tmp_path: Path, engine: object
) -> None:
    full_after(tmp_path, 45, engine)


@pytest.mark.slow
def test_full_at_any_moment_of_a_run_loses_and_doubles_nothing(
    tmp_path: Path, engine: object
) -> None:
    steps = uses_of_a_run(tmp_path / "whole", engine)
    for left in range(0, steps, 5):
        full_after(tmp_path / str(left), left, engine)


def full_after(folder: Path, left: int, engine: object) -> None:
    """Fill the disk after so many writings of a second run, make room, and run again."""
    disk = Disk()
    store, made = prepared(folder, disk, engine)
    before = set(posts(store)) - {"northfield-2"}
    disk.left = left
    broken = attempt(store, made, now=NOW + HOUR)
    assert before <= set(posts(store)), "what was kept is gone"
    assert not list(folder.rglob(".tmp-*")), "something was left half-written"
    assert broken is None or broken.state == "done" or "full" in str(broken.remarks[0]), left
    assert all(is_balanced(run) for run in runs_of(store, "pond"))
    disk.left = ENOUGH
    whole = attempt(store, made, now=NOW + 2 * HOUR)
    assert whole is not None
    assert (whole.state, posts(store)) == ("done", readable(made)), left
    assert all(is_balanced(run) for run in runs_of(store, "pond"))
    assert store.check() == []


def test_the_journal_says_that_the_disk_was_full_and_what_to_do(
    tmp_path: Path, engine: object
) -> None:
    disk = Disk()
    store, made = prepared(tmp_path, disk, engine)
    disk.left = 30
    attempt(store, made, now=NOW + HOUR)
    latest = runs_of(store, "pond")[0]
    assert latest.state == "failed"
    assert "is full" in latest.remarks[0]
    assert "Make room" in latest.remarks[0]


def test_where_to_go_on_stays_where_it_was_when_nothing_more_was_kept(
    tmp_path: Path, engine: object
) -> None:
    disk = Disk()
    store, made = prepared(tmp_path, disk, engine)
    before = cursors(store)
    disk.left = 20
    attempt(store, made, now=NOW + HOUR)
    assert cursors(store) == before


def cursors(store: Store) -> list[Cursor]:
    found = records_of(Cursor, store.table("cursors").to_pyarrow())
    return sorted(found, key=lambda one: (one.subject, one.stream))


# ── a real one ────────────────────────────────────────────────────────────────────────


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    with mounted(tmp_path / "disk", size="2m") as folder:
        yield folder


@pytest.mark.slow
def test_a_small_disk_that_fills_up_keeps_what_it_can_and_goes_on_when_there_is_room(
    small_disk: Path,
) -> None:
    made, chance = Pond(page=4), random.Random(1)
    for number in range(40):
        words = "".join(chance.choices(string.ascii_letters, k=30_000))
        made.publish("northfield", f"p{number}", days_ago=number * 0.2, text=words)
    others = small_disk / "others"
    others.write_bytes(bytes(500_000))
    store = open_store(Settings(home=small_disk / "home"))
    broken = run(store, made, keeping=AtEveryPage)
    kept = set(posts(store))
    assert (broken.state, runs_of(store, "pond")[0].state) == ("failed", "failed")
    assert 0 < len(kept) < 40
    others.unlink()
    grown(small_disk, size="16m")
    whole = run(store, made, now=NOW + HOUR, keeping=AtEveryPage)
    assert (whole.state, len(posts(store)), store.check()) == ("done", 40, [])
    assert not list(Path(store.files.root).rglob(".tmp-*")), "something was left half-written"
