"""What the classifiers say of a message when it comes in: a help for routing, never a decision."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass


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
