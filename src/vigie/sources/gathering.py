"""Gathers what is known of every source: records, journal, cursors, and the register."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta

from vigie.collect.budget import Budget, budget_of
from vigie.collect.connecting import allowance_of, connect, connectors, price_per_post
from vigie.collect.registered import Registered
from vigie.columns import records_of
from vigie.errors import VigieError
from vigie.model import Cursor, Run
from vigie.register.models import Event
from vigie.settings import Settings
from vigie.sources.asked import registered, subjects_of
from vigie.sources.connections import lacking
from vigie.sources.health import STATES, Facts, Health, health_of
from vigie.sources.lost import lost_events, lost_of
from vigie.sources.models import Connection, Work, Worker
from vigie.sources.turns import COLLECT
from vigie.store.store import Store

ALIVE = timedelta(minutes=3)
"""Silence after which a worker no longer counts as there."""
STEP = "collect"


def health(
    store: Store, *, settings: Settings, now: datetime | None = None, only: str | None = None
) -> list[Health]:
    """Return how every source stands, those to look at first in front."""
    gathered = [health_of(facts) for facts in gather(store, settings=settings, now=now, only=only)]
    return sorted(gathered, key=lambda one: (STATES.index(one.state), str(one.label).casefold()))


def gather(
    store: Store, *, settings: Settings, now: datetime | None = None, only: str | None = None
) -> list[Facts]:
    """Return what is known of every source, or of one."""
    moment = now or datetime.now(UTC)
    names = [name for name in connectors() if only in (None, name)]
    cursors = _grouped(records_of(Cursor, store.table("cursors").to_pyarrow()))
    runs = _runs(store, since=moment - max_period(names))
    waiting = quarantined(store)
    work = {row.connector: row for row in Work.objects.filter(kind=COLLECT, subject="")}
    connections = {row.connector: row for row in Connection.objects.all()}
    known, events = registered(store), lost_events()
    return [
        _facts(
            name,
            now=moment,
            settings=settings,
            known=known,
            cursors=cursors.get(name, []),
            runs=runs.get(name, []),
            quarantined=waiting.get(name, 0),
            work=work.get(name),
            connection=connections.get(name),
            events=events,
        )
        for name in names
    ]


def _facts(
    name: str,
    *,
    now: datetime,
    settings: Settings,
    known: Registered,
    cursors: Sequence[Cursor],
    runs: Sequence[Run],
    quarantined: int,
    work: Work | None,
    connection: Connection | None,
    events: Sequence[Event],
) -> Facts:
    cls = connectors()[name]
    options = dict(connection.options) if connection else {}
    return Facts(
        name=name,
        connector=cls,
        now=now,
        subjects=subjects_of(name, known, settings=settings, options=options),
        cursors=cursors,
        quarantined=quarantined,
        work=work,
        connection=connection,
        lacking=lacking(name, cls.options, row=connection, settings=settings),
        lost=lost_of(name, events=events),
        budget=_budget(name, runs, settings=settings, options=options, now=now),
        latest=max(runs, key=lambda run: run.started_at, default=None),
    )


def _budget(
    name: str,
    runs: Iterable[Run],
    *,
    settings: Settings,
    options: Mapping[str, str],
    now: datetime,
) -> Budget | None:
    try:
        connector = connect(name, settings=settings.connect, secrets=options)
        allowance, price = allowance_of(connector), price_per_post(connector)
    except VigieError:
        # An option that is no number is said when the connector is next asked.
        return None
    if allowance.calls is None and allowance.posts is None and allowance.euros is None:
        return None
    return budget_of(allowance, runs, now=now, price_per_post=price)


def max_period(names: Iterable[str]) -> timedelta:
    """Return how far back the journal must be read for every budget."""
    return max((connectors()[name].allowance.per for name in names), default=timedelta(days=1))


def _grouped(cursors: Iterable[Cursor]) -> dict[str, list[Cursor]]:
    found: dict[str, list[Cursor]] = {}
    for cursor in cursors:
        found.setdefault(cursor.connector, []).append(cursor)
    return found


def _runs(store: Store, *, since: datetime) -> dict[str, list[Run]]:
    runs = store.table("runs")
    recent = runs.filter((runs.step == STEP) & (runs.started_at > since))
    found: dict[str, list[Run]] = {}
    for run in records_of(Run, recent.to_pyarrow()):
        found.setdefault(run.member or "", []).append(run)
    return found


def quarantined(store: Store) -> Mapping[str, int]:
    """Return by connector how many records wait in quarantine."""
    table = store.table("quarantine")
    waiting = table.filter(table.state == "waiting").select("connector").to_pyarrow()
    return Counter(waiting["connector"].to_pylist())


def is_someone_working(now: datetime) -> bool:
    """Whether a worker gave a sign of life just now."""
    just_now = (now - ALIVE, now + ALIVE)
    return Worker.objects.filter(seen_at__range=just_now).exists()
