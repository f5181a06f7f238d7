"""The preview of a query while it is typed, over a million posts: what one keystroke costs.

``python -m bench.listen_preview [--posts N] [--folder DIR]`` (an absent folder is filled)

Each query is a step of typing a longer one, so that no answer is the one before; what is timed is
all that the page shows beside the words: counts by week and network with small groups hidden, ten
examples, the cost of every network. The first of a process reads columns and is told apart. Beside
it: DuckDB that looks for the same word with ``contains`` in every text. Claim: 19 of 20 under
300 ms.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from bench.listening_texts import fill
from vigie import flow
from vigie.settings import Settings
from vigie.store.store import open_store

CLAIM = 0.3
TIMES = 3
NOW = datetime(2025, 9, 28, 12, tzinfo=UTC)
"""The last days of the invented year."""
STEPS = (
    "bug", "bug inscr*", "bug inscription", "bug inscription OR panne",
    "(bug OR panne) inscription", "(bug OR panne) NEAR/5 inscription",
    "(bug OR panne) NEAR/5 (inscription OR admission)",
    "(bug OR panne) NEAR/5 (inscription OR admission) lang:fr",
    "(bug OR panne) NEAR/5 (inscription OR admission) lang:fr NOT spam", "cantine", '"de la"',
    "bibli* serveur",
)  # fmt: skip


def by_hand(folder: Path) -> float:
    """Return the seconds DuckDB takes to count one word by network and week."""
    listed = " UNION ALL BY NAME ".join(
        "SELECT network, published_on, text "
        f"FROM read_parquet('{folder}/store/{table}/*/*.parquet')"
        for table in ("posts", "mentions")
    )
    question = f"""
        SELECT network, date_trunc('week', published_on), count(*) FROM ({listed})
        WHERE contains(lower(strip_accents(text)), 'cantine') GROUP BY ALL
    """
    with duckdb.connect(config={"threads": 2}) as connection:
        began = time.monotonic()
        connection.execute(question).fetchall()
        return time.monotonic() - began


def preview(folder: Path) -> Callable[[str], int]:
    """Return what the page asks while somebody types, on a site of its own."""
    os.environ |= {"VIGIE_HOME": str(folder), "DJANGO_SETTINGS_MODULE": "vigie.web.settings"}
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    from vigie.web.query_preview import seen

    return lambda words: seen(words, now=NOW).total or 0


def main(given: Sequence[str] | None = None) -> int:
    """Preview each step."""
    reader = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    reader.add_argument("--posts", type=int, default=1_000_000)
    reader.add_argument("--folder", type=Path)
    asked = reader.parse_args(given)
    with tempfile.TemporaryDirectory() as temporary:
        folder = asked.folder or Path(temporary)
        if not (folder / "store").exists():
            fill(folder / "store", posts=asked.posts, months=12)
        settings = Settings(home=folder)
        store = open_store(settings)
        flow.read_words(store, settings=settings)
        ask = preview(folder)
        took = []
        for step in STEPS * TIMES:
            began = time.monotonic()
            found = ask(step)
            took.append(time.monotonic() - began)
            print(f"{took[-1] * 1000:5.0f} ms  {found:9,} posts  {step}")
        first, *later = took
        middle, most = statistics.median(later), sorted(later)[int(len(later) * 0.95)]
        peer = by_hand(folder)
        print(f"the first {first * 1000:.0f} ms, then middle {middle * 1000:.0f} ms,")
        print(f"19 of 20 under {most * 1000:.0f} ms")
        print(f"DuckDB, one word: {peer * 1000:.0f} ms, {peer / middle:.1f} times as long")
        print(f"load {os.getloadavg()[0]:.1f}")
        return 0 if most < CLAIM else 1


if __name__ == "__main__":
    sys.exit(main())
