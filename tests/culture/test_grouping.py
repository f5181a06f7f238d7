"""The same question in other words is one; a question that differs in what matters is another."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.culture.asked import FIRST, SECOND, Blocks
from vigie.culture.grouping import Known, nearness, question_of, signature


def pairs(blocks: Blocks) -> tuple[int, int, int]:
    """Group wordings as they come; count pairs rightly together, wrongly together, and missed."""
    items = [(place, text) for place, block in enumerate(blocks) for text in block]
    known: list[Known] = []
    by_kind: dict[str, list[Known]] = {}
    for number, (_block, text) in enumerate(items):
        sign = signature(text)
        of_kind = by_kind.setdefault(sign.kind, [])
        same = question_of(sign, of_kind)
        known.append(Known(question=number if same is None else same, words=sign.words))
        of_kind.append(known[-1])
    right = wrong = missed = 0
    for (one, (block, _t)), (two, (other, _u)) in combinations(enumerate(items), 2):
        together = known[one].question == known[two].question
        right += together and block == other
        wrong += together and block != other
        missed += block == other and not together
    return right, wrong, missed


def test_no_question_is_put_under_another() -> None:
    assert [pairs(blocks)[1] for blocks in (FIRST, SECOND)] == [0, 0]


def test_most_other_wordings_are_found() -> None:
    right, _wrong, missed = pairs(SECOND)
    assert right / (right + missed) >= 0.6


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Is it chapter 4?", "Is it chapter 5?"),
        ("Is the exam on Monday?", "Is the exam on Tuesday?"),
        ("When is the exam?", "Where is the exam?"),
        ("Is it in the exam?", "Is it not in the exam?"),
        ("Why is it stable?", "Why isn't it stable?"),
        ("Le groupe B vient ?", "Le groupe C vient ?"),
        ("On rend avant lundi ?", "On rend après lundi ?"),
        ("C’est quand l’examen ?", "C’est où l’examen ?"),
        ("Explain mitosis", "Explain meiosis"),
        ("Explain the role of adsorption in catalysis", "Explain the role of absorption"),
    ],
)
def test_what_tells_two_questions_apart_keeps_them_apart(one: str, other: str) -> None:
    assert nearness(signature(one), signature(other)) == 0


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Hello, when is the exam? #chem101", "when is the exam"),
        ("L’EXAMEN est quand ?", "l'examen est quand svp"),
        ("Is the lecture on photosynthesis recorded?", "is the lecture on photosyntesis recorded"),
        ("Où est l'amphi ?", "où est l’amphi"),
        ("在哪里考试？", "在哪里考试"),
    ],
)
def test_what_does_not_matter_keeps_nothing_apart(one: str, other: str) -> None:
    assert nearness(signature(one), signature(other)) == 1


def test_of_several_the_nearest_is_chosen_and_of_equals_the_first() -> None:
    known = [
        Known(question=1, words=signature("Does the exam cover chapter 4 exercises?").words),
        Known(question=2, words=signature("chapter 4 in the exam?").words),
        Known(question=3, words=signature("chapter 4, exam?").words),
    ]
    assert question_of(signature("Is chapter 4 in the exam?"), known) == 2


def test_only_politeness_is_nothing_to_group_by() -> None:
    assert nearness(signature("???"), signature("when is it?")) == 0


@given(st.text(max_size=80))
def test_words_are_read_back_as_they_were_kept(text: str) -> None:
    sign = signature(text)
    assert frozenset(sign.spelt.split()) == sign.words
    assert nearness(sign, signature(text)) == 1


@given(st.text(max_size=60), st.text(max_size=60))
def test_nearness_is_the_same_both_ways(one: str, other: str) -> None:
    left, right = signature(one), signature(other)
    assert nearness(left, right) == nearness(right, left)
