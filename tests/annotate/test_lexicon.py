"""How a line of a lexicon is read, and what it finds."""

from __future__ import annotations

from pathlib import Path

import pytest

from vigie.annotate import lexicon
from vigie.annotate.annotating import classifiers
from vigie.annotate.cleaning import signs, spoken
from vigie.annotate.finding import Finder, Hit
from vigie.errors import LexiconError


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(lexicon, "FOLDER", tmp_path)
    (tmp_path / "intent").mkdir()
    return tmp_path / "intent"


def hits(folder: Path, lines: str, text: str) -> list[Hit]:
    (folder / "complaint.fr.txt").write_text(lines, "utf-8")
    return Finder(lexicon.phrases("intent")).find(spoken(signs(text)))


@pytest.mark.parametrize(
    ("line", "text", "is_found"),
    [
        ("toujours en panne", "Toujours EN PANNE!", True),
        ("panne", "pannes", False),
        ("panne*", "pannes", True),
        ("(mon|ma|) carte", "ma carte", True),
        ("(mon|ma|) carte", "carte", True),
        ("(très (mal|peu)|non) reçu", "très peu recu", True),
        ("(revenez|(re)venez|venez) tous", "Revenez tous", True),
        ("(revenez|(re)venez|venez) tous", "Venez tous", True),
        ("inscri(re|s|t) ma", "inscrit ma", True),
        ("(la |l')(ecole|carte) ferme", "l'école ferme", True),
        ("depuis … jours", "depuis au moins trois jours", True),
        ("depuis … jours", "depuis jours", True),
        ("depuis … jours", "depuis un deux trois quatre cinq six sept jours", False),
        ("depuis … jours", "depuis lundi. Trois jours", False),
        ("^ comment", "Comment faire", True),
        ("^ comment", "dis comment faire", False),
        ("merci $", "voilà merci", True),
        ("merci $", "merci à tous", False),
        ("l'été", "l’ete", True),
    ],
)
def test_a_line_finds_what_it_says(folder: Path, line: str, text: str, is_found: bool) -> None:
    assert bool(hits(folder, line, text)) is is_found


def test_strength_holds_for_the_lines_that_follow(folder: Path) -> None:
    found = hits(folder, "[2]\npanne # why\n# a remark\n[-1.5]\nmerci\n", "panne merci")
    assert [hit.phrase.strength for hit in found] == [2, -1.5]


def test_a_longer_phrase_silences_those_inside_it(folder: Path) -> None:
    found = hits(folder, "[2]\nproblème\n[-1]\npas de problème", "pas de problème")
    assert [hit.phrase.strength for hit in found] == [-1]


def test_a_phrase_of_strength_0_silences_what_it_touches(folder: Path) -> None:
    found = hits(folder, "je vais mourir\n[0]\nmourir de rire", "je vais mourir de rire")
    assert found == []


@pytest.mark.parametrize("line", ["[strong]", "( | )", "…", "inscri* en ligne"])
def test_a_line_that_says_nothing_is_refused(folder: Path, line: str) -> None:
    with pytest.raises(LexiconError, match="Correct that line"):
        hits(folder, line, "")


def test_every_lexicon_is_of_an_answer_of_its_classifier() -> None:
    besides = {"negator", "booster"}
    for question in lexicon.questions():
        known = {*classifiers()[question].answers, *besides}
        assert {phrase.answer for phrase in lexicon.phrases(question)} <= known


def test_every_lexicon_says_what_it_holds() -> None:
    silent = [
        path.name
        for path in lexicon.FOLDER.rglob("*.txt")
        if not path.read_text("utf-8").startswith("# ")
    ]
    assert silent == []
