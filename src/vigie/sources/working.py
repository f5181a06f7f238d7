"""The looping worker: takes what is due, shows signs of life, and stops gracefully."""

from __future__ import annotations

import logging
import os
import platform
import random
import secrets
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from django.db import Error as DatabaseError
from django.db import close_old_connections, connection

from vigie.errors import BusyError, DeniedError, VigieError
from vigie.sources import turns
from vigie.sources.models import Work
from vigie.sources.turns import Claim
from vigie.store.room import says_full
from vigie.words import Words, _

LEASE = timedelta(minutes=2)
"""Silence after which the work of a worker is taken over."""
BEATS = 4
"""Signs of life in a lease."""
SEEN_EVERY = timedelta(seconds=20)
"""Between two signs of life of a worker that has nothing to do."""
IDLE = 5.0
"""Seconds between two looks for work when nothing is due sooner."""
MOST_ATTEMPTS = 3
"""Times that work may break off its worker before it counts as failed."""

_log = logging.getLogger("vigie.working")


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """How a piece of work ended, when it did not break."""

    is_finished: bool = True
    """It was not cut short because the worker was to stop."""
    failure: Words | None = None
    """Nothing came, and why."""
    is_denied: bool = False
    not_before: datetime | None = None
    """When the network wants to be asked again, at the earliest."""
    granted: frozenset[str] | None = None
    """Permissions the network says we have, where it says."""
    ends_at: datetime | None = None
    """When the key ends, where the network says it."""
    words: Words | None = None
    """What was done, for whoever watches."""


Job = Callable[[Claim, Callable[[], bool]], Outcome]
"""Does a piece of work; the second argument says when to stop early."""


def name_of_worker() -> str:
    """Return a name no other worker has."""
    return f"{platform.node()}:{os.getpid()}:{secrets.token_hex(4)}"


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(kw_only=True)
class Workbench:
    """One worker: what it can do, and how it keeps others informed."""

    jobs: Mapping[str, Job]
    """Kind of work → the function that does it."""
    stopping: threading.Event
    """Set from outside: finish or give back what is in hand, then stop."""
    before: Callable[[datetime], None] = lambda _now: None
    """Called before each look for work: makes due what should be."""
    after: Callable[[Work], None] = lambda _work: None
    """Called after each piece of work that is to come again."""
    tell: Callable[[Words], None] = lambda _words: None
    lease: timedelta = LEASE
    idle: float = IDLE
    clock: Callable[[], datetime] = _now
    chance: Callable[[], float] = random.random
    name: str = field(default_factory=name_of_worker)
    seen_at: datetime | None = None
    """When the last sign of life was given."""

    def run(self, *, once: bool = False) -> int:
        """Work until told to stop, or until nothing is due; return how much was done."""
        done, started = 0, self.clock()
        try:
            while not self.stopping.is_set():
                close_old_connections()
                worked = self._round(started)
                done += worked
                if not worked:
                    if once:
                        break
                    self.stopping.wait(self._idle())
        finally:
            with suppress(DatabaseError):
                turns.leave(self.name)
        return done

    def _round(self, started: datetime) -> bool:
        """Do one piece of work if one is due; a database or a disk that is away is waited for."""
        try:
            now = self.clock()
            self._see(started, now)
            self.before(now)
            claim = turns.claim(self.name, now=self.clock(), lease=self.lease)
            if claim is None:
                return False
            self._do(claim)
        except DatabaseError as error:
            _log.warning("The database did not answer: %s", error)
            connection.close()
            return False
        except (VigieError, OSError) as error:
            # What is due waits: the disk may have no room, and gets some.
            _log.warning("Nothing could be done: %s", error)
            return False
        return True

    def _see(self, started: datetime, now: datetime) -> None:
        if self.seen_at is None or abs(now - self.seen_at) > SEEN_EVERY:
            turns.see(self.name, started=started, now=now)
            self.seen_at = now

    def _idle(self) -> float:
        """Return the seconds until something may be due."""
        now = self.clock()
        free = Work.objects.filter(is_paused=False, claimed_by="", due_at__gt=now)
        try:
            next_due = free.order_by("due_at").values_list("due_at", flat=True).first()
        except DatabaseError:
            return self.idle
        seconds = (next_due - now).total_seconds() if next_due else self.idle
        return min(max(seconds, 0.05), self.idle)

    def _do(self, claim: Claim) -> None:
        lost = threading.Event()
        with self._beating(claim, lost):
            outcome = self._outcome(claim, lambda: self.stopping.is_set() or lost.is_set())
        if outcome.is_finished or outcome.failure:
            self._end(claim, outcome)
        else:
            turns.release(claim)

    def _outcome(self, claim: Claim, should_stop: Callable[[], bool]) -> Outcome:
        if claim.attempts > MOST_ATTEMPTS:
            words = _("The work broke off {count} times without an end.", count=claim.attempts - 1)
            return Outcome(failure=words)
        try:
            return self.jobs[claim.kind](claim, should_stop)
        except VigieError as error:
            return failed(error)
        except Exception as error:  # noqa: BLE001  # the loop goes on: one job must not stop the others
            if _was_in_the_way(error):
                _log.info("%s gave way to another worker and is done again.", claim.kind)
                return Outcome(is_finished=False)
            _log.exception("%s %s broke.", claim.kind, claim.connector)
            return Outcome(failure=_NO_ROOM if says_full(error) else _BROKEN)

    def _end(self, claim: Claim, outcome: Outcome) -> None:
        now = self.clock()
        if outcome.failure is None:
            is_ours = turns.succeed(claim, now=now, not_before=outcome.not_before)
        else:
            is_ours = turns.fail(
                claim,
                outcome.failure,
                now=now,
                chance=self.chance(),
                not_before=outcome.not_before,
                is_denied=outcome.is_denied,
            )
        if not is_ours:
            _log.warning("%s was taken over before it ended.", claim.connector or claim.kind)
            return
        if claim.connector and (outcome.failure is None or outcome.is_denied):
            turns.note_answer(
                claim.connector,
                now=now,
                granted=outcome.granted,
                ends_at=outcome.ends_at,
                is_denied=outcome.is_denied,
            )
        told = outcome.failure or outcome.words
        if told is not None:
            self.tell(told)
        row = Work.objects.filter(pk=claim.work).first()
        if row is not None:
            self.after(row)

    @contextmanager
    def _beating(self, claim: Claim, lost: threading.Event) -> Iterator[None]:
        """Give signs of life from another thread while the work is done."""
        ended = threading.Event()

        def beat() -> None:
            while not ended.wait(self.lease.total_seconds() / BEATS):
                try:
                    turns.see(self.name, started=claim.at, now=self.clock())
                    if not turns.beat(claim, now=self.clock(), lease=self.lease):
                        lost.set()
                        break
                except DatabaseError as error:
                    _log.warning("No sign of life could be given: %s", error)
            connection.close()

        thread = threading.Thread(target=beat, daemon=True)
        thread.start()
        try:
            yield
        finally:
            ended.set()
            thread.join()


def _was_in_the_way(error: Exception) -> bool:
    """Whether the database undid one of two pieces of work that waited for each other."""
    return str(getattr(error.__cause__, "sqlstate", None) or "").startswith("40")


_NO_ROOM = _(
    "The disk of the database is full: nothing more can be kept. What was kept before is safe. "
    "Make room; it is tried again."
)
_BROKEN = _(
    "It broke for a reason nobody foresaw; the log of the worker says where. It is tried again."
)


def failed(error: VigieError) -> Outcome:
    """Return the outcome that an error means."""
    return Outcome(
        failure=error.words,
        is_denied=isinstance(error, DeniedError),
        not_before=error.until if isinstance(error, BusyError) else None,
    )
