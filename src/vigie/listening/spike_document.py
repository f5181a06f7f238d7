"""Why a spike came about, as a document: terms, copies, networks, what started it, two charts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from vigie.listening import label_names
from vigie.listening.spike_chart import DayShown, counts_chart, means_chart
from vigie.listening.spike_words import HOW, INVISIBLE, calendar_said, seen_said, surely
from vigie.listening.spikes import RISE
from vigie.listening.why import Term, Why
from vigie.model import Spike
from vigie.present import naming
from vigie.present.document import (
    Block,
    Chart,
    Column,
    Document,
    Grid,
    Interval,
    Link,
    Note,
    Paragraph,
    Section,
)
from vigie.present.writing import Names, Percent
from vigie.words import Words, _, plural

Address = Callable[[str], str]
"""Term → the address that shows its posts."""


def document(
    spike: Spike,
    told: Why | None,
    days: Sequence[DayShown],
    *,
    title: Words,
    event: str | None,
    address: Address,
    now: datetime,
) -> Document:
    """Return what explains a spike; without ``told`` its posts are not kept any more."""
    charts: list[Chart] = []
    if days:
        charts = [counts_chart(list(days)), means_chart(list(days))]
    if spike.kind == RISE:
        charts.reverse()
    return Document(
        name="spike",
        title=title,
        lead=surely(spike),
        blocks=[
            *_remarks(spike, event),
            *charts[:1],
            *(_explained(told, address) if told else [Note(text=_GONE)]),
            *charts[1:],
            Section(title=_("How it is found, and what is not"), name="how",
                    blocks=[Paragraph(text=HOW), Paragraph(text=INVISIBLE)]),
        ],
        made_at=now,
    )  # fmt: skip


_GONE = _("The posts of this day are not kept any more: what set them apart cannot be told.")


def _remarks(spike: Spike, event: str | None) -> list[Block]:
    found: list[Block] = []
    if event is not None:
        found.append(Note(text=_("In the calendar: {event}.", event=event)))
    for words in (calendar_said(spike), seen_said(spike)):
        if words is not None:
            found.append(Note(text=words))
    return found


def _explained(told: Why, address: Address) -> list[Block]:
    said = [*_copies(told), _networks(told), *_labels(told), _spark(told), *_answers(told)]
    return [
        Section(title=_("What sets these posts apart"), name="terms",
                blocks=[_terms(told.terms, address)]),
        Section(title=_("Where it came from"), name="origin",
                blocks=[Paragraph(text=words) for words in said]),
    ]  # fmt: skip


def _terms(terms: Sequence[Term], address: Address) -> Block:
    if not terms:
        return Paragraph(
            text=_(
                "No word is said far more often than in the weeks before: it is more of the same."
            )
        )
    return Grid(
        name="driving-terms",
        caption=_("Words and two-word terms said far more often than in the eight weeks before"),
        columns=[
            Column(key="term", label=_("Term"), is_row_header=True),
            Column(key="posts", label=_("Posts now"), kind="integer"),
            Column(key="authors", label=_("Authors"), kind="integer"),
            Column(key="before", label=_("Posts before"), kind="integer"),
            Column(key="times", label=_("Times as often"), kind="decimal"),
        ],
        rows=[
            {
                "term": Link(text=one.driving.written, href=address(one.driving.term)),
                "posts": len(one.posts),
                "authors": one.driving.authors,
                "before": one.driving.before,
                "times": Interval(
                    value=one.driving.times, low=one.driving.low, high=one.driving.high
                ),
            }
            for one in terms
        ],
        note=_(
            "The odds of the term, drawn towards no difference by a prior as heavy as the posts "
            "themselves; the interval holds the truth nine times in ten. Only terms of three "
            "authors or more."
        ),
    )


def _copies(told: Why) -> list[Words]:
    copies = told.duplicates + told.reposts
    if not copies:
        return [_("None of the posts is a copy or a repost of another.")]
    return [
        _(
            "Beside these {posts} posts there are {duplicates} near-copies and {reposts} reposts: "
            "{share} of all. They are reach, and are not counted.",
            posts=told.posts,
            duplicates=told.duplicates,
            reposts=told.reposts,
            share=Percent(copies / told.copies_of),
        )
    ]


def _networks(told: Why) -> Words:
    names = Names(
        tuple(
            _("{network} ({count})", network=naming.network(network), count=count)
            for network, count in told.networks
        )
    )
    return _("By network: {names}.", names=names)


def _labels(told: Why) -> list[Words]:
    found = []
    if told.intents:
        found.append(_("What they want: {names}.", names=_answered("intent", told.intents)))
    if told.services:
        found.append(_("Offices concerned: {names}.", names=_answered("service", told.services)))
    return found


def _answered(question: str, counts: Sequence[tuple[str, int]]) -> Names:
    return Names(
        tuple(
            _("{answer} ({count})", answer=label_names.answer(question, name), count=count)
            for name, count in counts
        )
    )


def _spark(told: Why) -> Words:
    if told.spark is None:
        return _("No post of the institution started it, as far as answers show.")
    if told.spark.came_first:
        return plural(
            "A post of the institution started it: {count} post answers it, and it came first.",
            "A post of the institution started it: {count} posts answer it, and it came first.",
            count=told.spark.answers,
        )
    return plural(
        "A post of the institution feeds it: {count} post answers it. Others came before.",
        "A post of the institution feeds it: {count} posts answer it. Others came before.",
        count=told.spark.answers,
    )


def _answers(told: Why) -> list[Words]:
    if not told.answers:
        return []
    return [
        _("{share} of the posts answer another.", share=Percent(told.answers / max(told.posts, 1)))
    ]
