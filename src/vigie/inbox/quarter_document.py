"""What a report on a quarter of the inbox is made of: read from the store, no person, no word."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime

import ibis.expr.types as ir
import numpy as np

from vigie.errors import ReportError
from vigie.inbox.figure_asked import Asked
from vigie.inbox.figure_parts import HOUR, HOURS_NOTE, cell
from vigie.inbox.figures import LEAST, Taught, asking, by, taught
from vigie.inbox.message_days import Exchanged, MessageDays, message_days_in
from vigie.inbox.quarters import Quarter, quarters_of, usual
from vigie.inbox.rows import Rows, rows_in
from vigie.measure.waiting import Estimate, curve_of, spoken_from
from vigie.present.document import Cell, Column, Document, Filter, Grid, Note, Said
from vigie.present.report import Choice
from vigie.words import Words, _

TOPICS = 15
INSTITUTION = Choice(
    name="institution",
    label=_("Institution"),
    help=_("Its short name; needed only where there are several."),
)
QUARTER = Choice(
    name="quarter",
    label=_("Quarter"),
    help=_("As 2026-Q3; the latest that is over unless said."),
)


def read(tables: Mapping[str, ir.Table], institution: str) -> tuple[str, Rows]:
    """Return every conversation of an institution, and its short name.

    Of the only one there is unless one is named.
    """
    rows = tables["conversations"]
    known = sorted(rows.select("institution").distinct().to_pyarrow()["institution"].to_pylist())
    if institution and institution not in known:
        raise ReportError(
            _(
                "Nothing is known of the inbox of {name}. Known are: {known}.",
                name=institution,
                known=", ".join(known) or "–",
            )
        )
    if not institution and len(known) > 1:
        raise ReportError(_("Choose an institution: {known}.", known=", ".join(known)))
    chosen = rows.filter(rows.institution == institution) if institution else rows
    by_opening = [("opened_at", "ascending"), ("conversation", "ascending")]
    found = rows_in(chosen.to_pyarrow().sort_by(by_opening))
    return institution or next(iter(known), ""), found


def messages_of(tables: Mapping[str, ir.Table], institution: str) -> MessageDays | None:
    """Return the messages of an institution day by day; none: counted before they were kept so."""
    rows = tables["message_days"]
    found = rows.filter(rows.institution == institution).to_pyarrow()
    return message_days_in(found) if len(found) else None


def written_in(messages: MessageDays | None, asked: Asked) -> Exchanged | None:
    """Return how many messages came and went; none: they were never counted."""
    return None if messages is None else asked.exchanged(messages).whole()


def chosen_quarter(rows: Rows, wanted: str, today: date) -> Quarter:
    """Return the quarter asked for, or the latest that is over."""
    known = quarters_of(_days(rows))
    if not wanted:
        return usual(known, today)
    found = Quarter.read(wanted)
    if found not in known:
        raise ReportError(
            _(
                "Nothing is known of the quarter {name}. Known are: {known}.",
                name=wanted[:20],
                known=", ".join(map(str, known)),
            )
        )
    return found


def _days(rows: Rows) -> list[date]:
    """Return the first day of each month in which something was opened."""
    days: list[date] = np.unique(rows.opened_on.astype("datetime64[M]")).tolist()
    return days


def within(rows: Rows, quarter: Quarter) -> Rows:
    """Return the conversations that were opened in a quarter."""
    first, last = np.datetime64(quarter.first, "D"), np.datetime64(quarter.last, "D")
    return rows.at((rows.opened_on >= first) & (rows.opened_on <= last))


def asked_of(quarter: Quarter, today: date, *, service: str = "") -> Asked:
    """Return what the figures of a quarter are asked as: they lead to no page of conversations."""
    return Asked(since=quarter.first, until=min(quarter.last, today), service=service, leads=False)


def quarter_filter(rows: Rows, chosen: Quarter) -> Filter:
    """Return the choice of a quarter."""
    known = quarters_of(_days(rows))
    options: dict[str, Said] = {str(one): one.words for one in known}
    return Filter(name="quarter", label=_("Quarter"), options=options, chosen=str(chosen))


def nothing_yet(name: str, now: datetime, choices: Mapping[str, str]) -> Document:
    """Return what is said before anything was counted."""
    return Document(
        name=name,
        title=_("How did the inbox do? Nothing was counted yet."),
        lead=_("The store holds no conversation."),
        blocks=[
            Note(
                text=_("Connect a box, let people write, then count: vigie measure."), kind="empty"
            )
        ],
        made_at=now,
        choices=dict(choices),
    )


def compared(columns: Mapping[str, tuple[Said, Taught]], turns: Mapping[str, Estimate]) -> Grid:
    """Return the figures of several groups side by side: a quarter, the one before, the whole."""
    shown = [Column(key="figure", label=_("Figure"), is_row_header=True)]
    shown += [
        Column(
            key=key,
            label=_("{group}: {count} conversations", group=label, count=found.came),
            kind="decimal",
        )
        for key, (label, found) in columns.items()
    ]
    lines: list[tuple[Words, dict[str, Cell]]] = [
        (label, {key: value(found) for key, (_label, found) in columns.items()})
        for label, value in FIGURES
    ]
    if turns:
        line = {key: cell(found, HOUR) for key, found in turns.items()}
        lines.insert(2, (_("Any message: half are answered within (service hours)"), line))
    return Grid(
        name="compared",
        caption=_("The quarter beside others"),
        columns=shown,
        rows=[{"figure": label, **line} for label, line in lines],
        note=HOURS_NOTE,
    )


def _percent(found: Estimate) -> Cell:
    return cell(found, 1 / 100)


FIGURES: tuple[tuple[Words, Callable[[Taught], Cell]], ...] = (
    (_("Half are answered within (service hours)"), lambda one: cell(one.response_median, HOUR)),
    (
        _("Nine in ten are answered within (service hours)"),
        lambda one: cell(one.response_p90, HOUR),
    ),
    (_("No answer by the target, %"), lambda one: _percent(one.silent_at_target)),
    (_("No answer after seven days, %"), lambda one: _percent(one.silent_at_week)),
    (_("Half are resolved within (service hours)"), lambda one: cell(one.resolution_median, HOUR)),
    (_("Opened again, %"), lambda one: _percent(one.reopened)),
    (
        _("Answered the question on satisfaction, %"),
        lambda one: _percent(one.opinions.answer_rate),
    ),
    (_("Satisfied, %"), lambda one: _percent(one.opinions.satisfied)),
)
"""The figures that are put side by side."""


def turn_median(tables: Mapping[str, ir.Table], quarter: Quarter) -> Estimate:
    """Return how long any message of a quarter waited, silence censored."""
    rows = tables["responses"]
    chosen = rows.filter(rows.asked_on.between(quarter.first, quarter.last))
    read = chosen.select(rows.waited_minutes, is_answered=rows.answered_at.notnull()).to_pyarrow()
    waits = curve_of(read["waited_minutes"].to_numpy(), read["is_answered"].to_numpy())
    return spoken_from(LEAST, waits.reaches(0.5))


def topics(rows: Rows, before: Rows) -> Grid:
    """Return what people wrote about, beside the quarter before."""
    now, then = _topics(rows), _topics(before)
    return Grid(
        name="topics",
        caption=_("Topics"),
        columns=[
            Column(key="topic", label=_("Topic"), is_row_header=True),
            Column(key="came", label=_("Came"), kind="integer"),
            Column(key="before", label=_("The quarter before"), kind="integer"),
            Column(key="unanswered", label=_("No answer so far"), kind="integer"),
            Column(key="median", label=_("Half are answered within"), kind="decimal", unit=_("h")),
        ],
        rows=[
            {
                "topic": topic or _("no topic"),
                "came": found.came,
                "before": then[topic].came if topic in then else 0,
                "unanswered": found.unanswered,
                "median": cell(found.response_median, HOUR),
            }
            for topic, found in list(now.items())[:TOPICS]
        ],
        note=HOURS_NOTE,
    )


def _topics(rows: Rows) -> dict[str, Taught]:
    chosen = asking(rows)
    return by(chosen, chosen.topic)


def group(label: Said, rows: Rows) -> tuple[Said, Taught]:
    """Return a group to be put beside others."""
    return label, taught(rows)
