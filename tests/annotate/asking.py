"""Puts texts to classifiers, shortly."""

from __future__ import annotations

from typing import cast

from vigie.annotate.annotating import classifiers
from vigie.annotate.batch import Batch
from vigie.annotate.classifier import Graded


def answers(question: str, text: str, *, own: bool = False) -> tuple[str, ...]:
    """Return what a classifier answers of one text."""
    batch = Batch(texts=[text], own=[own])
    return classifiers()[question]().classify(batch)[0].answers


def score(question: str, answer: str, text: str) -> float:
    """Return how sure the rules are of one answer."""
    classifier = cast("Graded", classifiers()[question]())
    return float(classifier.score(Batch(texts=[text]))[0, classifier.graded().index(answer)])
