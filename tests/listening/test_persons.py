"""A query on a private person is refused, however it is written; one on a place is not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vigie.errors import PersonError, QueryError
from vigie.listening.names import Allowed
from vigie.listening.persons import require_no_person, wanted
from vigie.listening.query import parse

NOBODY = Allowed()
KNOWN = Allowed.of(
    ["Université Pierre et Marie Curie", "Northfield", "Lyon", "Ada Northfield"],
    handles=["northfield.example", "ada.northfield"],
    accounts=["x:northfield"],
)


def is_refused(text: str, allowed: Allowed = NOBODY) -> bool:
    try:
        require_no_person(parse(text), text, allowed)
    except PersonError:
        return True
    return False


@pytest.mark.parametrize(
    "text",
    [
        '"Marie Dupont"',
        '"marie dupont"',
        "marie dupont",
        "Dupont Marie",
        "marie AND dupont",
        "marie NEAR/3 dupont",
        "dupont ONEAR/2 marie",
        "marie NEAR/3 (durand OR dupont)",
        "(marie OR anne) AND (dupont OR dupond) AND université",
        '"Jean-Pierre Martin"',
        '"Marie de la Fontaine"',
        'raw:"Marie Dupont"',
        "Mari* Dupont",
        '"marie dup*"',
        "#MarieDupont",
        "#JusticePourMarieDupont",
        "hashtag:MarieDupont",
        "Mme Dupont",
        '"Professeur Dupont"',
        "Dr Martin",
        '"Mohamed Benali"',
        '"Emily Watson"',
        '"Clément Durand"',
        "NOT (NOT marie OR NOT dupont)",
        "inscription OR (bourse AND marie AND dupont)",
        "from:marie.dupont",
        "from:bluesky:marie.dupont.bsky.social",
        "from:pabcdefghijklmnopqrst",
        "to:mariedupont",
        "@marie.dupont",
        "@mari*",
        "url:https://x.com/mariedupont",
        "inscription from:northfield.example,marie.dupont",
    ],
)
def test_query_on_a_person_is_refused(text: str) -> None:
    assert is_refused(text), text


@pytest.mark.parametrize(
    "text",
    [
        "inscription",
        '"Université de Lyon" AND inscri*',
        "rentrée NEAR/5 (logement OR crous)",
        "bibliothèque AND (fermée OR bruit)",
        '"rose des vents"',
        "pierre AND bâtiment",
        "violette OR marine",
        "la grève continue",
        'NOT "Marie Dupont" AND inscription',
        "#ParisSaclay",
        "#RentreeUniversitaire",
        '"prix Nobel"',
        '"prof absent"',
        "harcèlement AND campus",
        "url:northfield.example",
        "marie OR dupont",
        "about:northfield intent:question",
        '"mark sheet" OR "will be"',
        '"résidence Marie"',
    ],
)
def test_query_on_what_an_institution_does_is_not(text: str) -> None:
    assert not is_refused(text), text


@pytest.mark.parametrize(
    "text",
    [
        '"Marie Curie"',
        '"Pierre et Marie Curie"',
        '"Ada Northfield"',
        "northfield AND alexandra",
        "from:northfield.example",
        "from:bluesky:northfield.example",
        "@ada.northfield",
        "url:https://x.com/northfield",
    ],
)
def test_names_of_the_register_and_public_figures_may_be_looked_for(text: str) -> None:
    assert is_refused(text) or "url" not in text
    assert not is_refused(text, KNOWN), text


def test_refusal_names_whom_and_says_what_to_do() -> None:
    with pytest.raises(PersonError, match=r"marie dupont.*register of public figures"):
        require_no_person(parse('"Marie Dupont"'), '"Marie Dupont"', NOBODY)


def test_what_is_only_excluded_is_not_looked_for() -> None:
    assert wanted(parse("NOT marie").node) is None


WORDS = st.sampled_from(["Marie", "Dupont", "inscription", "bourse", "campus", "université"])
QUERIES = st.recursive(
    WORDS,
    lambda inner: st.one_of(
        st.tuples(inner, inner).map(lambda two: f"({two[0]} OR {two[1]})"),
        st.tuples(inner, inner).map(lambda two: f"({two[0]} AND {two[1]})"),
        inner.map(lambda one: f"NOT ({one})"),
    ),
    max_leaves=6,
)


@given(QUERIES)
def test_a_post_that_only_has_the_name_is_never_what_a_passing_query_needs(text: str) -> None:
    """Whatever passes cannot need both words of the name: it finds posts without one of them."""
    try:
        query = parse(text)
    except QueryError:
        return
    if is_refused(text):
        return
    found = [query.matches(row(words)) for words in ("Marie Dupont", "Marie", "Dupont", "")]
    assert not found[0] or any(found[1:])


def row(text: str) -> dict[str, object]:
    return {"text": text, "url": None}
