"""Krippendorff's alpha gives what its author published."""

from __future__ import annotations

import pytest

from vigie.annotate.agreement import alpha, alpha_of_answer

MEG, OWEN = "0100000010", "1110010000"
BEN, GERRY = "aabbdcccedda", "babbbccceddd"
FOUR = ("123321412...", "1233224125.3", ".3332342251.", "12332441251.")


def read(*people: str) -> dict[int, dict[str, str]]:
    return {
        text: {f"p{place}": line[text] for place, line in enumerate(people) if line[text] != "."}
        for text in range(len(people[0]))
    }


@pytest.mark.parametrize(
    ("people", "published"),
    [((MEG, OWEN), 0.095), ((BEN, GERRY), 0.692), (FOUR, 0.743)],
    ids=["two people, two answers", "two people, five answers", "four people, answers missing"],
)
def test_alpha_is_the_published_one(people: tuple[str, ...], published: float) -> None:
    assert alpha(read(*people)) == pytest.approx(published, abs=0.0006)


def test_full_agreement_is_1() -> None:
    assert alpha(read("aabb", "aabb")) == 1


def test_agreement_on_a_single_answer_tells_nothing() -> None:
    assert alpha(read("aaaa", "aaaa")) is None


def test_one_person_alone_tells_nothing() -> None:
    assert alpha(read("aabb")) is None


def test_a_text_only_one_person_answered_about_changes_nothing() -> None:
    assert alpha(read("aabba", "aabb.")) == alpha(read("aabb", "aabb"))


def test_agreement_on_one_of_several_answers() -> None:
    given = {
        1: {"alice": {"question"}, "bob": {"question", "complaint"}},
        2: {"alice": {"complaint"}, "bob": {"complaint"}},
        3: {"alice": set[str](), "bob": set[str]()},
        4: {"alice": {"question"}, "bob": {"question"}},
    }
    assert alpha_of_answer(given, "question") == 1
    assert (alpha_of_answer(given, "complaint") or 1) < 1
