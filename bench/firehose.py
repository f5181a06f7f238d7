"""A million events of Bluesky's firehose, followed and kept, on one core.

Run: python -m bench.firehose
Claims: at least 8,000 events a second sifted, decoded, read and stored as ``vigie`` does it
while following, counted in time of one core with the store's work; memory after a million
within a fifth of that after 300,000. The messages are as a server writes them (DAG-CBOR,
commits with their blocks); each concerns an account under study, but for a twentieth of likes,
and one in fifty takes a post down. Raw messages are not kept beside (setting raw_days = 0).
Beside it: the protocol's reference client in Python (``atproto``, where it is installed), which
makes its own records of the same messages and stores nothing. And how quickly messages that
concern nobody are passed by: most of what the whole network says.
"""

from __future__ import annotations

import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any

from bench.frames import LETTERS, PASS, did, frames
from vigie.collect.bluesky_following import batch_for
from vigie.columns import table_of
from vigie.flow.collecting import Means
from vigie.flow.following import follow
from vigie.http import Http, Request
from vigie.model import Account, Institution
from vigie.settings import Settings
from vigie.store.engines.duckdb import DuckdbEngine
from vigie.store.store import Store

EVENTS, MADE = 1_000_000, 20_000
ACCOUNTS = 500
PER_SECOND, GROWTH, WARM = 8_000, 1.2, 300_000
RECEIVED = datetime(2026, 11, 25, tzinfo=UTC)


@dataclass(kw_only=True)
class Recorded(Http):
    """Sends the same messages again and again, each time with other names of records."""

    agent: str = "bench"
    made: list[bytes] = field(default_factory=list)
    warm: float = 0.0
    """Bytes in use after the first 300,000."""

    def follow(self, request: Request, *, idle_seconds: float = 60) -> Iterator[bytes | str]:
        """Yield a million messages."""
        old, sent = f"/3k{PASS}".encode(), 0
        for turn in range(EVENTS // len(self.made)):
            new = f"/3k{LETTERS[turn // 32]}{LETTERS[turn % 32]}".encode()
            for frame in self.made:
                yield frame.replace(old, new)
            sent += len(self.made)
            if sent == WARM:
                self.warm = memory()


def keep(made: list[bytes], accounts: list[str], folder: Path) -> tuple[int, int, float]:
    """Return events seen, records kept, and the memory after some of them."""
    store = Store(str(folder / "store"), engine=DuckdbEngine(threads=1))
    held = [
        Account(account=f"bluesky:{one}", institution="school", network="bluesky", identifier=one)
        for one in accounts
    ]
    store.replace(
        "institutions", table_of(Institution, [Institution(institution="school", name="S")])
    )
    store.replace("accounts", table_of(Account, held))
    stream = {"bluesky_stream": "wss://firehose.example/xrpc/com.atproto.sync.subscribeRepos"}
    settings = Settings(home=folder, raw_days=0, connect=stream)
    http = Recorded(made=made, clock=lambda: RECEIVED)
    means = Means(settings=settings, http=http, clock=lambda: RECEIVED)
    counts = follow(store, "bluesky", means, once=True).counts
    return counts.seen, counts.kept, http.warm


def memory() -> float:
    """Return the bytes in use."""
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    return float(pages * resource.getpagesize())


def passing_by(made: list[bytes]) -> None:
    """Look at messages that name nobody under study."""
    others = [did(Random(place)) for place in range(1_000, 1_000 + ACCOUNTS)]
    batch = batch_for(others, url="", is_lines=False, began=RECEIVED)
    for frame in made:
        batch.add(frame)
    assert not batch.kept


def reference(made: list[bytes]) -> Callable[[], object] | None:
    """Return what the reference client does with these messages; none where it is absent."""
    try:
        from atproto import CAR, models, parse_subscribe_repos_message
        from atproto_subscription.frames import Frame
    except ImportError:
        return None

    def read() -> None:
        for frame in made:
            commit: Any = parse_subscribe_repos_message(Frame.from_bytes(frame))
            blocks = CAR.from_bytes(commit.blocks).blocks
            for op in commit.ops:
                if op.cid is not None:
                    models.get_or_create(blocks.get(op.cid), strict=False)

    return read


def timed(work: Callable[[], object], count: int) -> float:
    """Return how many a second of one core does."""
    began = time.process_time()
    work()
    return count / (time.process_time() - began)


def main() -> int:
    """Print the rates, the memory and the ratio; fail when a claim does not hold."""
    chance = Random(7)
    accounts = [did(chance) for _account in range(ACCOUNTS)]
    made = list(frames(MADE, accounts))
    with tempfile.TemporaryDirectory() as folder:
        began, processor = time.monotonic(), time.process_time()
        seen, kept, warm = keep(made, accounts, Path(folder))
        seconds, used = time.monotonic() - began, time.process_time() - processor
    rate, end = seen / used, memory()
    print(f"{seen:,} events, {kept:,} kept: {rate:,.0f} a second of one core", end=" ")
    print(f"(at least {PER_SECOND:,}); {used:.0f} s of processor in {seconds:.0f} s")
    print(f"memory {warm / 1e6:.0f} MB after {WARM:,}, {end / 1e6:.0f} MB at the end")
    print(f"messages that concern nobody: {timed(lambda: passing_by(made), MADE):,.0f} a second")
    beside = reference(made)
    if beside is None:
        print("The reference client is not installed: pip install atproto, to compare.")
    else:
        other = timed(beside, MADE)
        print(f"reference client, storing nothing: {other:,.0f} a second; ratio {rate / other:.2f}")
    holds = rate >= PER_SECOND and end <= GROWTH * warm and seen == EVENTS
    return 0 if holds else 1


if __name__ == "__main__":
    sys.exit(main())
