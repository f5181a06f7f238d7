"""A classifier of the team's own, in a folder: its labels read as our answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from vigie.annotate.batch import Batch, Scores
from vigie.annotate.classifier import Answered, Graded
from vigie.annotate.folders import Folder, labels_of
from vigie.annotate.graph import Numbers, open_graph
from vigie.annotate.remembered import Remembered
from vigie.words import _

SEVERAL = "multi_label_classification"


@dataclass(frozen=True, kw_only=True)
class Predictor:
    """A classifier that is open: how sure it is of each of its labels."""

    name: str
    digest: str
    question: str
    languages: frozenset[str]
    labels: Sequence[str]
    answers: Mapping[str, str]
    """Label → answer of ours, or nothing."""
    run: Callable[[Sequence[str]], Numbers]
    remembered: Remembered | None = None

    def predict(self, texts: Sequence[str]) -> list[Mapping[str, float]]:
        """Return of each text how sure each answer of ours is; each is put to it once."""
        known = self.remembered.of(texts) if self.remembered else {}
        new = [text for text in dict.fromkeys(texts) if text not in known]
        if new:
            rows = zip(new, self.run(new), strict=True)
            said = {text: row.astype(np.float32).tobytes() for text, row in rows}
            known |= said
            if self.remembered:
                self.remembered.keep(said)
        return [self._ours(np.frombuffer(known[text], dtype=np.float32)) for text in texts]

    def _ours(self, sure: Numbers) -> Mapping[str, float]:
        found: dict[str, float] = {}
        for label, one in zip(self.labels, sure.tolist(), strict=True):
            answer = self.answers[label]
            if answer:
                found[answer] = min(found.get(answer, 0.0) + one, 1.0)
        return found

    def answer(
        self, batch: Batch, classifier: Graded, languages: frozenset[str]
    ) -> list[Answered | None]:
        """Answer about the texts of some languages; what it has no label for is the rules'."""
        found: list[Answered | None] = [None] * len(batch)
        rows = [row for row, one in enumerate(batch.told.languages) if one in languages]
        if not rows:
            return found
        predicted = self.predict([batch.cleaned[row].text for row in rows])
        chosen = classifier.chosen(self._scores(classifier, predicted, batch, rows))
        for row, answered in zip(rows, chosen, strict=True):
            found[row] = answered
        return found

    def _scores(
        self,
        classifier: Graded,
        predicted: Sequence[Mapping[str, float]],
        batch: Batch,
        rows: Sequence[int],
    ) -> Scores:
        names = classifier.graded()
        spoken = set(self.answers.values())
        scores = np.array(
            [[one.get(name, 0.0) for name in names] for one in predicted], dtype=np.float32
        )
        silent = [place for place, name in enumerate(names) if name not in spoken]
        if silent:
            scores[:, silent] = classifier.score(batch)[np.ix_(list(rows), silent)]
        return scores


def open_predictor(folder: Folder, *, threads: int, cache: Path | None = None) -> Predictor:
    """Open the classifier of a folder; refuse labels that nobody said the meaning of."""
    labels, digest = labels_of(folder), folder.digest
    graph = open_graph(folder, threads=threads)
    sure = _each if folder.told("config.json").get("problem_type") == SEVERAL else _among_all

    def run(texts: Sequence[str]) -> Numbers:
        found = np.zeros((len(texts), len(labels)), dtype=np.float32)
        for places, numbers, _mask in graph.run(texts):
            if numbers.ndim != 2 or numbers.shape[1] != len(labels):
                raise folder.wrong(
                    _(
                        "it gives {found} numbers for each text, and names {labels} labels.",
                        found="x".join(map(str, numbers.shape[1:])),
                        labels=len(labels),
                    )
                )
            found[places] = sure(numbers)
        return found

    return Predictor(
        name=folder.name,
        digest=digest,
        question=folder.question,
        languages=folder.languages,
        labels=labels,
        answers=folder.answers,
        run=run,
        remembered=Remembered(path=cache / f"{digest}.sqlite3") if cache else None,
    )


def _each(numbers: Numbers) -> Numbers:
    """Return how sure of each label where several may be right."""
    found: Numbers = (1 / (1 + np.exp(-numbers))).astype(np.float32)
    return found


def _among_all(numbers: Numbers) -> Numbers:
    """Return how sure of each label where one is right: they sum to 1."""
    grown = np.exp(numbers - numbers.max(axis=1, keepdims=True))
    found: Numbers = (grown / grown.sum(axis=1, keepdims=True)).astype(np.float32)
    return found
