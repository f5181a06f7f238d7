"""After an import that touches one month, values are measured again for that month only.

``python -m bench.update_month [--posts N] [--folder DIR]`` (the folder is copied, not changed)

Peer: measuring the figures of the Index question for all 24 months, as one would without knowing
what changed.
Claims: one month is found stale, no other; bringing the Index question's figures up to date takes
under one second, the store's look at what changed and the writing of the values included.
The time for every indicator at every level is printed beside it.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
import time
from collections.abc import Collection, Sequence
from datetime import date
from pathlib import Path

import ibis
import ibis.expr.types as ir

from bench.index_query import filled
from vigie.measure.measuring import READS, months_to_read, stale_months, values
from vigie.store.engines.duckdb import DuckdbEngine
from vigie.store.store import Store

SECONDS = 1.0
TIMES = 5
FIGURES = ("posts", "interactions", "interactions_per_post", "followers", "audience_growth")
"""What the Index question asks of an account and month."""
APPENDED = 1_000

Prints = dict[str, dict[date | None, str]]


def prints(store: Store) -> Prints:
    """Return what the store is made of."""
    return {name: store.fingerprints(name) for name in READS}


def near(store: Store, months: Sequence[date]) -> dict[str, ir.Table]:
    """Return the tables that measuring these months reads."""
    return {name: store.table(name, months=some) for name, some in months_to_read(months).items()}


def update(store: Store, then: Prints, names: Collection[str] | None) -> list[date]:
    """Measure what no longer follows from what is stored; return the months."""
    stale = stale_months(prints(store), then)
    store.replace("values", values(near(store, stale), months=stale, names=names), months=stale)
    return stale


def import_some(store: Store, month: date, name: str) -> None:
    """Append some more posts of a month."""
    rows = store.table("posts", months=[month]).limit(APPENDED)
    store.append("posts", rows.mutate(post=ibis.literal(f"{name}-") + rows.post).to_pyarrow())


def timed(store: Store, month: date, names: Collection[str] | None) -> tuple[float, float]:
    """Return the least seconds (and processor seconds) of some updates after an import each."""
    best = (float("inf"), float("inf"))
    for time_ in range(TIMES):
        then = prints(store)
        import_some(store, month, f"{'some' if names else 'every'}{time_}")
        began, spent = time.perf_counter(), time.process_time()
        stale = update(store, then, names)
        found = time.perf_counter() - began, time.process_time() - spent
        if stale != [month]:
            raise SystemExit(f"claim fails: {len(stale)} months were measured, not {month}")
        best = min(best, found)
    return best


def run(folder: Path) -> int:
    """Measure one month after an import, and all months for comparison."""
    store = Store(str(folder), engine=DuckdbEngine(memory="1GB", threads=2))
    months = store.months("posts")
    begun = time.perf_counter()
    values(near(store, months), months=months, names=FIGURES)
    everything = time.perf_counter() - begun
    seconds, spent = timed(store, months[-1], FIGURES)
    print(f"all {len(months)} months, figures of the Index question: {everything:.2f} s")
    print(f"one month after an import: {seconds:.2f} s ({spent:.2f} s of processor)")
    print(f"ratio all months / one month: {everything / seconds:.1f}")
    whole, spent_whole = timed(store, months[-1], None)
    print(f"one month, every indicator: {whole:.2f} s ({spent_whole:.2f} s of processor)")
    holds = seconds < SECONDS
    print("claim holds" if holds else f"claim fails: {SECONDS} s")
    return 0 if holds else 1


def main(given: Sequence[str] | None = None) -> int:
    """Run on an invented sector."""
    reader = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    reader.add_argument("--posts", type=int, default=10_000_000)
    reader.add_argument("--folder", type=Path)
    asked = reader.parse_args(given)
    with tempfile.TemporaryDirectory() as aside:
        folder = Path(aside) / "store"
        if asked.folder:
            shutil.copytree(asked.folder, folder)
        return run(filled(folder, asked.posts))


if __name__ == "__main__":
    sys.exit(main())
