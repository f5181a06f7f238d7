"""Learns from the rules and from people: on a team's own texts, a line through its own words.

The rules answer about the corpus; where they are confident, a linear model learns to answer the
same from all the words of the text, and so answers where no rule speaks. What people answered
counts more. Nothing is learned from texts of anyone else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix, hstack, vstack

from vigie.annotate.batch import Batch, Scores
from vigie.annotate.classifier import Flags, Graded, certainty
from vigie.annotate.vectors import WIDTH
from vigie.errors import ModelError
from vigie.words import _

LEAST_ROWS = 200
"""Texts of a language below which nothing is learned."""
LEAST_EACH = 10
"""Confident texts on either side below which an answer is not learned."""
MOST_ROWS = 20_000
"""Texts of a language that are learned from, at most."""
PERSON = 10.0
"""How much more a text counts that a person answered about."""
FOLDS = 5
SEED = 20_263
TRUST, ROUNDS = 5.0, 15
"""How much a model trusts what it reads (the fewer texts, the less it may follow single words),
and how often it reads the corpus."""
HALF_HEARD = 10
"""Texts of the rarer side from which a model learned half as sure as it sounds."""

Rows = npt.NDArray[np.int64]


@dataclass(frozen=True, kw_only=True)
class Lines:
    """What was learned of one language: for each answer, a weight for each feature."""

    rarity: Scores
    """How telling each feature is: the rarer, the more."""
    weights: Scores
    """One row for each answer."""
    offsets: Scores
    learned: Flags
    """Answers there was enough to learn of; the rules answer the others."""

    def certain(self, vectors: csr_matrix) -> Scores:
        """Return how sure of each answer, 0 to 1."""
        telling = _telling(vectors, self.rarity)
        summed = np.asarray(telling @ self.weights.T) + self.offsets
        return certainty(summed)


@dataclass(frozen=True, kw_only=True)
class Corpus:
    """Texts of one language to learn from, with what the rules and people say of them."""

    vectors: csr_matrix
    rules: Scores
    """How sure the rules are of each answer."""
    right: Flags
    """What they teach of each answer,"""
    sure: Flags
    """and whether they are sure enough to teach it."""
    people: Mapping[int, Sequence[bool]] = field(default_factory=dict)
    """Row → which answers a person gave."""


@dataclass(frozen=True, kw_only=True)
class Reading:
    """Texts read once: their features, what the rules say, their languages."""

    classifier: Graded
    vectors: csr_matrix
    rules: Scores
    languages: Sequence[str | None]

    @classmethod
    def of(
        cls,
        batches: Iterable[Batch],
        classifier: Graded,
        *,
        meanings: Callable[[Batch], Scores] | None = None,
        width: int = 0,
    ) -> Reading:
        """Read batches of texts, one after the other; an encoder adds so many numbers to each."""
        vectors, rules, languages = [], [], []
        for batch in batches:
            vectors.append(joined(batch.vectors, meanings(batch) if meanings else None))
            rules.append(classifier.score(batch))
            languages += batch.told.languages
        none = np.empty((0, len(classifier.graded())), dtype=np.float32)
        return cls(
            classifier=classifier,
            vectors=vstack(
                [csr_matrix((0, WIDTH + width), dtype=np.float32), *vectors], format="csr"
            ),
            rules=np.concatenate([none, *rules]),
            languages=languages,
        )

    def rows(self, language: str) -> Rows:
        """Return the rows of a language."""
        return np.flatnonzero([one == language for one in self.languages])

    def corpus(self, rows: Rows, people: Mapping[int, Iterable[str]]) -> Corpus:
        """Return some rows to learn from; ``people``: row of the reading → answers given."""
        names = self.classifier.graded()
        places = {int(row): place for place, row in enumerate(rows)}
        right, sure = self.classifier.lessons(self.rules[rows])
        return Corpus(
            vectors=self.vectors[rows],
            rules=self.rules[rows],
            right=right,
            sure=sure,
            people={
                places[row]: [name in set(given) for name in names]
                for row, given in people.items()
                if row in places
            },
        )


def joined(words: csr_matrix, meanings: Scores | None) -> csr_matrix:
    """Return the features of texts with what an encoder says of each beside them."""
    if meanings is None:
        return words
    return hstack([words, csr_matrix(meanings)], format="csr", dtype=np.float32)


def learn(corpus: Corpus, *, without: Flags | None = None) -> Lines:
    """Learn from a corpus, some texts left out.

    Where too little is certain of an answer to learn it, it stays with the rules.
    """
    used = np.ones(corpus.rules.shape[0], dtype=bool) if without is None else ~without
    if int(used.sum()) < LEAST_ROWS:
        raise ModelError(
            _(
                "{count} texts are too few to learn from: {least} are needed.",
                count=int(used.sum()),
                least=LEAST_ROWS,
            )
        )
    rarity = _rarity(corpus.vectors[used])
    telling = _telling(corpus.vectors, rarity)
    answers = corpus.rules.shape[1]
    weights = np.zeros((answers, corpus.vectors.shape[1]), dtype=np.float32)
    offsets = np.zeros(answers, dtype=np.float32)
    learned = np.zeros(answers, dtype=bool)
    for answer in range(answers):
        line = _line(corpus, telling, answer, used)
        if line is not None:
            weights[answer], offsets[answer] = line
            learned[answer] = True
    return Lines(rarity=rarity, weights=weights, offsets=offsets, learned=learned)


def cross_fitted(corpus: Corpus) -> Scores:
    """Return how sure a model is of each text that learned from the others, not from it.

    Answers there is too little to learn of keep the scores of the rules.
    """
    count = corpus.rules.shape[0]
    fold = np.random.default_rng(SEED).permutation(count) % FOLDS
    found = corpus.rules.copy()
    for place in range(FOLDS):
        left = fold == place
        lines = learn(corpus, without=left)
        scores = lines.certain(corpus.vectors[left])
        found[np.ix_(left, lines.learned)] = scores[:, lines.learned]
    return found


def _line(
    corpus: Corpus, telling: csr_matrix, answer: int, used: Flags
) -> tuple[Scores, float] | None:
    """Learn one answer from what is sure of it; none when that is too little."""
    from sklearn.linear_model import SGDClassifier

    right, sure = corpus.right[:, answer].copy(), corpus.sure[:, answer].copy()
    weight = np.ones(len(right))
    for row, given in corpus.people.items():
        right[row], sure[row], weight[row] = given[answer], True, PERSON
    rows = np.flatnonzero(sure & used)
    many, few = int((~right[rows]).sum()), int(right[rows].sum())
    if min(many, few) < LEAST_EACH:
        return None
    rows = _some(rows, corpus.people)
    # A rare answer weighs more, or a model would never dare to give it; not as much as all
    # others together, or it would give it everywhere.
    weight[right] *= np.sqrt(many / few)
    model = SGDClassifier(
        loss="log_loss", alpha=1 / (TRUST * len(rows)), max_iter=ROUNDS, tol=None,
        average=True, random_state=SEED,
    )  # fmt: skip
    model.fit(telling[rows], right[rows], sample_weight=weight[rows])
    rarer = min(many, few)
    heard = rarer / (rarer + HALF_HEARD)
    return (heard * model.coef_[0]).astype(np.float32), heard * float(model.intercept_[0])


def _some(rows: Rows, people: Mapping[int, object]) -> Rows:
    """Return the rows learned from: those of people, and of the others as many as may be."""
    if len(rows) <= MOST_ROWS:
        return rows
    chance = np.random.default_rng(SEED)
    kept = np.array(sorted(people), dtype=np.int64)
    others = chance.permutation(np.setdiff1d(rows, kept))[:MOST_ROWS]
    return np.sort(np.concatenate([np.intersect1d(rows, kept), others]))


def _rarity(vectors: csr_matrix) -> Scores:
    having = np.bincount(vectors.indices, minlength=WIDTH)[:WIDTH]
    found: Scores = (np.log((1 + vectors.shape[0]) / (1 + having)) + 1).astype(np.float32)
    return found


def _telling(vectors: csr_matrix, rarity: Scores) -> csr_matrix:
    """Return texts with rare features weighing more, each of length 1; meanings as they are."""
    if vectors.shape[1] > WIDTH:
        words, meanings = vectors[:, :WIDTH], vectors[:, WIDTH:]
        return hstack([_telling(words, rarity), meanings], format="csr")
    weighed = vectors.copy()
    weighed.data = weighed.data * rarity[weighed.indices]
    squares = np.asarray(weighed.multiply(weighed).sum(axis=1)).ravel()
    lengths = np.sqrt(np.maximum(squares, 1e-12)).astype(np.float32)
    weighed.data /= np.repeat(lengths, np.diff(weighed.indptr))
    return weighed
