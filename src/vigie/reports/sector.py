"""What the audience of the whole sector adds up to, and how much of it was seen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import ClassVar

import ibis.expr.types as ir

from vigie.errors import ReportError
from vigie.index.reading import months_back
from vigie.index.totals import AUDIENCE, Total, totals
from vigie.present import naming
from vigie.present.document import (
    Block,
    Cell,
    Chart,
    Column,
    Document,
    Figure,
    Figures,
    Filter,
    Grid,
    Note,
    Said,
    Section,
)
from vigie.present.drawing import Mark, bar_chart
from vigie.present.report import GRID, Choice, Report
from vigie.present.timeline import Series, line_chart
from vigie.present.writing import Month, Percent, Rounded, together
from vigie.words import Words, _

MONTHS = 24
EVERYONE = "all"


class Sector(Report):
    """The followers of all principal accounts, summed by network and kind of institution.

    A sum always carries how many institutions were seen of those that ought to have been: a total
    over half of a sector is half a total.
    """

    label: ClassVar[Words] = _("Sector: how large is the audience, and how much of it was seen?")
    needs: ClassVar[frozenset[str]] = frozenset({"values", "institutions"})
    choices: ClassVar[tuple[Choice, ...]] = (
        Choice(name="month", label=_("Month"), help=_("As 2026-10; the latest unless said.")),
        Choice(
            name="group",
            label=_("Group"),
            help=_("all, a kind as university, a country as fr, or both: university.fr."),
        ),
        GRID,
    )

    def build(
        self, tables: Mapping[str, ir.Table], *, choices: Mapping[str, str], now: datetime
    ) -> Document:
        known = _months(tables["values"])
        if not known:
            return _nothing_yet(choices, now)
        month = _chosen_month(known, choices.get("month", ""))
        here = totals(tables["values"], months=[month])
        groups = sorted({one.group for one in here})
        group = _chosen_group(groups, choices.get("group", ""))
        past = totals(tables["values"], months=months_back(month, MONTHS), groups=[group])
        mine = {one.network: one for one in here if one.group == group}
        whole = mine[EVERYONE]
        return Document(
            name="sector",
            title=_title(whole),
            lead=_lead(whole),
            blocks=[
                _figures(whole, mine),
                Section(title=_("Where is the audience?"), name="networks",
                        blocks=_by_network(mine)),
                Section(title=_("Whose audience is it?"), name="groups", blocks=[_by_group(here)]),
                Section(title=_("Since when?"), name="since", blocks=_history(past, month)),
            ],
            made_at=now,
            is_invented=_is_invented(tables["institutions"]),
            choices=dict(choices),
            filters=_filters(known, month, groups, group),
        )  # fmt: skip


def _months(values: ir.Table) -> list[date]:
    wanted = values.filter(values.level == "sector", values.indicator == AUDIENCE)
    found = wanted.select("month_on").distinct().to_pyarrow()["month_on"].to_pylist()
    return sorted(found, reverse=True)


def _chosen_month(known: Sequence[date], wanted: str) -> date:
    for month in known:
        if not wanted or f"{month:%Y-%m}" == wanted[:7]:
            return month
    raise ReportError(
        _(
            "No total is known for {month}. The latest is {latest}.",
            month=wanted,
            latest=f"{known[0]:%Y-%m}",
        )
    )


def _chosen_group(known: Sequence[str], wanted: str) -> str:
    group = wanted.lower() or (EVERYONE if EVERYONE in known else known[0])
    if group not in known:
        raise ReportError(
            _(
                "There is no group {name}. The groups are: {known}.",
                name=wanted,
                known=", ".join(known),
            )
        )
    return group


def _nothing_yet(choices: Mapping[str, str], now: datetime) -> Document:
    return Document(
        name="sector",
        title=_("How large is the audience? Nothing was measured yet."),
        lead=_("There is no total in this store."),
        blocks=[Note(text=_("Import observations, then run: vigie measure."), kind="empty")],
        made_at=now,
        choices=dict(choices),
    )


def _is_invented(institutions: ir.Table) -> bool:
    found = institutions.is_invented.any().to_pyarrow().as_py()
    return bool(found)


def _title(whole: Total) -> Words:
    return _(
        "{followers} followers, {seen} of {expected} institutions seen",
        followers=_("unknown") if whole.followers is None else Rounded(whole.followers),
        seen=whole.seen,
        expected=whole.expected,
    )


def _lead(whole: Total) -> Words:
    said = [
        _(
            "{group}, {month}: the followers of every principal account, added up.",
            group=naming.group(whole.group),
            month=Month(whole.month_on),
        )
    ]
    if whole.top_ten is not None:
        share = Percent(whole.top_ten)
        said.append(_("The ten largest institutions hold {share} of them.", share=share))
    said.append(_("Someone who follows two accounts is counted twice."))
    return together(*said)


def _figures(whole: Total, mine: Mapping[str, Total]) -> Figures:
    largest = sorted(
        (one for network, one in mine.items() if network != EVERYONE),
        key=lambda one: -(one.followers or 0),
    )
    return Figures(
        items=[
            Figure(
                label=naming.network(one.network),
                value=None if one.followers is None else round(one.followers),
                unit=_("followers"),
                note=_(
                    "{seen} of {expected} institutions seen", seen=one.seen, expected=one.expected
                ),
                seen_at=one.seen_at,
            )
            for one in (whole, *largest[:3])
        ]
    )


def _by_network(mine: Mapping[str, Total]) -> list[Block]:
    lines = sorted(
        (one for network, one in mine.items() if network != EVERYONE),
        key=lambda one: (-(one.followers or 0), one.network),
    )
    if not lines:
        return []
    return [_network_chart(lines, mine[EVERYONE])]


def _network_chart(lines: Sequence[Total], whole: Total) -> Chart:
    first = lines[0]
    share = (first.followers or 0) / whole.followers if whole.followers else 0
    return bar_chart(
        title=_("Followers by network"),
        sentence=_(
            "{network} holds {share} of the audience: {words}.",
            network=naming.network(first.network),
            share=Percent(share),
            words=first.words,
        ),
        marks=[Mark(name=naming.network(one.network), value=one.followers) for one in lines],
        axis=_("followers"),
        table=_grid("networks", _("Followers by network"), lines, "network"),
    )


def _by_group(here: Sequence[Total]) -> Grid:
    whole = [one for one in here if one.network == EVERYONE]
    whole.sort(key=lambda one: (one.group != EVERYONE, -(one.followers or 0), one.group))
    return _grid("groups", _("Followers by kind of institution and country"), whole, "group")


def _grid(name: str, caption: Said, lines: Sequence[Total], by: str) -> Grid:
    heading = _("Network") if by == "network" else _("Group")
    rows: list[dict[str, Cell]] = [
        {
            by: naming.network(one.network) if by == "network" else naming.group(one.group),
            "followers": one.followers,
            "seen": one.seen,
            "expected": one.expected,
            "top_ten": one.top_ten,
        }
        for one in lines
    ]
    return Grid(
        name=name,
        caption=caption,
        columns=[
            Column(key=by, label=heading, is_row_header=True),
            Column(key="followers", label=_("Followers"), kind="integer"),
            Column(key="seen", label=_("Institutions seen"), kind="integer"),
            Column(key="expected", label=_("Of"), kind="integer"),
            Column(key="top_ten", label=_("Held by the ten largest"), kind="percent", decimals=0),
        ],
        rows=rows,
    )


def _history(past: Sequence[Total], month: date) -> list[Block]:
    known = {one.month_on: one for one in past if one.network == EVERYONE}
    months = months_back(month, MONTHS)
    points = [(one, known[one].followers if one in known else None) for one in months]
    first = next((known[one] for one in months if one in known), None)
    if first is None or first.month_on == month:
        return [Note(text=_("One month is known: there is nothing to compare it with yet."))]
    rows: list[dict[str, Cell]] = [
        {
            "month": one,
            "followers": known[one].followers if one in known else None,
            "seen": known[one].seen if one in known else None,
            "expected": known[one].expected if one in known else None,
        }
        for one in months
    ]
    grid = Grid(
        name="history",
        caption=_("Followers on all networks, month by month"),
        columns=[
            Column(key="month", label=_("Month"), kind="month", is_row_header=True),
            Column(key="followers", label=_("Followers"), kind="integer"),
            Column(key="seen", label=_("Institutions seen"), kind="integer"),
            Column(key="expected", label=_("Of"), kind="integer"),
        ],
        rows=rows,
    )
    chart = line_chart(
        title=_("Followers on all networks"),
        sentence=_(
            "{first_month}: {first}. {last_month}: {last}.",
            first_month=Month(first.month_on),
            first=first.words,
            last_month=Month(month),
            last=known[month].words,
        ),
        series=[Series(name="", points=points)],
        table=grid,
    )
    words = _("When more institutions are seen the sum grows without anyone following more.")
    return [chart, Note(text=words)]


def _filters(
    known: Sequence[date], month: date, groups: Sequence[str], group: str
) -> tuple[Filter, ...]:
    return (
        Filter(
            name="month",
            label=_("Month"),
            options={f"{one:%Y-%m}": _("{month}", month=Month(one)) for one in known},
            chosen=f"{month:%Y-%m}",
        ),
        Filter(
            name="group",
            label=_("Group"),
            options={one: naming.group(one) for one in groups},
            chosen=group,
        ),
    )
