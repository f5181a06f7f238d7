"""A document that holds one of everything, the awkward things too."""

from __future__ import annotations

from datetime import UTC, date, datetime

from vigie.present.document import (
    Column,
    Document,
    Figure,
    Figures,
    Filter,
    Grid,
    Interval,
    Link,
    Note,
    Paragraph,
    Section,
)
from vigie.present.drawing import Mark, rank_chart
from vigie.words import _

MADE_AT = datetime(2026, 11, 3, 9, 30, tzinfo=UTC)

COLUMNS = (
    Column(key="rank", label=_("Rank"), kind="rank"),
    Column(key="name", label=_("Institution"), is_row_header=True),
    Column(key="score", label=_("Score"), kind="decimal"),
    Column(key="share", label=_("First ten"), kind="percent"),
    Column(key="followers", label=_("Followers"), kind="integer", unit=_("people")),
    Column(key="month", label=_("Month"), kind="month"),
)
ROWS = (
    {
        "rank": Interval(value=1, low=1, high=4),
        "name": Link(text="Université de Northfield", href="/institutions/northfield/"),
        "score": 1234.56,
        "share": 0.957,
        "followers": 1_034_567,
        "month": date(2026, 10, 1),
    },
    {
        "rank": Interval(value=2, low=1, high=6),
        "name": Link(text="<script>alert(1)</script> & Sons", href="javascript:alert(1)"),
        "score": -0.5,
        "share": None,
        "followers": None,
        "month": date(2026, 10, 1),
    },
    {
        "rank": None,
        "name": Link(text='=HYPERLINK("http://evil.example")', href="/institutions/evil/"),
        "score": 0.0,
        "share": 0.0,
        "followers": 0,
        "month": None,
    },
)
GRID = Grid(
    name="standings", caption=_("Universities"), columns=COLUMNS, rows=ROWS, note=_("A note.")
)
CHART = rank_chart(
    title=_("Who leads?"),
    sentence=_("Northfield is first, between 1st and 4th."),
    marks=[
        Mark(name="Université de Northfield", value=1, low=1, high=4, is_mine=True),
        Mark(name="<Southbridge> & co", value=2, low=1, high=6),
        Mark(name="Eastmere", value=None),
    ],
    table=GRID,
)


def sample(**changes: object) -> Document:
    """Return the document, with what a test wants to say of it."""
    given: dict[str, object] = {
        "name": "sample",
        "title": _("{count} universities compared", count=1_234),
        "lead": _("A lead with “#set page()” and *stars*, $maths$ and [brackets]."),
        "blocks": [
            Note(text=_("A caveat."), kind="caveat"),
            Figures(
                items=[
                    Figure(label=_("Audience"), value=1_034_567, unit=_("people"), n=250),
                    Figure(label=_("Engagement"), value=0.0123, kind="percent", decimals=2,
                           low=0.01, high=0.02),
                    Figure(label=_("Growth"), value=None, kind="percent"),
                ]
            ),
            Section(
                title=_("Who leads?"),
                name="lead",
                blocks=[Paragraph(text=_("A paragraph.")), CHART, GRID],
            ),
        ],
        "made_at": MADE_AT,
        "is_invented": True,
        "sources": (Link(text="Register", href="https://example.org/register"), "A book"),
        "method": "vigie 2026.1",
        "choices": {"kind": "university"},
        "filters": (
            Filter(
                name="kind",
                label=_("Kind"),
                options={"": _("All"), "university": _("Universities")},
                chosen="university",
            ),
        ),
    }  # fmt: skip
    return Document(**{**given, **changes})  # type: ignore[arg-type]  # a test's own fields
