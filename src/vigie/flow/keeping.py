"""Keeps what came: records first, then where to go on, so that a kill loses and doubles nothing."""

from __future__ import annotations

import hashlib
import json
import logging
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace

import pyarrow as pa

from vigie.collect.connector import Context, Page, Payload
from vigie.columns import table_of
from vigie.errors import StoreError
from vigie.flow.aliases import under_own_names
from vigie.flow.journal import Counts, Journal
from vigie.model import TABLES, Cursor, Quarantined, Raw, Record
from vigie.store.store import Store
from vigie.words import Words, kept, plural

DIGEST = 32
COMMIT_SECONDS = 15.0
COMMIT_RECORDS = 20_000
"""After so long, or so many records, what came is put on the disk."""
MANY = 500
"""Records of a table from which they become columns."""
PAUSE = 10
"""Times as long as a commit takes is waited before the next, so that most time is for reading."""
MOST_CONTENT = 4000
"""Letters of a record in quarantine that are kept; the whole lies in the raw answer."""

log = logging.getLogger(__name__)


Sift = Callable[[Payload, Page], Page]
"""Leaves out of a page what is not wanted, counted as skipped."""


def as_it_is(_payload: Payload, page: Page) -> Page:
    """Keep everything."""
    return page


@dataclass(kw_only=True)
class Keeping:
    """What came and is not on the disk yet; ``commit`` puts it there."""

    store: Store
    context: Context
    journal: Journal
    keeps_raw: bool = True
    aliases: Mapping[str, str] = field(default_factory=dict)
    """``network:identifier`` → the account's own key, for networks that answer with numbers."""
    sift: Sift = as_it_is
    records: dict[str, list[Record]] = field(default_factory=dict)
    packed: dict[str, list[pa.Table]] = field(default_factory=dict)
    """Records as columns: a live stream brings so many that as objects they slow Python down."""
    beside: list[Record] = field(default_factory=list)
    """Raw answers and quarantine: not counted as seen."""
    cursors: dict[tuple[str, str], Cursor] = field(default_factory=dict)
    pages: Counts = field(default_factory=Counts)
    committed_at: float = field(default_factory=time.monotonic)
    took: float = 0.0
    """Seconds of the last commit: one that takes long is made less often."""

    @property
    def seen(self) -> int:
        """Items seen in this run."""
        return self.journal.counts.seen + self.pages.seen

    def add(self, payload: Payload, page: Page, *, raw: str | None = None) -> None:
        """Take in a payload and what it said; ``raw`` names it where it is kept already."""
        raw = raw or self._add_raw(payload)
        page = self.sift(payload, page)
        for record in page.records:
            self.records.setdefault(record.table, []).append(record)
        for name, rows in self.records.items():
            if len(rows) >= MANY:
                self._pack(name)
        self.beside += [
            quarantined(payload, raw, position=one.position, field=one.field,
                        reason=one.reason, content=one.content, run=self.context.run)
            for one in page.unread
        ]  # fmt: skip
        self.pages += Counts(
            seen=page.seen, refused=len(page.unread), skipped=sum(page.skipped.values())
        )

    def add_garbled(self, payload: Payload, words: Words) -> None:
        """Take in an answer that could not be read at all: it is one thing seen and refused."""
        raw = self._add_raw(payload)
        content = payload.body[:MOST_CONTENT].decode("utf-8", "replace")
        self.beside.append(
            quarantined(payload, raw, position=0, field=None, reason=words, content=content,
                        run=self.context.run)
        )  # fmt: skip
        self.pages += Counts(seen=1, refused=1)

    def count(self, *, calls: int = 0, cost: float = 0.0) -> None:
        """Count questions and what they cost."""
        self.pages += Counts(calls=calls, cost=cost)

    def move(self, cursor: Cursor) -> None:
        """Note where a stream is to go on once what came before is on the disk."""
        self.cursors[cursor.subject, cursor.stream] = cursor

    def mark_lost(self, lost: Iterable[tuple[str, str]]) -> None:
        """Note in the cursors of this run the metrics that nobody has any more."""
        for stream, name in lost:
            for key, cursor in self.cursors.items():
                if cursor.stream == stream and name in cursor.fields:
                    self.cursors[key] = replace(
                        cursor,
                        fields=tuple(known for known in cursor.fields if known != name),
                        lost=tuple(sorted({*cursor.lost, name})),
                    )

    def commit_if_due(self, *, seconds: float | None = None, records: int = COMMIT_RECORDS) -> None:
        """Commit when enough time has passed or enough came."""
        waiting = sum(len(rows) for rows in self.records.values())
        waiting += sum(part.num_rows for parts in self.packed.values() for part in parts)
        patience = max(COMMIT_SECONDS if seconds is None else seconds, PAUSE * self.took)
        if waiting >= records or time.monotonic() - self.committed_at >= patience:
            self.commit()

    def commit(self) -> None:
        """Put records on the disk, then the journal, then where to go on.

        A kill between two of these means that the next run sees some things again, which are
        then duplicates; the other way round they would be lost.
        """
        begun = time.monotonic()
        with self.store.intake() as intake:
            for name in self.records:
                self._pack(name)
            for name, parts in self.packed.items():
                intake.add(name, pa.concat_tables(parts))
            for name, rows in _by_table(self.beside).items():
                intake.add(name, rows)
            added = intake.commit()
        counted = {name: one for name, one in added.items() if name in self.records}
        pages = self._emptied()
        self.journal.committed(counted, pages)
        if self.cursors:
            self.store.append("cursors", table_of(Cursor, self.cursors.values()))
        self.committed_at = time.monotonic()
        self.took = self.committed_at - begun

    def end(self, state: str, remarks: tuple[Words, ...] = ()) -> tuple[str, tuple[Words, ...]]:
        """Commit and say in the journal how the run ended; return what was said.

        Where the store can keep no more, that is how it ended: what came since the last commit
        is let go, and where to go on stays where it was.
        """
        try:
            self.commit()
        except StoreError as error:
            state, remarks = "failed", self._not_kept(error, remarks)
            self.journal.lost(self._emptied())
        remarks = (*remarks, *self.journal.remarks())
        try:
            self.journal.end(state, remarks=remarks)
        except StoreError as error:
            # Not even that can be kept: the next run says that this one gave no more sign.
            log.error("%s: %s", self.journal.run, error)
        return state, remarks

    def _not_kept(self, error: StoreError, remarks: tuple[Words, ...]) -> tuple[Words, ...]:
        others = tuple(words for words in remarks if str(words) != str(error.words))
        if not self.pages.seen:
            return (error.words, *others)
        lost = plural(
            "{count} record that came could not be kept. It is asked for again in the next run.",
            "{count} records that came could not be kept. They are asked for again in the next "
            "run.",
            count=self.pages.seen,
        )
        return (error.words, lost, *others)

    def _emptied(self) -> Counts:
        """Let go of what waits, since it is on the disk or cannot be; return its counts."""
        pages = self.pages
        self.records, self.packed, self.beside, self.pages = {}, {}, [], Counts()
        return pages

    def _pack(self, name: str) -> None:
        """Turn the records of a table that wait into columns."""
        rows = table_of(TABLES[name], self.records[name])
        self.packed.setdefault(name, []).append(under_own_names(rows, self.aliases))
        self.records[name].clear()

    def _add_raw(self, payload: Payload) -> str | None:
        if not self.keeps_raw:
            return None
        raw = raw_of(payload, run=self.context.run)
        self.beside.append(raw)
        return raw.raw


def _by_table(records: Iterable[Record]) -> Mapping[str, pa.Table]:
    found: dict[str, list[Record]] = {}
    for record in records:
        found.setdefault(record.table, []).append(record)
    return {name: table_of(TABLES[name], rows) for name, rows in found.items()}


def raw_of(payload: Payload, *, run: str) -> Raw:
    """Return a payload as a row of the store."""
    said = [payload.connector, payload.stream, payload.subject, payload.url, payload.page or ""]
    named = "\x1f".join([*said, payload.received_at.isoformat()]).encode()
    return Raw(
        raw=hashlib.sha256(named + b"\x1f" + payload.body).hexdigest()[:DIGEST],
        connector=payload.connector,
        network=payload.network,
        stream=payload.stream,
        subject=payload.subject,
        url=payload.url,
        page=payload.page,
        posts=payload.posts,
        status=payload.status,
        headers=json.dumps(dict(payload.headers), sort_keys=True),
        received_at=payload.received_at,
        received_on=payload.received_at.date(),
        body=payload.body,
        run=run,
    )


def payload_of(raw: Raw) -> Payload:
    """Return the payload that a row of the store keeps."""
    return Payload(
        connector=raw.connector,
        network=raw.network,
        stream=raw.stream,
        subject=raw.subject,
        url=raw.url,
        page=raw.page,
        posts=raw.posts,
        status=raw.status,
        headers=json.loads(raw.headers),
        received_at=raw.received_at,
        body=raw.body,
    )


def quarantined(
    payload: Payload, raw: str | None, *, position: int, field: str | None, reason: Words,
    content: str, run: str,
) -> Quarantined:  # fmt: skip
    """Return a record that could not be read, as a row of the store."""
    # Half a character, as a text cut short leaves, can be in no file.
    whole = content.encode("utf-8", "replace").decode()
    named = "\x1f".join([payload.connector, payload.stream, payload.subject, whole]).encode()
    return Quarantined(
        quarantined=hashlib.sha256(named).hexdigest()[:DIGEST],
        connector=payload.connector,
        network=payload.network,
        stream=payload.stream,
        subject=payload.subject,
        raw=raw,
        position=position,
        field=field,
        reason=kept(reason),
        content=whole[:MOST_CONTENT],
        observed_at=payload.received_at,
        state="waiting",
        run=run,
    )
