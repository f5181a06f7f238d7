"""What does its author want?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

import numpy as np
import numpy.typing as npt

from vigie.annotate.batch import Batch, Scores
from vigie.annotate.classifier import Graded
from vigie.annotate.rules import certain, sums
from vigie.words import Words, _

RHETORICAL = 0.35
"""What a question weighs in a headline: it is asked of nobody."""
OWN = 2.5
"""What it adds to *information* that an institution wrote the text."""
LEAST_STATED = 5
"""Signs of a text that states something."""


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
    version: ClassVar[str] = "3"
    is_multiple: ClassVar[bool] = True
    otherwise: ClassVar[str | None] = "other"

    def score(self, batch: Batch) -> Scores:
        """Return how sure each intent is."""
        said = sums(batch, "intent", self.graded())
        asked, complaint, praise, belonging, phrases = said.T
        marks, good = batch.marks, self._feeling(batch)
        own = np.array([batch.is_own(place) for place in range(len(batch))], dtype=np.float32)
        question = asked * np.where(self._is_rhetorical(batch) | (own > 0), RHETORICAL, 1)
        announced = self._announced(batch, phrases) + OWN * own
        public = np.clip(announced, 0, 3)
        weighed = [
            question - 0.45 * np.maximum(public - 1, 0),
            _bounded(complaint) - 0.45 * good + 0.1 * marks.shouted - 0.5 * public,
            _bounded(praise) + 0.4 * good - 0.25 * np.maximum(complaint, 0) - 0.7 * public,
            belonging - 0.6 * public,
            announced - 0.5 * np.maximum(complaint, 0) - 0.4 * np.maximum(question, 0),
        ]
        return certain(np.stack(weighed, axis=1).astype(np.float32))

    @staticmethod
    def _feeling(batch: Batch) -> Scores:
        """Return how good the feeling of each text is; below 0, how ill."""
        found = batch.valences
        scale = np.sqrt(1 + 0.25 * (found.positive + found.negative))
        feeling: Scores = (found.positive - 0.8 * found.negative) / scale
        return feeling

    @staticmethod
    def _is_rhetorical(batch: Batch) -> npt.NDArray[np.bool_]:
        """Tell the questions of a headline: a link, hashtags or a repost, and nobody says *I*."""
        marks = batch.marks
        shown = (marks.links > 0) | (marks.hashtags > 1) | (marks.reposts > 0)
        found: npt.NDArray[np.bool_] = shown & (marks.selves == 0)
        return found

    @staticmethod
    def _announced(batch: Batch, phrases: Scores) -> Scores:
        """Return how much a text sounds as written to inform: links, hashtags, *we*, no *I*."""
        marks = batch.marks
        shown = np.minimum(marks.links, 2) * 0.9 + np.minimum(marks.hashtags, 4) * 0.3
        voice = np.minimum(marks.ourselves, 2) * 0.2 - np.minimum(marks.selves, 3) * 0.7
        is_stated = (marks.words > LEAST_STATED) & (marks.selves == 0) & (marks.questions == 0)
        found: Scores = 3.2 * np.tanh(phrases / 4) + shown + voice + marks.reposts + 0.8 * is_stated
        return found


def _bounded(summed: Scores) -> Scores:
    """Return a sum that ten phrases do not make ten times surer than one."""
    found: Scores = 3 * np.tanh(summed / 4)
    return found
