"""Follows a network as things happen: batch by batch, kept with where to go on."""

from __future__ import annotations

import json
import logging
import time
from dataclasses import dataclass, field
from datetime import datetime

from vigie.collect.connector import Connector, Context
from vigie.columns import records_of
from vigie.errors import GarbledError, NetworkError, StoreError
from vigie.flow.aliases import aliases_of
from vigie.flow.collecting import Means, able, context_of
from vigie.flow.journal import Collected, Failure, Journal
from vigie.flow.keeping import Keeping
from vigie.http import Http, open_http
from vigie.model import Cursor
from vigie.store.store import Store
from vigie.words import Words, kept

STREAM = "follow"
STREAM_SECONDS, STREAM_RECORDS = 5.0, 100_000
"""What comes by itself is kept sooner, and comes faster."""
FIRST_WAIT, LONGEST_WAIT = 1.0, 300.0
"""Seconds before a stream that broke is followed again, doubling."""
WAKE_SECONDS = 0.5

log = logging.getLogger(__name__)


def follow(store: Store, name: str, means: Means, *, once: bool = False) -> Collected:
    """Keep what happens on a network about the accounts of the register, until told to stop.

    A stream that breaks is followed again from where it was left, with longer and longer waits;
    ``once`` ends at the first break instead. Raises ``SearchError`` where there is no stream.
    """
    connector = able(store, name, means)
    journal = Journal(store=store, connector=name, clock=means.clock)
    context = context_of(store, connector.network, settings=means.settings, run=journal.run)
    following = Following(
        store=store,
        name=name,
        connector=connector,
        context=context,
        http=means.http or open_http(means.settings),
        means=means,
        keeping=Keeping(
            store=store,
            context=context,
            journal=journal,
            keeps_raw=means.settings.raw_days > 0,
            aliases=aliases_of(store),
        ),
    )
    return following.run(once=once)


@dataclass(kw_only=True)
class Following:
    """One following of a stream."""

    store: Store
    name: str
    connector: Connector
    context: Context
    http: Http
    means: Means
    keeping: Keeping
    before: Cursor | None = None
    cursor: str | None = None
    failures: list[Failure] = field(default_factory=list)

    def run(self, *, once: bool) -> Collected:
        """Follow, and follow again after breaks."""
        begun = time.monotonic()
        self._go_back()
        self.keeping.journal.begin()
        state, remarks = "interrupted", tuple[Words, ...]()
        try:
            state = self._once() if once else self._again_and_again()
        finally:
            state, remarks = self.keeping.end(state)
        followed = len(self.context.accounts)
        return Collected(
            run=self.keeping.journal.run,
            connector=self.name,
            state=state,
            counts=self.keeping.journal.counts,
            asked=followed,
            accounts=followed,
            failures=tuple(self.failures[-1:]),
            remarks=remarks,
            seconds=time.monotonic() - begun,
        )

    def _once(self) -> str:
        return "done" if self._until_break() is None else "failed"

    def _again_and_again(self) -> str:
        wait = FIRST_WAIT
        while not self.means.should_stop():
            before = self.keeping.journal.counts.seen
            self._until_break()
            is_kept = self.keeping.journal.counts.seen > before
            wait = FIRST_WAIT if is_kept else min(wait * 2, LONGEST_WAIT)
            self._rest(wait)
        return "interrupted"

    def _until_break(self) -> Words | None:
        """Take in batches until the stream ends; return why it broke."""
        try:
            return self._taken_in()
        except StoreError as error:
            # What came waits, and is kept with the next that comes as soon as it can be.
            log.warning("%s: %s", self.name, error.words)
            return error.words

    def _taken_in(self) -> Words | None:
        accounts = list(self.context.accounts)
        stream = self.connector.follow(self.http, cursor=self.cursor, accounts=accounts)
        try:
            for payload in stream:
                try:
                    self.keeping.add(payload, self.connector.parse(payload, self.context))
                except GarbledError as error:
                    self.keeping.add_garbled(payload, error.words)
                self._move(payload.page)
                self.keeping.commit_if_due(seconds=STREAM_SECONDS, records=STREAM_RECORDS)
                if self.means.should_stop():
                    break
        except NetworkError as error:
            log.info("%s: %s", self.name, error.words)
            self._move(self.cursor, failure=error.words)
            self.keeping.commit()
            return error.words
        return None

    def _rest(self, seconds: float) -> None:
        until = time.monotonic() + seconds
        while time.monotonic() < until and not self.means.should_stop():
            time.sleep(WAKE_SECONDS)

    def _go_back(self) -> None:
        """Go to where the stream was left the last time."""
        table = self.store.table("cursors")
        mine = table.filter((table.connector == self.name) & (table.stream == STREAM))
        for found in records_of(Cursor, mine.to_pyarrow()):
            self.before, self.cursor = found, json.loads(found.position)["cursor"]

    def _move(self, cursor: str | None, *, failure: Words | None = None) -> None:
        self.cursor, now = cursor, self.means.clock()
        if failure is not None:
            self.failures.append(Failure(subject=self.name, stream=STREAM, words=failure))
        self.before = self._row(now, failure)
        self.keeping.move(self.before)

    def _row(self, now: datetime, failure: Words | None) -> Cursor:
        before = self.before
        return Cursor(
            connector=self.name,
            network=self.connector.network,
            subject=self.name,
            stream=STREAM,
            position=json.dumps({"cursor": self.cursor}),
            asked_at=max(now, before.asked_at) if before else now,
            succeeded_at=now if failure is None else before.succeeded_at if before else None,
            failed_at=None if failure is None else now,
            failure=None if failure is None else kept(failure),
            misses=0 if failure is None else (before.misses if before else 0) + 1,
            run=self.context.run,
        )
