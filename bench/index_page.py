"""The Index page with 5,000 institutions, beside the same bytes served from a plain file.

Run: python -m bench.index_page
Claims: first byte under 150 ms warm, HTML under 300 kB, and a CSV of every row, streamed.
"""

from __future__ import annotations

import csv
import http.client
import os
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np
import pyarrow as pa

from vigie.columns import schema_of, table_of
from vigie.model import Edition, Institution, OtherRank, Standing, StandingPart
from vigie.settings import Settings
from vigie.store.store import Store, open_store

INSTITUTIONS, GROUPS = 5_000, 10
NETWORKS = ("bluesky", "facebook", "instagram", "linkedin", "youtube")
DIMENSIONS = ("audience", "activity", "engagement", "responsiveness")
METHODS = ("canevet_audience", "leader_100", "points_50", "rank_sum", "followers_total")
EDITION, MONTH, METHOD = "2026-10", date(2026, 10, 1), "vigie 2026.1"
NOW = datetime(2026, 11, 1, tzinfo=UTC)
FIRST_BYTE, LARGEST, TIMES = 0.150, 300_000, 30


@dataclass(frozen=True, kw_only=True)
class Answered:
    """One answer: when its first byte came, when its last, and all of them."""

    status: int
    first: float
    last: float
    body: bytes


def fill(store: Store) -> None:
    """Invent one edition of five thousand institutions in ten groups."""
    rng = np.random.default_rng(2026)
    slugs = [f"school-{place:04}" for place in range(INSTITUTIONS)]
    group = [f"university.fr.band{place % GROUPS}" for place in range(INSTITUTIONS)]
    score = np.round(rng.uniform(5, 95, INSTITUTIONS), 4)
    rank = np.empty(INSTITUTIONS, dtype=int)
    for first in range(GROUPS):
        mine = slice(first, None, GROUPS)
        rank[mine] = (-score[mine]).argsort().argsort() + 1
    institutions = [
        Institution(
            institution=slug,
            name=f"Université inventée n° {place}",
            kind="university",
            country="FR",
            is_invented=True,
        )
        for place, slug in enumerate(slugs)
    ]
    edition = Edition(
        edition=EDITION, revision=1, month_on=MONTH, method=METHOD, computed_at=NOW,
        published_at=NOW, is_invented=True,
    )  # fmt: skip
    store.replace("institutions", table_of(Institution, institutions))
    store.replace("editions", table_of(Edition, [edition]))
    store.replace("standings", _standings(slugs, group, score, rank))
    store.replace("standing_parts", _parts(slugs, group, rng))
    store.replace("other_ranks", _others(slugs, group, rank, rng))


def _standings(slugs: list[str], group: list[str], score: np.ndarray, rank: np.ndarray) -> pa.Table:
    size = INSTITUTIONS // GROUPS
    return _table(
        Standing,
        INSTITUTIONS,
        edition=EDITION,
        revision=1,
        month_on=MONTH,
        method=METHOD,
        group=group,
        group_size=size,
        institution=slugs,
        score=score,
        rank=rank,
        is_tied=False,
        rank_low=np.maximum(rank - 20, 1),
        rank_high=np.minimum(rank + 25, size),
        first_ten=np.clip(1.2 - rank / 20, 0, 1),
        band=1 + rank // 40,
        previous_rank=np.maximum(rank - 3, 1),
        coverage=0.95,
        seen_at=NOW,
    )


def _parts(slugs: list[str], group: list[str], rng: np.random.Generator) -> pa.Table:
    pairs = [(network, dimension) for network in NETWORKS for dimension in DIMENSIONS]
    count = INSTITUTIONS * len(pairs)
    return _table(
        StandingPart,
        count,
        edition=EDITION,
        revision=1,
        group=group * len(pairs),
        institution=slugs * len(pairs),
        network=[network for network, _dimension in pairs for _slug in slugs],
        dimension=[dimension for _network, dimension in pairs for _slug in slugs],
        indicator="followers",
        is_present=True,
        value=rng.uniform(0, 1e5, count),
        score=rng.uniform(0, 100, count),
        weight=1 / len(pairs),
    )


def _others(
    slugs: list[str], group: list[str], rank: np.ndarray, rng: np.random.Generator
) -> pa.Table:
    count = INSTITUTIONS * len(METHODS)
    moved = np.tile(rank, len(METHODS)) + rng.integers(-30, 31, count)
    return _table(
        OtherRank,
        count,
        edition=EDITION,
        revision=1,
        group=group * len(METHODS),
        institution=slugs * len(METHODS),
        method=[method for method in METHODS for _slug in slugs],
        listing="overall",
        score=rng.uniform(0, 100, count),
        rank=np.clip(moved, 1, INSTITUTIONS // GROUPS),
    )


def _table(record: type, count: int, **columns: object) -> pa.Table:
    """Return a table from columns; what is one value stands in every row."""
    schema = schema_of(record)
    made = []
    for field in schema:
        given = columns[field.name]
        many = given if isinstance(given, (list, np.ndarray)) else [given] * count
        made.append(pa.array(many, type=field.type))
    return pa.table(made, schema=schema)


def ask(port: int, path: str, **headers: str) -> Answered:
    """Ask a server once, on a connection of its own."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    begun = time.perf_counter()
    connection.request("GET", path, headers={"Accept-Language": "fr", **headers})
    response = connection.getresponse()
    head = response.read(1)
    first = time.perf_counter() - begun
    body = head + response.read()
    last = time.perf_counter() - begun
    connection.close()
    return Answered(status=response.status, first=first, last=last, body=body)


@contextmanager
def running(command: list[str], folder: Path) -> Iterator[int]:
    """Run a server on a free port until the block ends."""
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        port = int(asked.getsockname()[1])
    environment = {**os.environ, "VIGIE_HOME": str(folder / "home")}
    server = subprocess.Popen(
        [*command, str(port)], env=environment, cwd=folder, start_new_session=True,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        _wait_for(port)
        yield port
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        server.wait(timeout=30)


def _wait_for(port: int) -> None:
    until = time.monotonic() + 90
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.1)
        else:
            return


def median_first(port: int, path: str) -> tuple[float, bytes]:
    """Return the median time to the first byte, warm, and the page."""
    answers = [ask(port, path) for _time in range(TIMES)]
    return statistics.median(one.first for one in answers), answers[-1].body


def main() -> int:
    """Print the figures; fail when a claim does not hold."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        fill(open_store(Settings(home=folder / "home")))
        vigie = [sys.executable, "-c", "from vigie.cli.main import main; main()", "serve", "--port"]
        with running(vigie, folder) as port:
            cold = ask(port, "/index/")
            ours, page = median_first(port, "/index/")
            paged, _second = median_first(port, "/index/?group=university.fr.band3&page=2")
            rows = ask(port, "/index/?format=csv")
        (folder / "page.html").write_bytes(page)
        with running([sys.executable, "-m", "http.server"], folder) as port:
            peer, _page = median_first(port, "/page.html")
    count = len(list(csv.reader(rows.body.decode("utf-8-sig").splitlines()))) - 1
    print(f"first byte, first time        {cold.first * 1000:8.0f} ms")
    print(f"first byte, warm              {ours * 1000:8.1f} ms   (claim: under 150)")
    print(f"first byte, page 2 of a group {paged * 1000:8.1f} ms")
    print(f"the same bytes from a file    {peer * 1000:8.1f} ms   ratio {ours / peer:.1f}")
    print(f"HTML                          {len(page) / 1000:8.0f} kB   (claim: under 300)")
    print(
        f"CSV of every row: {count} rows, {len(rows.body) / 1000:.0f} kB, "
        f"first byte {rows.first * 1000:.0f} ms, last {rows.last * 1000:.0f} ms"
    )
    holds = cold.status == 200 and ours < FIRST_BYTE and len(page) < LARGEST
    return 0 if holds and count >= INSTITUTIONS else 1


if __name__ == "__main__":
    sys.exit(main())
