"""A run over the pond in a process of its own, which a test may kill at any moment."""

from __future__ import annotations

import sys
import time
from pathlib import Path

from tests.flow.pond import ASHBY, NORTHFIELD, Pond, run
from vigie.collect.connector import Ask
from vigie.flow import keeping
from vigie.settings import Settings
from vigie.store.store import open_store

POSTS = 18
HANDLES = ("northfield", "ashby")


def pond(*, slow: float = 0.0) -> Pond:
    """Return a pond with many posts, where every answer takes a moment."""
    made = Pond(before=lambda ask: wait(ask, slow))
    for handle in HANDLES:
        for number in range(POSTS):
            made.publish(handle, f"{handle}-{number}", days_ago=number)
    return made


def wait(_ask: Ask, seconds: float) -> None:
    time.sleep(seconds)


def main(home: Path, slow: float) -> None:
    """Run, keeping what came at every page, so that there is much to interrupt."""
    keeping.COMMIT_SECONDS, keeping.PAUSE = 0.0, 0
    store = open_store(Settings(home=home))
    print("begun", flush=True)
    run(store, pond(slow=slow), subjects=(NORTHFIELD, ASHBY))
    print("done", flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), float(sys.argv[2]))
