"""Who answers the public, how fast, and how sure that is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar

import ibis.expr.types as ir

from vigie.collect.connecting import days_of_others
from vigie.columns import records_of
from vigie.errors import ReportError
from vigie.index.waiting_words import EXPLAINED, LEAST_QUESTIONS
from vigie.model import Institution, Value
from vigie.present import naming
from vigie.present.document import (
    Block,
    Cell,
    Column,
    Document,
    Filter,
    Grid,
    Interval,
    Link,
    Note,
    Paragraph,
    Said,
    Section,
)
from vigie.present.drawing import Mark, bar_chart
from vigie.present.report import GRID, Choice, Report
from vigie.present.retained import retained_notes
from vigie.present.writing import Month, Percent
from vigie.words import Words, _, plural

SHARE, MEDIAN = "response_share_24h", "response_median"
DRAWN = 20
"""Institutions in the picture; the table has them all."""


@dataclass(frozen=True, kw_only=True)
class _Asked:
    """What is shown, of what there is."""

    months: Sequence[date]
    networks: Sequence[str]
    kinds: Sequence[str]
    month: date
    network: str
    kind: str


class Responsiveness(Report):
    """Which institutions answer public questions within a day, on one network and month.

    Each with its interval, the number of questions and the coverage; those with fewer than ten
    questions are named without a figure.
    """

    label: ClassVar[Words] = _("Responsiveness: who answers, and how sure is that?")
    needs: ClassVar[frozenset[str]] = frozenset({"institutions", "values"})
    choices: ClassVar[tuple[Choice, ...]] = (
        Choice(name="month", label=_("Month"), help=_("As 2026-10; the latest unless said.")),
        Choice(name="network", label=_("Network"), help=_("As bluesky or facebook.")),
        Choice(name="kind", label=_("Kind"), help=_("As university.")),
        GRID,
    )

    def build(
        self, tables: Mapping[str, ir.Table], *, choices: Mapping[str, str], now: datetime
    ) -> Document:
        rows = records_of(Institution, tables["institutions"].to_pyarrow())
        known = {one.institution: one for one in rows}
        values = tables["values"]
        found = values.filter(values.level == "institution", values.indicator.isin([SHARE, MEDIAN]))
        asked = _asked(found, known, choices, now)
        if asked is None:
            return _nothing_yet(choices, now)
        here = found.filter(found.month_on == asked.month, found.network == asked.network)
        told = {
            (one.indicator, one.subject): one
            for one in records_of(Value, here.to_pyarrow())
            if one.subject in known and asked.kind in ("", known[one.subject].kind)
        }
        shares = sorted(
            (one for (name, _slug), one in told.items() if name == SHARE), key=_best_first
        )
        answering = [one for one in shares if one.value is not None]
        return Document(
            name="responsiveness",
            title=_title(answering, known),
            lead=_lead(shares, answering, asked),
            blocks=[
                *retained_notes(
                    asked.month, [asked.network], days=days_of_others(), today=now.date()
                ),
                *_picture(answering, known, asked),
                Section(title=_("All of them"), name="all",
                        blocks=[_table(shares, told, known, asked)]),
                Section(title=_("What is counted?"), name="counted",
                        blocks=[Paragraph(text=one) for one in EXPLAINED]),
            ],
            made_at=now,
            is_invented=any(one.is_invented for one in rows),
            choices=dict(choices),
            filters=_filters(asked),
            main=_table(shares, told, known, asked),
        )  # fmt: skip


def _asked(
    found: ir.Table,
    known: Mapping[str, Institution],
    choices: Mapping[str, str],
    now: datetime,
) -> _Asked | None:
    counted = found.filter(found.indicator == SHARE).group_by("month_on", "network", "subject")
    rows = counted.agg(told=found.value.count()).to_pyarrow().to_pylist()
    if not rows:
        return None
    months = sorted({row["month_on"] for row in rows}, reverse=True)
    this = now.date().replace(day=1)
    latest = next((one for one in months if one < this), months[0])
    month = _month(months, choices.get("month", ""), latest)
    told: dict[str, int] = {}
    for row in rows:
        if row["month_on"] == month:
            told[row["network"]] = told.get(row["network"], 0) + row["told"]
    best = max(sorted(told), key=lambda name: told[name])
    return _Asked(
        months=months,
        networks=sorted(told),
        kinds=sorted({one.kind for one in known.values() if one.kind}),
        month=month,
        network=_one_of(choices.get("network", ""), sorted(told)) or best,
        kind=_one_of(choices.get("kind", ""), [one.kind or "" for one in known.values()]),
    )


def _month(months: Sequence[date], wanted: str, latest: date) -> date:
    if not wanted:
        return latest
    for month in months:
        if f"{month:%Y-%m}" == wanted[:7]:
            return month
    raise ReportError(
        _(
            "No question of {month} is known. The latest month is {latest}.",
            month=wanted[:20],
            latest=f"{months[0]:%Y-%m}",
        )
    )


def _one_of(wanted: str, known: Sequence[str]) -> str:
    if wanted and wanted not in known:
        raise ReportError(
            _("{chosen} is not known. Choose one of: {known}.", chosen=wanted[:40],
              known=", ".join(sorted(set(known))))
        )  # fmt: skip
    return wanted


def _best_first(one: Value) -> tuple[bool, float, str]:
    return one.value is None, -(one.value or 0), one.subject


def _title(answering: Sequence[Value], known: Mapping[str, Institution]) -> Words:
    if not answering or answering[0].value is None:
        return _("Who answers the public?")
    return _(
        "{name} answers most: {share} of the questions within a day",
        name=known[answering[0].subject].name,
        share=Percent(answering[0].value / 100),
    )


def _lead(shares: Sequence[Value], answering: Sequence[Value], asked: _Asked) -> Words:
    return _(
        "{told} of the {count} institutions that were asked something on {network} in {month} have "
        "a figure: the others were asked fewer than {least} questions that could be followed.",
        told=len(answering),
        count=len(shares),
        network=naming.network(asked.network),
        month=Month(asked.month),
        least=LEAST_QUESTIONS,
    )


def _picture(
    answering: Sequence[Value], known: Mapping[str, Institution], asked: _Asked
) -> list[Block]:
    if not answering:
        return [
            Note(
                text=_("Too few questions are known here: choose another network or month."),
                kind="partial",
            )
        ]
    marks = [
        Mark(name=_name(known[one.subject]), value=one.value, low=one.low, high=one.high)
        for one in answering[:DRAWN]
    ]
    chart = bar_chart(
        title=_(
            "Answered within 24 hours on {network} in {month}, in percent",
            network=naming.network(asked.network),
            month=Month(asked.month),
        ),
        sentence=_alike(answering),
        marks=marks,
        table=_drawn(answering[:DRAWN], known),
        number=".0f",
    )
    return [chart]


def _alike(answering: Sequence[Value]) -> Words:
    """Say how many cannot be told from the first: their intervals reach its own."""
    first = answering[0]
    reached = sum(1 for one in answering[1:] if (one.high or 0) >= (first.low or 0))
    if not reached:
        return _("The first stands apart: no other interval reaches its own.")
    return plural(
        "{count} other cannot be told from the first: its interval reaches that of the first.",
        "{count} others cannot be told from the first: their intervals reach that of the first.",
        count=reached,
    )


def _name(one: Institution) -> str:
    return one.short_name or one.name


def _drawn(shown: Sequence[Value], known: Mapping[str, Institution]) -> Grid:
    return Grid(
        name="drawn",
        caption=_("Answered within 24 hours"),
        columns=[
            Column(key="name", label=_("Institution"), is_row_header=True),
            Column(key="share", label=_("Answered within 24 hours"), kind="decimal", unit=_("%")),
            Column(key="n", label=_("Questions"), kind="integer"),
        ],
        rows=[
            {"name": _name(known[one.subject]), "share": _interval(one), "n": one.n}
            for one in shown
        ],
    )


def _interval(one: Value | None) -> Interval:
    if one is None:
        return Interval(value=None)
    return Interval(value=one.value, low=one.low, high=one.high)


def _table(
    shares: Sequence[Value],
    told: Mapping[tuple[str, str], Value],
    known: Mapping[str, Institution],
    asked: _Asked,
) -> Grid:
    caption = _(
        "Public questions on {network} in {month}",
        network=naming.network(asked.network),
        month=Month(asked.month),
    )
    rows = [_row(one, told.get((MEDIAN, one.subject)), known[one.subject]) for one in shares]
    return _grid(caption, rows)


def _grid(caption: Words, rows: Sequence[Mapping[str, Cell]]) -> Grid:
    return Grid(
        name="responsiveness",
        caption=caption,
        columns=[
            Column(key="name", label=_("Institution"), is_row_header=True),
            Column(key="share", label=_("Answered within 24 hours"), kind="decimal", unit=_("%")),
            Column(key="median", label=_("Median time to an answer"), kind="decimal",
                   unit=_("hours")),
            Column(key="n", label=_("Questions"), kind="integer"),
            Column(key="coverage", label=_("Labelled"), kind="percent", decimals=0),
            Column(key="seen", label=_("Seen"), kind="date"),
        ],
        rows=rows,
        note=_("Intervals hold nine times in ten. Below ten questions there is no figure."),
        paper_rows=60,
    )  # fmt: skip


def _row(share: Value, median: Value | None, institution: Institution) -> dict[str, Cell]:
    path = naming.institution_path(institution.institution)
    return {
        "name": Link(text=institution.name, href=f"{path}responsiveness/"),
        "share": _interval(share),
        "median": _interval(median),
        "n": share.n,
        "coverage": share.coverage,
        "seen": share.seen_at.date() if share.seen_at else None,
    }


def _filters(asked: _Asked) -> tuple[Filter, ...]:
    months: dict[str, Said] = {f"{one:%Y-%m}": _("{month}", month=Month(one))
                               for one in asked.months}  # fmt: skip
    kinds: dict[str, Said] = {"": _("All"), **{one: naming.kind(one) for one in asked.kinds}}
    return (
        Filter(name="month", label=_("Month"), options=months, chosen=f"{asked.month:%Y-%m}"),
        Filter(
            name="network",
            label=_("Network"),
            options={one: naming.network(one) for one in asked.networks},
            chosen=asked.network,
        ),
        Filter(name="kind", label=_("Kind"), options=kinds, chosen=asked.kind),
    )


def _nothing_yet(choices: Mapping[str, str], now: datetime) -> Document:
    return Document(
        name="responsiveness",
        title=_("Who answers the public?"),
        lead=_("No public question to an institution is known yet."),
        blocks=[
            Note(
                text=_(
                    "Collect what is said to the accounts (vigie collect), have it read (vigie "
                    "annotate), then measure (vigie measure)."
                )
            ),
            *(Paragraph(text=one) for one in EXPLAINED),
        ],
        made_at=now,
        choices=dict(choices),
        main=_grid(_("Public questions"), []),
    )
