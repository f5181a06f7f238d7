"""What was published before, and whether it can be computed again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import ClassVar

import ibis.expr.types as ir

from vigie.errors import ReportError
from vigie.index import published
from vigie.index.method import Fact, Verdict
from vigie.present.document import (
    Block,
    Cell,
    Column,
    Document,
    Figure,
    Figures,
    Filter,
    Grid,
    Link,
    Said,
    Section,
)
from vigie.present.report import GRID, PAGE, Choice, Report, asked_page
from vigie.words import Words, _, plural


class History(Report):
    """The published record: every figure that rankings of this field printed, with its page.

    Each published method is run again on its own printed table; what does not come out the same is
    listed with the reason.
    """

    label: ClassVar[Words] = _("History: what was published before, and does it stand?")
    needs: ClassVar[frozenset[str]] = frozenset()
    choices: ClassVar[tuple[Choice, ...]] = (
        Choice(name="publisher", label=_("Publisher"), help=_("Who printed the figures.")),
        Choice(name="network", label=_("Network"), help=_("As facebook or youtube.")),
        Choice(name="year", label=_("Year"), help=_("Year of the figures, as 2010.")),
        PAGE,
        GRID,
    )

    def build(
        self, tables: Mapping[str, ir.Table], *, choices: Mapping[str, str], now: datetime
    ) -> Document:
        every = published.facts()
        kept = _kept(every, choices)
        verdicts = _verdicts()
        shown = {fact.source_url for fact in kept}
        judged = [one for one in verdicts if one.source_url in shown]
        pages = [Link(text=one.publisher, href=one.url) for one in published.sources().values()]
        blocks: list[Block] = [_figures(kept, judged)]
        blocks += _judgement(judged)
        blocks.append(
            Section(
                title=_("Every printed figure"),
                name="record",
                blocks=[_record(kept, choices)],
            )
        )
        return Document(
            name="history",
            title=_title(every),
            lead=_lead(judged),
            blocks=blocks,
            made_at=now,
            sources=[page for page in pages if page.href in shown][:20],
            choices=dict(choices),
            filters=_filters(every, choices),
            main=_record(kept, {}),
        )


@cache
def _verdicts() -> tuple[Verdict, ...]:
    """Re-run every method once in the life of the process: the record does not change."""
    return tuple(published.check_all())


def _kept(every: Sequence[Fact], choices: Mapping[str, str]) -> list[Fact]:
    kept = [
        fact
        for fact in every
        if choices.get("publisher", "") in ("", fact.publisher)
        and choices.get("network", "") in ("", fact.network)
        and fact.date.startswith(choices.get("year", ""))
    ]
    if not kept:
        raise ReportError(
            _("The published record holds nothing for these choices. Choose fewer of them.")
        )
    return kept


def _title(every: Sequence[Fact]) -> Words:
    first = min(fact.date[:4] for fact in every if fact.date)
    return _("What was published since {year}, and does it stand?", year=first)


def _lead(judged: Sequence[Verdict]) -> Words:
    agreeing = sum(one.agrees for one in judged)
    if not judged:
        return _("None of these figures can be computed again from what was printed.")
    return _(
        "Of {count} printed figures that can be computed again, {agreeing} come out the same.",
        count=len(judged),
        agreeing=agreeing,
    )


def _figures(kept: Sequence[Fact], judged: Sequence[Verdict]) -> Figures:
    return Figures(
        items=[
            Figure(label=_("Printed figures"), value=len(kept)),
            Figure(label=_("Publishers"), value=len({fact.publisher for fact in kept})),
            Figure(label=_("Computed again"), value=len(judged)),
            Figure(label=_("The same"), value=sum(one.agrees for one in judged)),
        ]
    )


def _judgement(judged: Sequence[Verdict]) -> list[Block]:
    differing = [one for one in judged if not one.agrees]
    blocks: list[Block] = []
    if differing:
        blocks.append(_verdict_grid("slips", _slips_caption(len(differing)), differing))
    if judged:
        blocks.append(_by_method(judged))
    if not blocks:
        return []
    return [Section(title=_("Does it stand?"), name="verdicts", blocks=blocks)]


def _slips_caption(count: int) -> Words:
    return plural(
        "{count} printed figure does not come out the same",
        "{count} printed figures do not come out the same",
        count=count,
    )


def _verdict_grid(name: str, caption: Said, verdicts: Sequence[Verdict]) -> Grid:
    rows: list[dict[str, Cell]] = [
        {
            "subject": Link(text=one.subject, href=one.source_url)
            if one.source_url
            else one.subject,
            "printed": one.printed,
            "computed": one.computed,
            "words": one.words,
            "method": one.method,
        }
        for one in verdicts
    ]
    return Grid(
        name=name,
        caption=caption,
        columns=[
            Column(key="subject", label=_("Figure"), is_row_header=True),
            Column(key="printed", label=_("Printed")),
            Column(key="computed", label=_("Computed")),
            Column(key="words", label=_("Why"), is_wide=True),
            Column(key="method", label=_("Method")),
        ],
        rows=rows,
    )


def _by_method(judged: Sequence[Verdict]) -> Grid:
    counts: dict[str, list[bool]] = {}
    for one in judged:
        counts.setdefault(one.method, []).append(one.agrees)
    known = published.methods_known()
    rows: list[dict[str, Cell]] = [
        {
            "method": known[name].label if name in known else _("the record against itself"),
            "count": len(found),
            "same": sum(found),
        }
        for name, found in sorted(counts.items())
    ]
    return Grid(
        name="methods",
        caption=_("Each method run again on its own published table"),
        columns=[
            Column(key="method", label=_("Method"), is_row_header=True),
            Column(key="count", label=_("Figures computed again"), kind="integer"),
            Column(key="same", label=_("The same"), kind="integer"),
        ],
        rows=rows,
    )


def _record(kept: Sequence[Fact], choices: Mapping[str, str]) -> Grid:
    rows: list[dict[str, Cell]] = [
        {
            "date": fact.date or _("not dated"),
            "publisher": Link(text=fact.publisher, href=fact.source_url),
            "network": fact.network,
            "category": fact.category,
            "institution": fact.institution,
            "metric": fact.metric.replace("_", " "),
            "rank": "–" if fact.rank is None else str(fact.rank),
            "value": fact.value,
        }
        for fact in sorted(
            kept, key=lambda one: (one.date, one.publisher, one.category, one.metric), reverse=True
        )
    ]
    return Grid(
        name="record",
        caption=_("The published record, as printed"),
        columns=[
            Column(key="date", label=_("Date")),
            Column(key="publisher", label=_("Publisher")),
            Column(key="network", label=_("Network")),
            Column(key="category", label=_("Category")),
            Column(key="institution", label=_("Institution"), is_row_header=True),
            Column(key="metric", label=_("Metric")),
            Column(key="rank", label=_("Rank")),
            Column(key="value", label=_("Value"), kind="decimal", decimals=2),
        ],
        rows=rows,
        page=asked_page(choices),
        paper_rows=100,
    )


def _filters(every: Sequence[Fact], choices: Mapping[str, str]) -> tuple[Filter, ...]:
    def options(values: Iterable[str]) -> dict[str, Said]:
        found: dict[str, Said] = {"": _("All")}
        return found | {value: value for value in sorted(set(values)) if value}

    publishers = options(fact.publisher for fact in every)
    networks = options(fact.network for fact in every)
    years = options(fact.date[:4] for fact in every)
    return (
        Filter(name="publisher", label=_("Publisher"), options=publishers,
               chosen=choices.get("publisher", "")),
        Filter(name="network", label=_("Network"), options=networks,
               chosen=choices.get("network", "")),
        Filter(name="year", label=_("Year"), options=years, chosen=choices.get("year", "")),
    )  # fmt: skip
