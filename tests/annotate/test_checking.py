"""How well a machine answers is told with what it is sure of."""

from __future__ import annotations

import random

import pytest

from vigie.annotate.checking import LEAST, Checked, is_better, mend, quality

ANSWERS = ("question", "complaint")
ASKED, ILL, BOTH, NONE = (frozenset(one) for one in ({"question"}, {"complaint"}, ANSWERS, ()))


def checked(person: frozenset[str], machine: frozenset[str], **given: object) -> Checked:
    about: dict[str, object] = {"network": "bluesky", "language": "fr", **given}
    return Checked(person=person, machine=machine, **about)  # type: ignore[arg-type]  # a test's


def test_accuracy_wants_exactly_the_answers_people_give() -> None:
    found = quality([checked(ASKED, ASKED)] * 30 + [checked(BOTH, ASKED)] * 10, ANSWERS)
    assert (found.n, found.accuracy.value) == (40, 0.75)
    assert (found.accuracy.low or 1) < 0.75 < (found.accuracy.high or 0)


def test_each_answer_has_its_f1_precision_and_recall() -> None:
    rows = [checked(ILL, ILL)] * 30 + [checked(ILL, NONE)] * 10 + [checked(NONE, ILL)] * 20
    found = {one.answer: one for one in quality(rows, ANSWERS).answers}["complaint"]
    assert (found.precision, found.recall) == (0.6, 0.75)
    assert found.f1.value == pytest.approx(2 * 0.6 * 0.75 / 1.35)
    assert (found.f1.low or 1) < (found.f1.value or 0) < (found.f1.high or 0)


def test_an_answer_nobody_gave_is_unknown_and_not_nought() -> None:
    found = {one.answer: one for one in quality([checked(ASKED, ASKED)] * 30, ANSWERS).answers}
    assert (found["complaint"].f1.value, found["complaint"].recall) == (None, None)
    assert quality([checked(ASKED, ASKED)] * 30, ANSWERS).f1.value == 1


def test_an_answer_that_only_the_machine_gave_has_no_f1() -> None:
    rows = [checked(ASKED, ASKED)] * 30 + [checked(ASKED, ILL)] * 5
    found = {one.answer: one for one in quality(rows, ANSWERS).answers}["complaint"]
    assert (found.f1.value, found.precision, found.people) == (None, 0, 0)


def test_little_checked_tells_nothing() -> None:
    found = quality([checked(ASKED, ASKED)] * (LEAST - 1), ANSWERS)
    assert (found.accuracy.value, found.accuracy.n) == (None, LEAST - 1)


def test_nothing_checked_tells_nothing() -> None:
    found = quality([], ANSWERS)
    assert (found.n, found.accuracy.value, found.f1.value) == (0, None, None)


def test_networks_and_languages_are_told_apart() -> None:
    rows = [checked(ASKED, ASKED)] * 25 + [checked(ASKED, NONE, network="x", language="en")] * 25
    found = quality(rows, ANSWERS)
    assert {name: one.value for name, one in found.by_network.items()} == {"bluesky": 1, "x": 0}
    assert {name: one.value for name, one in found.by_language.items()} == {"fr": 1, "en": 0}


def test_shares_are_mended_by_how_often_the_machine_errs() -> None:
    rows = [checked(ILL, ILL)] * 20 + [checked(ILL, NONE)] * 20 + [checked(NONE, NONE)] * 60
    found = {one.answer: one for one in quality(rows, ANSWERS).answers}["complaint"]
    assert found.share_counted == pytest.approx(0.2)
    assert found.share.value == pytest.approx(0.4)


def test_texts_stand_for_as_many_as_they_were_drawn_from() -> None:
    rows = [checked(ILL, ILL, weight=1)] * 50 + [checked(NONE, NONE, weight=9)] * 50
    found = {one.answer: one for one in quality(rows, ANSWERS).answers}["complaint"]
    assert found.share.value == pytest.approx(0.1)


@pytest.mark.parametrize(
    ("counted", "found", "alarms", "share"),
    [(0.3, 0.8, 0.1, 2 / 7), (0.05, 0.8, 0.1, 0), (0.95, 0.8, 0.1, 1), (0.3, 0.25, 0.1, None)],
)
def test_a_share_is_mended(
    counted: float, found: float, alarms: float, share: float | None
) -> None:
    assert mend(counted, found=found, alarms=alarms) == (share and pytest.approx(share))


def test_a_machine_that_is_clearly_better_is_told_to_be() -> None:
    people = [ASKED, ILL] * 50
    worse = [ASKED] * 100
    assert is_better(people, people, worse, ANSWERS) == (True, 1.0)
    assert is_better(people, worse, people, ANSWERS)[0] is False


def test_a_machine_that_is_as_good_is_not_better() -> None:
    chance = random.Random(3)
    people = [chance.choice((ASKED, ILL)) for _ in range(100)]
    one, other = ([chance.choice((ASKED, ILL)) for _ in range(100)] for _ in range(2))
    assert is_better(people, one, one, ANSWERS) == (False, 0.0)
    assert 0 < is_better(people, one, other, ANSWERS)[1] < 1
