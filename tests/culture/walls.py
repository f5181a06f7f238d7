"""A wall of the cast, and what people ask on it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from tests.cast import ALICE, NOON
from vigie.culture import asking, wall_changes
from vigie.culture.wall import Draft
from vigie.culture.wall_models import Wall
from vigie.register.rights import RIGHTS, Author

TEACHER = Author(name=ALICE, rights=RIGHTS["editor"])
DRAFT = Draft(
    hashtag="#Chem101",
    title="Chemistry, lecture 4",
    is_moderated=False,
    closes_at=NOON + timedelta(days=7),
)


def opened(at: datetime = NOON, **changes: object) -> Wall:
    """Open a wall at noon for a week."""
    draft = replace(DRAFT, **changes)  # type: ignore[arg-type]  # what a test wants to say
    return wall_changes.open_wall(draft, by=TEACHER, at=at)


def ask(wall: Wall, text: str, **given: object) -> asking.Asked:
    """Ask something a minute after noon."""
    at = NOON + timedelta(minutes=1)
    return asking.ask(wall.pk, text, **{"at": at, **given})  # type: ignore[arg-type]  # as above


@dataclass(frozen=True, kw_only=True)
class Seen:
    """A post as the store gives it."""

    post: str
    text: str
    network: str = "mastodon"
    is_question: bool | None = None
