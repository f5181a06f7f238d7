"""How well the classifiers answer about texts kept apart, beside the marks they must reach."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from vigie.annotate.annotating import classifiers
from vigie.annotate.batch import Batch, Scores
from vigie.annotate.checking import wilson
from vigie.annotate.classifier import RULES, Answered, Graded
from vigie.annotate.held_out import HeldOut, Kept
from vigie.annotate.learning import LEAST_ROWS, Reading, cross_fitted
from vigie.annotate.models import MODEL, classifier_of

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

RIGHT, AUC, TOP_TWO, NONE, FOUND, ALARMS = "right", "auc", "top two", "none", "found", "alarms"
MARKS: Mapping[tuple[str, str, str, str | None], float] = {
    ("language", RIGHT, "", None): 0.985,
    ("intent", AUC, "complaint", "fr"): 0.95,
    ("intent", AUC, "question", "fr"): 0.88,
    ("intent", AUC, "praise", "fr"): 0.97,
    ("tone", AUC, "positive", "fr"): 0.95,
    ("service", TOP_TWO, "", None): 0.80,
}
"""Question, measure, answer, language (none: all) → the least it must be. Those of intent and tone
are for a model that the rules taught on the texts themselves, without any answer of a person."""
TAUGHT = ("intent", "tone")
"""Questions where a model is taught as well."""
ASKED = {"intent": ("complaint", "question", "praise", "belonging"), "tone": ("positive",)}
LEAST_EACH = 5
"""Right and wrong texts below which an area under a curve is not told."""
DRAWS, SEED = 1_000, 20_261
LOW, HIGH = 2.5, 97.5
"""Percentiles of the draws: a 95 % interval."""
Z = 1.96
SERVICE = "service"


@dataclass(frozen=True, kw_only=True)
class Measured:
    """One figure: of how many texts, with its 95 % interval, and the mark it must reach."""

    question: str
    measure: str
    answer: str = ""
    language: str | None = None
    by: str = RULES
    n: int
    value: float | None
    low: float | None = None
    high: float | None = None
    mark: float | None = None

    @property
    def is_reached(self) -> bool | None:
        """Whether the figure itself reaches its mark; none: it has none, or is unknown."""
        return None if self.mark is None or self.value is None else self.value >= self.mark


@dataclass(frozen=True, kw_only=True)
class Read:
    """The texts of a question, as the machine read them."""

    question: str
    kept: Sequence[Kept]
    languages: Sequence[str | None]
    """As the person says, or else as the machine tells."""

    def groups(self) -> Iterator[tuple[str | None, Flags]]:
        """Return all texts, then those of each language where there are several."""
        yield None, np.ones(len(self.kept), dtype=bool)
        names = sorted({one for one in self.languages if one})
        for name in names:
            yield name, np.array([one == name for one in self.languages])

    def has(self, answer: str) -> Flags:
        """Tell for each text whether an answer is right."""
        return np.array([answer in one.right for one in self.kept], dtype=bool)


def measure(held: HeldOut) -> list[Measured]:
    """Return every figure these texts can tell, question by question."""
    found: list[Measured] = []
    for question, kept in held.kept.items():
        batch = Batch(texts=[one.text for one in kept], own=[one.is_own for one in kept])
        told = batch.told.languages
        said = [one.language or here for one, here in zip(kept, told, strict=True)]
        if question == "language":
            said = [min(one.right) for one in kept]
        read = Read(question=question, kept=kept, languages=said)
        if question in ASKED:
            found += _curves(read, batch, held.corpus)
        else:
            found += _shares(read, classifiers()[question]().classify(batch))
    return found


def _shares(read: Read, answered: Sequence[Answered]) -> Iterator[Measured]:
    """Tell what share of the answers is right, as fits the question."""
    given = [frozenset(one.answers) for one in answered]
    right = [one.right for one in read.kept]
    hit = np.array([bool(one & other) for one, other in zip(given, right, strict=True)], bool)
    asked = np.array([bool(one) for one in right], dtype=bool)
    silent = np.array([not one for one in given], dtype=bool)
    if read.question == "urgency":
        yield from _risks(read, given, silent, asked)
        return
    name = TOP_TWO if read.question == SERVICE else RIGHT
    for language, rows in read.groups():
        yield _share(read, name, hit[rows & asked], language=language)
        if read.question == SERVICE and (rows & ~asked).any():
            yield _share(read, NONE, silent[rows & ~asked], language=language)


def _risks(
    read: Read, given: Sequence[frozenset[str]], silent: Flags, asked: Flags
) -> Iterator[Measured]:
    """Tell what share of the cries of each risk is found, and how many ordinary posts alarm."""
    for language, rows in read.groups():
        for risk in classifiers()[read.question].answers:
            found = np.array([risk in one for one in given], dtype=bool)
            cries = rows & read.has(risk)
            if cries.any():
                yield _share(read, FOUND, found[cries], answer=risk, language=language)
        if (rows & ~asked).any():
            yield _share(read, ALARMS, ~silent[rows & ~asked], language=language)


def _curves(read: Read, batch: Batch, corpus: Sequence[str]) -> Iterator[Measured]:
    """Tell how often a text where an answer is right is surer of it than one where it is not."""
    classifier = classifier_of(read.question)
    rules = classifier.score(batch)
    taught = _taught(classifier, read, batch, corpus) if read.question in TAUGHT else {}
    for language, rows in read.groups():
        for answer in ASKED[read.question]:
            used, right = _sides(read, answer, rows)
            yield _area(read, answer, right, _leaning(classifier, rules, answer)[used], language)
            if language in taught:
                scores = _leaning(classifier, taught[language], answer)[used]
                yield _area(read, answer, right, scores, language, by=MODEL)


def _sides(read: Read, answer: str, rows: Flags) -> tuple[Flags, Flags]:
    """Return the texts that are compared, and of these the ones where the answer is right."""
    used = rows & (read.has("positive") | read.has("negative")) if read.question == "tone" else rows
    return used, read.has(answer)[used]


def _leaning(classifier: Graded, scores: Scores, answer: str) -> Scores:
    """Return how much surer of an answer each text is; of tone, than of its contrary."""
    names = classifier.graded()
    found: Scores = scores[:, names.index(answer)]
    if answer == "positive":
        found = found - scores[:, names.index("negative")]
    return found


def _taught(
    classifier: Graded, read: Read, batch: Batch, corpus: Sequence[str]
) -> dict[str | None, Scores]:
    """Return, by language, the scores with a model that learned from the rules on other texts.

    Texts without answers help to learn; no text is scored by a model that learned from it.
    """
    seen = set(batch.texts)
    more = Batch(texts=[text for text in corpus if text not in seen])
    reading = Reading.of([batch, more], classifier)
    found: dict[str | None, Scores] = {}
    for language in sorted({one for one in read.languages if one}):
        said = [*read.languages, *more.told.languages]
        rows = np.flatnonzero([one == language for one in said])
        if len(rows) < LEAST_ROWS:
            continue
        learned = cross_fitted(reading.corpus(rows, {}))
        scores = reading.rules.copy()
        scores[rows] = classifier.blended(reading.rules[rows], learned)
        found[language] = scores[: len(batch)]
    return found


def _share(
    read: Read, name: str, flags: Flags, *, answer: str = "", language: str | None
) -> Measured:
    value = float(flags.mean()) if len(flags) else None
    low, high = wilson(value, len(flags), Z) if value is not None else (None, None)
    mark = MARKS.get((read.question, name, answer, language))
    return Measured(
        question=read.question, measure=name, answer=answer, language=language,
        n=len(flags), value=value, low=low, high=high, mark=mark,
    )  # fmt: skip


def _area(
    read: Read,
    answer: str,
    right: Flags,
    scores: Scores,
    language: str | None,
    by: str = RULES,
) -> Measured:
    value = low = high = None
    if min(right.sum(), (~right).sum()) >= LEAST_EACH:
        drawn = areas(right, scores)
        value = float(drawn[0])
        low, high = (float(one) for one in np.nanpercentile(drawn[1:], [LOW, HIGH]))
    mark = MARKS.get((read.question, AUC, answer, language))
    if by == RULES and read.question in TAUGHT:
        mark = None
    return Measured(
        question=read.question, measure=AUC, answer=answer, language=language, by=by,
        n=len(right), value=value, low=low, high=high, mark=mark,
    )  # fmt: skip


def areas(right: Flags, scores: Iterable[float]) -> Floats:
    """Return the area under the curve, then the same in each draw of the texts.

    It is the chance that a text where the answer is right scores above one where it is not; a tie
    is half.
    """
    count = len(right)
    _values, places = np.unique(np.asarray(scores, dtype=np.float64), return_inverse=True)
    chance = np.random.default_rng(SEED)
    drawn = chance.multinomial(count, np.full(count, 1 / count), DRAWS)
    found = np.empty(DRAWS + 1)
    for row, weights in enumerate([np.ones(count), *drawn]):
        yes = np.bincount(places, weights * right)
        no = np.bincount(places, weights * ~right)
        pairs = yes.sum() * no.sum()
        above = (yes * (np.cumsum(no) - no / 2)).sum()
        found[row] = above / pairs if pairs else np.nan
    return found
