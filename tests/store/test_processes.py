"""Several processes at once, some of them killed."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.store.keeping import likes
from tests.store.worker import batch
from vigie.store.engines.duckdb import DuckdbEngine
from vigie.store.store import Store

ROOT = Path(__file__).parents[2]


def start(role: str, folder: Path, given: object) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "tests.store.worker", role, str(folder), str(given)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def expected(batches: int) -> dict[str, int]:
    """Return the likes each post has after so many batches: the number of its newest look."""
    found = {}
    for number in range(batches):
        for name in batch(number).column("post").to_pylist():
            found[name] = number
    return found


@pytest.mark.slow
def test_killed_imports_lose_nothing_acknowledged_and_double_nothing(
    tmp_path: Path, engine: DuckdbEngine
) -> None:
    chance = random.Random(7)
    acknowledged = -1
    store = Store(str(tmp_path), engine=engine)
    for _kill in range(10):
        importer = start("import", tmp_path, max(acknowledged, 0))
        assert importer.stdout is not None
        said = importer.stdout.readline().split()  # it is up; now at any moment
        time.sleep(chance.uniform(0, 2.5))
        importer.kill()
        said += importer.communicate()[0].split()
        acknowledged = max([acknowledged, *map(int, said)])
        read = likes(store)
        before = expected(acknowledged + 1)
        assert before.keys() <= read.keys()
        assert all(read[name] >= count for name, count in before.items())
    for number in range(acknowledged + 3):
        store.append("posts", batch(number))
    assert likes(store) == expected(acknowledged + 3)
    assert store.check() == []
    assert acknowledged > 2


@pytest.mark.slow
def test_eight_readers_read_while_a_writer_writes_and_compacts(tmp_path: Path) -> None:
    stop = tmp_path / "stop"
    writer = start("import", tmp_path, 0)
    readers = [start("read", tmp_path, stop) for _reader in range(8)]
    assert writer.stdout is not None
    batches = [writer.stdout.readline() for _batch in range(12)]
    stop.touch()
    said = [reader.communicate(timeout=120) for reader in readers]
    writer.kill()
    assert all(batches), writer.communicate()[1]
    writer.communicate()
    assert [reader.returncode for reader in readers] == [0] * 8, said
    assert all(int(out.split()[1]) > 3 for out, _err in said)
