"""Which classes have a wall, and how much was asked there?"""

from __future__ import annotations

from datetime import UTC, datetime

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse

from vigie.culture import board
from vigie.culture import wall as rules
from vigie.culture.board import Counts
from vigie.culture.wall_models import Wall
from vigie.present.document import Cell, Column, Document, Grid, Link
from vigie.register.rights import WRITE_CULTURE
from vigie.web.asking import asked_page
from vigie.web.shown import show_fresh
from vigie.words import Words, _, plural

route = "culture/walls/"
permission = WRITE_CULTURE

COLUMNS = (
    Column(key="title", label=_("Class or lecture"), is_row_header=True),
    Column(key="hashtag", label=_("Hashtag")),
    Column(key="code", label=_("Code")),
    Column(key="state", label=_("State")),
    Column(key="opened", label=_("Opened on"), kind="date"),
    Column(key="questions", label=_("Questions"), kind="integer"),
    Column(key="answered", label=_("Already answered"), kind="integer"),
    Column(key="people", label=_("Times asked, “me too” included"), kind="integer"),
)


def page(request: HttpRequest) -> HttpResponseBase:
    """List the walls, the newest first."""
    now = datetime.now(UTC)
    walls = list(Wall.objects.all())
    grid = Grid(
        name="walls",
        caption=_("Walls of classes"),
        columns=COLUMNS,
        rows=[_row(wall, now) for wall in walls],
        page=asked_page(request),
    )
    open_ones = sum(rules.is_open(wall, now) for wall in walls)
    document = Document(
        name="walls",
        title=_("What do classes ask?"),
        lead=plural("{count} wall is open.", "{count} walls are open.", count=open_ones),
        blocks=[grid] if walls else [],
        made_at=now,
    )
    return show_fresh(
        request, document, template="culture/walls.html", beside={"is_empty": not walls}
    )


def _row(wall: Wall, now: datetime) -> dict[str, Cell]:
    found = _counts(wall)
    return {
        "title": Link(text=wall.title, href=reverse("culture.wall", kwargs={"number": wall.pk})),
        "hashtag": str(wall),
        "code": wall.code if rules.is_open(wall, now) else "",
        "state": _state(wall, now),
        "opened": wall.opened_at.astimezone(settings.CONFIGURED.zone).date(),
        "questions": found.questions,
        "answered": found.answered,
        "people": found.people,
    }


def _counts(wall: Wall) -> Counts:
    """Count what is on a wall, or read what was counted when it was erased."""
    if wall.erased_at is None:
        return board.counts(board.board(wall))
    return Counts(
        asked=wall.asked or 0,
        questions=wall.questions_asked or 0,
        answered=wall.questions_answered or 0,
        people=wall.people_asking or 0,
    )


def _state(wall: Wall, now: datetime) -> Words:
    if wall.erased_at is not None:
        return _("Questions erased")
    return _("Open to questions") if rules.is_open(wall, now) else _("Closed to questions")
