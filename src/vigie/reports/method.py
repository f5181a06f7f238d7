"""How every figure is made."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from datetime import datetime
from typing import ClassVar

import ibis.expr.types as ir

from vigie.index.groups import LEAST, MOST
from vigie.index.method import Method as PublishedMethod
from vigie.index.other_methods import unmeasured, why
from vigie.index.published import methods_known
from vigie.index.scoring import DIMENSIONS, WEIGHTS
from vigie.measure import indicators
from vigie.measure.indicator import Indicator
from vigie.plugins import members
from vigie.present import naming
from vigie.present.document import (
    Block,
    Cell,
    Column,
    Document,
    Grid,
    Link,
    Note,
    Paragraph,
    Said,
    Section,
)
from vigie.present.report import GRID, Choice, Report
from vigie.present.writing import Names
from vigie.words import Words, _

DRAWS = 1_000


class Method(Report):
    """Every indicator, weight and published method, from the code that computes them.

    The definitions are those of the members themselves: what is computed is what is printed.
    """

    label: ClassVar[Words] = _("Method: how is every figure made?")
    needs: ClassVar[frozenset[str]] = frozenset()
    choices: ClassVar[tuple[Choice, ...]] = (GRID,)

    def build(
        self, tables: Mapping[str, ir.Table], *, choices: Mapping[str, str], now: datetime
    ) -> Document:
        measured = members(indicators, Indicator)
        published = methods_known()
        latest = sorted(WEIGHTS)[-1]
        return Document(
            name="method",
            title=_("How is every figure made?"),
            lead=_(
                "{indicators} indicators, {methods} published methods, and the rules they keep. "
                "The definitions below are those of the code that computes them.",
                indicators=len(measured),
                methods=len(published),
            ),
            blocks=[
                Section(title=_("What always holds"), name="rules", blocks=_rules()),
                Section(title=_("The Index, step by step"), name="index", blocks=_steps(latest)),
                Section(
                    title=_("Indicators"),
                    name="indicators",
                    blocks=[
                        _indicators(measured),
                        *(_indicator(name, member) for name, member in measured.items()),
                    ],
                ),
                Section(
                    title=_("Published methods"),
                    name="methods",
                    blocks=[
                        _methods(published),
                        *(_method(name, member) for name, member in published.items()),
                    ],
                ),
                Section(title=_("Sources"), name="sources", blocks=_references()),
            ],
            made_at=now,
            method=f"vigie {latest}",
            choices=dict(choices),
        )


def _rules() -> list[Block]:
    return [
        Paragraph(text=text)
        for text in (
            _(
                "Unknown is not zero, absent is. A metric a network withholds, or that nobody "
                "looked at, is unknown: it is left out, and the coverage is printed. An "
                "institution that has no account on a network is absent: that is a fact."
            ),
            _(
                "Every value carries the number of observations, an interval and its freshness. "
                "Below the stated least number there is no value."
            ),
            _(
                "Denominators are never mixed: per follower, per view and per student are "
                "different indicators. Rates are compared within a network only."
            ),
            _(
                "Own posts only: a repost of someone else is not a post, and a carousel of nine "
                "images is one post."
            ),
            _(
                "The principal account of a network makes the headline; secondary accounts are "
                "summed beside it, never mixed in."
            ),
            _(
                "Growth is not computed across a break in a series: a purge of followers, pages "
                "merged, a metric renamed by its network."
            ),
        )
    ]


def _steps(latest: str) -> list[Block]:
    said = [
        _(
            "Peer groups: institutions of one kind and country; cut by number of students where a "
            "group exceeds {most}. A group under {least} is not ranked.",
            most=MOST,
            least=LEAST,
        ),
        _(
            "A score is the mid-rank percentile, 0 to 100, inside group, network and month. "
            "Networks weigh what the audience of the group weighs on them."
        ),
        _(
            "The interval of a rank holds nine draws in ten of {count}, each of which resamples "
            "posts and questions, draws the weights around those published and draws what is "
            "unknown.",
            count=DRAWS,
        ),
    ]
    rows: list[dict[str, Cell]] = [
        {
            "dimension": naming.dimension(dimension),
            "indicators": _(
                "{names}",
                names=Names(tuple(naming.indicator(one) for one in DIMENSIONS[dimension])),
            ),
            "weight": weight,
        }
        for dimension, weight in WEIGHTS[latest].items()
    ]
    weights = Grid(
        name="weights",
        caption=_("Dimensions and weights of the method {version}", version=f"vigie {latest}"),
        columns=[
            Column(key="dimension", label=_("Dimension"), is_row_header=True),
            Column(key="indicators", label=_("Measured by, the first that is known")),
            Column(key="weight", label=_("Weight"), kind="percent", decimals=0),
        ],
        rows=rows,
    )
    return [*(Paragraph(text=words) for words in said), weights]


def definition(member: type) -> list[Words]:
    """Return the published definition of a member: the paragraphs of its docstring."""
    written = inspect.cleandoc(member.__doc__ or "")
    plain = written.replace("``", "").replace("*", "")
    return [Words(" ".join(part.split())) for part in plain.split("\n\n") if part.strip()]


def _indicators(measured: Mapping[str, type[Indicator]]) -> Grid:
    rows: list[dict[str, Cell]] = [
        {
            "indicator": Link(text=member.label, href=f"#{_anchor(name)}"),
            "unit": member.unit,
            "least": member.least_n,
            "version": member.version,
            "source": member.source or "",
        }
        for name, member in measured.items()
    ]
    return Grid(
        name="all-indicators",
        caption=_("Every indicator"),
        columns=[
            Column(key="indicator", label=_("Indicator"), is_row_header=True),
            Column(key="unit", label=_("Unit")),
            Column(key="least", label=_("Least n"), kind="integer"),
            Column(key="version", label=_("Version")),
            Column(key="source", label=_("Source"), is_wide=True),
        ],
        rows=rows,
    )


def _anchor(name: str) -> str:
    return name.replace("_", "-")


def _indicator(name: str, member: type[Indicator]) -> Section:
    blocks: list[Block] = [Paragraph(text=words) for words in definition(member)]
    blocks.append(
        Note(
            text=_(
                "Unit: {unit}. No value below {least} observations.",
                unit=member.unit,
                least=member.least_n,
            )
        )
    )
    return Section(title=member.label, name=_anchor(name), blocks=blocks)


def _methods(published: Mapping[str, type[PublishedMethod]]) -> Grid:
    rows: list[dict[str, Cell]] = [
        {
            "method": Link(text=member.label, href=f"#method-{_anchor(name)}"),
            "author": member.author,
            "since": member.since,
            "source": _source(member),
        }
        for name, member in published.items()
    ]
    return Grid(
        name="all-methods",
        caption=_("Every method of comparison, each checked against its own published table"),
        columns=[
            Column(key="method", label=_("Method"), is_row_header=True),
            Column(key="author", label=_("Author")),
            Column(key="since", label=_("Since")),
            Column(key="source", label=_("Published at")),
        ],
        rows=rows,
    )


def _source(member: type[PublishedMethod]) -> Cell:
    if not member.source_url:
        return _("here")
    return Link(text=_("the page that printed it"), href=member.source_url)


def _method(name: str, member: type[PublishedMethod]) -> Section:
    blocks: list[Block] = [Paragraph(text=words) for words in definition(member)]
    never = unmeasured(member)
    if never:
        words = _(
            "Not shown in the Index: {method}. {reason}",
            method=member.label,
            reason=why(name, never),
        )
        blocks.append(Note(text=words))
    return Section(title=member.label, name=f"method-{_anchor(name)}", blocks=blocks)


def _references() -> list[Block]:
    books: tuple[Said, ...] = (
        "OECD/JRC, Handbook on Constructing Composite Indicators (2008).",
        "Goldstein and Spiegelhalter, “League tables and their limitations”, JRSS A 159 (1996).",
        "Marshall and Spiegelhalter, BMJ 316 (1998).",
        "Kaplan and Meier, JASA 53 (1958). Wilson, JASA 22 (1927). Theil (1950), Sen (1968).",
    )
    return [Paragraph(text=book) for book in books]
