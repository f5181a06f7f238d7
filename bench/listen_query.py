"""A query of six terms with NEAR over ten million posts, counted by week and network.

``python -m bench.listen_query [--posts N] [--folder DIR]`` (an absent folder is filled: minutes)

Ours is asked cold (a new process, the files of the concordance and the store out of the page
cache) and warm. Beside it: the same counted by DuckDB with a regular expression over every text,
and by pandas over a tenth of the months, times ten. All three must count the same posts. How many
posts a second the concordance is made from is printed, too.
Claims: under 2 s cold, under 0.5 s warm.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

COLD, WARM = 2.0, 0.5
QUERY = "(inscription OR admission OR candidature) NEAR/5 (bug OR panne) NOT spam"
APART = r"(?: [^ ]+){0,5} "
NEAR = (
    f" (?:(?:inscription|admission|candidature){APART}(?:bug|panne)"
    f"|(?:bug|panne){APART}(?:inscription|admission|candidature)) "
)
SPAM = " spam "
ARTICLE = "l’"
"""No word of its own before a vowel: the only one there is in the invented texts."""
PARTLY = 10


def made(folder: Path, posts: int) -> None:
    """Make the posts, and the concordance in a process of its own."""
    from bench.listening_texts import fill

    if not (folder / "store").exists():
        fill(folder / "store", posts=posts, months=24)


def build(folder: Path) -> dict[str, float]:
    """Make the concordance anew."""
    from vigie import flow
    from vigie.settings import Settings
    from vigie.store.store import open_store

    settings = Settings(home=folder)
    read = 0

    def add(posts: int) -> None:
        nonlocal read
        read += posts

    with timed() as took:
        flow.read_words(open_store(settings), settings=settings, progress=add)
    return {"posts": read, **took}


def vigie(folder: Path) -> dict[str, float]:
    """Ask the concordance, cold, then warm."""
    from vigie import flow
    from vigie.listening.query import parse
    from vigie.settings import Settings
    from vigie.store.store import open_store

    settings = Settings(home=folder)

    def ask() -> int:
        found = flow.find(store, parse(QUERY), settings=settings)
        return sum(found.counts("published_on", "network").values())

    with timed() as cold:
        store = open_store(settings)
        posts = ask()
    warm = min(_seconds(ask) for _turn in range(5))
    return {"found": posts, "cold": cold["wall"], "warm": warm}


def by_hand(folder: Path) -> dict[str, float]:
    """Ask DuckDB with a regular expression over every text."""
    import duckdb

    listed = " UNION ALL BY NAME ".join(
        "SELECT network, post, published_on, text "
        f"FROM read_parquet('{folder}/store/{table}/*/*.parquet')"
        for table in ("posts", "mentions")
    )
    plain = f"replace(lower(strip_accents(text)), '{ARTICLE}', ' ')"
    folded = f"' ' || regexp_replace({plain}, '[^a-z0-9]+', ' ', 'g') || ' '"
    question = f"""
        SELECT date_trunc('week', published_on), network, count(DISTINCT post)
        FROM (SELECT *, {folded} AS words FROM ({listed}))
        WHERE regexp_matches(words, '{NEAR}') AND NOT contains(words, '{SPAM}') GROUP BY ALL
    """
    with timed() as took, duckdb.connect(config={"threads": 2}) as connection:
        rows = connection.execute(question).fetchall()
    return {"found": sum(row[2] for row in rows), "cold": took["wall"]}


def pandas(folder: Path) -> dict[str, float]:
    """Ask pandas over some of the months."""
    import pandas as pd

    months = sorted(path.name for path in (folder / "store" / "mentions").iterdir())
    some = months[:: max(len(months) // (len(months) // PARTLY + 1), 1)]
    share = len(some) / len(months)
    with timed() as took:
        files = [
            path
            for table in ("posts", "mentions")
            for month in some
            for path in (folder / "store" / table / month).glob("*.parquet")
        ]
        columns = ["network", "post", "published_on", "text"]
        rows = pd.concat([pd.read_parquet(path, columns=columns) for path in files])
        plain = rows.text.str.normalize("NFKD").str.replace("[\u0300-\u036f]", "", regex=True)
        plain = plain.str.lower().str.replace(ARTICLE, " ", regex=False)
        words = " " + plain.str.replace("[^a-z0-9]+", " ", regex=True) + " "
        caught = rows[words.str.contains(NEAR) & ~words.str.contains(SPAM, regex=False)]
        weeks = pd.to_datetime(caught.published_on).dt.to_period("W")
        counted = caught.groupby([weeks, "network"]).post.nunique()
    return {"found": counted.sum() / share, "cold": took["wall"] / share}


@contextmanager
def timed() -> Iterator[dict[str, float]]:
    """Fill in wall and processor seconds at the end."""
    took: dict[str, float] = {}
    wall, cpu = time.monotonic(), time.process_time()
    yield took
    took.update(wall=time.monotonic() - wall, cpu=time.process_time() - cpu)


def _seconds(work: Callable[[], object]) -> float:
    with timed() as took:
        work()
    return took["wall"]


def _leave_cache(folder: Path) -> None:
    """Let the machine forget what it read of these files."""
    for path in folder.rglob("*.parquet"):
        opened = os.open(path, os.O_RDONLY)
        os.fsync(opened)
        os.posix_fadvise(opened, 0, 0, os.POSIX_FADV_DONTNEED)
        os.close(opened)


PEERS = {"build": build, "vigie": vigie, "duckdb": by_hand, "pandas": pandas}


def _in_own_process(name: str, folder: Path) -> dict[str, float]:
    command = [sys.executable, "-m", "bench.listen_query", "--as", name, "--folder", str(folder)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return dict(json.loads(done.stdout))


def _compare(folder: Path) -> int:
    building = _in_own_process("build", folder)
    if building["posts"]:
        print(
            f"concordance: {building['posts']:,} posts in {building['wall']:.0f} s "
            f"({building['posts'] / building['cpu']:,.0f} posts per processor second, "
            f"{building['memory'] / 1e6:,.0f} MB)"
        )
    found = {}
    for name in ("vigie", "duckdb", "pandas"):
        _leave_cache(folder)
        found[name] = _in_own_process(name, folder)
        print(f"{name}: " + ", ".join(f"{key} {value:,.2f}" for key, value in found[name].items()))
    ours = found["vigie"]
    for name in ("duckdb", "pandas"):
        ratio = found[name]["cold"] / ours["cold"]
        print(f"{name} takes {ratio:.1f} times as long as ours cold")
    is_same = ours["found"] == found["duckdb"]["found"]
    print(f"load {os.getloadavg()[0]:.1f}; the same posts as DuckDB: {is_same}")
    return 0 if is_same and ours["cold"] < COLD and ours["warm"] < WARM else 1


def main(given: Sequence[str] | None = None) -> int:
    """Compare, or be one of those compared."""
    reader = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    reader.add_argument("--posts", type=int, default=10_000_000)
    reader.add_argument("--folder", type=Path)
    reader.add_argument("--as", dest="peer", choices=sorted(PEERS))
    asked = reader.parse_args(given)
    if asked.peer:
        told = PEERS[asked.peer](asked.folder)
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
        print(json.dumps({**{k: float(v) for k, v in told.items()}, "memory": memory}))
        return 0
    with tempfile.TemporaryDirectory() as temporary:
        folder = asked.folder or Path(temporary)
        made(folder, asked.posts)
        return _compare(folder)


if __name__ == "__main__":
    sys.exit(main())
