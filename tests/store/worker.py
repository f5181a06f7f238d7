"""Processes that the slow tests start and kill: ``python -m tests.store.worker ROLE FOLDER``."""

from __future__ import annotations

import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyarrow as pa

from tests.cast import NOON, post
from vigie.columns import table_of
from vigie.model import Post
from vigie.store.engines.duckdb import DuckdbEngine
from vigie.store.store import Store

PER_BATCH = 40


def batch(number: int) -> pa.Table:
    """Return the posts of a batch, over four months, and newer looks at some of the one before."""
    names = range(number * PER_BATCH - PER_BATCH // 4, (number + 1) * PER_BATCH)
    return table_of(
        Post,
        [
            post(
                f"{name}",
                published_at=NOON - timedelta(days=30 * (name % 4)),
                observed_at=datetime(2027, 1, 1, tzinfo=UTC) + timedelta(hours=number),
                likes=number,
            )
            for name in names
            if name >= 0
        ],
    )


def import_forever(store: Store, first: int) -> None:
    """Append batches; say the number of each once it is acknowledged."""
    number = first
    while True:
        store.append("posts", batch(number))
        print(number, flush=True)
        number += 1
        if number % 3 == 0:
            store.compact(grace=timedelta(seconds=20))


def read_until(store: Store, stop: Path) -> None:
    """Count again and again: counts never go down, nothing is read twice."""
    least = reads = 0
    while not stop.exists():
        table = store.table("posts")
        found = table.agg(count=table.count(), different=table.post.nunique()).to_pyarrow()
        count, different = found["count"][0].as_py(), found["different"][0].as_py()
        assert count == different, f"{count - different} posts are read twice"
        assert count >= least, f"{count} posts after {least}"
        assert not store.damaged, store.damaged
        least, reads = count, reads + 1
        time.sleep(0.1)  # the writer shares the machine with them
    print(least, reads, flush=True)


def main() -> None:
    role, folder, given = sys.argv[1:]
    store = Store(folder, engine=DuckdbEngine(memory="256MB", threads=1))
    if role == "import":
        import_forever(store, int(given))
    else:
        read_until(store, Path(given))


if __name__ == "__main__":
    main()
