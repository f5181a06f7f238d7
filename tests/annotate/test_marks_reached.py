"""Texts kept apart are read from a folder, and told beside the marks to reach."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tests.annotate.corpus import told
from vigie.annotate.held_out import read_held_out
from vigie.annotate.marks_reached import Measured, areas, measure
from vigie.errors import FileError


def write(folder: Path, name: str, *lines: str) -> Path:
    """Write a file as a person would."""
    (folder / name).write_text("\n".join(lines), "utf-8")
    return folder


def figures(folder: Path) -> dict[tuple[str, str, str | None, str], Measured]:
    """Measure a folder; measure, answer, language and who answers → the figure."""
    found = measure(read_held_out(folder))
    return {(one.measure, one.answer, one.language, one.by): one for one in found}


def test_language_is_told_by_language_with_its_mark(tmp_path: Path) -> None:
    write(
        tmp_path,
        "language-invented.csv",
        "text,answers",
        "Je n'ai toujours pas reçu ma carte,fr",
        "Non ho ancora ricevuto la mia tessera,it",
        "I still have not received my card,de",
        "ok,fr",
    )
    found = figures(tmp_path)
    whole = found["right", "", None, "rules"]
    assert (whole.n, whole.value, whole.mark, whole.is_reached) == (4, 0.5, 0.985, False)
    assert found["right", "", "it", "rules"].value == 1
    assert found["right", "", "fr", "rules"].value == 0.5  # unknown is not right


def test_service_is_right_where_one_of_two_is(tmp_path: Path) -> None:
    write(
        tmp_path,
        "service.csv",
        "text,answers,language",
        "Le wifi de la BU ne marche pas,it,fr",
        "Le wifi de la BU ne marche pas du tout,housing,fr",
        "Bonjour à tous,,fr",
    )
    found = figures(tmp_path)
    two = found["top two", "", None, "rules"]
    assert (two.n, two.value, two.is_reached) == (2, 0.5, False)
    assert found["none", "", None, "rules"].value == 1


def test_cries_and_alarms_are_told_apart(tmp_path: Path) -> None:
    write(
        tmp_path,
        "urgency.csv",
        "text|answers".replace("|", ","),
        "je veux mourir,self_harm",
        "tout va mal,self_harm",
        "mort de rire,",
    )
    found = figures(tmp_path)
    assert found["found", "self_harm", None, "rules"].value == 0.5
    assert found["alarms", "", None, "rules"].value == 0


def test_tone_is_measured_before_and_after_a_model_was_taught(tmp_path: Path) -> None:
    rows = [f'"{text}",{tone},fr' for text, tone in told(700, seed=3)]
    write(tmp_path, "tone.csv", "text,answers,language", *rows)
    found = figures(tmp_path)
    rules, taught = (found["auc", "positive", "fr", by] for by in ("rules", "model"))
    assert rules.value is not None
    assert taught.value is not None
    assert taught.value > rules.value
    assert (rules.mark, taught.mark, taught.is_reached) == (None, 0.95, True)


def test_too_few_texts_tell_nothing(tmp_path: Path) -> None:
    write(tmp_path, "intent.csv", "text,answers", "Bravo !,praise", "Bof,")
    assert figures(tmp_path)["auc", "praise", None, "rules"].value is None


def test_texts_without_answers_teach_as_well(tmp_path: Path) -> None:
    rows = [f'"{text}",{tone},fr' for text, tone in told(60, seed=4)]
    write(tmp_path, "tone.csv", "text,answers,language", *rows)
    assert ("auc", "positive", "fr", "model") not in figures(tmp_path)
    write(tmp_path, "corpus.csv", "text", *(f'"{text}"' for text, _tone in told(700, seed=5)))
    assert figures(tmp_path)["auc", "positive", "fr", "model"].n == 60


def test_a_tie_is_half() -> None:
    right = np.array([True, True, False, False])
    assert areas(right, [2, 1, 1, 0])[0] == 0.875
    assert areas(right, [0, 0, 0, 0])[0] == 0.5


@pytest.mark.parametrize(
    ("name", "lines", "said"),
    [
        ("colour.csv", ["text,answers", "x,fr"], "colour.csv is named after no question"),
        ("tone.csv", ["text", "x"], "tone.csv lacks the column answers"),
        ("tone.csv", ["text,answers", "Bien,good"], "tone.csv, line 2, column answers: good"),
        ("tone.csv", ["text,answers", "Bien,"], "line 2, column answers: this question has exactl"),
        ("intent.csv", ["text,answers", "Bien,praise", " ,praise"], "line 3, column text: it is"),
        ("intent.csv", ["text,answers,language", "Bien,,xx"], "line 2, column language: xx"),
    ],
)
def test_what_cannot_be_read_is_named(
    tmp_path: Path, name: str, lines: list[str], said: str
) -> None:
    with pytest.raises(FileError, match=said):
        read_held_out(write(tmp_path, name, *lines))


def test_an_empty_folder_says_what_to_put_there(tmp_path: Path) -> None:
    with pytest.raises(FileError, match=r"Put intent\.csv there"):
        read_held_out(tmp_path)


def test_a_file_in_another_encoding_is_refused_in_words(tmp_path: Path) -> None:
    (tmp_path / "tone.csv").write_bytes("text,answers\nté,neutral\n".encode("latin-1"))
    with pytest.raises(FileError, match="not written in UTF-8"):
        read_held_out(tmp_path)
