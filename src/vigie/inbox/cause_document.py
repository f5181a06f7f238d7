"""The topics of a service as a document: how many, compared with the time before, who waits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

from vigie.inbox.figure_asked import Asked
from vigie.inbox.figure_parts import HOUR, HOURS_NOTE, cell, linked
from vigie.inbox.figures import Taught, asking, by
from vigie.inbox.rows import Rows, day_of
from vigie.present.document import (
    Block,
    Cell,
    Column,
    Document,
    Filter,
    Grid,
    Note,
    Said,
)
from vigie.present.drawing import Mark, bar_chart
from vigie.present.writing import Day, Percent
from vigie.words import Words, _

NO_TOPIC = ""
"""As ``by`` names it."""
DRAWN = 12
PERIODS: Mapping[str, Words] = {
    "rentree": _("since the year began (1 September)"),
    "quarter": _("the last 13 weeks"),
    "year": _("the last 53 weeks"),
}


def document(
    rows: Rows,
    before: Rows,
    *,
    name: Said,
    since: date,
    now: datetime,
    filters: Sequence[Filter],
    is_invented: bool = False,
) -> Document:
    """Return the topics of the conversations of a service since a day."""
    came, earlier = asking(rows), asking(before)
    topics, then = by(came, came.topic), by(earlier, earlier.topic)
    return Document(
        name="inbox-causes",
        title=_title(topics, name),
        lead=_(
            "{count} conversations since {since}. Topics are chosen by those who answer; what is "
            "asked again and again is found in the words.",
            count=len(came),
            since=Day(since),
        ),
        blocks=_blocks(topics, then, since, came),
        made_at=now,
        is_invented=is_invented,
        choices={one.name: one.chosen for one in filters if one.chosen},
        filters=tuple(filters),
    )


def _title(topics: Mapping[str, Taught], name: Said) -> Words:
    chosen = {topic: found for topic, found in topics.items() if topic}
    if not chosen:
        return _("Why do people write to {service}?", service=name)
    first = next(iter(chosen))
    whole = sum(found.came for found in topics.values())
    return _(
        "{service}: {share} of those who write ask about “{topic}”",
        service=name,
        share=Percent(chosen[first].came / whole),
        topic=first,
    )


def _blocks(
    topics: Mapping[str, Taught],
    earlier: Mapping[str, Taught],
    since: date,
    came: Rows,
) -> list[Block]:
    if not len(came):
        return [Note(text=_("Nobody wrote to this service in this time."), kind="empty")]
    chosen = [(topic, found) for topic, found in topics.items() if topic]
    table = _table(topics, earlier, since, came)
    if not chosen:
        words = _("No topic was chosen yet: give the service a list, then choose as you answer.")
        return [Note(text=words, kind="empty"), table]
    chart = bar_chart(
        title=_("Conversations by topic"),
        sentence=_sentence(topics),
        marks=[Mark(name=topic, value=found.came) for topic, found in chosen[:DRAWN]],
        table=table,
        axis=_("conversations"),
    )
    return [chart]


def _sentence(topics: Mapping[str, Taught]) -> Words:
    without, whole = topics.get(NO_TOPIC), sum(found.came for found in topics.values())
    if without is None:
        return _("Every one of the {count} conversations has a topic.", count=whole)
    return _(
        "{without} of the {count} conversations have no topic.", without=without.came, count=whole
    )


def _table(
    topics: Mapping[str, Taught],
    earlier: Mapping[str, Taught],
    since: date,
    came: Rows,
) -> Grid:
    columns = [
        Column(key="topic", label=_("Topic"), is_row_header=True),
        Column(key="came", label=_("Came"), kind="integer"),
        Column(key="before", label=_("In as long before"), kind="integer"),
        Column(key="unanswered", label=_("No answer so far"), kind="integer"),
        Column(key="median", label=_("Half are answered within"), kind="decimal", unit=_("h")),
        Column(key="target", label=_("No answer by the target"), kind="percent", decimals=0),
    ]
    service, until = came.service.at(0) or "", day_of(came.observed_at[0])
    asked = Asked(since=since, until=until, period=_period(since, until), service=service)
    return Grid(
        name="topics",
        caption=_("Topics since {since}", since=Day(since)),
        columns=columns,
        rows=[_row(topic, found, earlier.get(topic), asked) for topic, found in topics.items()],
        note=HOURS_NOTE,
    )


def _period(since: date, until: date) -> str:
    """Return the shortest of the periods of figures that holds all of it."""
    weeks = (until - since) / timedelta(weeks=1)
    return "quarter" if weeks <= 12 else "half" if weeks <= 25 else "year"


def _row(topic: str, found: Taught, before: Taught | None, asked: Asked) -> dict[str, Cell]:
    href = asked.listed("came", topic=topic)
    return {
        "topic": linked(asked, topic, href) if topic else _("no topic"),
        "came": found.came,
        "before": before.came if before else 0,
        "unanswered": found.unanswered,
        "median": cell(found.response_median, HOUR),
        "target": cell(found.silent_at_target),
    }
