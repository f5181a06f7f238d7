"""A model that the rules taught answers where no rule speaks."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from tests.annotate.corpus import told
from vigie.annotate.batch import Batch
from vigie.annotate.learning import Corpus, Reading, cross_fitted, learn
from vigie.annotate.models import classifier_of
from vigie.errors import ModelError

TOLD = told(900, seed=1)
TRUTH = np.array([tone == "positive" for _text, tone in TOLD])


@pytest.fixture(scope="module")
def reading() -> Reading:
    return Reading.of([Batch(texts=[text for text, _tone in TOLD])], classifier_of("tone"))


def corpus(reading: Reading, people: dict[int, set[str]] | None = None) -> Corpus:
    return reading.corpus(np.arange(len(TOLD)), people or {})


def leaning(scores: np.ndarray) -> np.ndarray:  # type: ignore[type-arg]
    found: np.ndarray = scores[:, 2] - scores[:, 0]  # type: ignore[type-arg]
    return found


def test_a_model_beats_the_rules_that_taught_it(reading: Reading) -> None:
    rules = roc_auc_score(TRUTH, leaning(reading.rules))
    found = roc_auc_score(TRUTH, leaning(cross_fitted(corpus(reading))))
    assert found > max(rules + 0.03, 0.97)


def test_the_same_texts_teach_the_same(reading: Reading) -> None:
    one, other = learn(corpus(reading)), learn(corpus(reading))
    assert np.array_equal(one.weights, other.weights)


def test_no_text_is_answered_by_a_model_that_learned_from_it(reading: Reading) -> None:
    wrong = {row: {"negative" if TRUTH[row] else "positive"} for row in range(0, 900, 90)}
    alone = cross_fitted(corpus(reading, {0: wrong[0]}))
    assert alone[0, 2] == pytest.approx(cross_fitted(corpus(reading))[0, 2], abs=0.05)


def test_people_are_believed_more_than_rules(reading: Reading) -> None:
    rows = [row for row, (text, _tone) in enumerate(TOLD) if "fanfare" in text]
    people = {row: {"negative"} for row in rows}
    probe = Batch(texts=["fanfare et lampions partout"]).vectors
    before = learn(corpus(reading)).certain(probe)[0]
    after = learn(corpus(reading, people)).certain(probe)[0]
    assert before[2] > 0.5 > after[2]


def test_what_nothing_is_certain_of_is_not_learned(reading: Reading) -> None:
    assert learn(corpus(reading)).learned.tolist() == [True, False, True]


def test_few_texts_teach_nothing(reading: Reading) -> None:
    with pytest.raises(ModelError, match="too few to learn from: 200"):
        learn(reading.corpus(np.arange(150), {}))
