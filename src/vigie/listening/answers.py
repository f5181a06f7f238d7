"""What counts of the labels of a post: a person's answer, else a model's, else the rules'."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

PERSON = "person:"
MODEL = "model "
TRIAL = "trial "
"""What is tried counts nowhere."""
LISTS = {"intents": "intent", "services": "service", "urgency": "urgency", "entities": "entities"}
"""Column → the question that may have several answers."""
SINGLES = {"language_label": "language", "tone": "tone", "duplicate": "duplicate"}
"""Column → the question of which the surest answer is kept."""


def chosen_answers(labels: ir.Table) -> ir.Table:
    """Return one row per labelled post: ``network``, ``post`` and a column for each question."""
    asked = [*LISTS.values(), *SINGLES.values()]
    known = labels.filter(labels.question.isin(asked), ~labels.annotator.startswith(TRIAL))
    best = _best(known)
    lists = {
        column: best.answers.arbitrary(where=best.question == question)
        for column, question in LISTS.items()
    }
    singles = {
        column: best.first.arbitrary(where=best.question == question)
        for column, question in SINGLES.items()
    }
    return best.group_by("network", "post").agg(**lists, **singles)


def _best(labels: ir.Table) -> ir.Table:
    """Keep of each question about each post the answer that counts.

    Between two versions of a model or of the rules the later version counts, between two people
    the one who answered last.
    """
    is_person = labels.annotator.startswith(PERSON)
    version = is_person.ifelse("", labels.annotator.re_extract("([0-9]*)$", 1))
    rank = ibis.cases((is_person, 0), (labels.annotator.startswith(MODEL), 1), else_=2)
    window = ibis.window(
        group_by=[labels.network, labels.post, labels.question],
        order_by=[
            rank,
            version.length().desc(),
            version.desc(),
            labels.labelled_at.desc(),
            labels.annotator,
        ],
    )
    kept = labels.filter(ibis.row_number().over(window) == 0)
    return kept.select("network", "post", "question", "answers", first=_first(kept.answers))


def _first(answers: ir.ArrayValue) -> ir.StringValue:
    """Return the surest answer; unknown where there is none, on engines that refuse to look."""
    return (answers.length() > 0).ifelse(answers[0], ibis.null("string"))
