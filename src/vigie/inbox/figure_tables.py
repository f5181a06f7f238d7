"""The tables of what the inbox teaches: by week, by service, by channel, with their charts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from vigie.inbox.figure_asked import NOBODYS, Asked, service_name
from vigie.inbox.figure_charts import messages_chart, punctual_chart, volume_chart
from vigie.inbox.figure_parts import HOUR, HOURS_NOTE, cell, linked
from vigie.inbox.figure_words import channel_words
from vigie.inbox.figures import Taught, by, by_week, closings, taught
from vigie.inbox.message_days import Exchanged, MessageDays
from vigie.inbox.rows import Rows
from vigie.present.document import (
    Block,
    Cell,
    Column,
    Grid,
    Note,
    Said,
)
from vigie.present.writing import Day, together
from vigie.words import Words, _

NONE = Exchanged()
MESSAGES_NOTE = _(
    "Messages: written in this time, whenever the conversation began, by people, in conversations "
    "that ask for an answer."
)
CLOSED_NOTE = together(
    HOURS_NOTE, _("Closed: in this week, whenever the conversation began; all else is of those "
                  "that came in it."),
)  # fmt: skip

CAME = (
    Column(key="came", label=_("Came"), kind="integer"),
    Column(key="unanswered", label=_("No answer so far"), kind="integer"),
)
ANSWERED = (
    Column(key="median", label=_("Half are answered within"), kind="decimal", unit=_("h")),
    Column(key="p90", label=_("Nine in ten"), kind="decimal", unit=_("h")),
    Column(key="target", label=_("No answer by the target"), kind="percent", decimals=0),
    Column(key="week", label=_("No answer after seven days"), kind="percent", decimals=0),
)
WRITTEN = (
    Column(key="incoming", label=_("Messages in"), kind="integer"),
    Column(key="outgoing", label=_("Messages out"), kind="integer"),
)
ENDED = (
    Column(key="closed", label=_("Closed"), kind="integer"),
    Column(key="resolution", label=_("Half are resolved within"), kind="decimal", unit=_("h")),
    Column(key="resolution_p90", label=_("Nine in ten"), kind="decimal", unit=_("h")),
    Column(key="reopened", label=_("Opened again"), kind="percent", decimals=0),
)


def _of_each(label: Words) -> Column:
    return Column(key="name", label=label, is_row_header=True)


def row_of(found: Taught) -> dict[str, Cell]:
    """Return the figures of a group as a row."""
    return {
        "came": found.came,
        "unanswered": found.unanswered,
        "median": cell(found.response_median, HOUR),
        "p90": cell(found.response_p90, HOUR),
        "target": cell(found.silent_at_target),
        "week": cell(found.silent_at_week),
        "closed": found.closed,
        "resolution": cell(found.resolution_median, HOUR),
        "resolution_p90": cell(found.resolution_p90, HOUR),
        "reopened": cell(found.reopened),
    }


def written(found: Exchanged | None) -> dict[str, Cell]:
    """Return the messages of a group as cells; unknown where they were never counted."""
    if found is None:
        return {"incoming": None, "outgoing": None}
    return {"incoming": found.incoming, "outgoing": found.outgoing}


def weekly(rows: Rows, asked: Asked, *, among: Rows, messages: MessageDays | None) -> list[Block]:
    """Return the weeks as charts, each with its table behind it.

    What came is in the week of its first message. What was closed, and each message, is in its own
    week, even of those of ``among`` that came before these weeks.
    """
    weeks = by_week(rows, since=asked.since, until=asked.until)
    closed = closings(among, since=asked.since, until=asked.until)
    came: list[dict[str, Cell]] = [
        {"name": linked(asked, _week(week), asked.listed("came", week=week)), **row_of(one),
         "closed": closed[week]}
        for week, one in weeks.items()
    ]  # fmt: skip
    ends = _weeks_grid("weeks", (*CAME, *ENDED), came, asked, CLOSED_NOTE)
    made: list[Block] = [volume_chart(weeks, closed, ends), _messages_by_week(asked, messages)]
    if any(one.silent_at_target.value is not None for one in weeks.values()):
        soon = _weeks_grid("weeks-on-time", (*CAME, *ANSWERED), came, asked, HOURS_NOTE)
        made.append(punctual_chart(weeks, soon))
    return made


def _messages_by_week(asked: Asked, messages: MessageDays | None) -> Block:
    if messages is None:
        return Note(
            text=_(
                "How many messages came in each week is not known yet: they are counted the next "
                "time (vigie measure)."
            ),
            kind="stale",
        )
    weeks = asked.exchanged(messages).by_week(since=asked.since, until=asked.until)
    rows = [{"name": _week(week), **written(found)} for week, found in weeks.items()]
    return messages_chart(weeks, _weeks_grid("weeks-messages", WRITTEN, rows, asked, MESSAGES_NOTE))


def _weeks_grid(
    name: str,
    shown: Sequence[Column],
    rows: Sequence[Mapping[str, Cell]],
    asked: Asked,
    note: Said,
) -> Grid:
    ends = (
        _("The last week is not over.")
        if asked.leads
        else _("Of the first and the last week, the days of the quarter alone.")
    )
    return Grid(
        name=name,
        caption=_("Week by week"),
        columns=[_of_each(_("Week of")), *shown],
        rows=rows,
        note=together(note, ends),
    )


def _week(monday: date) -> Words:
    return _("{day}", day=Day(monday))


def by_service(rows: Rows, asked: Asked, messages: MessageDays | None) -> list[Grid]:
    """Return the figures of each service: how soon, and how it ended.

    A service that wrote or was written to has its messages, even where nothing new came.
    """
    groups = by(rows, rows.service.filled(NOBODYS))
    said = _messages_by_service(asked, messages)
    quiet = dict.fromkeys(sorted(set(said) - set(groups)), taught(rows.at(slice(0, 0))))
    lines = {
        name: {"name": linked(asked, service_name(rows, name), asked.figures(service=name)),
               **row_of(group), **written(None if messages is None else said.get(name, NONE))}
        for name, group in {**groups, **quiet}.items()
    }  # fmt: skip
    return [
        Grid(name="services", caption=_("By service"),
             columns=[_of_each(_("Service")), *CAME, *ANSWERED],
             rows=[lines[name] for name in groups], note=HOURS_NOTE),
        Grid(name="services-ends", caption=_("What came, what went, how it ended"),
             columns=[_of_each(_("Service")), *WRITTEN, *ENDED],
             rows=list(lines.values()), note=together(HOURS_NOTE, MESSAGES_NOTE)),
    ]  # fmt: skip


def _messages_by_service(asked: Asked, messages: MessageDays | None) -> Mapping[str, Exchanged]:
    if messages is None:
        return {}
    chosen = asked.exchanged(messages)
    return chosen.by(chosen.service.filled(NOBODYS))


def by_channel(rows: Rows, asked: Asked) -> Grid:
    """Return the figures of each channel."""
    return Grid(
        name="channels",
        caption=_("By channel"),
        columns=[_of_each(_("Channel")), *CAME, *ANSWERED],
        rows=[
            {"name": linked(asked, channel_words(name), asked.figures(channel=name)),
             **row_of(group)}
            for name, group in by(rows, rows.channel).items()
        ],
        note=HOURS_NOTE,
    )  # fmt: skip
