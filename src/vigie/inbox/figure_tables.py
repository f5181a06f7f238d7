"""The tables of what the inbox teaches: by week, by service, by channel, with their charts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from vigie.inbox.figure_asked import NOBODYS, Asked, service_name
from vigie.inbox.figure_charts import punctual_chart, volume_chart
from vigie.inbox.figure_parts import HOUR, HOURS_NOTE, cell, linked
from vigie.inbox.figure_words import channel_words
from vigie.inbox.figures import Taught, by, by_week, closings
from vigie.inbox.rows import Rows
from vigie.present.document import (
    Block,
    Cell,
    Column,
    Grid,
    Said,
)
from vigie.present.writing import Day, together
from vigie.words import Words, _


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
        "incoming": found.incoming,
        "outgoing": found.outgoing,
        "closed": found.closed,
        "resolution": cell(found.resolution_median, HOUR),
        "resolution_p90": cell(found.resolution_p90, HOUR),
        "reopened": cell(found.reopened),
    }


def weekly(rows: Rows, asked: Asked, among: Rows) -> list[Block]:
    """Return the weeks as charts, each with its table behind it.

    What came is in the week of its first message and what was closed in the week of its close,
    even of those of ``among`` that came before these weeks.
    """
    weeks = by_week(rows, since=asked.since, until=asked.until)
    ends, soon = finishing("name", _("Week of")), answering("name", _("Week of"))
    closed = closings(among, since=asked.since, until=asked.until)
    table = _weeks_grid("weeks", weeks, asked, ends, closed)
    made: list[Block] = [volume_chart(weeks, closed, table)]
    if any(one.silent_at_target.value is not None for one in weeks.values()):
        made.append(punctual_chart(weeks, _weeks_grid("weeks-on-time", weeks, asked, soon, closed)))
    return made


def _weeks_grid(
    name: str,
    weeks: Mapping[date, Taught],
    asked: Asked,
    shown: Sequence[Column],
    closed: Mapping[date, int],
) -> Grid:
    return Grid(
        name=name,
        caption=_("Week by week, by the day of the first message"),
        columns=shown,
        rows=[
            {
                "name": linked(asked, _("{day}", day=Day(week)), asked.listed("came", week=week)),
                **row_of(one),
                "closed": closed[week],
            }
            for week, one in weeks.items()
        ],
        note=together(
            HOURS_NOTE,
            _("Messages: of the conversations that came in this week, whenever they were written."),
            _("Closed: in this week, whenever they came."),
            _("The last week is not over."),
        ),
    )


def by_service(rows: Rows, asked: Asked) -> list[Grid]:
    """Return the figures of each service: how soon, and how it ended."""
    found = {
        name: (service_name(rows, name), asked.figures(service=name), group)
        for name, group in by(rows, rows.service.filled(NOBODYS)).items()
    }
    return [
        _grid("services", _("By service"), answering("name", _("Service")), found, asked),
        _grid("services-ends", _("What came, what went, how it ended"),
              finishing("name", _("Service")), found, asked),
    ]  # fmt: skip


def by_channel(rows: Rows, asked: Asked) -> Grid:
    """Return the figures of each channel."""
    found = {
        name: (channel_words(name), asked.figures(channel=name), group)
        for name, group in by(rows, rows.channel).items()
    }
    return _grid("channels", _("By channel"), answering("name", _("Channel")), found, asked)


def _grid(
    name: str,
    caption: Words,
    shown: Sequence[Column],
    found: Mapping[str, tuple[Said, str, Taught]],
    asked: Asked,
) -> Grid:
    return Grid(
        name=name,
        caption=caption,
        columns=shown,
        rows=[
            {"name": linked(asked, words, address), **row_of(group)}
            for words, address, group in found.values()
        ],
        note=HOURS_NOTE,
    )
