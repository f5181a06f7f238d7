"""Import of a CSV of a million posts with newlines and quotes: read, checked, de-duplicated, kept.

Run: python -m bench.import_million [--rows 1000000]
Claims: 30 seconds or less on two cores, under 1 GB, and the same file again adds nothing. The
floor is DuckDB turning the same CSV into Parquet without checking or comparing anything.
"""

from __future__ import annotations

import argparse
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import TypeVar

import duckdb

from vigie import flow
from vigie.settings import Settings
from vigie.store.store import open_store

T = TypeVar("T")

SECONDS, MEMORY = 30.0, 1e9
FORMAT = "FORMAT csv, HEADER, QUOTE '\"', ESCAPE '\"', FORCE_QUOTE (full_text)"
WORDS = "université campus bibliothèque étudiants recherche résultats concours library open day"
MAPPING = """
table = "posts"
timezone = "UTC"
[columns]
network = "=x"
post = "id_str"
account = "x:{screen_name}"
published_at = { column = "created_at", format = "%Y-%m-%d %H:%M:%S" }
text = "full_text"
url = "permalink"
language = "lang"
likes = "favorite_count"
comments = "reply_count"
shares = "retweet_count"
impressions = "view_count"
is_repost = { column = "full_text", starts = "RT @" }
is_reply = { column = "in_reply_to", is = "present" }
"""


def write_posts(path: Path, rows: int) -> None:
    """Write an invented file: one text in three holds a newline and quotes, two in ten more."""
    duckdb.execute("SET enable_progress_bar = false")
    words = ", ".join(f"'{word}'" for word in WORDS.split())
    duckdb.execute(
        f"""
        COPY (
            SELECT
                1400000000000000000 + i * 7919 AS id_str,
                strftime(TIMESTAMP '2023-01-01' + INTERVAL (i * 60) SECOND, '%Y-%m-%d %H:%M:%S')
                    AS created_at,
                'univ' || hash(i) % 5000 AS screen_name,
                CASE WHEN i % 10 = 0 THEN 'RT @someone: ' ELSE '' END
                    || list_aggregate(
                        [[{words}][(hash(i, k) % {len(WORDS.split())} + 1)::INT]
                         FOR k IN range(20)], 'string_agg', ' ')
                    || CASE WHEN i % 3 = 0 THEN chr(10) || 'a line, with "quotes"' ELSE '' END
                    || CASE WHEN i % 5 = 0 THEN chr(13) || chr(10) || '#tag; «été»' ELSE '' END
                    AS full_text,
                'https://x.com/univ' || hash(i) % 5000 || '/status/' || id_str AS permalink,
                'fr' AS lang,
                hash(i, 'l') % 500 AS favorite_count,
                hash(i, 'c') % 50 AS reply_count,
                CASE WHEN i % 7 = 0 THEN NULL ELSE hash(i, 's') % 100 END AS retweet_count,
                hash(i, 'v') % 9000 AS view_count,
                CASE WHEN i % 4 = 0 THEN 'someone' END AS in_reply_to
            FROM range({rows}) AS rows(i)
        ) TO '{path}' ({FORMAT})
        """
    )


def floor(path: Path, target: Path) -> float:
    """Return the seconds DuckDB takes to turn the file into Parquet."""
    began = time.perf_counter()
    duckdb.execute("SET threads = 2; SET enable_progress_bar = false")
    rows = f"SELECT * FROM read_csv('{path}', all_varchar = true)"
    duckdb.execute(f"COPY ({rows}) TO '{target}' (FORMAT parquet)")
    return time.perf_counter() - began


def keep(path: Path, home: Path) -> tuple[float, float, float, int, int]:
    """Import the file; return seconds by the clock and of work, peak memory, kept, duplicate."""
    settings = Settings(home=home)
    store = open_store(settings)
    began = time.perf_counter()
    result = flow.import_file(store, path, settings=settings)
    seconds = time.perf_counter() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    return seconds, time.process_time(), peak, result.kept, result.duplicate


def apart(task: Callable[..., T], *given: object) -> T:
    """Run a task in a process of its own, so that its memory is its own."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(task, *given).result()


def main() -> int:
    """Print seconds, memory and the ratio to the floor; fail when a claim does not hold."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    rows = parser.parse_args().rows
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        path, home = folder / "posts.csv", folder / "home"
        (home / "mappings").mkdir(parents=True)
        (home / "mappings" / "posts.toml").write_text(MAPPING, "utf-8")
        apart(write_posts, path, rows)
        least = apart(floor, path, folder / "floor.parquet")
        seconds, work, peak, kept, _duplicate = apart(keep, path, home)
        again, _work, peak_again, added, duplicate = apart(keep, path, home)
        size = path.stat().st_size
    print(f"{rows} rows, {size / 1e6:.0f} MB: {seconds:.1f} s ({work:.1f} s of work on two cores)")
    print(f"peak memory {peak / 1e6:.0f} MB")
    print(f"again: {again:.1f} s, peak memory {peak_again / 1e6:.0f} MB, adds {added}")
    print(
        f"floor (DuckDB, CSV to Parquet): {least:.1f} s; ratio ours / floor: {seconds / least:.1f}"
    )
    exact = (kept, added, duplicate) == (rows, 0, rows)
    holds = exact and max(seconds, again) <= SECONDS and max(peak, peak_again) < MEMORY
    print("claim holds" if holds else f"claim fails: {SECONDS} s, {MEMORY / 1e9} GB, adds 0")
    return 0 if holds else 1


if __name__ == "__main__":
    sys.exit(main())
