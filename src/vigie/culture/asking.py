"""What anyone may do on an open wall: ask, say *me too*, and take that back. No account, no trace.

Strangers' acts are not in the log of changes: it would remember who asked when, for good.
"""

from __future__ import annotations

import threading
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import F

from vigie.culture import wall as rules
from vigie.culture.grouping import Known, Signature, question_of, signature
from vigie.culture.wall_models import PAGE, SHOWN, WAITING, Question, Wall, Wording
from vigie.errors import CultureError
from vigie.words import _

_turn = threading.Lock()
"""Who writes on a wall waits here for others of this process: a hall asks at once, and a database
of one file makes those who wait sleep for longer than a question takes."""


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What became of a question."""

    number: int
    """Of the question it is, or is the same as."""
    is_new: bool
    """Nobody had asked it before."""
    is_waiting: bool
    """It is shown once it is approved."""
    is_repeated: bool = False
    """The same browser asked it, or said *me too*, before: it counts once."""


@dataclass(frozen=True, kw_only=True)
class Origin:
    """Where a question was asked: on the page, or in a post."""

    kind: str = PAGE
    network: str = ""
    post: str = ""


ON_PAGE = Origin()


def ask(wall: int, text: str, *, mine: Collection[int] = (), at: datetime) -> Asked:
    """Put a question on an open wall; ``mine`` are those this browser asked or voted for."""
    said = rules.tidy(text)
    mistake = rules.mistake_of(said)
    if mistake is not None:
        raise CultureError(mistake)
    sign = signature(said)
    with _turn, transaction.atomic():
        row = _open(wall, at)
        if row.wordings.count() >= rules.MOST_WORDINGS:
            raise CultureError(_("This wall is full. Say it aloud, or ask the teacher."))
        return put(row, said, sign, origin=ON_PAGE, mine=mine, at=at)


def put(
    wall: Wall,
    text: str,
    sign: Signature,
    *,
    origin: Origin,
    at: datetime,
    mine: Collection[int] = (),
) -> Asked:
    """Keep a wording under its question, a new one if need be; inside a transaction."""
    same = question_of(sign, _known(wall, sign))
    if same is None:
        question = _new_question(wall)
    else:
        question = Question.objects.select_related("merged_into").get(pk=same)
    shown = question.merged_into or question
    asked = Asked(
        number=shown.number,
        is_new=same is None,
        is_waiting=shown.state != SHOWN,
        is_repeated=bool({question.number, shown.number} & set(mine)),
    )
    if not asked.is_repeated:
        Wording.objects.create(
            wall=wall, question=question, text=text, kind=sign.kind, words=sign.spelt,
            asked_at=at, origin=origin.kind, network=origin.network, post=origin.post,
        )  # fmt: skip
        touch(wall.pk)
    return asked


def vote(wall: int, number: int, *, at: datetime) -> None:
    """Say *me too* to a question that is shown. Who may do so once, the page knows."""
    _count(wall, number, 1, at=at)


def unvote(wall: int, number: int, *, at: datetime) -> None:
    """Take a *me too* back."""
    _count(wall, number, -1, at=at)


def _count(wall: int, number: int, by: int, *, at: datetime) -> None:
    with _turn, transaction.atomic():
        row = _open(wall, at)
        found = Question.objects.filter(wall=row, number=number, votes__gte=max(-by, 0))
        if not found.update(votes=F("votes") + by):
            raise CultureError(_("This question is no longer on the wall."))
        touch(wall)


def touch(wall: int) -> None:
    """Note that what a wall shows has changed."""
    Wall.objects.filter(pk=wall).update(version=F("version") + 1)


def _known(wall: Wall, sign: Signature) -> list[Known]:
    """Return the wordings of a wall that could be the same question: those of the same kind."""
    rows = Wording.objects.filter(wall=wall, kind=sign.kind).order_by("pk")
    return [
        Known(question=question, words=frozenset(words.split()))
        for question, words in rows.values_list("question", "words")
    ]


def _new_question(wall: Wall) -> Question:
    last = Question.objects.filter(wall=wall).order_by("-number").values_list("number", flat=True)
    state = WAITING if wall.is_moderated else SHOWN
    return Question.objects.create(wall=wall, number=(last.first() or 0) + 1, state=state)


def _open(wall: int, at: datetime) -> Wall:
    row = Wall.objects.select_for_update().filter(pk=wall).first()
    if row is None or not rules.is_open(row, at):
        raise CultureError(rules.CLOSED)
    return row
