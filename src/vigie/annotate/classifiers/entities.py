"""Which institutions of the register does it name?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from vigie.annotate.batch import Batch
from vigie.annotate.classifier import Answered, Classifier
from vigie.words import Words, _


class Entities(Classifier):
    """The institutions of the register that a text names, by name, alias, hashtag or handle.

    A short or doubtful name (*P1*, *Lyon 2*, the name of the city) counts only near words of
    university life; a name that several institutions bear, only with the city of one of them.
    """

    label: ClassVar[Words] = _("Institutions named")
    answers: ClassVar[Mapping[str, Words]] = {}
    version: ClassVar[str] = "1"
    is_multiple: ClassVar[bool] = True

    def classify(self, batch: Batch) -> list[Answered]:
        """Return the slugs of those named in each text, the surest first."""
        names = batch.known.names
        return [
            _answered(names.named(spoken, cleaned.handles, network=batch.network(place)))
            for place, (spoken, cleaned) in enumerate(zip(batch.spoken, batch.cleaned, strict=True))
        ]


def _answered(found: Mapping[str, float]) -> Answered:
    sure = sorted((-certainty, slug) for slug, certainty in found.items() if certainty)
    return Answered(tuple(slug for _, slug in sure), tuple(-minus for minus, _ in sure))
