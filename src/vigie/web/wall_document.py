"""The questions of a wall as a document: what the teacher takes home."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from vigie.collect.connecting import may_export_others
from vigie.culture import board
from vigie.culture.board import Counts, OnWall, Phrase
from vigie.culture.wall_models import HIDDEN, SHOWN, WAITING, Wall
from vigie.present.document import Cell, Column, Document, Figure, Figures, Grid, Note
from vigie.present.writing import Day
from vigie.words import Words, _, plural

STATES: Mapping[str, Words] = {
    WAITING: _("To approve"),
    SHOWN: _("Shown to the room"),
    HIDDEN: _("Hidden from the room"),
}
STAYS = _("Asked in posts whose words do not leave the site: read them on the wall.")
COLUMNS = (
    Column(key="number", label=_("Number"), kind="integer"),
    Column(key="question", label=_("Question"), is_row_header=True),
    Column(key="people", label=_("People who ask it"), kind="integer"),
    Column(key="wordings", label=_("Times written"), kind="integer"),
    Column(key="posts", label=_("In posts on networks"), kind="integer"),
    Column(key="answered", label=_("Already answered")),
    Column(key="state", label=_("State")),
    Column(key="others", label=_("In other words"), is_wide=True),
)


def wall_document(wall: Wall, asked: Sequence[OnWall], *, now: datetime) -> Document:
    """Return the questions of a wall, the most asked first; nobody is named in it."""
    found = board.counts(asked)
    ranked = sorted(asked, key=lambda one: (one.is_hidden, -one.people, one.number))
    grid = Grid(
        name="questions",
        caption=_("Questions of #{hashtag}", hashtag=wall.hashtag),
        columns=COLUMNS,
        rows=[_row(one) for one in ranked],
    )
    return Document(
        name=f"wall-{wall.tag}",
        title=wall.title,
        lead=_lead(found),
        blocks=[_figures(found), grid, Note(text=_until(wall))],
        made_at=now,
        main=grid,
    )


def _lead(found: Counts) -> Words:
    return plural(
        "{count} question was asked in {wordings} wordings, by people whose names nobody knows.",
        "{count} questions were asked in {wordings} wordings, by people whose names nobody knows.",
        count=found.questions,
        wordings=found.asked,
    )


def _figures(found: Counts) -> Figures:
    return Figures(
        items=[
            Figure(label=_("Questions"), value=found.questions),
            Figure(label=_("Already answered"), value=found.answered),
            Figure(label=_("Times somebody asked or said “me too”"), value=found.people),
        ]
    )


def _until(wall: Wall) -> Words:
    return _(
        "The site erases these questions {days} days after the wall is closed, on {day} at the "
        "latest. This file is yours to erase.",
        days=wall.keep_days,
        day=Day(((wall.closed_at or wall.closes_at) + timedelta(days=wall.keep_days)).date()),
    )


def _may_leave(phrase: Phrase) -> bool:
    """Whether words may stand in a file: those of the page, and of networks that let them."""
    return not phrase.is_post or may_export_others(phrase.network)


def _row(one: OnWall) -> dict[str, Cell]:
    leaving = [phrase.text for phrase in one.wordings if _may_leave(phrase)]
    first, others = (leaving[0], leaving[1:]) if leaving else (STAYS, [])
    return {
        "number": one.number,
        "question": first,
        "people": one.people,
        "wordings": len(one.wordings),
        "posts": sum(phrase.is_post for phrase in one.wordings),
        "answered": one.is_answered,
        "state": STATES[one.state],
        "others": " / ".join(dict.fromkeys(others)),
    }
