"""Every classifier by name, and what they answer of some texts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache

from vigie.annotate import classifiers as folder
from vigie.annotate.batch import Batch
from vigie.annotate.classifier import Answered, Classifier
from vigie.plugins import members


@cache
def classifiers() -> Mapping[str, type[Classifier]]:
    """Return every classifier by its name, which is the question it answers."""
    return members(folder, Classifier)


def answered(batch: Batch, questions: Sequence[str] = ()) -> Mapping[str, list[Answered]]:
    """Return what each classifier answers of each text; some questions, or all."""
    return {name: classifiers()[name]().classify(batch) for name in questions or classifiers()}
