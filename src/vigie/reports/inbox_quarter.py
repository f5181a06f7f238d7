"""A quarter of the inbox: who was answered and how soon, what people wrote about and thought."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import ClassVar

import ibis.expr.types as ir

from vigie.inbox.figure_asked import Asked
from vigie.inbox.figure_charts import waiting_chart
from vigie.inbox.figure_document import key_figures, lead, title
from vigie.inbox.figure_tables import by_channel, by_service, weekly
from vigie.inbox.figure_words import how_counted
from vigie.inbox.figures import LEAST, asking, in_days, taught
from vigie.inbox.message_days import MessageDays
from vigie.inbox.opinion_document import opinions
from vigie.inbox.quarter_document import (
    INSTITUTION,
    QUARTER,
    asked_of,
    chosen_quarter,
    compared,
    group,
    messages_of,
    nothing_yet,
    quarter_filter,
    read,
    topics,
    turn_median,
    within,
    written_in,
)
from vigie.inbox.quarters import Quarter
from vigie.inbox.rows import Rows
from vigie.present.document import Block, Document, Note, Section
from vigie.present.report import GRID, Choice, Report
from vigie.words import Words, _


class InboxQuarter(Report):
    """A quarter of the inbox: first response, silence, services, channels, topics, opinions.

    A confidential service counts in the whole and is not told apart: its own page is for those who
    work there.
    """

    label: ClassVar[Words] = _("Quarter of the inbox: who was answered, and how soon?")
    needs: ClassVar[frozenset[str]] = frozenset(
        {"conversations", "responses", "message_days", "institutions"}
    )
    choices: ClassVar[tuple[Choice, ...]] = (
        INSTITUTION,
        QUARTER,
        GRID,
    )

    def build(
        self, tables: Mapping[str, ir.Table], *, choices: Mapping[str, str], now: datetime
    ) -> Document:
        institution, every = read(tables, choices.get("institution", ""))
        if not len(every):
            return nothing_yet("inbox_quarter", now, choices)
        quarter = chosen_quarter(every, choices.get("quarter", ""), now.date())
        rows = within(every, quarter)
        found = taught(rows)
        institutions = tables["institutions"]
        own = institutions.filter(institutions.institution == institution)
        turns = {
            "now": turn_median(tables, quarter),
            "before": turn_median(tables, quarter.before),
        }
        asked, messages = asked_of(quarter, now.date()), messages_of(tables, institution)
        return Document(
            name="inbox_quarter",
            title=_("{quarter}: {title}", quarter=quarter.words, title=title(found)),
            lead=lead(found, asked.since, asked.until),
            blocks=[
                key_figures(found, written_in(messages, asked)),
                *_beside(every, quarter, turns),
                *_waiting(rows),
                Section(title=_("Since when?"), name="weeks", blocks=weekly(
                    rows, asked, among=every, messages=messages)),
                _groups(rows, asked, messages),
                Section(title=_("What did people write about?"), name="topics", blocks=[
                    topics(_open(rows), _open(within(every, quarter.before)))]),
                opinions(rows, asked),
                how_counted(),
            ],
            made_at=now,
            is_invented=bool(own.is_invented.any().to_pyarrow().as_py()),
            choices={**choices, "quarter": str(quarter)},
            filters=[quarter_filter(every, quarter)],
        )  # fmt: skip


def _open(rows: Rows) -> Rows:
    """Return those of services that are not confidential."""
    return rows.at(~rows.is_confidential)


def _told_apart(rows: Rows) -> set[str | None]:
    """Return the services of which one may speak, and nobody."""
    return {None, *(name for name, office in rows.offices.items() if not office.is_confidential)}


def _beside(every: Rows, quarter: Quarter, turns: Mapping[str, object]) -> list[Block]:
    columns = {
        "now": group(quarter.words, within(every, quarter)),
        "before": group(quarter.before.words, within(every, quarter.before)),
    }
    return [compared(columns, turns)]  # type: ignore[arg-type]  # estimates


def _waiting(rows: Rows) -> list[Block]:
    came = asking(rows)
    if len(came) < LEAST:
        return []
    return [Section(title=_("Who still waits?"), name="waiting",
                    blocks=[waiting_chart(in_days(came))])]  # fmt: skip


def _groups(rows: Rows, asked: Asked, messages: MessageDays | None) -> Section:
    shown = _open(rows)
    told = None if messages is None else messages.at(messages.service.among(_told_apart(rows)))
    blocks: list[Block] = [*by_service(shown, asked, told), by_channel(shown, asked)]
    if len(shown) < len(rows):
        blocks.append(
            Note(
                text=_(
                    "{count} conversations of confidential services count in the whole and are "
                    "not told apart.",
                    count=len(rows) - len(shown),
                )
            )
        )
    return Section(title=_("Which service, which channel?"), name="groups", blocks=blocks)
