"""How satisfied people are with the answers they got, with how many said so."""

from __future__ import annotations

from collections import Counter

from vigie.inbox.figure_asked import NOBODYS, Asked, service_name
from vigie.inbox.figure_parts import cell, linked, note_of
from vigie.inbox.figures import LEAST, Opinions, asking, opinions_of
from vigie.inbox.rows import UNKNOWN, Rows
from vigie.measure.waiting import Estimate
from vigie.present.document import (
    Block,
    Cell,
    Chart,
    Column,
    Figure,
    Figures,
    Grid,
    Link,
    Note,
    Section,
)
from vigie.present.drawing import Mark, bar_chart
from vigie.present.writing import Percent
from vigie.words import Words, _

BEST = 5


def opinions(rows: Rows, asked: Asked) -> Section:
    """Return what people said when they were asked, as a section."""
    return Section(title=_("Were they satisfied?"), name="satisfaction",
                   blocks=_blocks(rows, asked))  # fmt: skip


def _blocks(every: Rows, asked: Asked) -> list[Block]:
    rows = asking(every)
    found = opinions_of(rows)
    if not found.asked:
        words = _("Nobody was asked yet: one question goes out when a conversation is closed.")
        return [Note(text=words, kind="empty")]
    made: list[Block] = [figures(found)]
    scores = Counter(rows.score[rows.score != UNKNOWN].tolist())
    if scores.total() >= LEAST:
        made.append(_chart(scores, found.satisfied))
    made.append(_by_service(rows, asked))
    return made


def figures(said: Opinions) -> Figures:
    """Return response rate, share satisfied and mean, each with its interval and n."""
    return Figures(
        items=[
            _share(_("Answered the question"), said.answer_rate),
            _share(_("Satisfied (4 or 5 of 5)"), said.satisfied),
            Figure(
                label=_("Mean, from 1 to 5"), value=said.score.value, kind="decimal",
                low=said.score.low, high=said.score.high, n=said.score.n, note=note_of(said.score),
            ),
        ]
    )  # fmt: skip


def _share(label: Words, found: Estimate) -> Figure:
    return Figure(
        label=label, value=found.value, kind="percent", decimals=0, low=found.low,
        high=found.high, n=found.n, note=note_of(found),
    )  # fmt: skip


def _chart(scores: Counter[int], satisfied: Estimate) -> Chart:
    whole = scores.total()
    rows: list[dict[str, Cell]] = [
        {"score": _score(score), "count": scores[score], "share": scores[score] / whole}
        for score in range(BEST, 0, -1)
    ]
    return bar_chart(
        title=_("Answers from 5 (very satisfied) to 1"),
        sentence=_(
            "{share} of those who answered gave 4 or 5. Who answers is not everybody: the unhappy "
            "and the delighted answer more often.",
            share=Percent(satisfied.value or 0),
        ),
        marks=[Mark(name=_score(score), value=scores[score]) for score in range(BEST, 0, -1)],
        axis=_("answers"),
        table=Grid(
            name="scores",
            caption=_("Answers by score"),
            columns=[
                Column(key="score", label=_("Opinion"), is_row_header=True),
                Column(key="count", label=_("Opinions"), kind="integer"),
                Column(key="share", label=_("Share"), kind="percent", decimals=0),
            ],
            rows=rows,
        ),
    )


def _score(score: int) -> Words:
    return _("{score} of 5", score=score)


def _by_service(came: Rows, asked: Asked) -> Grid:
    shown = came if asked.leads else came.at(~came.is_confidential)
    groups = {name or "": group for name, group in shown.grouped(shown.service.filled(NOBODYS))}
    found = {
        name: opinions_of(groups[name])
        for name in sorted(groups, key=lambda name: (-len(groups[name]), name))
    }
    rows: list[dict[str, Cell]] = [
        {
            "name": linked(asked, service_name(came, name), asked.opinions(service=name)),
            "asked": group.asked,
            "answered": group.score.n,
            "rate": cell(group.answer_rate),
            "satisfied": cell(group.satisfied),
            "score": cell(group.score),
        }
        for name, group in found.items()
        if group.asked
    ]
    return Grid(
        name="satisfaction",
        caption=_("Satisfaction by service"),
        columns=[
            Column(key="name", label=_("Service"), is_row_header=True),
            Column(key="asked", label=_("Asked"), kind="integer"),
            Column(key="answered", label=_("Opinions"), kind="integer"),
            Column(key="rate", label=_("Answered the question"), kind="percent", decimals=0),
            Column(key="satisfied", label=_("Satisfied"), kind="percent", decimals=0),
            Column(key="score", label=_("Mean"), kind="decimal"),
        ],
        rows=rows,
        note=_("No figure from fewer than {least}.", least=LEAST),
        more=Link(text=_("What they wrote"), href=asked.opinions()) if asked.leads else None,
    )
