"""Pages already made, kept in this process until something they are made of changes."""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass

from vigie.present.document import Said

MOST = 48 * 1024 * 1024
"""Letters kept in all; the page asked for longest ago goes first."""


@dataclass(frozen=True, kw_only=True)
class Shown:
    """A report as a piece of HTML, with what the frame says of it."""

    html: str
    title: Said
    lead: Said


class Pages:
    """Pages by digest: the digest holds everything a page is made of, so none is ever stale."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._size = 0
        self._turn = threading.Lock()
        self._kept: OrderedDict[str, Shown] = OrderedDict()

    def __len__(self) -> int:
        return len(self._kept)

    def get(self, digest: str) -> Shown | None:
        """Return a page that was kept."""
        with self._turn:
            found = self._kept.get(digest)
            if found is not None:
                self._kept.move_to_end(digest)
            return found

    def put(self, digest: str, shown: Shown) -> None:
        """Keep a page; let go of the oldest when there are too many."""
        with self._turn:
            if digest in self._kept or len(shown.html) > self._most:
                return
            self._kept[digest] = shown
            self._size += len(shown.html)
            while self._size > self._most:
                _digest, gone = self._kept.popitem(last=False)
                self._size -= len(gone.html)


pages = Pages()
