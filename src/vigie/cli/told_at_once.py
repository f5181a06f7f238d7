"""Boxes whose server tells of news at once: a thread waits at each, so that no turn need be."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from django.db import Error as DatabaseError
from django.db import connection

from vigie.errors import VigieError
from vigie.http import Http
from vigie.inbox.boxes import opened
from vigie.inbox.models import Box
from vigie.inbox.working import READ_BOX, boxes_that_tell
from vigie.settings import Settings
from vigie.sources.turns import make_due

SPELL = 300.0
"""Seconds of one wait: RFC 2177 asks for less than 29 minutes, and a line that died in silence is
found out so much sooner."""
BREATH = 10.0
"""Seconds after news before it is waited again: what comes together is read together."""
PAUSE = 60.0
"""Seconds after a failure. The next turn of the box says what it is, and it is tried again then."""

Wait = Callable[[Box, Settings, Http], bool]
"""Waits at a box for a spell; whether there is news."""

_log = logging.getLogger("vigie.inbox")


def _wait(box: Box, settings: Settings, http: Http) -> bool:
    return opened(box, settings).wait(box.position, http, seconds=SPELL)


@dataclass(kw_only=True)
class Waiting:
    """Waits at every box that can tell, beside a worker; what is told is due at once.

    It is only quicker: what nobody was told of is read at the next turn all the same.
    """

    settings: Settings
    http: Http
    stopping: threading.Event
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    wait: Wait = _wait
    threads: dict[str, threading.Thread] = field(default_factory=dict)

    def look_after(self) -> None:
        """Wait at every box that can tell and where nobody waits yet."""
        for name in boxes_that_tell():
            thread = self.threads.get(name)
            if thread is None or not thread.is_alive():
                # Not waited for at the end: it may stand before a silent server for minutes.
                begun = threading.Thread(target=self._wait_at, args=(name,), daemon=True)
                self.threads[name] = begun
                begun.start()

    def _wait_at(self, name: str) -> None:
        try:
            while not self.stopping.is_set() and name in boxes_that_tell():
                self.stopping.wait(self._once(Box.objects.get(name=name)))
        except Box.DoesNotExist:
            # Taken away in this moment.
            return
        except DatabaseError as error:
            _log.warning("Nobody waits at %s for a moment: %s", name, type(error).__name__)
        finally:
            connection.close()

    def _once(self, box: Box) -> float:
        """Wait once at a box; return the seconds until it is waited again."""
        # Minutes may pass: the database is not kept waiting with us.
        connection.close()
        try:
            is_told = self.wait(box, self.settings, self.http)
        except VigieError as error:
            _log.info("Nothing is told of %s: %s", box.name, error)
            return PAUSE
        if not is_told:
            return 0.0
        make_due(READ_BOX, subject=box.name, now=self.clock())
        return BREATH
