"""What a wall shows: its questions with their wordings and how many people ask them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from vigie.culture.wall_models import HIDDEN, SHOWN, WAITING, Question, Wall, Wording


@dataclass(frozen=True, kw_only=True)
class Phrase:
    """One wording, as it is shown."""

    wording: int
    text: str
    network: str
    """Empty: it was asked on the page."""
    asked_at: datetime

    @property
    def is_post(self) -> bool:
        """Whether it was asked in a post."""
        return bool(self.network)


@dataclass(kw_only=True)
class OnWall:
    """One question of a wall."""

    pk: int
    number: int
    state: str
    is_answered: bool
    votes: int
    phrases: list[Phrase] = field(default_factory=list)
    merged: list[OnWall] = field(default_factory=list)
    """Those a person merged into it."""

    @property
    def text(self) -> str:
        """Return the wording it is shown in: the first."""
        return self.wordings[0].text if self.wordings else ""

    @property
    def numbers(self) -> frozenset[int]:
        """Return its number and those of what was merged into it."""
        return frozenset({self.number, *(one.number for one in self.merged)})

    @property
    def wordings(self) -> list[Phrase]:
        """Return every wording, its own first."""
        return [*self.phrases, *(phrase for one in self.merged for phrase in one.phrases)]

    @property
    def people(self) -> int:
        """Return how many ask it: those who wrote it, and those who said *me too*."""
        return sum(one.votes + len(one.phrases) for one in (self, *self.merged))

    @property
    def is_waiting(self) -> bool:
        """Whether it waits to be approved."""
        return self.state == WAITING

    @property
    def is_hidden(self) -> bool:
        """Whether a person hid it."""
        return self.state == HIDDEN


def board(wall: Wall) -> list[OnWall]:
    """Return every question of a wall that is not merged into another, as they were asked."""
    asked: dict[int, OnWall] = {}
    into: dict[int, int] = {}
    questions = Question.objects.filter(wall=wall).order_by("number")
    for pk, number, state, votes, answered, merged in questions.values_list(
        "pk", "number", "state", "votes", "answered_at", "merged_into"
    ):
        asked[pk] = OnWall(
            pk=pk, number=number, state=state, votes=votes, is_answered=answered is not None
        )
        if merged is not None:
            into[pk] = merged
    _fill(wall, asked)
    for pk, parent in into.items():
        asked[parent].merged.append(asked[pk])
    # Its last post was taken down: nothing is left of it.
    return [one for pk, one in asked.items() if pk not in into and one.wordings]


def _fill(wall: Wall, asked: dict[int, OnWall]) -> None:
    rows = Wording.objects.filter(wall=wall).order_by("pk")
    for pk, question, text, network, at in rows.values_list(
        "pk", "question", "text", "network", "asked_at"
    ):
        phrase = Phrase(wording=pk, text=text, network=network, asked_at=at)
        asked[question].phrases.append(phrase)


def shown(asked: Iterable[OnWall]) -> list[OnWall]:
    """Return the questions everyone may read."""
    return [one for one in asked if one.state == SHOWN]


def most_asked(asked: Iterable[OnWall]) -> list[OnWall]:
    """Return questions by how many people ask them, the answered ones last."""
    return sorted(asked, key=lambda one: (one.is_answered, -one.people, one.number))


def newest(asked: Iterable[OnWall]) -> list[OnWall]:
    """Return questions as they came, the last first."""
    return sorted(asked, key=lambda one: -one.number)


@dataclass(frozen=True, kw_only=True)
class Counts:
    """How much was asked on a wall."""

    asked: int
    """Wordings."""
    questions: int
    answered: int
    people: int


def counts(asked: Sequence[OnWall]) -> Counts:
    """Count what was asked, whether or not it was shown."""
    return Counts(
        asked=sum(len(one.wordings) for one in asked),
        questions=len(asked),
        answered=sum(one.is_answered for one in asked),
        people=sum(one.people for one in asked),
    )
