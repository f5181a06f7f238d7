"""In which language is it written?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from vigie.annotate.batch import Batch
from vigie.annotate.classifier import Answered, Classifier
from vigie.words import Words, _


class Language(Classifier):
    """The language of the text, among those the team expects (setting ``languages``).

    Addresses, handles and the sign of hashtags are taken out first; parts of words and the common
    words of each language tell. A tiny or doubtful text gets the network's own guess, where it
    gives one that is expected, or no answer: *unknown*.
    """

    label: ClassVar[Words] = _("Language")
    answers: ClassVar[Mapping[str, Words]] = {}
    version: ClassVar[str] = "3"
    is_multiple: ClassVar[bool] = False

    def classify(self, batch: Batch) -> list[Answered]:
        """Return an ISO 639-1 code for each text, or none."""
        told = batch.told
        return [
            Answered((code,), (certainty,)) if code else Answered()
            for code, certainty in zip(told.languages, told.certainties, strict=True)
        ]
