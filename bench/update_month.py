"""After an import that touches one month, values are measured again for that month only.

``python -m bench.update_month [--posts N] [--folder DIR]`` (the folder is copied, not changed)

What is timed is the very function behind ``vigie measure``: the look at what changed, every
indicator at every level, and the writing of the values. It is run in new processes, after their
imports, and again and again in one process that has measured before; the best run of each counts.
Peer: hand-written SQL over the month's files, which gives the values of accounts only: no
intervals, no overperformance, no students, no institutions, no sectors, and writes nothing.
Claims: one month is found stale, no other; in a new process it is brought up to date in under one
second and 1.5 GB; the sums are those of the SQL.
"""

from __future__ import annotations

import argparse
import json
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from bench.generator import month_after
from bench.index_query import filled

SECONDS, MEMORY = 1.0, 1.5e9
TIMES = 5
APPENDED = 1_000
COMPARED = (
    "posts", "active_days", "interactions", "interactions_per_post", "view_rate",
    "engagement_rate", "conversation_share", "alt_text_rate", "followers", "audience_growth",
    "audience_growth_year",
)  # fmt: skip

# ── ours ──────────────────────────────────────────────────────────────────────────────


def update(home: Path) -> Callable[[], dict[str, Any]]:
    """Return what brings the values of a home up to date: the function of the command."""
    # Arrow loads these when first used: they are imports too.
    import pandas  # noqa: F401

    from vigie import flow
    from vigie.measure.measuring import known_indicators
    from vigie.settings import Settings
    from vigie.store.store import open_store

    settings = Settings(home=home, threads=2, memory="1GB")
    store = open_store(settings)
    known_indicators()

    def run() -> dict[str, Any]:
        began, spent = time.perf_counter(), time.process_time()
        done = flow.measure(store, settings=settings)
        return {
            "seconds": time.perf_counter() - began,
            "cpu": time.process_time() - spent,
            "months": [month.isoformat() for month in done.months],
        }

    return run


def imported(home: Path, month: date, name: str) -> None:
    """Append some more posts of a month."""
    import ibis

    from vigie.settings import Settings
    from vigie.store.store import open_store

    store = open_store(Settings(home=home))
    rows = store.table("posts", months=[month]).limit(APPENDED)
    store.append("posts", rows.mutate(post=ibis.literal(f"{name}-") + rows.post).to_pyarrow())


# ── by hand ───────────────────────────────────────────────────────────────────────────

SQL = """
WITH own AS MATERIALIZED (
    SELECT * FROM read_parquet({posts}, union_by_name = true)
    WHERE NOT coalesce(is_repost, false)
), told AS (
    SELECT account, bool_or(likes IS NOT NULL) AS l, bool_or(comments IS NOT NULL) AS c,
        bool_or(shares IS NOT NULL) AS s
    FROM own GROUP BY account
), looks AS (
    SELECT account, observed_on, arg_max(followers, observed_at) AS followers
    FROM read_parquet({snapshots}) WHERE followers IS NOT NULL GROUP BY ALL
), spans AS (
    SELECT *, lead(observed_on) OVER (PARTITION BY account ORDER BY observed_on) AS until FROM looks
), days AS (
    SELECT day.account, published_on, followers
    FROM (SELECT DISTINCT account, published_on FROM own) AS day JOIN spans
        ON day.account = spans.account AND published_on >= observed_on
        AND (until IS NULL OR published_on < until) AND published_on - observed_on <= 45
), posts AS (
    SELECT own.*, followers, CASE WHEN l OR c OR s THEN
        CASE WHEN l THEN likes ELSE 0 END + CASE WHEN c THEN comments ELSE 0 END
        + CASE WHEN s THEN shares ELSE 0 END END AS reached
    FROM own JOIN told USING (account) LEFT JOIN days USING (account, published_on)
), measured AS (
    SELECT account, count(*) AS posts, count(DISTINCT published_on) AS active_days,
        sum(reached) AS interactions, count(reached) AS n, median(reached) AS per_post,
        median(reached / nullif(views, 0)) FILTER (kind = 'video') AS view_rate,
        count(reached / nullif(views, 0)) FILTER (kind = 'video') AS view_n,
        median(reached / nullif(followers, 0)) AS engagement,
        count(reached / nullif(followers, 0)) AS engaged,
        avg(is_reply::DOUBLE) * 100 AS conversation, count(is_reply) AS replied,
        avg((images_described >= images)::DOUBLE) FILTER (images > 0) * 100 AS described,
        count(images_described >= images) FILTER (images > 0) AS pictured
    FROM posts GROUP BY account
), ends AS (
    SELECT account, back, arg_max(followers, observed_on) AS followers,
        max(observed_on) AS looked_on
    FROM looks, (VALUES (0), (1), (12)) AS months(back)
    WHERE observed_on < DATE '{after}' - to_months(back)
        AND observed_on >= DATE '{after}' - to_months(back) - INTERVAL 46 DAY
    GROUP BY ALL
), grown AS (
    SELECT now.account, now.followers,
        CASE WHEN now.looked_on > one.looked_on AND one.followers > 0
            THEN (now.followers / one.followers - 1) * 100 END AS growth,
        CASE WHEN year.followers > 0 THEN (now.followers / year.followers - 1) * 100 END AS yearly
    FROM ends AS now
    LEFT JOIN ends AS one ON one.account = now.account AND one.back = 1
    LEFT JOIN ends AS year ON year.account = now.account AND year.back = 12
    WHERE now.back = 0
)
SELECT account, posts, active_days,
    CASE WHEN n >= 5 THEN interactions END AS interactions,
    CASE WHEN n >= 5 THEN per_post END AS interactions_per_post,
    CASE WHEN view_n >= 5 THEN view_rate END AS view_rate,
    CASE WHEN engaged >= 5 THEN engagement END AS engagement_rate,
    CASE WHEN replied >= 10 THEN conversation END AS conversation_share,
    CASE WHEN pictured >= 5 THEN described END AS alt_text_rate,
    followers, growth AS audience_growth, yearly AS audience_growth_year
FROM measured FULL JOIN grown USING (account)
"""


def by_hand(home: Path, month: date) -> Callable[[], dict[str, Any]]:
    """Return what asks DuckDB in its own words."""
    import duckdb

    def paths(table: str, back: Sequence[int]) -> str:
        folders = [f"{month_after(month, -count):%Y-%m}" for count in back]
        found = [str(p) for f in folders for p in (home / "store" / table / f).glob("*.parquet")]
        return "[" + ", ".join(f"'{path}'" for path in found) + "]"

    def run() -> dict[str, Any]:
        began, spent = time.perf_counter(), time.process_time()
        question = SQL.format(
            posts=paths("posts", [0]),
            snapshots=paths("snapshots", [0, 1, 2, 12, 13]),
            after=month_after(month, 1),
        )
        with duckdb.connect(config={"threads": 2, "memory_limit": "1GB"}) as connection:
            connection.execute("SET TimeZone = 'UTC'")
            found = connection.execute(question).to_arrow_table()
        return {
            "seconds": time.perf_counter() - began,
            "cpu": time.process_time() - spent,
            "sums": {name: _sum(found[name]) for name in COMPARED},
        }

    return run


def _sum(column: pa.ChunkedArray) -> float:
    return float(f"{float(pc.sum(column.cast(pa.float64())).as_py() or 0):.9g}")


# ── the comparison ────────────────────────────────────────────────────────────────────


def sums(home: Path, month: date) -> dict[str, float]:
    """Return the sums over all accounts of the values that were kept."""
    from vigie.settings import Settings
    from vigie.store.store import open_store

    table = open_store(Settings(home=home)).table("values", months=[month])
    kept = table.filter(table.level == "account").to_pyarrow()
    return {
        name: _sum(kept.filter(pc.equal(kept["indicator"], name))["value"]) for name in COMPARED
    }


def answer(way: str, home: Path, month: date, times: int) -> None:
    """Do it in this process, so many times, and say how each went."""
    runs = []
    run = by_hand(home, month) if way == "by hand" else update(home)
    for place in range(times):
        if way != "by hand":
            imported(home, month, f"{way}{time.time_ns()}-{place}")
        runs.append(run())
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    print(json.dumps({"runs": runs, "peak": peak}))


def asked(way: str, home: Path, month: date, times: int = 1) -> dict[str, Any]:
    """Have it done in a new process."""
    command = [sys.executable, "-m", "bench.update_month", "--way", way, "--folder", str(home)]
    command += ["--month", month.isoformat(), "--times", str(times)]
    told = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    found: dict[str, Any] = json.loads(told)
    return found


def best(told: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return the quickest run, with the greatest memory of all."""
    runs = [run for one in told for run in one["runs"]]
    return {**min(runs, key=lambda run: run["seconds"]), "peak": max(one["peak"] for one in told)}


def said(way: str, one: Mapping[str, Any], peer: Mapping[str, Any]) -> None:
    """Print how one way went beside the peer."""
    print(
        f"{way:<34} {one['seconds']:6.2f} s ({one['cpu']:5.2f} s of processor) "
        f"{one['peak'] / 1e6:6.0f} MB   {one['seconds'] / peer['seconds']:.2f} × the SQL"
    )


def compare(home: Path) -> int:
    """Measure everything once, then one month after an import, again and again."""
    folders = (home / "store" / "posts").iterdir()
    month = date.fromisoformat(max(folder.name for folder in folders) + "-01")
    whole = best([asked("whole", home, month)])
    cold = best([asked("cold", home, month) for _time in range(TIMES)])
    warm_told = asked("warm", home, month, TIMES + 1)
    warm = best([{**warm_told, "runs": warm_told["runs"][1:]}])
    peer = best([asked("by hand", home, month, TIMES)])
    said(f"all {len(whole['months'])} months, the first time", whole, peer)
    said("one month, in a new process", cold, peer)
    said("one month, in the same process", warm, peer)
    said("one month, some values, by hand", peer, peer)
    ours = sums(home, month)
    differ = [name for name in COMPARED if ours[name] != peer["sums"][name]]
    for name in differ:
        print(f"{name}: {ours[name]} is not {peer['sums'][name]}")
    failed = [
        words
        for words, holds in (
            (f"{len(cold['months'])} months were measured", cold["months"] == [str(month)]),
            (f"more than {SECONDS} s in a new process", cold["seconds"] < SECONDS),
            (f"more than {MEMORY / 1e9} GB", max(cold["peak"], warm["peak"]) < MEMORY),
            ("the sums differ", not differ),
        )
        if not holds
    ]
    print("claim fails: " + ", ".join(failed) if failed else "claim holds")
    return 1 if failed else 0


def main(given: Sequence[str] | None = None) -> int:
    """Run on an invented sector, or answer in one way."""
    reader = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    reader.add_argument("--posts", type=int, default=10_000_000)
    reader.add_argument("--folder", type=Path)
    reader.add_argument("--way", choices=("whole", "cold", "warm", "by hand"))
    reader.add_argument("--month", type=date.fromisoformat)
    reader.add_argument("--times", type=int, default=1)
    asked_for = reader.parse_args(given)
    if asked_for.way:
        answer(asked_for.way, asked_for.folder, asked_for.month, asked_for.times)
        return 0
    with tempfile.TemporaryDirectory() as aside:
        home = Path(aside)
        if asked_for.folder:
            shutil.copytree(asked_for.folder, home / "store")
        filled(home / "store", asked_for.posts)
        return compare(home)


if __name__ == "__main__":
    sys.exit(main())
