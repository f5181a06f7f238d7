"""Public questions that no account has answered in public, the oldest first."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta

import ibis.expr.types as ir

from vigie.measure.questions import asked_of, first_answers

OPEN_FOR = timedelta(days=30)
"""Questions older than that are past answering."""


def open_questions(
    tables: Mapping[str, ir.Table], *, accounts: Collection[str] | None, since: datetime
) -> ir.Table:
    """Return ``network, post, account, asked`` of questions put since that wait for an answer.

    ``accounts``: those that were asked; none: any account of the register. What counts as a
    question and as its answer is what responsiveness is measured by (``measure.questions``).
    """
    asked = asked_of(tables)
    questions = asked.filter(asked.is_question, asked.asked >= int(since.timestamp()))
    if accounts is not None:
        questions = questions.filter(questions.account.isin(sorted(accounts)))
    answered = first_answers(questions, asked, tables["posts"])
    waiting = questions.anti_join(answered, ["account", "post"])
    return waiting.select("network", "post", "account", "asked")
