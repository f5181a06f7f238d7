"""The texts that would teach most, one after the other, and the teaching itself."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.test import Client

from tests.cast import NOON
from tests.web.test_check_pages import labelled, shown
from vigie.annotate.models import Learned, Manifest
from vigie.annotate.succession import INSISTED, TOOK, TRIED, UNCOMPARED, UNPROVEN, WORSE, Beside
from vigie.cli.jobs import Jobs
from vigie.flow.people import people_said
from vigie.listening.model_changes import TEACHER, note_taught
from vigie.listening.trained_words import place_words, trained_words
from vigie.settings import Settings
from vigie.sources.models import Work
from vigie.sources.turns import TRAIN, Claim
from vigie.store.store import Store
from vigie.words import say

__all__ = ["labelled"]

TEACH = "/listening/teach/tone/"
MADE = Manifest(
    question="tone", version=3, answers=("negative", "neutral", "positive"), rules="1",
    trained_at="2026-10-01T12:00:00+00:00", by="alice",
    languages={"fr": Learned(texts=900, people=40, checked=80, rules_f1=0.61, model_f1=0.72,
                             wins=0.97, is_on=True)},
)  # fmt: skip


def proposed(client: Client) -> dict[str, str]:
    first = client.session["teach:tone:proposed"][0]
    return {"network": first["network"], "post": first["post"]}


def test_a_stranger_and_a_reader_do_not_teach(site: Client, bob: Client, labelled: Store) -> None:
    assert site.get(TEACH).status_code in {302, 403}
    assert bob.post(TEACH, {"do": "train"}).status_code == 403


def test_one_click_keeps_an_answer_and_shows_the_next(alice: Client, labelled: Store) -> None:
    alice.get(TEACH)
    first = proposed(alice)
    assert alice.post(TEACH, {**first, "answer": "negative"}).status_code == 302
    assert people_said(labelled, "tone") == {tuple(first.values()): {"alice": {"negative"}}}
    alice.get(TEACH)
    assert proposed(alice) != first


def test_what_is_left_out_is_not_proposed_again(alice: Client, labelled: Store) -> None:
    alice.get(TEACH)
    first = proposed(alice)
    for _text in range(25):
        alice.post(TEACH, {**proposed(alice), "do": "leave"})
        alice.get(TEACH)
    assert first not in [
        {"network": one["network"], "post": one["post"]}
        for one in alice.session["teach:tone:proposed"]
    ]
    assert not people_said(labelled, "tone")


def test_what_is_no_answer_is_refused(alice: Client, labelled: Store) -> None:
    alice.get(TEACH)
    assert alice.post(TEACH, {**proposed(alice), "answer": "purple"}).status_code == 422


def test_without_texts_the_page_says_what_to_do(alice: Client, cast: Store) -> None:
    assert "vigie annotate" in shown(alice, TEACH)


def test_teaching_is_due_work_and_says_why_it_failed(
    alice: Client, labelled: Store, settings: Settings
) -> None:
    assert alice.post(TEACH, {"do": "train"}).status_code == 302
    row = Work.objects.get(kind=TRAIN)
    claim = Claim(
        work=row.pk, kind=TRAIN, connector="", subject=row.subject, every=None, due_at=NOON,
        is_whole=True, attempts=1, misses=0, worker="w", at=NOON,
    )  # fmt: skip
    jobs = Jobs(store=labelled, settings=settings, clock=lambda: NOON)
    failure = jobs.by_kind[TRAIN](claim, lambda: False).failure
    assert failure is not None
    assert "too few texts" in say(failure, "en")


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({}, "it beats the rules (F1 0.72, theirs 0.61)."),
        ({"is_on": False}, "it is not shown to beat the rules"),
        ({"rules_f1": None}, "so it does not answer there."),
    ],
)
def test_what_came_of_it_is_said(change: dict[str, object], told: str) -> None:
    learned = replace(MADE.languages["fr"], **change)  # type: ignore[arg-type]  # a test's change
    assert told in say(trained_words(replace(MADE, languages={"fr": learned})), "en")


BESIDE = Beside(version=2, n=80, f1=0.71, other_f1=0.7, low=-0.02, high=0.05)


@pytest.mark.parametrize(
    ("place", "beside", "told"),
    [
        (TOOK, None, "It answers from now on."),
        (TOOK, BESIDE, "It takes the place of version 2: on 80 checked texts it is not shown"),
        (TOOK, replace(BESIDE, low=0.01), "on 80 checked texts it is shown to be better (mean F1"),
        (WORSE, BESIDE, "Version 2 goes on answering: on 80 checked texts the new one does worse"),
        (UNPROVEN, BESIDE, "Version 2 goes on answering"),
        (UNCOMPARED, replace(BESIDE, n=12), "there is nothing to compare the two on"),
        (INSISTED, BESIDE, "for a person insisted on it. On 80 checked texts"),
        (INSISTED, None, "a person insisted on it."),
        (TRIED, BESIDE, "mean F1 is 0.71 against 0.70 of version 2, a difference between"),
    ],
)
def test_what_became_of_it_is_said_with_its_reason(
    place: str, beside: Beside | None, told: str
) -> None:
    made = replace(MADE, place=place, beside=beside)
    assert told in say(trained_words(made), "en")
    assert say(place_words(made), "fr") != say(place_words(made), "en")


def test_the_log_says_why_what_was_taught_answers_or_does_not(
    alice: Client, labelled: Store
) -> None:
    note_taught(replace(MADE, place=WORSE, beside=BESIDE), by=TEACHER, at=NOON)
    page = shown(alice, "/settings/log/")
    assert "the teaching of models had a model taught on your own posts." in page
    assert "Version 2 goes on answering: on 80 checked texts the new one does worse" in page
