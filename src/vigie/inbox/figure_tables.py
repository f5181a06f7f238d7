"""The tables of what the inbox teaches: by week, by service, by channel, with their charts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from vigie.inbox.figure_asked import NOBODYS, Asked, service_name
from vigie.inbox.figure_charts import punctual_chart, volume_chart
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
    Said,
)
from vigie.present.writing import Day, together
from vigie.words import _

NONE = Exchanged()
MESSAGES_NOTE = _(
    "Messages: written in this time, whenever the conversation began, by people, in conversations "
    "that ask for an answer."
)


def answering(key: str, label: Said, kind: str = "text") -> list[Column]:
    """Return the columns that say how soon people are answered."""
    return [
        Column(key=key, label=label, kind=kind, is_row_header=True),
        Column(key="came", label=_("Came"), kind="integer"),
        Column(key="unanswered", label=_("No answer so far"), kind="integer"),
        Column(key="median", label=_("First response for half"), kind="decimal", unit=_("h")),
        Column(key="p90", label=_("Nine in ten"), kind="decimal", unit=_("h")),
        Column(key="target", label=_("Silent at the target"), kind="percent", decimals=0),
        Column(key="week", label=_("Silent after seven days"), kind="percent", decimals=0),
    ]


def finishing(key: str, label: Said, kind: str = "text") -> list[Column]:
    """Return the columns that say how much came and went, and how it ended."""
    return [
        Column(key=key, label=label, kind=kind, is_row_header=True),
        Column(key="incoming", label=_("Messages in"), kind="integer"),
        Column(key="outgoing", label=_("Messages out"), kind="integer"),
        Column(key="closed", label=_("Closed"), kind="integer"),
        Column(key="resolution", label=_("Resolution for half"), kind="decimal", unit=_("h")),
        Column(key="resolution_p90", label=_("Nine in ten"), kind="decimal", unit=_("h")),
        Column(key="reopened", label=_("Opened again"), kind="percent", decimals=0),
    ]


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
    ends, soon = finishing("name", _("Week of")), answering("name", _("Week of"))
    closed = closings(among, since=asked.since, until=asked.until)
    said = _messages_by_week(asked, messages)
    more = {week: {"closed": closed[week], **written(said.get(week))} for week in weeks}
    table = _weeks_grid("weeks", weeks, asked, ends, more)
    made: list[Block] = [volume_chart(weeks, closed, table)]
    if any(one.silent_at_target.value is not None for one in weeks.values()):
        made.append(punctual_chart(weeks, _weeks_grid("weeks-on-time", weeks, asked, soon, more)))
    return made


def _messages_by_week(asked: Asked, messages: MessageDays | None) -> Mapping[date, Exchanged]:
    if messages is None:
        return {}
    return asked.exchanged(messages).by_week(since=asked.since, until=asked.until)


def _weeks_grid(
    name: str,
    weeks: Mapping[date, Taught],
    asked: Asked,
    shown: Sequence[Column],
    more: Mapping[date, Mapping[str, Cell]],
) -> Grid:
    return Grid(
        name=name,
        caption=_("Week by week"),
        columns=shown,
        rows=[
            {
                "name": linked(asked, _("{day}", day=Day(week)), asked.listed("came", week=week)),
                **row_of(one),
                **more[week],
            }
            for week, one in weeks.items()
        ],
        note=together(
            HOURS_NOTE,
            _("Conversations: in the week of their first message."),
            _("Messages and closed: in their own week, whenever the conversation began."),
            _("The last week is not over."),
        ),
    )


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
        Grid(name="services", caption=_("By service"), columns=answering("name", _("Service")),
             rows=[lines[name] for name in groups], note=HOURS_NOTE),
        Grid(name="services-ends", caption=_("What came, what went, how it ended"),
             columns=finishing("name", _("Service")), rows=list(lines.values()),
             note=together(HOURS_NOTE, MESSAGES_NOTE)),
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
        columns=answering("name", _("Channel")),
        rows=[
            {"name": linked(asked, channel_words(name), asked.figures(channel=name)),
             **row_of(group)}
            for name, group in by(rows, rows.channel).items()
        ],
        note=HOURS_NOTE,
    )  # fmt: skip
