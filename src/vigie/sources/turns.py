"""Who does which due work: claims, signs of life, ends. Written by workers, so not in the log.

A claim is one conditional change of a row, so that two workers never hold the same work, on any
database. It lasts as long as its worker gives signs of life; then others take the work over.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import F, Q, QuerySet

from vigie.collect.connecting import (
    allowance_of,
    asked_by_themselves,
    connect,
    connectors,
    price_per_post,
)
from vigie.collect.connector import Connector
from vigie.settings import Settings
from vigie.sources.connections import lacking
from vigie.sources.models import Connection, Work, Worker
from vigie.words import LANGUAGES, Words, say

COLLECT, REREAD, DELIVERIES = "collect", "reread", "deliveries"
LET_GO, MEASURE, WALLS = "let_go", "measure", "walls"
ANNOTATE, ALERTS, SEARCH = "annotate", "alerts", "search"
SPIKES, THEMES, IDENTITY, TRAIN, TRY = "spikes", "themes", "identity", "train", "try"
FIRST_PAUSE = timedelta(minutes=5)
"""After the first failure; each further one doubles it."""
LONGEST_PAUSE = timedelta(days=1)
MOST_TRIES_ONCE = 3
"""Failures after which work that was to be done once is let go."""
AHEAD = timedelta(minutes=5)
"""What lies further in the future was written by a clock that was ahead."""
SEARCH_EVERY = timedelta(minutes=15)
GONE = timedelta(days=7)
"""Silence after which a worker is forgotten."""
REGULAR = {
    DELIVERIES: timedelta(minutes=5), LET_GO: timedelta(days=1), WALLS: timedelta(minutes=1),
    ANNOTATE: timedelta(minutes=5), ALERTS: timedelta(minutes=2), SPIKES: timedelta(hours=1),
    THEMES: timedelta(days=1), IDENTITY: timedelta(days=1),
}  # fmt: skip
"""Work that is due whatever is connected, and how often."""


FREE: Mapping[str, object] = {"claimed_by": "", "claimed_at": None, "held_until": None}
"""What a row says that nobody holds."""


@dataclass(frozen=True, kw_only=True)
class Claim:
    """Work that one worker holds."""

    work: int
    kind: str
    connector: str
    subject: str
    every: timedelta | None
    due_at: datetime
    is_whole: bool
    """A person asked for it: what was read recently is read again too."""
    attempts: int
    """This one included; more than one: others broke off."""
    misses: int
    worker: str
    at: datetime


def claim(worker: str, *, now: datetime, lease: timedelta) -> Claim | None:
    """Take the work that has been due longest; none when nothing is."""
    _free_abandoned(now, lease)
    while True:
        row = _due(now).first()
        if row is None:
            return None
        if _take(row, worker, now=now, lease=lease):
            return Claim(
                work=row.pk,
                kind=row.kind,
                connector=row.connector,
                subject=row.subject,
                every=row.every,
                due_at=row.due_at,
                is_whole=row.is_whole or row.every is None,
                attempts=row.attempts + 1,
                misses=row.misses,
                worker=worker,
                at=now,
            )


def _due(now: datetime) -> QuerySet[Work]:
    """Return what may be taken: due, nobody's, and of a connector nobody works on."""
    busy = Work.objects.exclude(claimed_by="").exclude(connector="").values("connector")
    free = Work.objects.filter(due_at__lte=now, is_paused=False, claimed_by="")
    return free.exclude(connector__in=busy).order_by("due_at", "id")


def _take(row: Work, worker: str, *, now: datetime, lease: timedelta) -> bool:
    try:
        with transaction.atomic():
            taken = _due(now).order_by().filter(pk=row.pk).update(
                claimed_by=worker,
                claimed_at=now,
                heartbeat_at=now,
                held_until=now + lease,
                attempts=F("attempts") + 1,
            )  # fmt: skip
    except IntegrityError:
        # Another worker took other work of the same connector in the same moment.
        return False
    return taken == 1


def _free_abandoned(now: datetime, lease: timedelta) -> None:
    """Free what nobody gives a sign of life for, or gave one in what is the future by now."""
    is_lost = Q(held_until__lt=now) | Q(heartbeat_at__gt=now + lease + AHEAD)
    lost = Work.objects.exclude(claimed_by="").filter(is_lost)
    if lost.exists():
        lost.update(**FREE)


def _mine(claim: Claim) -> QuerySet[Work]:
    return Work.objects.filter(pk=claim.work, claimed_by=claim.worker, claimed_at=claim.at)


def beat(claim: Claim, *, now: datetime, lease: timedelta) -> bool:
    """Give a sign of life; false when the work is no longer ours, and must be left."""
    # The clock may have been set back since it was claimed.
    held_until = max(now + lease, claim.at)
    return _mine(claim).update(heartbeat_at=now, held_until=held_until) == 1


def release(claim: Claim) -> None:
    """Give work back unfinished: it stays due."""
    _mine(claim).update(**FREE, attempts=0)


def succeed(claim: Claim, *, now: datetime, not_before: datetime | None = None) -> bool:
    """Note that work is done, and when it is due again; false when it was no longer ours.

    ``not_before`` is when a network that let us read only a part may be asked for the rest.
    """
    with transaction.atomic():
        row = _mine(claim).select_for_update().first()
        if row is None:
            return False
        # Someone may have asked for it again meanwhile: then it is due again.
        again = row.due_at != claim.due_at
        if claim.every is None and not again:
            row.delete()
            return True
        _mine(claim).update(
            **FREE,
            attempts=0,
            misses=0,
            last_success=now,
            failing_since=None,
            failure=None,
            is_denied=False,
            is_whole=row.is_whole and again,
            due_at=row.due_at if again else not_before or _next_turn(claim, now),
        )
    return True


def _next_turn(claim: Claim, now: datetime) -> datetime:
    """Return when work is due again; the clock may have been set back since it was claimed."""
    return min(claim.at, now) + (claim.every or timedelta())


def fail(
    claim: Claim,
    words: Words,
    *,
    now: datetime,
    chance: float,
    not_before: datetime | None = None,
    is_denied: bool = False,
) -> bool:
    """Note why work failed, and when to try again; false when it was no longer ours.

    ``chance``, from 0 to 1, keeps those who failed together from coming back together.
    """
    with transaction.atomic():
        row = _mine(claim).select_for_update().first()
        if row is None:
            return False
        misses = row.misses + 1
        if claim.every is None and misses >= MOST_TRIES_ONCE:
            row.delete()
            return True
        wait = pause_after(misses, every=claim.every, chance=chance, is_denied=is_denied)
        _mine(claim).update(
            **FREE,
            attempts=0,
            misses=misses,
            last_failure=now,
            failing_since=row.failing_since or now,
            failure={language: say(words, language) for language in LANGUAGES},
            is_denied=is_denied,
            due_at=max(now + wait, not_before or now),
        )
    return True


def pause_after(
    misses: int, *, every: timedelta | None, chance: float, is_denied: bool = False
) -> timedelta:
    """Return how long to wait after so many failures in a row."""
    longest = min(every or LONGEST_PAUSE, LONGEST_PAUSE)
    if is_denied:
        # Only a person can mend a refused key; asking often would look like an attack.
        return longest
    doubled: timedelta = FIRST_PAUSE * (1 << min(misses - 1, 16))
    return min(doubled, longest) * (0.75 + chance / 4)


def make_due(
    kind: str,
    connector: str = "",
    subject: str = "",
    *,
    now: datetime,
    every: timedelta | None = None,
    is_whole: bool = False,
) -> None:
    """Make work due now, whether or not it was known."""
    due: dict[str, object] = {"due_at": now, **({"is_whole": True} if is_whole else {})}
    Work.objects.update_or_create(
        kind=kind,
        connector=connector,
        subject=subject,
        defaults=due,
        create_defaults={**due, "every": every},
    )


def schedule(settings: Settings, *, now: datetime) -> None:
    """Let every connector that can ask have its turn, and no other.

    It is called at every look for work: nothing is written where nothing changes.
    """
    _forget_the_future(now)
    rows = {row.connector: row for row in Connection.objects.all()}
    ready = {
        name: connect(name, settings=settings.connect)
        for name, cls in connectors().items()
        if not settings.offline
        and not lacking(name, cls.options, row=rows.get(name), settings=settings)
    }
    askable = {name: rhythm(type(ready[name])) for name in asked_by_themselves(ready)}
    known = {(row.kind, row.connector): row for row in Work.objects.filter(subject="")}
    wanted = {(COLLECT, name): every for name, every in askable.items()}
    paused = {name for (kind, name), row in known.items() if kind == COLLECT and row.is_paused}
    wanted |= {
        (SEARCH, name): every for name, every in _searchable(ready).items() if name not in paused
    }
    wanted |= {(kind, ""): every for kind, every in REGULAR.items()}
    for (kind, name), every in wanted.items():
        row = known.get((kind, name))
        if row is None:
            make_due(kind, name, now=now, every=every)
        elif row.every != every:
            Work.objects.filter(pk=row.pk).update(every=every)
    for kind in (COLLECT, SEARCH):
        _drop(kind, {name for of, name in wanted if of == kind}, known)


def rest(kinds: Collection[str], *, now: datetime) -> None:
    """Let regular work rest until somebody takes it up again by hand."""
    for kind in kinds:
        if not Work.objects.filter(kind=kind, connector="", subject="").exists():
            make_due(kind, now=now, every=REGULAR.get(kind))
    Work.objects.filter(kind__in=kinds, connector="", subject="").update(is_paused=True)


def _drop(kind: str, names: Collection[str], known: Collection[tuple[str, str]]) -> None:
    """Take the turns of connectors away that cannot be asked any more."""
    if any(of == kind and name not in names for of, name in known):
        free = Work.objects.filter(kind=kind, claimed_by="")
        free.exclude(connector__in=list(names)).delete()


def _searchable(ready: Mapping[str, Connector]) -> dict[str, timedelta]:
    """Return how often each network that can be searched is due to be.

    A network that counts or sells posts is searched as seldom as its stream says.
    """
    found = {}
    for name, connector in ready.items():
        stream = next((one for one in connector.streams if one.name == SEARCH), None)
        if stream is None:
            continue
        is_counted = allowance_of(connector).posts is not None or price_per_post(connector) > 0
        found[name] = stream.every if is_counted else min(stream.every, SEARCH_EVERY)
    return found


def _forget_the_future(now: datetime) -> None:
    """Make due what was done by a clock that was ahead: its next turn may be far away."""
    for moment in ("last_success", "last_failure"):
        ahead = Work.objects.filter(**{f"{moment}__gt": now + AHEAD})
        if ahead.exists():
            ahead.update(**{moment: now, "due_at": now})


def rhythm(connector: type[Connector]) -> timedelta:
    """Return how often a connector is due: as often as its most frequent stream."""
    return min((stream.every for stream in connector.streams), default=LONGEST_PAUSE)


def note_answer(
    connector: str,
    *,
    now: datetime,
    granted: frozenset[str] | None,
    is_denied: bool,
    ends_at: datetime | None = None,
) -> None:
    """Note whether the network took the key, what it says it lets us do, and until when."""
    changed: dict[str, object] = {
        "state": "refused" if is_denied else "accepted",
        "checked_at": now,
    }
    if granted is not None:
        changed["granted"] = sorted(granted)
    if ends_at is not None:
        changed["ends_at"] = ends_at
    Connection.objects.filter(connector=connector).update(**changed)


def see(worker: str, *, started: datetime, now: datetime) -> None:
    """Note that a worker is there."""
    Worker.objects.update_or_create(
        name=worker, defaults={"seen_at": now}, create_defaults={"started_at": started,
                                                                 "seen_at": now}
    )  # fmt: skip
    Worker.objects.filter(Q(seen_at__lt=now - GONE)).delete()


def leave(worker: str) -> None:
    """Forget a worker that stops."""
    Worker.objects.filter(name=worker).delete()
