"""Versions of models are kept, used, gone back from, and never trusted blindly."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.annotate.corpus import told
from vigie.annotate.batch import Batch
from vigie.annotate.learning import Lines, Reading, learn
from vigie.annotate.models import Learned, Manifest, Models, classifier_of
from vigie.errors import ModelError

MANIFEST = Manifest(
    question="tone", version=0, answers=("negative", "neutral", "positive"), rules="1",
    trained_at="2026-10-01T12:00:00+00:00", by="alice",
    languages={"fr": Learned(texts=900, people=0, checked=60, is_on=True)},
)  # fmt: skip


@pytest.fixture(scope="module")
def lines() -> Lines:
    batch = Batch(texts=[text for text, _tone in told(400, seed=1)])
    reading = Reading.of([batch], classifier_of("tone"))
    return learn(reading.corpus(np.arange(400), {}))


@pytest.fixture
def models(tmp_path: Path) -> Models:
    return Models(tmp_path)


def test_a_version_comes_back_as_it_was_kept(models: Models, lines: Lines) -> None:
    kept = models.keep(MANIFEST, {"fr": lines})
    found = models.open("tone", kept.version).lines["fr"]
    vectors = Batch(texts=["fanfare et lampions", "guichet muet"]).vectors
    assert found.certain(vectors) == pytest.approx(lines.certain(vectors), abs=0.01)
    assert models.manifest("tone", 1) == kept


def test_versions_are_counted_and_none_answers_before_it_is_told_to(
    models: Models, lines: Lines
) -> None:
    assert [models.keep(MANIFEST, {"fr": lines}).version for _ in range(3)] == [1, 2, 3]
    assert (models.versions("tone"), models.current("tone")) == ([1, 2, 3], None)


def test_one_goes_back_to_an_earlier_version_and_to_the_rules(models: Models, lines: Lines) -> None:
    models.keep(MANIFEST, {"fr": lines})
    models.keep(MANIFEST, {"fr": lines})
    models.use("tone", 2)
    assert models.current("tone") == 2
    models.use("tone", 1)
    assert models.current("tone") == 1
    models.use("tone", None)
    assert models.current("tone") is None
    assert models.versions("tone") == [1, 2]


def test_a_model_answers_only_in_the_languages_it_is_on(models: Models, lines: Lines) -> None:
    models.keep(MANIFEST, {"fr": lines})
    model = models.open("tone", 1)
    texts = ["Hier soir fanfare et lampions partout", "The library opens at eight on Monday"]
    french, english = model.answer(Batch(texts=texts))
    assert french is not None
    assert (french.answers, english) == (("positive",), None)


def test_a_language_that_is_off_is_left_to_the_rules(models: Models, lines: Lines) -> None:
    off = {"fr": replace(MANIFEST.languages["fr"], is_on=False)}
    models.keep(replace(MANIFEST, languages=off), {"fr": lines})
    assert models.open("tone", 1).answer(Batch(texts=["Hier soir fanfare et lampions"])) == [None]


def test_altered_weights_are_refused(models: Models, lines: Lines, tmp_path: Path) -> None:
    models.keep(MANIFEST, {"fr": lines})
    path = tmp_path / "models" / "tone" / "1" / "weights.npz"
    path.write_bytes(path.read_bytes() + b"x")
    with pytest.raises(ModelError, match="is not what was kept"):
        models.open("tone", 1)


@pytest.mark.parametrize("question", ["language", "duplicate", "colour"])
def test_what_cannot_be_learned_is_refused(question: str) -> None:
    with pytest.raises(ModelError, match="Those that can: intent, service, tone, urgency"):
        classifier_of(question)


def test_a_version_nobody_kept_is_refused(models: Models) -> None:
    with pytest.raises(ModelError, match="There is no version 4"):
        models.use("tone", 4)
