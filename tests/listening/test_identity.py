"""Who an institution is: what it alone speaks of, what it says it is, and what the public says."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from tests.listening.said import EVERYBODY, START, said
from tests.listening.test_identifiability import NAMES, PEERS
from vigie.listening.corpus import OwnPost
from vigie.listening.declared import pattern_of
from vigie.listening.folding import words_of
from vigie.listening.identity import FEW_PEERS, FEW_POSTS, Group, Portrait, group_of, portrait
from vigie.listening.kept import KeptSpeciality
from vigie.listening.perception import PublicPost
from vigie.listening.style_words import is_style

SPECIALITIES = [
    KeptSpeciality(institution="northfield", name="The sea", words=("océan", "marin*")),
    KeptSpeciality(institution="northfield", name="Sport", words=("sport",)),
    KeptSpeciality(institution="northfield", name="Space", words=("fusée", "satellite")),
]
DRAWS = 3


def group(
    own: Sequence[OwnPost], mentions: Sequence[PublicPost] = (), peers: Sequence[str] = PEERS
) -> Group:
    """Return Northfield among its peers."""
    return group_of([*own, *(post for name in peers for post in said(name, 200))], NAMES, mentions)


def heard(institution: str, count: int, words: str, authors: int = 20) -> list[PublicPost]:
    return [
        PublicPost(institution=institution, author=f"a{n % authors}", text=f"{words} {n}")
        for n in range(count)
    ]


@pytest.fixture(scope="module")
def northfield() -> Portrait:
    """Return the portrait of a university of the sea."""
    own = said("northfield", 320, ("océan", "robotique"), late=("tombola",))
    own += said("northfield", 80, ("#merci", "inscrivez-vous"), seed=1, often=0.9)
    mentions = heard("northfield", 120, "Quel océan")
    mentions += [post for name in PEERS for post in heard(name, 60, "La ville")]
    return portrait(group(own, mentions), "northfield", SPECIALITIES, draws=DRAWS)


def test_what_it_alone_speaks_of_in_both_halves_is_a_speciality(northfield: Portrait) -> None:
    assert [one.written for one in northfield.specialities] == ["océan", "robotique"]
    assert all(one.z > 3.3 < one.own for one in northfield.specialities)


def test_a_campaign_of_one_half_is_none(northfield: Portrait) -> None:
    assert "tombola" not in {one.term for one in northfield.specialities}


def test_habits_of_writing_stand_aside(northfield: Portrait) -> None:
    assert {one.term for one in northfield.habits} == {"inscrivez"}


def test_everybodys_words_are_common_ground(northfield: Portrait) -> None:
    assert len(northfield.common) == 12
    assert set(northfield.common) <= set(EVERYBODY)


def test_a_declared_speciality_comes_through_or_not(northfield: Portrait) -> None:
    assert {one.name: one.state for one in northfield.declared} == {
        "The sea": "through", "Sport": "alike", "Space": "silent",
    }  # fmt: skip


def test_what_comes_through_undeclared_is_said(northfield: Portrait) -> None:
    assert northfield.undeclared == ("robotique",)


def test_the_public_uses_some_of_its_words(northfield: Portrait) -> None:
    found = northfield.perception
    assert found is not None
    assert (found.heard, found.terms, found.by_chance) == (("ocean",), 2, 0)
    assert found.recall == 0.5


def test_ten_posts_show_it_from_both_halves(northfield: Portrait) -> None:
    assert len(northfield.evidence) == 10
    assert len({one.post for one in northfield.evidence}) == 10
    assert {"ocean", "robotique"} == {term for one in northfield.evidence for term in one.terms}


def test_few_posts_say_nothing_at_all() -> None:
    found = portrait(group(said("northfield", 249, ("océan",))), "northfield", SPECIALITIES)
    assert (found.missing, found.posts) == (FEW_POSTS, 249)
    assert found.identifiability is None
    assert (found.specialities, found.declared, found.evidence) == ((), (), ())


def test_two_peers_are_nobody_to_be_compared_with() -> None:
    own = said("northfield", 300, ("océan",))
    found = portrait(group(own, peers=PEERS[:2]), "northfield", draws=DRAWS)
    assert found.missing == FEW_PEERS


@pytest.mark.parametrize(
    ("count", "authors", "expected"), [(99, 20, None), (120, 4, ()), (120, 5, ("ocean",))]
)
def test_a_word_of_the_public_is_one_of_five_people(
    count: int, authors: int, expected: tuple[str, ...] | None
) -> None:
    mentions = heard("northfield", count, "Quel océan", authors)
    found = portrait(
        group(said("northfield", 300, ("océan",)), mentions), "northfield", draws=DRAWS
    ).perception
    assert (found and found.heard) == expected


@pytest.mark.parametrize(
    ("words", "text", "is_found"),
    [
        (("océan",), "Les océans montent", True),
        (("océan",), "océanographie", False),
        (("océan*",), "L’océanographie", True),
        (("intelligence artificielle",), "l’intelligence artificielle", True),
        (("intelligence artificielle",), "intelligence et artificielle", False),
        (("ia",), "Iasi", False),
        ((" ",), "anything", False),
    ],
)
def test_declared_words_are_found_with_their_plurals(
    words: tuple[str, ...], text: str, is_found: bool
) -> None:
    assert bool(pattern_of(words).search(" ".join(words_of(text)))) == is_found


@pytest.mark.parametrize(
    ("term", "expected"),
    [("merci", True), ("inscrivez", True), ("portes ouvertes", False), ("samedi 12", True),
     ("ocean", False), ("danke", True), ("join", True)],
)  # fmt: skip
def test_habits_are_told_from_substance(term: str, expected: bool) -> None:
    assert is_style(term) == expected


def test_the_period_is_cut_where_half_of_the_posts_came_before() -> None:
    found = portrait(group(said("northfield", 300, ("océan",))), "northfield", draws=DRAWS)
    assert found.identifiability is not None
    days = (found.identifiability.cut - START.timestamp()) / 86_400
    assert days == pytest.approx(365, abs=3)
