"""Tells on the terminal how well texts kept apart were answered, and which marks are reached."""

from __future__ import annotations

from collections.abc import Sequence

from vigie.annotate.annotating import classifiers
from vigie.annotate.marks_reached import ALARMS, AUC, FOUND, NONE, RIGHT, TOP_TWO, Measured
from vigie.cli.saying import tell, tell_table
from vigie.words import Words, _

UNKNOWN = "—"


def tell_marks(found: Sequence[Measured]) -> None:
    """Print every figure with its interval, and its mark where it has one."""
    heads = (_("Question"), _("Measure"), _("Language"), _("By"), _("Texts"),
             _("Value"), _("at least"), _("at most"), _("Mark"), _("Reached"))  # fmt: skip
    tell_table(heads, [_row(one) for one in found])
    tell(
        _(
            "“at least” and “at most” hold the true value 95 times in 100. “model”: what the rules "
            "taught on these texts and those of corpus.csv, each text judged by a model that "
            "learned from the others; nobody’s answers were shown to it."
        )
    )


def _row(one: Measured) -> tuple[object, ...]:
    figures = (one.value, one.low, one.high, one.mark)
    shown = [UNKNOWN if figure is None else f"{figure:.3f}" for figure in figures]
    reached = {True: _("yes"), False: _("no"), None: UNKNOWN}[one.is_reached]
    return (
        classifiers()[one.question].label,
        _measure(one),
        one.language or _("all"),
        one.by,
        one.n,
        *shown,
        reached,
    )


def _measure(one: Measured) -> Words:
    answer = classifiers()[one.question].answers.get(one.answer, one.answer)
    return {
        RIGHT: _("right (unknown is wrong)"),
        AUC: _("AUC: {answer}", answer=answer),
        TOP_TWO: _("right one among two"),
        NONE: _("silent where none is right"),
        FOUND: _("found: {answer}", answer=answer),
        ALARMS: _("alarmed for nothing"),
    }[one.measure]
