"""Which service does it concern?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from vigie.annotate.batch import Batch, Scores
from vigie.annotate.classifier import Graded
from vigie.annotate.rules import certain, sums
from vigie.words import Words, _


class Service(Graded):
    """The office a text concerns, the surest two, or none, by families of words.

    A phrase stands for the words inside it: *emploi du temps* is teaching and not careers, an
    *online course* is teaching and not IT. Stress alone is not health.
    """

    label: ClassVar[Words] = _("Service")
    answers: ClassVar[Mapping[str, Words]] = {
        "admissions": _("admissions"),
        "registry": _("registry"),
        "teaching": _("teaching"),
        "library": _("library"),
        "it": _("IT"),
        "housing": _("housing and transport"),
        "finance": _("grants and fees"),
        "international": _("international relations"),
        "careers": _("placements and careers"),
        "health": _("health and disability"),
        "student_life": _("student life"),
        "communication": _("communication"),
    }
    version: ClassVar[str] = "2"
    is_multiple: ClassVar[bool] = True
    most: ClassVar[int | None] = 2

    def score(self, batch: Batch) -> Scores:
        """Return how sure each service is."""
        return certain(sums(batch, "service", self.graded()))
