"""Must a person read it now?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from vigie.annotate.batch import Batch, Scores
from vigie.annotate.classifier import Graded
from vigie.annotate.rules import certain, sums
from vigie.words import Words, _


class Urgency(Graded):
    """Whether a text should be read by a person now, and for what risk, by tight phrases.

    Phrases said in the first person or of a witness, never a word alone: *alerte*, *help me* or
    *hackathon* flag nothing. It never sets off anything but a person's reading, and many cries
    are written in words no list holds: what it does not flag is not safe for that.
    """

    label: ClassVar[Words] = _("To be read by a person")
    answers: ClassVar[Mapping[str, Words]] = {
        "self_harm": _("self-harm"),
        "violence": _("violence or threat"),
        "harassment": _("harassment or discrimination"),
        "safety": _("safety of people and buildings"),
        "data_leak": _("leak of personal data"),
        "destitution": _("no food or no roof"),
        "deadline": _("deadline within hours"),
    }
    version: ClassVar[str] = "3"
    is_multiple: ClassVar[bool] = True

    def score(self, batch: Batch) -> Scores:
        """Return how sure each risk is."""
        return certain(sums(batch, "urgency", self.graded()))
