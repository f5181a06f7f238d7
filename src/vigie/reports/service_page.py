"""One service's page for its director: how soon it answers, beside others and before."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar

import ibis.expr.types as ir

from vigie.errors import ReportError
from vigie.inbox.figure_charts import waiting_chart
from vigie.inbox.figure_document import key_figures
from vigie.inbox.figure_parts import HOUR
from vigie.inbox.figure_tables import by_channel, weekly
from vigie.inbox.figure_words import how_counted
from vigie.inbox.figures import LEAST, Taught, asking, in_days, taught
from vigie.inbox.opinion_document import figures as opinion_figures
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
    within,
    written_in,
)
from vigie.inbox.quarters import Quarter
from vigie.inbox.rows import Rows
from vigie.present.document import Block, Document, Note, Section
from vigie.present.report import GRID, Choice, Report
from vigie.present.writing import Number, Percent
from vigie.words import Words, _


class ServicePage(Report):
    """One service in a quarter: first response, silence, weeks, topics, opinions, beside others.

    Everything its director is asked: how soon people are answered, whether that changed, what they
    write about, what they think of it.
    """

    label: ClassVar[Words] = _("One service: how soon does it answer, and what is it asked?")
    needs: ClassVar[frozenset[str]] = frozenset({"conversations", "message_days", "institutions"})
    choices: ClassVar[tuple[Choice, ...]] = (
        Choice(
            name="service",
            label=_("Service"),
            help=_("Its short name, as library."),
            is_required=True,
        ),
        INSTITUTION,
        QUARTER,
        GRID,
    )

    def build(
        self, tables: Mapping[str, ir.Table], *, choices: Mapping[str, str], now: datetime
    ) -> Document:
        institution, every = read(tables, choices.get("institution", ""))
        if not len(every):
            return nothing_yet("service_page", now, choices)
        service = choices.get("service", "")
        own = _own(every, service)
        quarter = chosen_quarter(own, choices.get("quarter", ""), now.date())
        rows, asked = within(own, quarter), asked_of(quarter, now.date(), service=service)
        messages = messages_of(tables, institution)
        institutions = tables["institutions"]
        here = institutions.filter(institutions.institution == institution)
        found, name = taught(rows), _name(own)
        return Document(
            name="service_page",
            title=_title(found, name),
            lead=_lead(found, quarter),
            blocks=[
                key_figures(found, written_in(messages, asked)),
                _beside(every, own, quarter, name),
                *_waiting(rows),
                Section(title=_("Since when?"), name="weeks",
                        blocks=[*weekly(rows, asked, among=own, messages=messages),
                                by_channel(rows, asked)]),
                Section(title=_("What did people write about?"), name="topics", blocks=[
                    topics(rows, within(own, quarter.before))]),
                Section(title=_("Were they satisfied?"), name="satisfaction",
                        blocks=_opinions(found)),
                how_counted(),
            ],
            made_at=now,
            is_invented=bool(here.is_invented.any().to_pyarrow().as_py()),
            choices={**choices, "quarter": str(quarter)},
            filters=[quarter_filter(own, quarter)],
        )  # fmt: skip


def _name(own: Rows) -> str:
    slug = own.service.at(-1) or ""
    return own.offices[slug].name if slug in own.offices else slug


def _own(every: Rows, service: str) -> Rows:
    known = sorted(slug for slug in every.service.found() if slug)
    if service not in known:
        raise ReportError(
            _(
                "Choose a service that was written to: {known}.",
                known=", ".join(known) or "–",
            )
        )
    return every.at(every.service.among({service}))


def _title(found: Taught, name: str) -> Words:
    half = found.response_median.value
    if half is None:
        return _("{service}: how soon does it answer?", service=name)
    return _(
        "{service}: half of those who write are answered within {hours} service hours",
        service=name,
        hours=Number(half / HOUR, 1),
    )


def _lead(found: Taught, quarter: Quarter) -> Words:
    facts: dict[str, Any] = {"quarter": quarter.words, "count": found.came}
    if found.silent_at_week.value is None:
        return _("{quarter}: {count} conversations that ask for an answer.", **facts)
    return _(
        "{quarter}: {count} conversations that ask for an answer; {share} had none after seven "
        "days.",
        share=Percent(found.silent_at_week.value),
        **facts,
    )


def _beside(every: Rows, own: Rows, quarter: Quarter, name: str) -> Block:
    columns = {
        "now": group(_("{service}, {quarter}", service=name, quarter=quarter.words),
                     within(own, quarter)),
        "before": group(quarter.before.words, within(own, quarter.before)),
        "whole": group(_("All services, {quarter}", quarter=quarter.words),
                       within(every, quarter)),
    }  # fmt: skip
    return compared(columns, {})


def _waiting(rows: Rows) -> list[Block]:
    came = asking(rows)
    if len(came) < LEAST:
        return []
    return [Section(title=_("Who still waits?"), name="waiting",
                    blocks=[waiting_chart(in_days(came))])]  # fmt: skip


def _opinions(found: Taught) -> list[Block]:
    if not found.opinions.asked:
        words = _("Nobody was asked yet: one question goes out when a conversation is closed.")
        return [Note(text=words, kind="empty")]
    return [opinion_figures(found.opinions)]
