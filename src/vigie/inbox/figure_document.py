"""What the inbox teaches, as a document: the same page, report and files."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import numpy as np

from vigie.inbox.figure_asked import NOBODYS, PERIODS, WHICH, Asked, service_name
from vigie.inbox.figure_charts import waiting_chart
from vigie.inbox.figure_parts import HOUR, in_hours, note_of
from vigie.inbox.figure_tables import by_channel, by_service, weekly
from vigie.inbox.figure_words import channel_words, how_counted
from vigie.inbox.figures import LEAST, Taught, asking, in_days, taught
from vigie.inbox.message_days import Exchanged, Summed
from vigie.inbox.opinion_document import opinions
from vigie.inbox.rows import Rows
from vigie.measure.waiting import Estimate
from vigie.present.document import (
    Block,
    Column,
    Document,
    Figure,
    Figures,
    Filter,
    Grid,
    Link,
    Note,
    Said,
    Section,
)
from vigie.present.writing import Day, Number, Percent
from vigie.words import Words, _, plural


def document(
    counted: Summed, asked: Asked, *, now: datetime, is_invented: bool = False
) -> Document:
    """Return the figures of what is asked, among the conversations one may see.

    What came before the time asked for counts only in what was closed and written in it.
    """
    every = counted.rows
    among = asked.chosen(every)
    rows = among.at(among.opened_on >= np.datetime64(asked.since, "D"))
    found, services = taught(rows), by_service(rows, asked, counted.messages)
    weeks = weekly(rows, asked, among=among, messages=counted.messages)
    written = asked.exchanged(counted.messages).whole()
    return Document(
        name="inbox-figures",
        title=title(found),
        lead=lead(found, asked.since, asked.until),
        blocks=[*_blocks(found, rows, asked, written, weeks, services), how_counted()]
        if len(rows)
        else [_nothing(asked)],
        made_at=now,
        is_invented=is_invented,
        choices=asked.choices,
        filters=_filters(every, asked),
        main=services[0],
    )


def title(found: Taught) -> Words:
    """Return the answer to who gets none."""
    if found.silent_at_week.value is None:
        return _("How soon do we answer, and who gets no answer?")
    return _(
        "{share} of those who write have no answer after seven days",
        share=Percent(found.silent_at_week.value),
    )


def lead(found: Taught, since: date, until: date) -> Words:
    """Return how many wrote, and how soon half of them had an answer."""
    facts: dict[str, Any] = {"count": found.came, "since": Day(since), "until": Day(until)}
    half = found.response_median.value
    if half is None:
        return plural("{count} conversation from {since} to {until}.",
                      "{count} conversations from {since} to {until}.", **facts)  # fmt: skip
    return _(
        "{count} conversations from {since} to {until}. Half of them had an answer within {hours} "
        "service hours.",
        hours=Number(half / HOUR, 1),
        **facts,
    )


def _nothing(asked: Asked) -> Note:
    if asked.choices:
        return Note(text=_("Nobody wrote here in this time. Choose a longer one."), kind="empty")
    return Note(
        text=_("Nobody wrote so far. Connect a box first: its conversations are counted here."),
        kind="empty",
    )


def _blocks(
    found: Taught,
    rows: Rows,
    asked: Asked,
    written: Exchanged,
    weeks: Sequence[Block],
    services: Sequence[Grid],
) -> list[Block]:
    """Return figures, curve, weeks, services, channels, and ways to what is behind them."""
    made: list[Block] = [key_figures(found, written)]
    if found.came >= LEAST:
        made.append(Section(title=_("Who still waits?"), name="waiting",
                            blocks=[waiting_chart(in_days(asking(rows)))]))  # fmt: skip
    made += [
        Section(title=_("Since when?"), name="weeks", blocks=weeks),
        Section(title=_("Which service, which channel?"), name="groups", blocks=[
            *services, by_channel(rows, asked)]),
        opinions(rows, asked),
        Section(title=_("Which conversations are these?"), name="behind",
                blocks=[behind(found, rows, asked)]),
    ]  # fmt: skip
    return made


def key_figures(found: Taught, written: Exchanged | None) -> Figures:
    """Return the figures that stand in front, with the messages where they are known."""
    items = [
        _hours(_("Half are answered within"), found.response_median),
        _hours(_("Nine in ten are answered within"), found.response_p90),
        _percent(_("No answer by the target"), found.silent_at_target),
        _percent(_("No answer after seven days"), found.silent_at_week),
        _hours(_("Half are resolved within"), found.resolution_median),
        _percent(_("Opened again"), found.reopened),
    ]
    if written is not None:
        items += [
            Figure(label=_("Messages in"), value=written.incoming, kind="integer"),
            Figure(label=_("Messages out"), value=written.outgoing, kind="integer"),
        ]
    return Figures(items=items)


def _hours(label: Words, found: Estimate) -> Figure:
    return Figure(
        label=label, value=in_hours(found.value), kind="decimal", unit=_("service hours"),
        low=in_hours(found.low), high=in_hours(found.high), n=found.n,
        note=note_of(found, _("not reached: too many still wait")),
    )  # fmt: skip


def _percent(label: Words, found: Estimate) -> Figure:
    return Figure(
        label=label, value=found.value, kind="percent", decimals=0, low=found.low,
        high=found.high, n=found.n, note=note_of(found, _("nobody was followed so long yet")),
    )  # fmt: skip


def behind(found: Taught, rows: Rows, asked: Asked) -> Grid:
    """Return a way to the conversations behind each figure."""
    return Grid(
        name="behind",
        caption=_("The conversations behind the figures"),
        columns=[
            Column(key="which", label=_("Which"), is_row_header=True),
            Column(key="count", label=_("How many"), kind="integer"),
        ],
        rows=[
            {"which": Link(text=words, href=asked.listed(which)),
             "count": int(sort(rows).sum())}
            for which, (words, sort) in WHICH.items()
        ],
        note=_("{count} had a target.", count=found.owed),
    )  # fmt: skip


def _filters(every: Rows, asked: Asked) -> tuple[Filter, ...]:
    services = sorted(every.service.found(), key=lambda slug: _office_order(every, slug))
    channels = sorted(name for name in every.channel.found() if name)
    options: dict[str, Said] = {"": _("all services")}
    options |= {slug or NOBODYS: service_name(every, slug or NOBODYS) for slug in services}
    return (
        Filter(
            name="service", label=_("Service"), options=options, chosen=asked.service,
        ),
        Filter(
            name="channel",
            label=_("Channel"),
            options={"": _("all channels")} | {name: channel_words(name) for name in channels},
            chosen=asked.channel,
        ),
        Filter(
            name="period",
            label=_("Time"),
            options={name: words for name, (_weeks, words) in PERIODS.items()},
            chosen=asked.period,
        ),
    )  # fmt: skip


def _office_order(every: Rows, slug: str | None) -> tuple[bool, str]:
    office = every.offices.get(slug or "")
    return slug is None, office.name if office else ""
