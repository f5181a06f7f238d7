"""One page a president understands: who are we, by what, and is it what we want?"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from tests.cast import post
from tests.reports.built import blocks, built, grid, row, said
from tests.reports.hand_made import NOW
from vigie.model import Identity, IdentityPost, IdentitySpeciality, IdentityTerm, Record
from vigie.present.document import Document, Link

OCTOBER = date(2026, 10, 1)
PEERS = ("southbridge", "eastmere", "peer-1")
TOLD = Identity(
    institution="northfield", month_on=OCTOBER, computed_at=NOW, first_on=date(2024, 11, 1),
    language="fr", posts=400, coverage=0.9, peers=PEERS, value=0.71, low=0.64, high=0.77,
    posted=0.82, posted_low=0.78, posted_high=0.86, named=0.11, named_low=0.05, named_high=0.17,
    common=("open day",), terms_sought=2, terms_by_chance=0, mentions=240,
)  # fmt: skip


def term(name: str, **changes: object) -> IdentityTerm:
    made = IdentityTerm(
        institution="northfield", month_on=OCTOBER, term=name, written=name, kind="speciality",
        z=5.0, z_early=3.0, z_late=4.0, own=80, own_of=400, peers=16, peers_of=1600,
        is_declared=True, is_heard=True,
    )  # fmt: skip
    return replace(made, **changes)  # type: ignore[arg-type]  # what a test wants to say


GIVEN: dict[str, list[Record]] = {
    "identities": [
        TOLD, replace(TOLD, institution="southbridge", value=0.9, low=0.85, high=0.94),
        replace(TOLD, institution="elsewhere", value=0.99, low=0.98, high=1.0),
    ],
    "identity_terms": [
        term("ocean"), term("robots", is_declared=False, is_heard=False, z=4.0),
        term("thank you", kind="habit", is_declared=None, is_heard=None),
    ],
    "identity_specialities": [
        IdentitySpeciality(
            institution="northfield", month_on=OCTOBER, name="Law", words=("law", "court"),
            state="silent", z=-1.0, own=0, own_of=400, peers=30, peers_of=1600,
        )
    ],
    "identity_posts": [
        IdentityPost(institution="northfield", month_on=OCTOBER, network="bluesky", post="1",
                     place=1, terms=("ocean",)),
        IdentityPost(institution="northfield", month_on=OCTOBER, network="bluesky", post="gone",
                     place=2, terms=("ocean",)),
    ],
    "posts": [post("1", text="The ocean survey sets sail", url="https://bluesky.example/1")],
}  # fmt: skip


@pytest.fixture(scope="module")
def page() -> Document:
    return built("identity", GIVEN, institution="northfield")


def test_title_is_the_answer_in_plain_words(page: Document) -> None:
    assert said(page).startswith(
        "Without its name, a reader would tell a post of Northfield University from one of its "
        "peers 7 times of 10"
    )
    assert "left in: 8 times of 10" in said(page)


def test_only_those_it_is_compared_with_stand_beside_it(page: Document) -> None:
    names = [one["name"] for one in grid(page, "identities").rows]
    assert len(names) == 2
    assert "1 peer is told more easily, of 1 with a figure." in said(page)


def test_habits_are_no_specialities(page: Document) -> None:
    assert [one["term"] for one in grid(page, "specialities").rows] == ["ocean", "robots"]
    assert "little of substance: thank you" in said(page)


def test_declared_and_undeclared_are_told_apart(page: Document) -> None:
    assert str(row(page, "declared", "name", "Law")["state"]) == "not said"
    assert "nobody declared it: robots" in said(page)


def test_public_uses_half_of_its_words(page: Document) -> None:
    assert "its public uses 1 (50%) in 240 mentions" in said(page)


def test_evidence_is_a_post_and_what_was_taken_down_is_gone(page: Document) -> None:
    (found,) = grid(page, "evidence").rows
    assert found["post"] == Link(
        text="The ocean survey sets sail", href="https://bluesky.example/1"
    )


def test_whoever_cannot_be_told_is_not_given_a_figure_of_chance() -> None:
    even = replace(TOLD, value=0.53, low=0.46, high=0.6)
    found = built("identity", {**GIVEN, "identities": [even]}, institution="northfield")
    assert "cannot be told from its peers" in said(found)


def test_a_chance_between_two_tenths_is_said_as_either() -> None:
    between = replace(TOLD, value=0.754)
    found = built("identity", {**GIVEN, "identities": [between]}, institution="northfield")
    assert "from one of its peers 7 or 8 times of 10" in said(found)


def test_too_few_posts_say_how_many_are_needed() -> None:
    few = replace(TOLD, value=None, low=None, high=None, posted=None, posts=40, missing="few_posts")
    found = built("identity", {**GIVEN, "identities": [few]}, institution="northfield")
    assert "40 different posts of two years could be read: below 250 nothing is said." in said(
        found
    )


def test_before_anybody_looked_the_page_says_how() -> None:
    assert "vigie identity" in said(built("identity", institution="northfield"))


def test_overview_leads_to_each() -> None:
    found = built("identity", GIVEN)
    links = [one["name"] for one in grid(found, "identities").rows]
    assert Link(text="Northfield University", href="/listening/identity/northfield/") in links
    assert any(blocks(found))
