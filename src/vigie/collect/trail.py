"""Where a walk is that goes down into some of what it finds before it goes on."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import datetime

from vigie.collect.connector import Page


@dataclass(frozen=True, kw_only=True)
class Below:
    """Something that has more than the answer held: a discussion with further replies."""

    root: str
    """What it is: the identifier of a post or of a comment."""
    token: str = ""
    """What to ask with for the rest; empty: from its beginning."""
    thread: str = ""
    """The post that began the conversation, where that is not ``root``."""


@dataclass(frozen=True, kw_only=True)
class Trail:
    """The state of such a walk, carried in the name of its next page."""

    below: tuple[Below, ...] = ()
    """What waits to be read, before the walk goes on."""
    onward: str | None = None
    """The page after this one."""
    oldest: datetime | None = None
    """The earliest on the page whose depths are being read."""

    @property
    def text(self) -> str | None:
        """The name of the next page; none: the walk has arrived."""
        if not self.below and self.onward is None:
            return None
        below = [[one.root, one.token, one.thread] for one in self.below]
        oldest = self.oldest.isoformat() if self.oldest else None
        return json.dumps([below, self.onward, oldest], separators=(",", ":"))

    @classmethod
    def read(cls, text: str | None) -> Trail:
        """Read the name of a page; the first page has none."""
        try:
            below, onward, oldest = json.loads(text or "")
            return cls(
                below=tuple(
                    Below(root=root, token=token, thread=thread) for root, token, thread in below
                ),
                onward=onward,
                oldest=datetime.fromisoformat(oldest) if oldest else None,
            )
        except (ValueError, TypeError):
            return cls()

    @property
    def first(self) -> Below | None:
        """What is read now, before the walk goes on."""
        return self.below[0] if self.below else None

    def after(self, token: str | None) -> Trail:
        """Return the trail after a page of what is read now, which may have more."""
        rest = self.below[1:]
        if token and self.below:
            rest = (replace(self.below[0], token=token), *rest)
        return replace(self, below=rest)


def on_trail(page: Page, trail: Trail) -> Page:
    """Say where a page leads, and how far back it goes once its depths are read.

    Before that it says nothing: the walk would end at the first old post and leave the
    discussions below it unread.
    """
    return replace(page, next_page=trail.text, oldest=None if trail.below else trail.oldest)
