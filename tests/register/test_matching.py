"""Who is who in two looks: the strongest evidence first, and no guess where it is disputed."""

from __future__ import annotations

from dataclasses import replace

from tests.cast import NORTHFIELD, SOUTHBRIDGE
from vigie.model import Institution
from vigie.register.matching import match, plain_name, plain_site

FIRST = Institution(institution="first", name="First", uai="0000001A")
SECOND = Institution(institution="second", name="Second", uai="0000002B")


def heir(slug: str, **changes: object) -> Institution:
    return Institution(institution=slug, name=slug.title(), **changes)  # type: ignore[arg-type]  # fields of the table


def test_code_counts_more_than_name() -> None:
    swapped = (replace(FIRST, uai=SECOND.uai), replace(SECOND, uai=FIRST.uai))
    matches = match((FIRST, SECOND), swapped)
    assert {new: old for new, (old, _evidence) in matches.same.items()} == {
        "first": "second",
        "second": "first",
    }


def test_former_code_of_a_known_heir_tells_where_the_other_went() -> None:
    matches = match((FIRST, SECOND), (replace(FIRST, other_uais=("0000002B",)),))
    assert matches.merged == {"second": "first"}


def test_code_that_two_name_as_former_is_a_split_for_a_person_to_decide() -> None:
    news = (heir("north", other_uais=("0000001A",)), heir("south", other_uais=("0000001A",)))
    matches = match((FIRST,), news)
    assert matches.same == {}
    assert matches.possible == (("first", "north"), ("first", "south"))


def test_heir_of_a_split_that_kept_the_name_goes_on() -> None:
    news = (heir("first", other_uais=("0000001A",)), heir("south", other_uais=("0000001A",)))
    assert match((FIRST,), news).same == {"first": ("first", "former_uai")}


def test_ancestor_that_two_share_matches_nobody() -> None:
    olds = (heir("caledonia", uai="1A", other_uais=("9",)), heir("polynesia", uai="2B"))
    news = (heir("caledonia", uai="1A"), heir("polynesia", uai="2B", other_uais=("9",)))
    assert {pair[0] for pair in match(olds, news).same.values()} == {"caledonia", "polynesia"}


def test_identifier_that_two_share_is_settled_by_the_name() -> None:
    olds = (heir("junia", ror="02evec030"), heir("isa", ror="02evec030"))
    matches = match(olds, olds)
    assert {new: old for new, (old, _evidence) in matches.same.items()} == {
        "junia": "junia",
        "isa": "isa",
    }


def test_only_one_gone_and_one_come_in_a_city_are_suggested() -> None:
    gone = heir("enit", city="Tarbes", uai="0650048Z")
    come = heir("uttop", city="Tarbes", uai="0651124U")
    assert match((gone, NORTHFIELD), (come, NORTHFIELD)).possible == (("enit", "uttop"),)


def test_site_shared_by_two_matches_neither() -> None:
    site = "https://www.shared.example/"
    olds = (heir("a", website=site), heir("b", website=site))
    matches = match(olds, (heir("c", website=site),))
    assert matches.same == {}


def test_site_is_the_same_with_or_without_scheme_and_www() -> None:
    assert plain_site("http://www.unf.example/") == plain_site("https://UNF.example")


def test_name_is_the_same_whatever_its_accents_and_punctuation() -> None:
    assert plain_name("École d’Est") == plain_name("ecole D'EST")


def test_every_institution_of_the_cast_finds_itself() -> None:
    rows = (NORTHFIELD, SOUTHBRIDGE)
    assert len(match(rows, rows).same) == 2
