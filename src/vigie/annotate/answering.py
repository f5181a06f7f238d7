"""Who answers which question: the rules, and the models a team has switched on."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from vigie.annotate.annotating import classifiers
from vigie.annotate.batch import Batch
from vigie.annotate.classifier import Answered
from vigie.errors import LabelError
from vigie.words import _

TRIAL = "trial"
"""What labels that count nowhere begin with."""


@dataclass(frozen=True, kw_only=True)
class Annotator:
    """One who answers one question about every text."""

    question: str
    name: str
    """As labels say it: ``rules 1``, ``model 3``."""
    answer: Callable[[Batch], Sequence[Answered | None]]
    """None: it says nothing of that text, and leaves it to the rules."""
    languages: frozenset[str] | None = None
    """Those it speaks of; none: whatever the language."""
    since: date | None = None
    """The first day of the posts it speaks of; none: whatever the day."""
    may_leave: bool = False
    """It may leave a text to the rules for good: that it did is kept, and the text is not due."""

    @property
    def left(self) -> str:
        """Return who left a text to the rules, as labels say it: no figure reads it."""
        return f"{TRIAL} left {self.name}"


def rules(questions: Iterable[str] = ()) -> list[Annotator]:
    """Return the rules of these questions, or of all."""
    known = classifiers()
    chosen = list(questions) or list(known)
    unknown = [name for name in chosen if name not in known]
    if unknown:
        raise LabelError(
            _(
                "There is no question {question}. The questions are: {questions}.",
                question=unknown[0],
                questions=", ".join(known),
            )
        )
    return [
        Annotator(question=name, name=known[name].annotator(), answer=known[name]().classify)
        for name in chosen
    ]
