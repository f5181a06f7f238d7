"""Reads kept answers again: a better ``parse`` mends history, and quarantine empties."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from vigie.collect.connecting import connect, connectors
from vigie.collect.connector import Connector, Context
from vigie.columns import records_of
from vigie.errors import GarbledError, StoreError
from vigie.flow.aliases import aliases_of
from vigie.flow.collecting import context_of
from vigie.flow.journal import Collected, Journal
from vigie.flow.keeping import Keeping, Sift, payload_of
from vigie.flow.sampling import LOOK_BACK, Sampling
from vigie.flow.searching import Sought, sift_of
from vigie.model import Quarantined, Raw
from vigie.settings import Settings
from vigie.store.store import Store
from vigie.words import Words

BATCH = 500
"""Answers held in memory at once."""


@dataclass(frozen=True, kw_only=True)
class Reread:
    """How far a rereading is."""

    connector: str
    done: int
    total: int


def _silent(progress: Reread) -> None:
    """Say nothing."""


def reparse(
    store: Store,
    names: Sequence[str] = (),
    *,
    settings: Settings,
    only: Sequence[str] = (),
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    progress: Callable[[Reread], None] = _silent,
    sought: Sequence[Sought] = (),
) -> list[Collected]:
    """Read every answer that is still kept once more, the oldest first.

    What is understood differently becomes a new look of the same moment; what was in quarantine
    and is understood now leaves it. ``only`` names single answers, ``sought`` the queries whose
    finds are kept. Asks no network anything.
    """
    sampling = Sampling.read(
        store,
        {one.name for one in sought},
        most=settings.finds_a_day,
        since=clock() - timedelta(days=settings.raw_days) - LOOK_BACK,
    )
    sift = sift_of(sought, sampling)
    return [
        _reread(store, name, only, settings, clock=clock, progress=progress, sift=sift)
        for name in names or _kept_of(store)
    ]


def _kept_of(store: Store) -> list[str]:
    kept = store.table("raw").select("connector").distinct().to_pyarrow()["connector"].to_pylist()
    return sorted(name for name in kept if name in connectors())


def _reread(
    store: Store,
    name: str,
    only: Sequence[str],
    settings: Settings,
    *,
    clock: Callable[[], datetime],
    progress: Callable[[Reread], None],
    sift: Sift,
) -> Collected:
    connector = connect(name, settings=settings.connect)
    journal = Journal(store=store, connector=name, clock=clock, step="reparse")
    context = context_of(store, connector.network, settings=settings, run=journal.run)
    keeping = Keeping(
        store=store,
        context=context,
        journal=journal,
        keeps_raw=False,
        aliases=aliases_of(store),
        sift=sift,
    )
    journal.begin()
    ended: tuple[str, tuple[Words, ...]] = ("done", ())
    try:
        _read_all(connector, keeping, _identifiers(store, name, only), name, progress)
    except StoreError as error:
        ended = ("failed", (error.words,))
    state, remarks = keeping.end(*ended)
    return Collected(
        run=journal.run,
        connector=name,
        state=state,
        counts=journal.counts,
        asked=0,
        accounts=0,
        remarks=remarks,
        seconds=(clock() - journal.started_at).total_seconds(),
    )


def _read_all(
    connector: Connector,
    keeping: Keeping,
    identifiers: Sequence[str],
    name: str,
    progress: Callable[[Reread], None],
) -> None:
    """Read these answers of a connector again, some hundreds at a time."""
    waiting = _waiting(keeping.store, name)
    for start in range(0, len(identifiers), BATCH):
        for raw in _answers(keeping.store, identifiers[start : start + BATCH]):
            _read_again(connector, raw, keeping, keeping.context, waiting.get(raw.raw, []))
        keeping.commit_if_due()
        progress(Reread(connector=name, done=start, total=len(identifiers)))


def _read_again(
    connector: Connector,
    raw: Raw,
    keeping: Keeping,
    context: Context,
    waiting: Sequence[Quarantined],
) -> None:
    payload = payload_of(raw)
    try:
        page = connector.parse(payload, context)
    except GarbledError as error:
        keeping.add_garbled(payload, error.words)
        return
    keeping.add(payload, page, raw=raw.raw)
    refused = {one.position for one in page.unread}
    keeping.beside += [
        replace(one, state="read", observed_at=keeping.journal.clock(), run=context.run)
        for one in waiting
        if one.position not in refused
    ]


def _waiting(store: Store, connector: str) -> Mapping[str, list[Quarantined]]:
    table = store.table("quarantine")
    chosen = table.filter((table.connector == connector) & (table.state == "waiting"))
    found: dict[str, list[Quarantined]] = {}
    for one in records_of(Quarantined, chosen.to_pyarrow()):
        found.setdefault(one.raw or "", []).append(one)
    return found


def _identifiers(store: Store, connector: str, only: Sequence[str]) -> list[str]:
    """Return which answers are kept, oldest first, without their bodies."""
    table = store.table("raw")
    mine = table.filter(table.connector == connector)
    if only:
        mine = mine.filter(mine.raw.isin(list(only)))
    ordered = mine.order_by(["received_at", "raw"]).select("raw").to_pyarrow()
    found: list[str] = ordered["raw"].to_pylist()
    return found


def _answers(store: Store, identifiers: Sequence[str]) -> list[Raw]:
    table = store.table("raw")
    found = records_of(Raw, table.filter(table.raw.isin(list(identifiers))).to_pyarrow())
    return sorted(found, key=lambda raw: (raw.received_at, raw.raw))
