"""Models in folders: what is read of them, what is refused with what is to be done."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest

from tests.annotate.tiny import classifier_in, encoder_in
from vigie.annotate.batch import Batch
from vigie.annotate.encoder import open_encoder
from vigie.annotate.folders import read_folder
from vigie.annotate.models import classifier_of
from vigie.annotate.predictor import open_predictor
from vigie.annotate.remembered import KEPT, Remembered
from vigie.annotate.slot import graded
from vigie.errors import ModelError

WORDS = {"guichet": (4.0, 0.0), "muet": (2.0, 0.0), "fanfare": (0.0, 4.0)}
ANSWERS = {"bad": "complaint", "good": "praise"}
FRENCH = "Le guichet est muet pour toutes les étudiantes"
ENGLISH = "The library opens at eight on Monday"


def classifier(folder: Path, **changes: object) -> Path:
    told = {"question": "intent", "answers": ANSWERS, "is_multiple": True, **changes}
    return classifier_in(folder, WORDS, ["bad", "good"], **told)  # type: ignore[arg-type]  # a test's


@pytest.fixture
def meanings(tmp_path: Path) -> Path:
    return encoder_in(tmp_path / "meanings", WORDS)


def test_an_encoder_gives_the_mean_of_its_pieces_at_length_one(meanings: Path) -> None:
    encoder = open_encoder(read_folder(meanings, graded()), threads=1)
    found = encoder.encode(["guichet fanfare", "guichet", "muet guichet guichet"])
    half = 0.5**0.5
    assert found == pytest.approx(np.array([[half, half], [1, 0], [1, 0]]), abs=0.01)


def test_texts_of_other_languages_are_nought_to_it(meanings: Path) -> None:
    encoder = open_encoder(read_folder(meanings, graded()), threads=1)
    french, english = encoder.meanings(Batch(texts=[FRENCH, ENGLISH]))
    assert french.any()
    assert not english.any()


def test_no_text_is_read_twice(meanings: Path, tmp_path: Path) -> None:
    encoder = open_encoder(read_folder(meanings, graded()), threads=1, cache=tmp_path / "said")
    first = encoder.encode(["guichet", "fanfare"])
    assert encoder.remembered is not None
    assert set(encoder.remembered.of(["guichet", "muet"])) == {"guichet"}
    assert (encoder.encode(["guichet", "fanfare"]) == first).all()


def test_what_was_said_long_ago_is_let_go(tmp_path: Path) -> None:
    day = date(2026, 10, 1)
    kept = Remembered(path=tmp_path / "said.sqlite3", today=lambda: day)
    kept.keep({"old": b"1"})
    later = Remembered(path=kept.path, today=lambda: day + KEPT + timedelta(days=1))
    later.keep({"new": b"2"})
    assert later.of(["old", "new"]) == {"new": b"2"}


def test_a_classifier_says_our_answers_and_leaves_the_others_to_the_rules(tmp_path: Path) -> None:
    found = open_predictor(read_folder(classifier(tmp_path / "mine"), graded()), threads=1)
    (sure,) = found.predict(["guichet muet"])
    assert sure["complaint"] == pytest.approx(1 / (1 + np.exp(-6)), abs=1e-4)
    assert sure["praise"] == pytest.approx(0.5)
    intent = classifier_of("intent")
    texts = [FRENCH, "Quand ouvre la bibliothèque du campus ?", ENGLISH]
    said = found.answer(Batch(texts=texts), intent, frozenset({"fr"}))
    assert [one and one.answers[0] for one in said] == ["complaint", "question", None]


def test_labels_that_exclude_each_other_sum_to_one(tmp_path: Path) -> None:
    folder = classifier(tmp_path / "mine", is_multiple=False)
    (sure,) = open_predictor(read_folder(folder, graded()), threads=1).predict(["fanfare"])
    assert sum(sure.values()) == pytest.approx(1)
    assert max(sure, key=lambda one: sure[one]) == "praise"


def test_two_labels_may_stand_for_one_answer_and_one_for_none(tmp_path: Path) -> None:
    words = {"guichet": (1.0, 1.0, 0.0)}
    folder = classifier_in(
        tmp_path / "stars", words, ["1", "2", "5"], question="tone",
        answers={"1": "negative", "2": "negative", "5": ""},
    )  # fmt: skip
    (sure,) = open_predictor(read_folder(folder, graded()), threads=1).predict(["guichet"])
    assert sure == {"negative": pytest.approx(2 * np.e / (2 * np.e + 1))}


def test_the_version_is_that_of_every_file(meanings: Path) -> None:
    before = read_folder(meanings, graded()).digest
    (meanings / "model.toml").write_text('languages = ["fr", "en"]\n', "utf-8")
    assert read_folder(meanings, graded()).digest != before


def card(text: str) -> Callable[[Path], None]:
    return lambda folder: (folder / "model.toml").write_text(text, "utf-8") and None


def removed(name: str) -> Callable[[Path], None]:
    return lambda folder: (folder / name).unlink()


def broken(name: str) -> Callable[[Path], None]:
    return lambda folder: (folder / name).write_text("{", "utf-8") and None


def labelled(*labels: str) -> Callable[[Path], None]:
    told = json.dumps({"id2label": {str(row): one for row, one in enumerate(labels)}})
    return lambda folder: (folder / "config.json").write_text(told, "utf-8") and None


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (removed("model.toml"), "holds no model.toml"),
        (card("languages = ["), "cannot be read"),
        (card('languages = ["fr"]\ncolour = "red"'), "names colour"),
        (card('languages = ["de"]'), "one or more of en, fr"),
        (card('languages = ["fr"]\nquestion = "mood"\n[answers]\nbad = "x"'), "must be one of"),
        (card('languages = ["fr"]\nquestion = "tone"\n[answers]\nbad = "awful"'), "awful are no"),
        (card('languages = ["fr"]\nquestion = "intent"\n[answers]\nbad = "complaint"'),
         "Not said: good"),
        (labelled("bad", "good", "ugly"), "Not said: ugly"),
        (labelled("bad"), "Not labels of the model: good"),
        (removed("config.json"), "names no labels"),
        (broken("config.json"), "is not JSON"),
        (removed("model.onnx"), "optimum-cli export onnx"),
        (broken("model.onnx"), "cannot be opened"),
        (removed("tokenizer.json"), "save_pretrained"),
        (broken("tokenizer.json"), "cannot be read"),
    ],
)  # fmt: skip
def test_what_cannot_be_used_is_refused_with_the_remedy(
    tmp_path: Path, spoil: Callable[[Path], None], told: str
) -> None:
    folder = classifier(tmp_path / "mine")
    spoil(folder)
    with pytest.raises(ModelError, match=told):
        open_predictor(read_folder(folder, graded()), threads=1)
