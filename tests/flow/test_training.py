"""A team's model answers only where it beats the rules on the team's own checks."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.annotate.corpus import told
from tests.cast import NOON, post
from vigie import flow
from vigie.annotate.classifiers.tone import Tone
from vigie.annotate.models import Models, Switch
from vigie.annotate.succession import INSISTED, TOOK, WORSE
from vigie.columns import records_of, table_of
from vigie.errors import ModelError
from vigie.flow.people import Key
from vigie.flow.training import _rows
from vigie.model import Label, Post
from vigie.settings import Settings
from vigie.store.store import Store

TONE = Tone.annotator()
TOLD = told(600, seed=4)
CHECKED = 120


def name(place: int) -> str:
    return f"p{place}"


@pytest.fixture
def filled(store: Store) -> Store:
    posts = [
        post(name(place), text=text, published_at=NOON - timedelta(hours=place))
        for place, (text, _tone) in enumerate(TOLD)
    ]
    store.append("posts", table_of(Post, posts))
    return store


def say(store: Store, places: range, *, wrongly: bool = False) -> set[Key]:
    """Let Alice answer about some posts."""
    turned = {"negative": "positive", "positive": "negative"}
    said = [
        Label(
            network="bluesky",
            post=name(place),
            published_on=(NOON - timedelta(hours=place)).date(),
            question="tone",
            annotator="person:alice",
            answers=(turned[TOLD[place][1]] if wrongly else TOLD[place][1],),
            certainties=(1.0,),
            labelled_at=NOON,
        )
        for place in places
    ]
    store.append("labels", table_of(Label, said))
    return {(one.network, one.post) for one in said}


def annotators(store: Store) -> set[str]:
    labels = records_of(Label, store.table("labels").to_pyarrow())
    return {one.annotator for one in labels if one.question == "tone"}


def test_a_model_that_beats_the_rules_answers(filled: Store, settings: Settings) -> None:
    checks = say(filled, range(CHECKED))
    trained = flow.train(filled, "tone", settings=settings, checks=checks, by="alice")
    french = trained.languages["fr"]
    assert french.is_on
    assert (french.model_f1 or 0) > (french.rules_f1 or 1)
    assert french.people == 0
    assert CHECKED >= french.checked > 0.9 * CHECKED
    flow.annotate(filled, settings=settings)
    assert annotators(filled) == {"person:alice", TONE, "model 1"}


def test_a_model_that_does_not_is_kept_and_silent(filled: Store, settings: Settings) -> None:
    checks = say(filled, range(CHECKED), wrongly=True)
    trained = flow.train(filled, "tone", settings=settings, checks=checks)
    assert not trained.languages["fr"].is_on
    assert (Models(settings.home).versions("tone"), Models(settings.home).current("tone")) == (
        [1], None,
    )  # fmt: skip


def test_a_model_nobody_checked_is_silent(filled: Store, settings: Settings) -> None:
    assert not flow.train(filled, "tone", settings=settings).languages["fr"].is_on


def test_few_checks_switch_nothing_on(filled: Store, settings: Settings) -> None:
    checks = say(filled, range(40))
    assert not flow.train(filled, "tone", settings=settings, checks=checks).languages["fr"].is_on


def test_corrections_are_learned_from_and_checks_are_not(filled: Store, settings: Settings) -> None:
    checks = say(filled, range(60))
    say(filled, range(60, 90))
    french = flow.train(filled, "tone", settings=settings, checks=checks).languages["fr"]
    assert 60 >= french.checked > 50
    assert 30 >= french.people > 25


def test_labels_of_a_model_are_due_after_it_was_trained_anew(
    filled: Store, settings: Settings
) -> None:
    checks = say(filled, range(CHECKED))
    flow.annotate(filled, settings=settings)
    flow.train(filled, "tone", settings=settings, checks=checks)
    assert flow.annotate(filled, settings=settings).texts > 0
    assert flow.annotate(filled, settings=settings).texts == 0


def test_going_back_to_the_rules_leaves_nothing_due(filled: Store, settings: Settings) -> None:
    checks = say(filled, range(CHECKED))
    flow.train(filled, "tone", settings=settings, checks=checks)
    flow.annotate(filled, settings=settings)
    flow.use_model(filled, "tone", None, settings=settings)
    flow.annotate(filled, settings=settings)
    assert annotators(filled) == {"person:alice", TONE}


def test_months_of_which_no_text_is_looked_at_stand_in_nobodys_way(filled: Store) -> None:
    assert _rows(filled, {}, most=0).num_rows == 0


def test_too_few_texts_teach_nothing(store: Store, settings: Settings) -> None:
    with pytest.raises(ModelError, match="too few texts"):
        flow.train(store, "tone", settings=settings)


def taught(store: Store, settings: Settings, checks: set[Key]) -> tuple[str, int | None]:
    """Teach once more; return what became of it, and which version answers."""
    place = flow.train(store, "tone", settings=settings, checks=checks).place
    return place, Models(settings.home).current("tone")


def test_a_successor_is_compared_and_takes_the_place_where_it_does_no_worse(
    filled: Store, settings: Settings
) -> None:
    checks = say(filled, range(CHECKED))
    assert taught(filled, settings, checks) == (TOOK, 1)
    assert taught(filled, settings, checks) == (TOOK, 2)
    beside = Models(settings.home).manifest("tone", 2).beside
    assert beside is not None
    assert (beside.version, beside.low, beside.high) == (1, 0.0, 0.0)
    assert CHECKED >= beside.n > 0.9 * CHECKED


def test_a_successor_that_does_worse_is_kept_and_silent(filled: Store, settings: Settings) -> None:
    checks = say(filled, range(CHECKED))
    taught(filled, settings, checks)
    say(filled, range(CHECKED, CHECKED + 4), wrongly=True)
    assert taught(filled, settings, checks) == (WORSE, 1)


@pytest.mark.slow
def test_what_a_person_insisted_on_stays(filled: Store, settings: Settings) -> None:
    checks = say(filled, range(CHECKED))
    taught(filled, settings, checks)
    flow.use_model(filled, "tone", 1, settings=settings, switch=Switch(by="alice", insisted="So."))
    assert taught(filled, settings, checks) == (INSISTED, 1)
    assert Models(settings.home).manifest("tone", 2).beside is not None
