"""Does it say the same as an earlier post?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from vigie.annotate.batch import Batch
from vigie.annotate.classifier import Answered, Classifier
from vigie.annotate.duplicates import plain
from vigie.words import Words, _


class Duplicate(Classifier):
    """The first post of the group of those that say the same, or none for what is new.

    The same to the letter once links, handles, marks and case are set aside; or nearly: cosine
    of at least 0.6 over weighed parts of five letters, and above 100,000 texts at least 85 % of
    letters in common. Copies are reach, not voices: they are counted apart.
    """

    label: ClassVar[Words] = _("Says the same as")
    answers: ClassVar[Mapping[str, Words]] = {}
    version: ClassVar[str] = "1"
    is_multiple: ClassVar[bool] = False

    def classify(self, batch: Batch) -> list[Answered]:
        """Return ``network:post`` of the first of the group, for each text that is not it."""
        names = batch.names or [str(place) for place in range(len(batch))]
        texts = [plain(signs) for signs in batch.signs]
        return [
            Answered((found[0],), (found[1],)) if found else Answered()
            for found in batch.known.archive().first_of(names, texts)
        ]
