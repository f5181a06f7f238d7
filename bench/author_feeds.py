"""The feeds of 500 accounts, collected from the vendor's own Bluesky servers on this machine.

Run: python -m bench.author_feeds
Claim: the servers are what takes the time; our own processor time is under 20 % of the run. The
politeness of so many questions a second (a setting) is switched off, or it would hide the claim.
Needs Node, PostgreSQL and Redis, as the tests of real servers do (see ``tests/servers``); without
them it says so and claims nothing. Beside it: the same questions put and thrown away unread.
"""

from __future__ import annotations

import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from tests.servers.bluesky.people import Person, asked, told, until
from tests.servers.bluesky.running import MissingProgramError, Network, running
from vigie.columns import table_of
from vigie.flow.collecting import Means, Wish, collect
from vigie.model import Account, Institution
from vigie.settings import Settings
from vigie.store.store import Store, open_store

ACCOUNTS, POSTS = 500, 20
SHARE = 0.20


def joined(network: Network, place: int) -> Person:
    """Open an account and publish; none so lately that its replies are asked for."""
    handle = f"school{place:03d}.test"
    made = told(
        f"{network.pds}/xrpc/com.atproto.server.createAccount",
        {"handle": handle, "email": f"{handle}@example.org", "password": "a-password"},
    )
    person = Person(
        pds=network.pds, appview=network.appview, handle=handle, did=made["did"],
        token=made["accessJwt"],
    )  # fmt: skip
    start = datetime.now(UTC) - timedelta(days=60)
    person.writes_many(
        [
            {
                "$type": "app.bsky.feed.post",
                "text": f"Notice {number} of {handle}: the library opens at eight.",
                "createdAt": (start + timedelta(hours=number)).isoformat(),
            }
            for number in range(POSTS)
        ]
    )
    return person


def registered(people: list[Person], folder: Path, network: Network) -> tuple[Store, Settings]:
    """Return a store whose register has these accounts."""
    settings = Settings(
        home=folder,
        private_addresses="localhost",
        questions_per_second=0,
        connect={"bluesky_service": network.appview},
    )
    store = open_store(settings)
    accounts = [
        Account(
            account=f"bluesky:{person.handle}",
            institution="school",
            network="bluesky",
            handle=person.handle,
            identifier=person.did,
        )
        for person in people
    ]
    schools = [Institution(institution="school", name="School")]
    store.replace("institutions", table_of(Institution, schools))
    store.replace("accounts", table_of(Account, accounts))
    return store, settings


def thrown_away(people: list[Person]) -> float:
    """Return the seconds that the same questions take when nobody reads the answers."""
    began = time.monotonic()
    for person in people:
        person.profile()
        where = f"{person.appview}/xrpc/app.bsky.feed.getAuthorFeed"
        page = asked(where, actor=person.did, limit=100)
        while "cursor" in page:
            page = asked(where, actor=person.did, limit=100, cursor=page["cursor"])
    return time.monotonic() - began


def main() -> int:
    """Print the share of our processor time; fail when the claim does not hold."""
    try:
        with running() as network, tempfile.TemporaryDirectory() as folder:
            return measured(network, Path(folder))
    except MissingProgramError as error:
        print(f"Not measured: {error}")
        return 0


def measured(network: Network, folder: Path) -> int:
    """Measure on running servers."""
    with ThreadPoolExecutor(4) as workers:
        people = list(workers.map(partial(joined, network), range(ACCOUNTS)))
    for person in people:
        until(lambda person=person: person.profile()["postsCount"] >= POSTS, seconds=600)
    beside = thrown_away(people)
    store, settings = registered(people, folder, network)
    began, processor = time.monotonic(), time.process_time()
    (found,) = collect(store, Wish(connectors=("bluesky",)), Means(settings=settings))
    seconds, used = time.monotonic() - began, time.process_time() - processor
    kept = found.counts.kept
    print(f"{ACCOUNTS} accounts, {found.counts.calls:,} questions, {kept:,} kept: {found.state}")
    print(f"{used:.1f} s of processor in {seconds:.1f} s: {used / seconds:.0%}", end=" ")
    print(f"(under {SHARE:.0%})")
    print(f"the same questions, answers thrown away: {beside:.1f} s; ratio {seconds / beside:.2f}")
    is_whole = found.state == "done" and kept == ACCOUNTS * (POSTS + 1)
    return 0 if is_whole and used / seconds < SHARE else 1


if __name__ == "__main__":
    sys.exit(main())
