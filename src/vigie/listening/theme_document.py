"""Themes and emerging terms as a document: what is new, what is spoken of, week by week."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from vigie.listening.emerging import LEAST_AUTHORS
from vigie.listening.theme_list import Shown
from vigie.model import EmergingTerm, ThemeFound
from vigie.present.document import (
    Block,
    Cell,
    Chart,
    Column,
    Document,
    Filter,
    Grid,
    Link,
    Note,
    Paragraph,
    Section,
)
from vigie.present.timeline import Series, small_multiples
from vigie.present.writing import Day
from vigie.words import Words, _, plural

DRAWN = 9
"""Themes that are drawn over time, the largest."""
SCOPES: Mapping[str, Words] = {
    "others": _("What is said of institutions"),
    "own": _("What institutions say themselves"),
}

Address = Callable[[str, str], str]
"""("theme" or "term", which) → the address that shows its posts."""


@dataclass(frozen=True, kw_only=True)
class Point:
    """Posts and authors of a theme in a week."""

    week: date
    """Its Monday."""
    posts: int
    authors: int


@dataclass(frozen=True, kw_only=True)
class Told:
    """Everything the page says."""

    scope: str
    themes: Sequence[Shown]
    hidden: int
    terms: Sequence[EmergingTerm]
    weeks: Mapping[str, Sequence[Point]]
    sample: ThemeFound | None
    """Any theme of the run: it says which days were read."""


def document(told: Told, *, address: Address, now: datetime) -> Document:
    """Return the themes of one scope."""
    return Document(
        name="themes",
        title=_title(told.themes),
        lead=_lead(told),
        blocks=[
            *_emerging(told, address),
            *_themes(told, address),
            Section(title=_("How themes and new terms are found"), name="how",
                    blocks=[Paragraph(text=words) for words in _HOW]),
        ],
        made_at=now,
        choices={"scope": told.scope},
        filters=[Filter(name="scope", label=_("Whose posts"), options=SCOPES, chosen=told.scope)],
    )  # fmt: skip


_HOW = (
    _(
        "Themes are groups of words that come together, found from a fixed start: the same posts "
        "give the same themes, and a theme keeps its name and its place from run to run. Copies, "
        "reposts and the names of institutions are left aside. A name is the machine’s, three of "
        "its terms, until a person gives a better one."
    ),
    _(
        "A term emerges when so many of the newest posts say it that the rarest term of a day "
        "without news would do so one time in twenty. What fewer than five persons say is shown to "
        "nobody, however new."
    ),
)


def _title(themes: Sequence[Shown]) -> Words:
    if not themes:
        return _("What is spoken of?")
    return plural("{count} theme is spoken of", "{count} themes are spoken of", count=len(themes))


def _lead(told: Told) -> Words:
    if told.sample is None:
        return _(
            "No theme was found yet: it takes a hundred posts of the last half-year, and a worker "
            "(vigie run) or the command vigie themes."
        )
    return _(
        "In {posts} posts from {first} to {last}.",
        posts=sum(one.posts for one in told.themes),
        first=Day(told.sample.first_day),
        last=Day(told.sample.last_day),
    )


def _emerging(told: Told, address: Address) -> list[Block]:
    if not told.terms:
        words = _("No term is said more than chance explains.")
        return [Section(title=_("New"), name="new", blocks=[Paragraph(text=words)])]
    first = told.terms[0]
    grid = Grid(
        name="emerging-terms",
        caption=_span(first),
        columns=[
            Column(key="term", label=_("Term"), is_row_header=True),
            Column(key="posts", label=_("Posts now"), kind="integer"),
            Column(key="authors", label=_("Authors"), kind="integer"),
            Column(key="expected", label=_("Expected"), kind="decimal"),
            Column(key="before", label=_("Posts before"), kind="integer"),
        ],
        rows=[
            {"term": Link(text=one.written, href=address("term", one.term)), "posts": one.posts,
             "authors": one.authors, "expected": one.expected, "before": one.before}
            for one in told.terms
        ],
    )  # fmt: skip
    return [Section(title=_("New"), name="new", blocks=[grid])]


def _span(one: EmergingTerm) -> Words:
    if one.first_day == one.last_day:
        return _("Terms that emerge on {day}", day=Day(one.last_day))
    return _(
        "Terms that emerge from {first} to {last}",
        first=Day(one.first_day),
        last=Day(one.last_day),
    )


def _themes(told: Told, address: Address) -> list[Block]:
    if not told.themes:
        return []
    total = max(sum(one.posts for one in told.themes), 1)
    grid = Grid(
        name="themes",
        caption=_("Themes, the largest first"),
        columns=[
            Column(key="name", label=_("Theme"), is_row_header=True),
            Column(key="terms", label=_("Its terms"), is_wide=True),
            Column(key="posts", label=_("Posts"), kind="integer"),
            Column(key="share", label=_("Share"), kind="percent", decimals=0),
        ],
        rows=[_row(one, total, address) for one in told.themes],
    )
    hidden: list[Block] = []
    if told.hidden:
        hidden = [Note(text=plural(
            "{count} theme is not shown: fewer than five persons speak of it.",
            "{count} themes are not shown: fewer than five persons speak of each.",
            count=told.hidden))]  # fmt: skip
    drawn = _chart(told)
    blocks = [grid, *hidden, *([drawn] if drawn else [])]
    return [Section(title=_("Spoken of"), name="themes", blocks=blocks)]


def _row(one: Shown, total: int, address: Address) -> Mapping[str, Cell]:
    return {
        "name": Link(text=one.name, href=address("theme", one.theme)),
        "terms": ", ".join(one.written[:8]),
        "posts": one.posts,
        "share": one.posts / total,
    }


def _chart(told: Told) -> Chart | None:
    every = sorted({point.week for of in told.weeks.values() for point in of})
    if len(every) < 2:
        return None
    series = [
        Series(name=one.name, points=_points(one, told, every)) for one in told.themes[:DRAWN]
    ]
    columns = [Column(key="week", label=_("Week of"), kind="date", is_row_header=True)]
    columns += [
        Column(key=f"theme-{place}", label=line.name, kind="integer")
        for place, line in enumerate(series)
    ]
    rows = [
        {"week": week, **{f"theme-{place}": line.points[at][1]
                          for place, line in enumerate(series)}}
        for at, week in enumerate(every)
    ]  # fmt: skip
    return small_multiples(
        title=_("The largest themes, week by week"),
        sentence=_("Posts a week; each theme on its own scale. Weeks in which fewer than five "
                   "persons spoke of it are left out."),
        series=series,
        table=Grid(name="theme-weeks", caption=_("Posts by week"), columns=columns, rows=rows),
    )  # fmt: skip


def _points(one: Shown, told: Told, every: Sequence[date]) -> list[tuple[date, float | None]]:
    posts: dict[date, int] = {}
    authors: dict[date, int] = {}
    for part in one.parts:
        for point in told.weeks.get(part.theme, ()):
            posts[point.week] = posts.get(point.week, 0) + point.posts
            authors[point.week] = max(authors.get(point.week, 0), point.authors)
    is_open = told.scope == "own"
    return [
        (week, float(posts.get(week, 0)))
        if is_open or not posts.get(week) or authors[week] >= LEAST_AUTHORS
        else (week, None)
        for week in every
    ]
