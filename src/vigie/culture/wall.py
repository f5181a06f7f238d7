"""What a wall is: what it takes to open one, and whether it still takes questions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from vigie.culture.hashtag import fold
from vigie.culture.wall_models import MOST_DAYS
from vigie.words import Words, _

LONGEST_QUESTION = 300
SHORTEST_QUESTION = 3
MOST_WORDINGS = 3000
"""Questions one wall takes: a large class asks a few hundred."""
LONGEST_OPEN = timedelta(days=200)
"""A semester, with what comes before and after it."""
LONGEST_TITLE = 160

CLOSED = _("This wall is closed: it takes no more questions.")


class Times(Protocol):
    """When a wall is open, and until when its questions may be kept."""

    @property
    def closes_at(self) -> datetime: ...
    @property
    def closed_at(self) -> datetime | None: ...
    @property
    def keep_days(self) -> int: ...


@dataclass(frozen=True, kw_only=True)
class Draft:
    """What a person writes to open a wall."""

    hashtag: str
    title: str
    unit: str = ""
    is_moderated: bool = True
    takes_posts: bool = True
    closes_at: datetime | None
    keep_days: int = 14


def is_open(wall: Times, now: datetime) -> bool:
    """Whether a wall takes questions: nobody closed it, and its time is not over."""
    return wall.closed_at is None and now < wall.closes_at


def ended_at(wall: Times, now: datetime) -> datetime | None:
    """Return when a wall was closed, or its time was over; none while it is open."""
    if wall.closed_at is not None:
        return wall.closed_at
    return wall.closes_at if now >= wall.closes_at else None


def erased_on(wall: Times, now: datetime) -> datetime | None:
    """Return when the questions of a wall must be gone; none while it is open."""
    ended = ended_at(wall, now)
    return None if ended is None else ended + timedelta(days=wall.keep_days)


def mistakes_of(draft: Draft, *, now: datetime) -> dict[str, Words]:
    """Return what cannot be opened as it is written, by field."""
    found: dict[str, Words] = {}
    if not fold(draft.hashtag):
        found["hashtag"] = _("A wall is found by a hashtag: letters and digits, as #chem101.")
    if not draft.title:
        found["title"] = _("Say what the class is about: the room reads it above the questions.")
    if len(draft.title) > LONGEST_TITLE:
        found["title"] = _(
            "At most {most} characters; this has {count}.",
            most=LONGEST_TITLE,
            count=len(draft.title),
        )
    if draft.closes_at is None or not now < draft.closes_at <= now + LONGEST_OPEN:
        found["closes_at"] = _(
            "Choose when it closes by itself: after now, and within {days} days.",
            days=LONGEST_OPEN.days,
        )
    if not 0 <= draft.keep_days <= MOST_DAYS:
        found["keep_days"] = _(
            "Questions are kept for at most {most} days once the wall is closed.", most=MOST_DAYS
        )
    return found


def tidy(text: str) -> str:
    """Return a question as it is shown: one paragraph, without signs that cannot be seen."""
    seen = (sign if sign.isprintable() else " " for sign in text)
    return " ".join("".join(seen).split())


def mistake_of(question: str) -> Words | None:
    """Say what is wrong with the words of a question, if anything is."""
    if len(question) < SHORTEST_QUESTION or not any(sign.isalpha() for sign in question):
        return _("Write your question first.")
    if len(question) > LONGEST_QUESTION:
        return _(
            "A question holds at most {most} characters; this one has {count}. Shorten it.",
            most=LONGEST_QUESTION,
            count=len(question),
        )
    return None
