"""What does its author want?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

import numpy as np

from vigie.annotate.batch import Batch, Scores
from vigie.annotate.classifier import Graded
from vigie.annotate.rules import certain, sums
from vigie.words import Words, _


class Intent(Graded):
    """What the author of a text wants: to ask, complain, praise, belong, inform.

    Several at once: an angry question is a question and a complaint. Phrases of each intent are
    weighed with the feeling of the text, its question marks, links and hashtags, and whether it
    says *I*. What an institution writes is information, unless its words are strong.
    """

    label: ClassVar[Words] = _("Intent")
    answers: ClassVar[Mapping[str, Words]] = {
        "question": _("question"),
        "complaint": _("complaint"),
        "praise": _("praise"),
        "belonging": _("belonging"),
        "information": _("information"),
        "other": _("something else"),
    }
    version: ClassVar[str] = "1"
    is_multiple: ClassVar[bool] = True
    otherwise: ClassVar[str | None] = "other"

    def score(self, batch: Batch) -> Scores:
        """Return how sure each intent is."""
        said = sums(batch, "intent", self.graded())
        question, complaint, praise, belonging, information = said.T
        feeling, marks = batch.valences, batch.marks
        own = np.array([batch.is_own(place) for place in range(len(batch))], dtype=np.float32)
        announced = self._announced(batch, information) + 2.5 * own
        public = np.clip(announced, 0, 3)
        total = feeling.positive + feeling.negative
        ill = (feeling.negative - 0.6 * feeling.positive) / np.sqrt(1 + 0.25 * total)
        good = (feeling.positive - 0.8 * feeling.negative) / np.sqrt(1 + 0.25 * total)
        weighed = np.stack(
            [
                question - 0.45 * np.maximum(public - 1, 0),
                np.tanh(complaint / 4) * 3 + 0.45 * ill + 0.1 * marks.shouted - 0.5 * public,
                np.tanh(praise / 4) * 3
                + 0.4 * good
                - 0.25 * np.maximum(complaint, 0)
                - 0.5 * public,
                belonging - 0.4 * public,
                announced
                - 0.5 * np.maximum(complaint, 0)
                - 0.4 * np.maximum(question, 0) * (own == 0),
            ],
            axis=1,
        )
        return certain(weighed.astype(np.float32))

    @staticmethod
    def _announced(batch: Batch, phrases: Scores) -> Scores:
        """Return how much a text sounds as written to inform: links, hashtags, *we*, no *I*."""
        marks = batch.marks
        linked = np.minimum(marks.links, 2) * 0.9
        tagged = np.minimum(marks.hashtags, 4) * 0.3
        voice = np.minimum(marks.ourselves, 2) * 0.2 - np.minimum(marks.selves, 3) * 0.7
        reposted = marks.reposts * 1.0
        found: Scores = np.tanh(phrases / 4) * 3.2 + linked + tagged + voice + reposted
        return found
