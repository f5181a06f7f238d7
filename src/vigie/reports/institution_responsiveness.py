"""How long the public waits for an institution's answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import ClassVar

import ibis.expr.types as ir

from vigie.collect.connecting import days_of_others
from vigie.columns import records_of
from vigie.errors import ReportError
from vigie.index import waiting
from vigie.index.reading import institution_named, months_back
from vigie.index.waiting import Waiting
from vigie.index.waiting_words import EXPLAINED, hours, lead, missing, title
from vigie.measure.questions import DAY, HOUR
from vigie.model import Institution, Value
from vigie.present import naming
from vigie.present.document import (
    Block,
    Cell,
    Column,
    Document,
    Figure,
    Figures,
    Filter,
    Grid,
    Interval,
    Note,
    Paragraph,
    Said,
    Section,
)
from vigie.present.report import GRID, Choice, Report
from vigie.present.retained import retained_notes
from vigie.present.stepping import Climb, step_chart
from vigie.present.timeline import Series, small_multiples
from vigie.present.writing import Month, Percent
from vigie.words import Words, _

SHARE, MEDIAN = "response_share_24h", "response_median"
HISTORY = 12
DAYS = 7
"""How far the picture of one wait goes."""
SHOWN_HOURS = (1, 3, 6, 12, 24, 48, 72, 168)
PERCENT = 100


class InstitutionResponsiveness(Report):
    """How long one waits for a public answer of an institution, and how sure that is.

    The questions of three months over all its accounts, followed until they were answered or no
    longer seen (Kaplan and Meier); by network, the last month; month by month. Below ten questions
    or five people nothing is shown.
    """

    label: ClassVar[Words] = _("Responsiveness: how long does one wait for its answer?")
    needs: ClassVar[frozenset[str]] = waiting.NEEDS | {"institutions", "values"}
    choices: ClassVar[tuple[Choice, ...]] = (
        Choice(
            name="institution",
            label=_("Institution"),
            help=_("Its short name, as in its address."),
            is_required=True,
        ),
        Choice(name="month", label=_("Month"), help=_("As 2026-10; the latest unless said.")),
        GRID,
    )

    def build(
        self, tables: Mapping[str, ir.Table], *, choices: Mapping[str, str], now: datetime
    ) -> Document:
        slug = choices.get("institution", "")
        if not slug:
            raise ReportError(_("Say which institution: institution=northfield."))
        institution = institution_named(tables["institutions"], slug)
        values = _values(tables["values"], slug)
        known = sorted({one.month_on for one in values}, reverse=True)
        month = _chosen(known, choices.get("month", ""), now)
        found = waiting.waiting(tables, slug, month)
        networks = _networks(values, month)
        return Document(
            name="institution_responsiveness",
            title=title(institution.name, found),
            lead=lead(found),
            blocks=[
                *retained_notes(
                    month,
                    sorted({one.network for one in values if one.month_on == month}),
                    days=days_of_others(),
                    today=now.date(),
                ),
                *_now(institution, found),
                *_by_network(networks),
                *_since_when(values, month),
                Section(title=_("What is counted?"), name="counted",
                        blocks=[Paragraph(text=one) for one in EXPLAINED]),
            ],
            made_at=now,
            is_invented=institution.is_invented,
            choices=dict(choices),
            filters=_filters(known, month),
            main=networks,
        )  # fmt: skip


def _values(values: ir.Table, slug: str) -> list[Value]:
    mine = values.filter(
        values.level == "institution", values.subject == slug,
        values.indicator.isin([SHARE, MEDIAN]),
    )  # fmt: skip
    return records_of(Value, mine.to_pyarrow())


def _chosen(known: Sequence[date], wanted: str, now: datetime) -> date:
    """Return the month asked for; unless said, the latest that is over."""
    for month in known:
        if wanted and f"{month:%Y-%m}" == wanted[:7]:
            return month
    if wanted and known:
        raise ReportError(
            _(
                "No question of {month} is known. The latest month is {latest}.",
                month=wanted[:20],
                latest=f"{known[0]:%Y-%m}",
            )
        )
    this = now.date().replace(day=1)
    return next((one for one in known if one < this), known[0] if known else this)


def _filters(known: Sequence[date], month: date) -> tuple[Filter, ...]:
    if not known:
        return ()
    options: dict[str, Said] = {f"{one:%Y-%m}": _("{month}", month=Month(one)) for one in known}
    return (Filter(name="month", label=_("Up to"), options=options, chosen=f"{month:%Y-%m}"),)


def _now(institution: Institution, found: Waiting) -> list[Block]:
    why = missing(found)
    if why is not None:
        return [Note(text=why, kind="partial")]
    return [_figures(found), _curve(institution, found)]


def _figures(found: Waiting) -> Figures:
    median = found.median
    return Figures(
        items=[
            Figure(
                label=_("Answered within 24 hours"),
                value=found.day.value,
                kind="percent",
                decimals=0,
                low=found.day.low,
                high=found.day.high,
                n=found.questions,
                seen_at=found.seen_at,
            ),
            Figure(
                label=_("Half are answered within"),
                value=hours(median.value),
                kind="decimal",
                unit=_("hours"),
                low=hours(median.low),
                high=hours(median.high),
                note=None if median.value is not None else
                _("Fewer than half were answered while they were followed."),
            ),
            Figure(
                label=_("Questions without an answer yet"),
                value=found.questions - found.answered,
                note=_("of {count}, when each was last looked at", count=found.questions),
            ),
            Figure(
                label=_("Labelled"),
                value=found.coverage,
                kind="percent",
                decimals=0,
                note=_("of {count} posts that spoke to its accounts", count=found.told),
            ),
        ]
    )  # fmt: skip


def _curve(institution: Institution, found: Waiting) -> Block:
    week = found.by(DAYS * DAY)
    climbs = [
        Climb(at=one.seconds / DAY, share=one.share, low=one.low, high=one.high)
        for one in found.steps
    ]
    return step_chart(
        title=_("Share of the questions answered, by how long they had waited"),
        sentence=_(
            "A day after a question, {day} are answered; after a week, {week}. The band holds the "
            "true share nine times in ten.",
            day=Percent(found.day.value or 0),
            week=Percent(week.share if week else 0),
        ),
        climbs=climbs,
        table=_curve_table(institution, found),
        axis=_("days since the question"),
        ticks=range(DAYS + 1),
        marked=1,
    )


def _curve_table(institution: Institution, found: Waiting) -> Grid:
    return Grid(
        name="waiting",
        caption=_(
            "Questions to {name}, {first} to {last}",
            name=institution.name,
            first=Month(found.first),
            last=Month(found.last),
        ),
        columns=[
            Column(key="hours", label=_("Hours after the question"), kind="integer",
                   is_row_header=True),
            Column(key="share", label=_("Answered"), kind="percent", decimals=1),
            Column(key="left", label=_("Still waiting and followed"), kind="integer"),
        ],
        rows=[_moment(found, count) for count in SHOWN_HOURS],
        note=_("Intervals hold the true share nine times in ten."),
    )  # fmt: skip


def _moment(found: Waiting, count: int) -> dict[str, Cell]:
    step = found.by(count * HOUR)
    if step is None:
        return {"hours": count, "share": Interval(value=0.0), "left": found.questions}
    share = Interval(value=step.share, low=step.low, high=step.high)
    return {"hours": count, "share": share, "left": step.left}


def _by_network(table: Grid) -> list[Section]:
    if not table.rows:
        return []
    return [Section(title=_("On which network?"), name="networks", blocks=[table])]


def _networks(values: Sequence[Value], month: date) -> Grid:
    here = {(one.indicator, one.network): one for one in values if one.month_on == month}
    networks = sorted({network for _name, network in here})
    return Grid(
        name="networks",
        caption=_("The principal account of each network in {month}", month=Month(month)),
        columns=[
            Column(key="network", label=_("Network"), is_row_header=True),
            Column(key="share", label=_("Answered within 24 hours"), kind="decimal", unit=_("%")),
            Column(key="median", label=_("Median time to an answer"), kind="decimal",
                   unit=_("hours")),
            Column(key="n", label=_("Questions"), kind="integer"),
            Column(key="coverage", label=_("Labelled"), kind="percent", decimals=0),
            Column(key="seen", label=_("Seen"), kind="date"),
        ],
        rows=[_network_row(here, network) for network in networks],
        note=_("Below ten questions there is no figure. Unknown is not zero."),
    )  # fmt: skip


def _network_row(here: Mapping[tuple[str, str], Value], network: str) -> dict[str, Cell]:
    share, median = here.get((SHARE, network)), here.get((MEDIAN, network))
    one = share or median
    return {
        "network": naming.network(network),
        "share": interval_of(share),
        "median": interval_of(median),
        "n": one.n if one else None,
        "coverage": one.coverage if one else None,
        "seen": one.seen_at.date() if one and one.seen_at else None,
    }


def interval_of(value: Value | None) -> Interval:
    """Return a value as a cell; what is not there is unknown."""
    if value is None:
        return Interval(value=None)
    return Interval(value=value.value, low=value.low, high=value.high)


def _since_when(values: Sequence[Value], month: date) -> list[Section]:
    span = months_back(month, HISTORY)
    shares = {(one.network, one.month_on): one for one in values if one.indicator == SHARE}
    counts = {
        network: sum(1 for one in span if _known(shares.get((network, one))))
        for network in sorted({network for network, _month in shares})
    }
    shown = [network for network, count in counts.items() if count > 1]
    if not shown:
        return []
    series = [
        Series(
            name=naming.network(network),
            points=[(one, _known(shares.get((network, one)))) for one in span],
        )
        for network in shown
    ]
    chart = small_multiples(
        title=_("Answered within 24 hours, in percent"),
        sentence=_("Month by month, on each network with figures of two months at least."),
        series=series,
        table=_history(shares, shown, span),
        number=".0f",
    )
    return [Section(title=_("Since when?"), name="since", blocks=[chart])]


def _known(value: Value | None) -> float | None:
    return value.value if value else None


def _history(
    shares: Mapping[tuple[str, date], Value], networks: Sequence[str], span: Sequence[date]
) -> Grid:
    columns = [Column(key="month", label=_("Month"), kind="month", is_row_header=True)]
    columns += [
        Column(key=name, label=naming.network(name), kind="decimal", unit=_("%"))
        for name in networks
    ]
    return Grid(
        name="history",
        caption=_("Answered within 24 hours, month by month"),
        columns=columns,
        rows=[
            {"month": one, **{name: interval_of(shares.get((name, one))) for name in networks}}
            for one in span
        ],
    )
