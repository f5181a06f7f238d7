"""One run of one connector: account by account, kept every few seconds, and said at its end."""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass

from vigie.collect.connector import Stream, Subject
from vigie.errors import BusyError, DeniedError, NetworkError, NoAnswerError, StoreError
from vigie.flow.errand import Errand, Progress
from vigie.flow.journal import Collected
from vigie.flow.visiting import Stop, Visit
from vigie.words import Words, _, plural

IN_A_ROW = 5
"""After so many accounts in a row that could not be asked, the network is left alone."""
APART = frozenset({"check", "search"})
"""Streams that are not read at every visit."""

log = logging.getLogger(__name__)


@dataclass(kw_only=True)
class Round(Errand):
    """A run that is made: everybody who is due is visited, and what it found is said."""

    def make(self) -> Collected:
        """Make the run; what came before a stop is kept."""
        begun = time.monotonic()
        self.keeping.journal.begin()
        state, remarks = "done", []
        try:
            self._visit_all()
            state = "short" if self.is_short else "done"
        except Stop as stop:
            state = stop.state
            remarks += [stop.words] if stop.words else []
        except StoreError as error:
            state, remarks = "failed", [error.words]
        except BaseException:
            self._end("interrupted", ())
            raise
        remarks += self._left_out(state)
        return self._end(state, tuple(remarks), seconds=time.monotonic() - begun)

    def _end(self, state: str, remarks: tuple[Words, ...], *, seconds: float = 0.0) -> Collected:
        lost = self._lost()
        self.keeping.mark_lost(lost)
        state, remarks = self.keeping.end(state, remarks)
        return Collected(
            run=self.keeping.journal.run,
            connector=self.name,
            state=state,
            counts=self.keeping.journal.counts,
            asked=self.asked,
            accounts=len(self.subjects),
            failures=tuple(self.failures),
            lost=lost,
            named=tuple(self.named.values()),
            granted=self.granted,
            ends_at=self.ends_at,
            not_before=self.not_before,
            remarks=remarks,
            seconds=seconds,
        )

    def _left_out(self, state: str) -> list[Words]:
        left = len(self.subjects) - self.asked
        if state == "done" or not left:
            return []
        return [
            plural(
                "{count} account was not reached in this run; it comes first in the next.",
                "{count} accounts were not reached in this run; they come first in the next.",
                count=left,
            )
        ]

    def _visit_all(self) -> None:
        """Visit those first that have waited longest."""
        for done, subject in enumerate(sorted(self.subjects, key=self._last_asked)):
            self.progress(
                Progress(
                    connector=self.name,
                    done=done,
                    total=len(self.subjects),
                    subject=subject.subject,
                    seen=self.keeping.seen,
                )
            )
            for stream in self._streams():
                if self._is_due(subject, stream):
                    self._visit(subject, stream)
            self.asked += 1

    def _streams(self) -> list[Stream]:
        """Return the streams that are read in this run."""
        return [
            stream
            for stream in self.connector.streams
            if (stream.name == self.only if self.only else stream.name not in APART)
        ]

    def _last_asked(self, subject: Subject) -> float:
        """Return when an account was last asked about; an unfinished walk counts as never."""
        cursors = [
            self.known.cursors.get((subject.subject, stream.name)) for stream in self._streams()
        ]
        now = self.clock().timestamp()
        asked = [min(cursor.asked_at.timestamp(), now) if cursor else 0.0 for cursor in cursors]
        return min(asked, default=0.0)

    def _is_due(self, subject: Subject, stream: Stream) -> bool:
        cursor = self.known.cursors.get((subject.subject, stream.name))
        if not self.is_due_only or cursor is None or cursor.succeeded_at is None:
            return True
        return cursor.failed_at is not None or (
            # Far ahead counts too: a clock that was ahead must not keep us from asking.
            abs(self.clock() - cursor.succeeded_at) > stream.every * 0.9
        )

    def _visit(self, subject: Subject, stream: Stream) -> None:
        visit = Visit(round=self, subject=subject, stream=stream)
        try:
            visit.make()
        except NetworkError as error:
            visit.failed(error.words, is_denied=isinstance(error, DeniedError))
            self._consider(error)
        except (Stop, StoreError):
            visit.stopped()
            raise
        except Exception:  # one account must not stop the others
            log.exception("%s broke on %s of %s", self.name, stream.name, subject.subject)
            visit.failed(
                _(
                    "An error in Vigie itself: what came is kept and can be read again. See the "
                    "log, and tell the project."
                )
            )
        else:
            self.unanswered = 0

    def _consider(self, error: NetworkError) -> None:
        """Leave a network alone that asks for it, or that answers nobody."""
        if not self.connector.is_one_server:
            self.is_short |= isinstance(error, BusyError)
            return
        if isinstance(error, BusyError):
            self.not_before = error.until
            raise Stop("short", error.words) from None
        self.unanswered += isinstance(error, (NoAnswerError, DeniedError))
        if self.unanswered >= IN_A_ROW:
            raise Stop("failed", error.words) from None

    def _lost(self) -> tuple[tuple[str, str], ...]:
        """Return the metrics that accounts used to have and nobody had in this run."""
        return tuple(
            (stream, name)
            for stream, names in sorted(self.expected.items())
            for name, accounts in sorted(names.items())
            if accounts >= min(3, len(self.subjects)) and name not in self.found.get(stream, set())
        )
