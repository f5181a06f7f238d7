"""Of all that is said of a peer group, how much is said of each institution, and how sure is it?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import ibis.expr.types as ir

from vigie.collect.connecting import days_of_others
from vigie.columns import records_of
from vigie.listening.cells import LEAST_AUTHORS
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
    Section,
)
from vigie.present.drawing import Mark, bar_chart
from vigie.present.retained import retained_notes
from vigie.present.timeline import Series, line_chart
from vigie.present.writing import Month, Percent
from vigie.words import Words, _

INDICATOR = "share_of_voice"
EVERYWHERE = "all"
DRAWN = 15
"""Institutions in the chart; the table has them all."""


@dataclass(frozen=True, kw_only=True)
class Voice:
    """What is asked: whose group, in which month, on which network."""

    institution: Institution
    month_on: date
    network: str
    rows: Sequence[Value]
    """Of the group in that month, the largest share first."""
    history: Sequence[Value]
    """Of the institution, the earliest first."""


def shares(values: ir.Table) -> ir.Table:
    """Return the shares of voice of institutions."""
    return values.filter((values.indicator == INDICATOR) & (values.level == "institution"))


def voice(
    values: ir.Table,
    institutions: ir.Table,
    institution: Institution,
    *,
    month: date,
    network: str,
) -> Voice:
    """Gather the shares of a group in a month."""
    found = shares(values)
    group = institutions.filter(
        institutions.kind.identical_to(institution.kind)
        & institutions.country.identical_to(institution.country)
    )
    here = found.filter((found.month_on == month) & (found.network == network))
    mine = found.filter(
        (found.subject == institution.institution) & (found.network == network)
    ).order_by("month_on")
    rows = records_of(Value, here.semi_join(group, here.subject == group.institution).to_pyarrow())
    return Voice(
        institution=institution,
        month_on=month,
        network=network,
        rows=sorted((one for one in rows if is_shown(one)), key=lambda one: -(one.value or 0)),
        history=records_of(Value, mine.to_pyarrow()),
    )


def is_shown(value: Value) -> bool:
    """Tell whether enough posts stand behind a share that five people can have written them."""
    if value.value is None:
        return False
    return value.value == 0 or value.value * value.n / 100 >= LEAST_AUTHORS


def document(
    found: Voice,
    *,
    names: Mapping[str, str],
    months: Sequence[date],
    networks: Sequence[str],
    now: datetime,
) -> Document:
    """Return the shares as a page and as files."""
    own = next((one for one in found.rows if one.subject == found.institution.institution), None)
    return Document(
        name="share_of_voice",
        title=_title(found, own),
        lead=_(
            "A mention is a public post by someone else that concerns an account of the register. "
            "What only a query found is left out: who listens more would seem to be heard more."
        ),
        blocks=[
            *retained_notes(
                found.month_on,
                networks if found.network == EVERYWHERE else [found.network],
                days=days_of_others(),
                today=now.date(),
            ),
            *_blocks(found, own, names),
        ],
        made_at=now,
        choices={"month": f"{found.month_on:%Y-%m}", "network": found.network},
        filters=[
            Filter(
                name="month",
                label=_("Month"),
                options={f"{one:%Y-%m}": _("{month}", month=Month(one)) for one in months},
                chosen=f"{found.month_on:%Y-%m}",
            ),
            Filter(
                name="network",
                label=_("Network"),
                options={name: naming.network(name) for name in networks},
                chosen=found.network,
            ),
        ],
    )


def _title(found: Voice, own: Value | None) -> Words:
    if own is None or own.value is None:
        return _("How much is said of {name}?", name=found.institution.name)
    return _(
        "{share} of what is said of its group is said of {name}",
        share=Percent(own.value / 100, 1),
        name=found.institution.name,
    )


def _blocks(found: Voice, own: Value | None, names: Mapping[str, str]) -> list[Block]:
    blocks: list[Block] = []
    if own is None:
        blocks.append(
            Note(
                text=_(
                    "Too little is known for {month}: a share is shown from a hundred mentions of "
                    "the group on, and where five people at least can stand behind it.",
                    month=Month(found.month_on),
                ),
                kind="partial",
            )
        )
    coverage = next((one.coverage for one in found.rows if one.coverage is not None), None)
    if coverage is not None:
        blocks.append(Paragraph(text=_heard(coverage, found)))
    if found.rows:
        blocks.append(_bars(found, names))
    known = [one for one in found.history if is_shown(one)]
    if len(known) > 1:
        blocks.append(Section(title=_("Since when?"), name="since", blocks=[_line(found, known)]))
    return blocks or [Note(text=_("Nothing is known of this group yet."))]


def _heard(coverage: float, found: Voice) -> Words:
    if coverage == 1:
        return _(
            "Something was heard of every institution of the group in {month}.",
            month=Month(found.month_on),
        )
    return _(
        "Something was heard of {share} of the institutions of the group in {month}; of the "
        "others, silence and not looking cannot be told apart.",
        share=Percent(coverage),
        month=Month(found.month_on),
    )


def _bars(found: Voice, names: Mapping[str, str]) -> Block:
    marks = [
        Mark(
            name=names.get(one.subject, one.subject),
            value=one.value,
            low=one.low,
            high=one.high,
            is_mine=one.subject == found.institution.institution,
        )
        for one in found.rows[:DRAWN]
    ]
    first = found.rows[0]
    return bar_chart(
        title=_("Share of voice in {month}, in percent", month=Month(found.month_on)),
        sentence=_(
            "{name} is spoken of most: {share} of {n} mentions of the group.",
            name=names.get(first.subject, first.subject),
            share=Percent((first.value or 0) / 100, 1),
            n=first.n,
        ),
        marks=marks,
        table=_table(found, names),
        number=".1f",
    )


def _table(found: Voice, names: Mapping[str, str]) -> Grid:
    return Grid(
        name="share_of_voice",
        caption=_("Share of voice in {month}", month=Month(found.month_on)),
        columns=[
            Column(key="name", label=_("Institution"), is_row_header=True),
            Column(key="share", label=_("Share"), kind="decimal", unit=_("%")),
            Column(key="mentions", label=_("Mentions of the group"), kind="integer"),
            Column(key="coverage", label=_("Institutions heard of"), kind="percent"),
            Column(key="seen", label=_("Seen"), kind="date"),
        ],
        rows=[_row(one, names) for one in found.rows],
        note=_("Intervals hold the true share nine times in ten; institutions of whom fewer than "
               "five posts speak are left out."),
    )  # fmt: skip


def _row(one: Value, names: Mapping[str, str]) -> Mapping[str, Cell]:
    return {
        "name": Link(
            text=names.get(one.subject, one.subject), href=naming.institution_path(one.subject)
        ),
        "share": Interval(value=one.value, low=one.low, high=one.high),
        "mentions": one.n,
        "coverage": one.coverage,
        "seen": one.seen_at.date() if one.seen_at else None,
    }


def _line(found: Voice, known: Sequence[Value]) -> Block:
    table = Grid(
        name="share_of_voice_history",
        caption=_("Share of voice of {name} by month", name=found.institution.name),
        columns=[
            Column(key="month", label=_("Month"), kind="month", is_row_header=True),
            Column(key="share", label=_("Share"), kind="decimal", unit=_("%")),
            Column(key="mentions", label=_("Mentions of the group"), kind="integer"),
        ],
        rows=[
            {
                "month": one.month_on,
                "share": Interval(value=one.value, low=one.low, high=one.high),
                "mentions": one.n,
            }
            for one in known
        ],
    )
    first, last = known[0], known[-1]
    return line_chart(
        title=_("Share of voice of {name}, in percent", name=found.institution.name),
        sentence=_(
            "From {first} in {since} to {last} in {until}.",
            first=Percent((first.value or 0) / 100, 1),
            since=Month(first.month_on),
            last=Percent((last.value or 0) / 100, 1),
            until=Month(last.month_on),
        ),
        series=[
            Series(
                name=found.institution.short_name or found.institution.name,
                points=[(one.month_on, one.value) for one in known],
            )
        ],
        table=table,
        number=".1f",
    )
