"""Who answers a question: seen by all who read, decided by administrators, written in the log."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from django.conf import settings as site_settings
from django.test import Client, override_settings

from tests.annotate.tiny import classifier_in
from tests.cast import NOON
from tests.web.test_check_pages import labelled, shown
from vigie.annotate.checking import Estimate
from vigie.annotate.models import CLASSIFIER, TAUGHT, Learned, Manifest, Models
from vigie.annotate.succession import INSISTED, TOOK, Beside
from vigie.cli.jobs import Jobs
from vigie.columns import table_of
from vigie.listening.model_changes import Decision, switch
from vigie.listening.model_words import compared_words
from vigie.model import Label
from vigie.register.models import LogEntry
from vigie.settings import Settings
from vigie.sources.models import Work
from vigie.sources.turns import ANNOTATE, TRY, Claim
from vigie.store.store import Store
from vigie.words import _, say

__all__ = ["labelled"]

PAGE = "/listening/models/tone/"


@pytest.fixture
def models(settings: Settings, labelled: Store) -> Models:
    """Keep a version that was never compared."""
    models = Models(settings.home)
    models.keep(
        Manifest(
            question="tone", version=0, answers=("negative", "neutral", "positive"), rules="1",
            trained_at=NOON.isoformat(), by="alice", kind=CLASSIFIER, source="camembert",
            source_digest="0", speaks=("fr",),
        )
    )  # fmt: skip
    return models


def test_the_page_says_what_to_do_where_there_is_nothing(alice: Client, labelled: Store) -> None:
    page = shown(alice, PAGE)
    assert "The rules answer" in page
    assert "model_folders" in page


def test_only_administrators_decide(bob: Client, site: Client, models: Models) -> None:
    assert site.get(PAGE).status_code in {302, 403}
    assert bob.post(PAGE, {"version": "1", "why": "x"}).status_code == 403
    assert models.current("tone") is None


def test_what_was_not_shown_to_be_better_needs_a_reason(alice: Client, models: Models) -> None:
    refused = alice.post(PAGE, {"version": "1"})
    assert refused.status_code == 422
    assert "was not shown to be better" in refused.content.decode()
    assert models.current("tone") is None


def test_who_insists_is_named_on_the_page_and_in_the_log(alice: Client, models: Models) -> None:
    alice.post(PAGE, {"version": "1", "why": "Taught on our own archive"})
    assert (models.current("tone"), Work.objects.filter(kind=ANNOTATE).count()) == (1, 1)
    page = shown(alice, PAGE)
    assert "alice let it answer all the same" in page
    assert "Taught on our own archive" in page
    assert "let it answer all the same" in shown(alice, "/listening/check/tone/figures/")
    entry = LogEntry.objects.get(action="label.switch")
    assert entry.facts == {"version": 1, "insisted": "Taught on our own archive"}
    alice.post(PAGE, {"version": ""})
    assert models.current("tone") == 1
    alice.post(PAGE, {"version": "rules"})
    assert models.current("tone") is None


def taught(models: Models) -> int:
    """Keep a version that beat the rules in French when it was taught here."""
    learned = Learned(texts=900, people=40, checked=80, rules_f1=0.6, model_f1=0.7, is_on=True)
    earlier = models.manifest("tone", 1)
    return models.keep(
        replace(earlier, kind=TAUGHT, source="", speaks=(), languages={"fr": learned})
    ).version


def test_a_taught_version_that_beat_the_rules_takes_their_place_without_a_reason(
    alice: Client, models: Models
) -> None:
    version = taught(models)
    assert "It beat the rules on your check" in shown(alice, PAGE)
    alice.post(PAGE, {"version": str(version)})
    assert models.current("tone") == version


def test_a_taught_version_takes_the_place_of_another_only_with_a_reason(
    alice: Client, models: Models
) -> None:
    first, second = taught(models), taught(models)
    alice.post(PAGE, {"version": str(second)})
    assert f"It was not compared with version {second}" in shown(alice, PAGE)
    assert alice.post(PAGE, {"version": str(first)}).status_code == 422
    assert models.current("tone") == second
    alice.post(PAGE, {"version": str(first), "why": "The new one mistakes irony"})
    assert (models.current("tone"), models.switch("tone").languages) == (first, ("fr",))
    assert "The new one mistakes irony" in shown(alice, PAGE)


def test_a_taught_version_shows_how_it_did_beside_what_answers(
    alice: Client, models: Models
) -> None:
    first = taught(models)
    beside = Beside(version=first, n=80, f1=0.75, other_f1=0.7, low=0.01, high=0.09)
    manifest = models.manifest("tone", taught(models))
    better = models.keep(replace(manifest, place=INSISTED, beside=beside)).version
    alice.post(PAGE, {"version": str(first)})
    page = shown(alice, PAGE)
    assert "On 80 checked texts it is shown to be better than version 2: mean F1 0.75" in page
    alice.post(PAGE, {"version": str(better)})
    assert models.current("tone") == better
    even = models.keep(replace(manifest, place=TOOK, beside=replace(beside, low=-0.03)))
    models.use("tone", even.version)
    assert "such a one steps in unless it does worse" in shown(alice, PAGE)


def test_a_taught_version_that_did_not_beat_the_rules_says_on_how_many_texts(
    alice: Client, models: Models
) -> None:
    learned = Learned(texts=900, people=0, checked=12)
    earlier = models.manifest("tone", 1)
    models.keep(replace(earlier, kind=TAUGHT, source="", speaks=(), languages={"fr": learned}))
    assert "On 12 checked texts it was not shown to beat the rules" in shown(alice, PAGE)


def test_the_command_line_is_named_in_words(alice: Client, models: Models) -> None:
    switch(models, Decision(question="tone", version=1, why="Ours"))
    assert "the command line let it answer all the same" in shown(alice, PAGE)
    assert "the command line let it answer" in shown(alice, "/listening/check/tone/figures/")


def test_that_it_cannot_answer_is_said(alice: Client, models: Models) -> None:
    alice.post(PAGE, {"version": "1", "why": "x"})
    models.note_trouble("tone", _("The folder is empty."), at=NOON.isoformat())
    assert "The folder is empty." in shown(alice, PAGE)
    assert "The folder is empty." in shown(alice, "/listening/check/tone/figures/")


def test_a_tried_version_is_shown_beside_what_answers_and_beside_the_rules(
    alice: Client, labelled: Store, models: Models
) -> None:
    models.keep(replace(models.manifest("tone", 1), source="flaubert"))
    alice.post("/listening/check/", {"question": "tone"})
    alice.post(PAGE, {"version": "1", "why": "x"})
    said = {"person:alice": ("negative", "neutral"), "model 1": ("positive", "positive"),
            "trial 2": ("negative", "positive")}  # fmt: skip
    labelled.append("labels", table_of(Label, [
        Label(network="bluesky", post=f"p{n}", published_on=NOON.date(), question="tone",
              annotator=who, answers=(answers[n % 2 == 0],), certainties=(1.0,), labelled_at=NOON)
        for n in range(30) for who, answers in said.items()
    ]))  # fmt: skip
    page = shown(alice, PAGE)
    assert "On 30 checked texts it is not shown to be better than version 1: mean F1 0.50" in page
    assert "On 30 checked texts it does worse than the rules: mean F1 0.50 against 1.00" in page


def test_a_failed_trial_is_said_at_the_first_try(
    alice: Client, labelled: Store, settings: Settings
) -> None:
    claim = Claim(
        work=1, kind=TRY, connector="", subject="tone/camembert", every=None, due_at=NOON,
        is_whole=True, attempts=1, misses=0, worker="w", at=NOON,
    )  # fmt: skip
    jobs = Jobs(store=labelled, settings=settings, clock=lambda: NOON)
    assert jobs.by_kind[TRY](claim, lambda: False).failure is not None
    assert "The last teaching or trial failed." in shown(alice, PAGE)
    assert "No text was drawn yet" in shown(alice, "/listening/teach/tone/")


def test_a_model_that_settings_name_is_tried_when_it_is_asked(
    alice: Client, labelled: Store, settings: Settings, tmp_path: Path
) -> None:
    folder = classifier_in(
        tmp_path / "mine", {"a": (1.0, 0.0)}, ["x", "y"], question="tone",
        answers={"x": "negative", "y": "positive"},
    )  # fmt: skip
    configured = site_settings.CONFIGURED
    named = Settings(**{**vars(configured), "model_folders": f"{folder},{tmp_path / 'nowhere'}"})
    with override_settings(CONFIGURED=named):
        page = shown(alice, PAGE)
        assert "classifier: it answers by itself" in page
        assert "holds no model.toml" in page
        alice.post(PAGE, {"do": "try", "name": "mine"})
        alice.post(PAGE, {"do": "try", "name": "nowhere"})
        assert "waiting for its turn" in shown(alice, PAGE)
    assert [row.subject for row in Work.objects.filter(kind=TRY)] == ["tone/mine"]


@pytest.mark.parametrize(
    ("low", "high", "told"),
    [
        (0.01, 0.2, "it is shown to be better than the rules: mean F1 0.71 against 0.64"),
        (-0.02, 0.2, "it is not shown to be better than the rules"),
        (-0.3, -0.1, "it does worse than the rules"),
        (None, None, "too few to compare"),
    ],
)
def test_how_a_version_does_is_said(low: float | None, high: float | None, told: str) -> None:
    apart = Estimate(value=0.07, low=low, high=high, n=140)
    words = compared_words(
        n=140, f1=0.71, other_f1=0.64, against="rules 2", apart=apart,
        is_better=low is not None and low > 0,
    )  # fmt: skip
    assert told in say(words, "en")
