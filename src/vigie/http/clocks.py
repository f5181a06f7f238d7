"""What servers say of the time: whether the clock of this machine can be believed."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

AGREED = timedelta(hours=1)
"""A server whose time differs from ours by less agrees with us."""
FRESH = frozenset({"", "0"})
"""Ages of an answer that was not kept anywhere on its way."""


class Clocks:
    """By how much our clock is ahead of each server's, the last time it answered."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._ahead: dict[str, timedelta] = {}

    def note(self, server: str, headers: Mapping[str, str], *, at: datetime) -> None:
        """Note what an answer that arrived at a moment says of the time."""
        if headers.get("age", "") not in FRESH:
            return
        try:
            theirs = parsedate_to_datetime(headers["date"])
        except (KeyError, ValueError):
            return
        aware = theirs if theirs.tzinfo else theirs.replace(tzinfo=UTC)
        with self._lock:
            self._ahead[server] = at - aware

    @property
    def ahead(self) -> timedelta | None:
        """By how much our clock is ahead, or behind; none where one server at least agrees."""
        with self._lock:
            nearest = min(self._ahead.values(), key=abs, default=timedelta())
        return nearest if abs(nearest) > AGREED else None
