"""Up to seven institutions on the same axes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, ClassVar

import ibis.expr.types as ir

from vigie.errors import ReportError
from vigie.index.place import MONTHS, Months, Place, breaks_since, last_month, months_of
from vigie.index.reading import chosen_edition, institution_named, newest_editions
from vigie.model import StandingPart
from vigie.present import naming
from vigie.present.document import (
    Block,
    Cell,
    Chart,
    Column,
    Document,
    Grid,
    Interval,
    Link,
    Note,
    Section,
)
from vigie.present.drawing import Mark, bar_panels, rank_chart
from vigie.present.report import GRID, Choice, Report
from vigie.present.timeline import Break, Series, line_chart
from vigie.present.writing import Month, Names, Rank
from vigie.words import Words, _, unsaid

MOST = 7
"""More lines than this cannot be told apart in one picture."""


class Comparison(Report):
    """Two to seven institutions beside one another: rank, scores by dimension, followers.

    Ranks are put side by side only for those of one peer group; everything else is shown for all.
    """

    label: ClassVar[Words] = _("Comparison: up to seven institutions on the same axes")
    needs: ClassVar[frozenset[str]] = frozenset(
        {
            "institutions",
            "events",
            "editions",
            "standings",
            "standing_parts",
            "other_ranks",
            "values",
        }
    )
    choices: ClassVar[tuple[Choice, ...]] = (
        Choice(
            name="with",
            label=_("Institutions"),
            help=_("Short names separated by commas: with=northfield,southbridge."),
            is_required=True,
            is_list=True,
        ),
        Choice(name="edition", label=_("Edition"), help=_("As 2026-10; the latest unless said.")),
        Choice(name="month", label=_("Month"), help=_("The edition of a month, as 2026-10.")),
        GRID,
    )

    def build(
        self, tables: Mapping[str, ir.Table], *, choices: Mapping[str, str], now: datetime
    ) -> Document:
        slugs = _asked(choices)
        if not slugs:
            return _nobody_yet(choices, now)
        edition = chosen_edition(newest_editions(tables["editions"]), choices)
        places = [
            Place.of(tables, institution_named(tables["institutions"], slug), edition)
            for slug in slugs
        ]
        month = max(last_month(tables, edition, slug) for slug in slugs)
        months = months_of(tables, slugs, month)
        broken = {slug: _breaks(tables, slug, months[slug]) for slug in slugs}
        return Document(
            name="comparison",
            title=_title(places),
            lead=_lead(places, month),
            blocks=[
                Section(title=_("Who stands where?"), name="ranks", blocks=_ranks(places)),
                *_scores(places),
                *_followers(places, months, broken),
            ],
            made_at=now,
            is_invented=any(place.institution.is_invented for place in places),
            method=edition.method if edition else None,
            choices=dict(choices),
        )


def _asked(choices: Mapping[str, str]) -> list[str]:
    """Return the institutions asked for, each once, in the order given."""
    named = [part.strip() for part in choices.get("with", "").split(",")]
    slugs = list(dict.fromkeys(part for part in named if part))
    if len(slugs) > MOST:
        raise ReportError(
            _(
                "A comparison holds up to {most} institutions, not {count}. Leave some out.",
                most=MOST,
                count=len(slugs),
            )
        )
    return slugs


def _nobody_yet(choices: Mapping[str, str], now: datetime) -> Document:
    return Document(
        name="comparison",
        title=_("Whom do you want to compare?"),
        lead=_("Up to seven institutions, on the same axes."),
        blocks=[
            Note(
                text=_("Choose institutions: their names stand in the address, ?with=one,other."),
                kind="empty",
            )
        ],
        made_at=now,
        choices=dict(choices),
    )


def _title(places: Sequence[Place]) -> Words:
    names = Names(tuple(place.institution.name for place in places))
    ranked = sorted(
        (place.standing.rank, at)
        for at, place in enumerate(places)
        if place.standing is not None and place.standing.rank is not None
    )
    if len(places) < 2 or len(ranked) < len(places) or not _one_group(places):
        return _("{names}, side by side", names=names)
    first, others = places[ranked[0][1]], [places[at] for _rank, at in ranked[1:]]
    leads = all(_told_apart(first, other) for other in others)
    facts: dict[str, Any] = {"first": first.institution.name, "count": len(others)}
    if len(others) == 1:
        last = others[0].institution.name
        if leads:
            return _("{first} stands before {last}", last=last, **facts)
        return _("{names} cannot be told apart", names=names)
    if leads:
        return _("{first} stands before the {count} others", **facts)
    return _("{count} institutions, none clearly first", count=len(places))


def _told_apart(first: Place, last: Place) -> bool:
    one, other = first.standing, last.standing
    if one is None or other is None or one.rank_high is None or other.rank_low is None:
        return False
    return one.rank_high < other.rank_low


def _one_group(places: Sequence[Place]) -> bool:
    return len({place.standing.group if place.standing else None for place in places}) == 1


def _lead(places: Sequence[Place], month: date) -> Words:
    if _one_group(places) and places[0].standing is not None:
        group = naming.group(places[0].standing.group)
        return _("{month}, {group}.", month=Month(month), group=group)
    return _(
        "{month}. They are not of one peer group: their ranks do not compare, their figures do.",
        month=Month(month),
    )


def _ranks(places: Sequence[Place]) -> list[Block]:
    grid = Grid(
        name="ranks",
        caption=_("Rank, with the interval that holds it nine times in ten"),
        columns=[
            Column(key="institution", label=_("Institution"), is_row_header=True),
            Column(key="group", label=_("Group")),
            Column(key="rank", label=_("Rank"), kind="rank"),
            Column(key="size", label=_("Of"), kind="integer"),
            Column(key="score", label=_("Score"), kind="decimal"),
            Column(key="first_ten", label=_("In the first ten"), kind="chance"),
        ],
        rows=[_rank_row(place) for place in places],
    )
    ranked = [place for place in places if place.is_ranked]
    if not _one_group(places) or not ranked:
        return [grid]
    return [_rank_chart(ranked, grid), grid]


def _rank_row(place: Place) -> dict[str, Cell]:
    slug, standing = place.institution.institution, place.standing
    row: dict[str, Cell] = {
        "institution": Link(text=place.institution.name, href=naming.institution_path(slug))
    }
    if standing is None:
        return {**row, "group": _("not in this edition")}
    return {
        **row,
        "group": naming.group(standing.group),
        "rank": Interval(value=standing.rank, low=standing.rank_low, high=standing.rank_high),
        "size": standing.group_size,
        "score": standing.score,
        "first_ten": standing.first_ten,
    }


def _rank_chart(ranked: Sequence[Place], grid: Grid) -> Chart:
    rows: list[tuple[str, Any]] = [(place.institution.name, place.standing) for place in ranked]
    rows.sort(key=lambda row: row[1].rank)
    said = [
        _(
            "{name} is {rank} (between {best} and {worst})",
            name=name,
            rank=Rank(one.rank),
            best=Rank(one.rank_low),
            worst=Rank(one.rank_high),
        )
        for name, one in rows
        if one.rank_low is not None
    ]
    return rank_chart(
        title=_("Ranks and their intervals"),
        sentence=_("{ranks}. Where lines overlap, the order is not sure.",
                   ranks=Names(tuple(said))),
        marks=[
            Mark(name=name, value=one.rank, low=one.rank_low, high=one.rank_high)
            for name, one in rows
        ],
        table=Grid(name="ranks.chart", caption=grid.caption, columns=grid.columns, rows=grid.rows),
    )  # fmt: skip


def _scores(places: Sequence[Place]) -> list[Section]:
    known = [place for place in places if place.parts]
    if not known or not _one_group(places):
        return []
    dimensions = list(dict.fromkeys(part.dimension for place in known for part in place.parts))
    scores = {
        (place.institution.institution, one): _dimension_score(place.parts, one)
        for place in known
        for one in dimensions
    }
    panels = [
        (
            naming.dimension(one),
            [
                Mark(name=place.institution.name, value=scores[place.institution.institution, one])
                for place in known
            ],
        )
        for one in dimensions
    ]
    columns = [Column(key="institution", label=_("Institution"), is_row_header=True)]
    columns += [Column(key=one, label=naming.dimension(one), kind="decimal") for one in dimensions]
    rows: list[dict[str, Cell]] = [
        {
            "institution": place.institution.name,
            **{one: scores[place.institution.institution, one] for one in dimensions},
        }
        for place in known
    ]
    grid = Grid(name="scores", caption=_("Scores by dimension"), columns=columns, rows=rows)
    chart = bar_panels(
        title=_("Scores by dimension, 0 to 100"),
        sentence=_scores_words(known, dimensions, scores),
        panels=panels,
        table=grid,
    )
    return [Section(title=_("Why?"), name="why", blocks=[chart])]


def _dimension_score(parts: Sequence[StandingPart], dimension: str) -> float | None:
    """Return the score of a dimension over networks, from those that are known."""
    known = [one for one in parts if one.dimension == dimension and one.score is not None]
    weight = sum(one.weight for one in known)
    return sum((one.score or 0) * one.weight for one in known) / weight if weight else None


def _scores_words(
    places: Sequence[Place],
    dimensions: Sequence[str],
    scores: Mapping[tuple[str, str], float | None],
) -> Words:
    said = []
    for one in dimensions:
        known = [
            (scores[place.institution.institution, one] or 0, place.institution.name)
            for place in places
            if scores[place.institution.institution, one] is not None
        ]
        if known:
            said.append(
                _("{dimension}: {name}", dimension=naming.dimension(one), name=max(known)[1])
            )
    return _("Who leads by dimension: {leaders}.", leaders=Names(tuple(said)))


def _breaks(tables: Mapping[str, ir.Table], slug: str, months: Months) -> list[Break]:
    found = breaks_since(tables, slug, months.span[0])
    return [Break(day=event.day, words=unsaid((event.words or "").rstrip(". "))) for event in found]


def _followers(
    places: Sequence[Place], months: Mapping[str, Months], broken: Mapping[str, Sequence[Break]]
) -> list[Section]:
    series = [
        Series(
            name=place.institution.name,
            points=_total(months[place.institution.institution]),
            breaks=broken[place.institution.institution],
        )
        for place in places
    ]
    known = [line for line in series if any(value is not None for _month, value in line.points)]
    if not known:
        return []
    columns = [Column(key="month", label=_("Month"), kind="month", is_row_header=True)]
    columns += [Column(key=str(i), label=line.name, kind="integer") for i, line in enumerate(known)]
    rows: list[dict[str, Cell]] = [
        {"month": month, **{str(i): line.points[at][1] for i, line in enumerate(known)}}
        for at, (month, _value) in enumerate(known[0].points)
    ]
    chart = line_chart(
        title=_("Followers on all networks over {count} months", count=MONTHS),
        sentence=_last_words(known),
        series=known,
        table=Grid(name="followers", caption=_("Followers, all networks"), columns=columns,
                   rows=rows),
    )  # fmt: skip
    note = Note(
        text=_(
            "A gap is a month in which an account was not seen, or a break in the series: a dashed "
            "line says which."
        )
    )
    return [Section(title=_("Since when?"), name="since", blocks=[chart, note])]


def _total(months: Months) -> list[tuple[date, float | None]]:
    """Return the sum over networks; unknown where a network that is usually seen was not."""
    if any(value is not None for _month, value in months.series("followers", "all")):
        return months.series("followers", "all")
    lines = [months.series("followers", network) for network in months.networks("followers")]
    found: list[tuple[date, float | None]] = []
    for at, month in enumerate(months.span):
        known = [value for line in lines if (value := line[at][1]) is not None]
        found.append((month, sum(known) if lines and len(known) == len(lines) else None))
    return found


def _last_words(lines: Sequence[Series]) -> Words:
    said = []
    for line in lines:
        month, value = [(m, v) for m, v in line.points if v is not None][-1]
        said.append(
            _(
                "{name} has {count} followers in {month}",
                name=line.name,
                count=round(value),
                month=Month(month),
            )
        )
    return _("{figures}.", figures=Names(tuple(said)))
