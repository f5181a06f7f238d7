"""The section of a profile that says whether an institution answers."""

from __future__ import annotations

from vigie.index.place import ANSWERS, Months
from vigie.present import naming
from vigie.present.document import Cell, Column, Grid, Interval, Link, Section
from vigie.present.writing import Month
from vigie.words import _


def answers(slug: str, figures: Months) -> list[Section]:
    """Say whether it answers, where it was asked enough to tell."""
    share, median = ANSWERS
    known = [one for one in figures.networks(share) if figures.row(share, one)["value"] is not None]
    if not known:
        return []
    rows: list[dict[str, Cell]] = [
        {
            "network": naming.network(network),
            **{
                name: Interval(value=row["value"], low=row["low"], high=row["high"])
                for name in ANSWERS
                for row in (figures.row(name, network),)
            },
            "n": figures.row(share, network)["n"],
        }
        for network in known
    ]
    grid = Grid(
        name="answers",
        caption=_("Public questions in {month}", month=Month(figures.month)),
        columns=[
            Column(key="network", label=_("Network"), is_row_header=True),
            Column(key=share, label=_("Answered within 24 hours"), kind="decimal", unit=_("%")),
            Column(key=median, label=_("Median time to an answer"), kind="decimal",
                   unit=_("hours")),
            Column(key="n", label=_("Questions"), kind="integer"),
        ],
        rows=rows,
        more=Link(
            text=_("How long does one wait, and what is counted?"),
            href=f"{naming.institution_path(slug)}responsiveness/",
        ),
    )  # fmt: skip
    return [Section(title=_("Does it answer?"), name="answers", blocks=[grid])]
