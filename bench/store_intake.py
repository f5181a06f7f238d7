"""A million posts taken into the store, and the same a second time.

Run: python -m bench.store_intake
Claims: under 12 seconds to commit a million posts of about 300 bytes over 24 months, under
700 MB of memory, and a second intake of the same adds nothing. Beside it: DuckDB writing the
same rows by month without looking for what is new, without order and without durability.
"""

from __future__ import annotations

import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from bench.generator import UNIFORM
from vigie.store.engines.duckdb import DuckdbEngine
from vigie.store.store import Appended, Store

POSTS, BATCH = 1_000_000, 50_000
SECONDS, MEMORY = 12.0, 700e6


def batches(connection: duckdb.DuckDBPyConnection) -> Iterator[pa.Table]:
    """Return posts in no order, each with a text of about 300 bytes."""
    for start in range(0, POSTS, BATCH):
        question = f"""
            SELECT 'x' AS network, (10000000000 + i)::VARCHAR AS post,
                'x:school' || i % 5000 AS account,
                TIMESTAMPTZ '2024-10-01 00:00:00+00'
                    + to_hours((uniform(i, 1) * 17500)::INT) AS published_at,
                published_at::DATE AS published_on,
                TIMESTAMPTZ '2026-11-01 00:00:00+00' AS observed_at,
                repeat(md5(i::VARCHAR) || ' ', 9) AS text,
                (uniform(i, 2) * 1000)::BIGINT AS likes,
                (uniform(i, 3) * 100)::BIGINT AS comments
            FROM range({start}, {start + BATCH}) AS rows(i)
        """
        yield connection.execute(question).to_arrow_table()


def take_in(store: Store, connection: duckdb.DuckDBPyConnection) -> tuple[Appended, float, float]:
    """Return what became of the rows, the seconds to add them and those to commit them."""
    adding = 0.0
    with store.intake() as intake:
        for rows in batches(connection):
            began = time.monotonic()
            intake.add("posts", rows)
            adding += time.monotonic() - began
        began = time.monotonic()
        (appended,) = intake.commit().values()
        return appended, adding, time.monotonic() - began


def peer(connection: duckdb.DuckDBPyConnection, folder: Path) -> float:
    """Return the seconds DuckDB takes to write the same rows by month."""
    spooled = folder / "spooled.parquet"
    with pq.ParquetWriter(spooled, next(batches(connection)).schema) as writer:
        for rows in batches(connection):
            writer.write_table(rows)
    began = time.monotonic()
    connection.execute(
        f"COPY (SELECT *, strftime(published_on, '%Y-%m') AS month FROM '{spooled}') "
        f"TO '{folder}/peer' (FORMAT parquet, COMPRESSION zstd, PARTITION_BY (month))"
    )
    return time.monotonic() - began


def main() -> int:
    """Print the seconds, the memory and the ratio; fail when a claim does not hold."""
    with tempfile.TemporaryDirectory() as folder, duckdb.connect(":memory:") as connection:
        connection.execute("SET threads = 2; SET TimeZone = 'UTC'")
        connection.execute(UNIFORM.format(seed=1))
        store = Store(f"{folder}/store", engine=DuckdbEngine(), clock=lambda: datetime.now(UTC))
        first, adding, seconds = take_in(store, connection)
        again, _adding, seconds_again = take_in(store, connection)
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
        beside = peer(connection, Path(folder))
    print(f"added in {adding:.1f} s, committed in {seconds:.1f} s (at most {SECONDS:.0f})")
    print(f"again: {again.kept} kept, committed in {seconds_again:.1f} s")
    print(f"memory {memory / 1e6:.0f} MB (at most {MEMORY / 1e6:.0f})")
    print(f"DuckDB writing alone: {beside:.1f} s; ratio {seconds / beside:.1f}")
    holds = seconds < SECONDS and memory < MEMORY and first.kept == POSTS and again.kept == 0
    return 0 if holds else 1


if __name__ == "__main__":
    sys.exit(main())
