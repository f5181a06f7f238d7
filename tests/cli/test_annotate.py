"""Texts are labelled from the terminal, and as due work."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cast import NOON, post
from tests.cli.conftest import Run
from vigie.cli.jobs import Jobs
from vigie.columns import table_of
from vigie.model import Post
from vigie.settings import Settings, load
from vigie.sources import turns
from vigie.sources.models import Work
from vigie.sources.turns import ANNOTATE
from vigie.store.store import Store, open_store


def test_texts_are_labelled(run: Run) -> None:
    open_store(load()).append("posts", table_of(Post, [post("1"), post("2")]))
    assert run("annotate", "--question", "language")[1].startswith("2 texts were labelled")
    assert json.loads(run("annotate", "--question", "tone", "--json")[1])["labels"] == 2


def test_a_question_nobody_knows_is_refused_in_words(run: Run) -> None:
    code, _out, err = run("annotate", "--question", "colour")
    assert (code, "The questions are" in err) == (1, True)


@pytest.mark.slow
@pytest.mark.django_db
def test_texts_are_labelled_as_due_work(store: Store, settings: Settings) -> None:
    store.append("posts", table_of(Post, [post("1")]))
    turns.schedule(settings, now=NOON)
    assert Work.objects.filter(kind=ANNOTATE, due_at__lte=NOON).exists()
    work = Jobs(store=store, settings=settings).by_kind[ANNOTATE]
    claim = next(iter(_claims(settings)))
    outcome = work(claim, lambda: False)
    assert (outcome.is_finished, str(outcome.words)) == (True, "1 text was labelled.")
    assert work(claim, lambda: False).words is None


@pytest.mark.slow
@pytest.mark.django_db
def test_due_work_that_is_stopped_stays_due(store: Store, settings: Settings) -> None:
    store.append("posts", table_of(Post, [post("1")]))
    turns.schedule(settings, now=NOON)
    work = Jobs(store=store, settings=settings).by_kind[ANNOTATE]
    outcome = work(next(iter(_claims(settings))), lambda: True)
    assert (outcome.is_finished, outcome.words) == (False, None)


def _claims(settings: Settings) -> list[turns.Claim]:
    found = []
    while claim := turns.claim("w", now=NOON, lease=turns.FIRST_PAUSE):
        found.append(claim)
    return [one for one in found if one.kind == ANNOTATE]


@pytest.mark.django_db
def test_texts_are_drawn_answered_and_told(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    texts = ["C'est une honte", "Super école, j'adore", "Le cours a lieu mardi"]
    store = open_store(load())
    store.append("posts", table_of(Post, [post(str(n), text=one) for n, one in enumerate(texts)]))
    run("annotate")
    assert run("annotate", "check", "--question", "tone", "--draw", "3")[0] == 0
    given = iter(["1", "3", ""])
    monkeypatch.setattr("click.prompt", lambda *_args, **_named: next(given))
    code, out, _err = run("annotate", "check", "--question", "tone", "--by", "alice")
    assert (code, "2 texts were checked." in out, "too few" in out) == (0, True, True)
    told = json.loads(run("annotate", "check", "--question", "tone", "--figures", "--json")[1])
    assert told["people"] == {"alice": 2}


@pytest.mark.django_db
def test_too_few_texts_teach_nothing_and_it_is_said(run: Run) -> None:
    code, _out, err = run("annotate", "train", "--question", "tone")
    assert (code, "too few texts to learn from" in err) == (1, True)


@pytest.mark.django_db
def test_one_goes_back_to_the_rules_by_hand(run: Run) -> None:
    assert run("annotate", "train", "--question", "tone", "--use", "rules")[0] == 0
    code, _out, err = run("annotate", "train", "--question", "tone", "--use", "4")
    assert (code, "There is no version 4" in err) == (1, True)


def test_texts_kept_apart_are_measured_beside_their_marks(run: Run, tmp_path: Path) -> None:
    rows = "text,answers\nOù est la salle,fr\nWo ist denn der Saal,fr\n"
    (tmp_path / "language.csv").write_text(rows, "utf-8")
    code, out, _err = run("annotate", "marks", str(tmp_path))
    assert (code, "0.500" in out, "0.985" in out) == (0, True, True)
    told = json.loads(run("annotate", "marks", str(tmp_path), "--json")[1])
    assert (told[0]["n"], told[0]["is_reached"]) == (2, False)
