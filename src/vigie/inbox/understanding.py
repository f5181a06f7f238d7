"""What the classifiers say of a message when it comes in: a help for routing, never a decision."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from vigie.annotate.annotating import answered
from vigie.annotate.batch import Batch
from vigie.annotate.classifier import Answered

ASKED = ("language", "intent", "service", "urgency")


@dataclass(frozen=True, kw_only=True)
class Understood:
    """What is thought of the words of a message; empty: it cannot be said."""

    language: str = ""
    intents: tuple[str, ...] = ()
    offices: tuple[tuple[str, float], ...] = ()
    """Kinds of office, the surest first, with its certainty."""
    is_urgent: bool = False
    """Something in it is to be read by a person at once."""
    annotator: str = ""


Understand = Callable[[Sequence[str]], Sequence[Understood]]
"""Reads many texts at once."""


def nothing(texts: Sequence[str]) -> Sequence[Understood]:
    """Understand nothing: rules then go by where a message came in."""
    return [Understood()] * len(texts)


def by_rules(texts: Sequence[str]) -> Sequence[Understood]:
    """Understand what the rules of the classifiers do."""
    if not texts:
        return []
    found = answered(Batch(texts=list(texts), own=[False] * len(texts)), ASKED)
    return [_understood(found, place) for place in range(len(texts))]


def _understood(found: Mapping[str, Sequence[Answered]], place: int) -> Understood:
    said = {question: answers[place] for question, answers in found.items()}
    offices = said["service"]
    return Understood(
        language=next(iter(said["language"].answers), ""),
        intents=said["intent"].answers,
        offices=tuple(zip(offices.answers, offices.certainties, strict=True)),
        is_urgent=bool(said["urgency"].answers),
        annotator="rules",
    )
