"""A new look at institutions becomes items that say what changed, and nothing vanishes."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as some

from tests.cast import EASTMERE, NORTHFIELD, NORTHFIELD_2025, SOUTHBRIDGE
from tests.register.looks import DAY, REGISTER, account, look, registers, renamed
from vigie.errors import RegisterError
from vigie.model import Institution
from vigie.register.applying import apply
from vigie.register.contents import Covered, Register
from vigie.register.difference import difference
from vigie.register.item import Item, from_json, to_json
from vigie.register.item_words import FIELD_WORDS, words_of
from vigie.words import say

UNION = Institution(institution="union", name="Union University", country="FR")


def items(old: Register, new: Register, covered: Covered | None = None) -> tuple[Item, ...]:
    return difference(old, new, seen_on=DAY, covered=covered).items


def kinds(old: Register, new: Register, covered: Covered | None = None) -> list[tuple[str, str]]:
    return [(item.kind, item.institution) for item in items(old, new, covered)]


def test_same_register_differs_in_nothing() -> None:
    assert items(REGISTER, REGISTER) == ()


def test_unknown_institution_is_new_and_brings_its_accounts() -> None:
    new = look(NORTHFIELD, UNION, accounts=(account("Union", "union"),))
    (item,) = items(look(NORTHFIELD), new)
    assert (item.kind, item.institution, len(item.accounts)) == ("new", "union", 1)


@pytest.mark.parametrize(
    ("changes", "evidence"),
    [
        ({"ror": None, "wikidata": None}, "uai"),
        ({"uai": "0999999Z", "other_uais": ("0990001A",)}, "former_uai"),
        ({"uai": None, "wikidata": None}, "ror"),
        ({"uai": None, "ror": None}, "wikidata"),
        ({"uai": None, "ror": None, "wikidata": None}, "website"),
    ],
)
def test_other_name_with_the_same_code_is_a_renaming(
    changes: dict[str, object], evidence: str
) -> None:
    new = look(replace(renamed(NORTHFIELD, "North Europe"), **changes))  # type: ignore[arg-type]  # fields of the table
    found = [item for item in items(look(NORTHFIELD), new) if item.kind == "renamed"]
    assert [(item.institution, item.evidence) for item in found] == [("northfield", evidence)]


def test_same_name_in_the_same_city_is_the_same_institution() -> None:
    new = look(Institution(institution="x", name="eastmere BUSINESS school", city="Eastmere"))
    assert kinds(look(EASTMERE), new) == [("renamed", "eastmere")]


def test_same_name_elsewhere_is_another_institution() -> None:
    new = look(replace(EASTMERE, uai=None, city="Paris"))
    assert ("new", "eastmere-2") in kinds(look(EASTMERE), new)


def test_same_site_with_another_code_is_for_a_person_to_decide() -> None:
    new = look(renamed(NORTHFIELD, "North Europe", uai="0999999Z", ror=None, wikidata=None))
    found = kinds(look(NORTHFIELD), new)
    assert found == [("new", "north-europe"), ("closed", "northfield"), ("ambiguous", "northfield")]


def test_several_that_became_one_are_merged() -> None:
    codes = ("0990001A", "0990002B")
    new = look(replace(UNION, uai="0990009Z", other_uais=codes), EASTMERE)
    found = kinds(REGISTER, new)
    assert found == [("new", "union"), ("merged", "northfield"), ("merged", "southbridge")]


def test_one_of_several_that_kept_its_name_goes_on_and_the_other_ends_in_it() -> None:
    new = look(replace(NORTHFIELD, uai="0990009Z", other_uais=("0990001A", "0990002B")), EASTMERE)
    found = [item for item in items(REGISTER, new) if item.kind == "merged"]
    assert [(item.institution, item.other) for item in found] == [("southbridge", "northfield")]


def test_institution_that_is_no_longer_named_is_proposed_as_closed() -> None:
    (item,) = items(REGISTER, look(NORTHFIELD, SOUTHBRIDGE))
    assert (item.kind, item.institution, item.day) == ("closed", "eastmere", DAY)


def test_institution_that_another_source_brought_is_not_closed_by_silence() -> None:
    covered = Covered(institutions=frozenset({"northfield"}))
    assert kinds(REGISTER, look(NORTHFIELD), covered) == []


def test_institution_with_a_closing_date_closes_on_it() -> None:
    new = look(replace(EASTMERE, closed_on=date(2020, 12, 31)))
    (item,) = items(look(EASTMERE), new)
    assert (item.kind, item.day) == ("closed", date(2020, 12, 31))


def test_closed_institution_that_is_named_again_is_proposed_as_reopened() -> None:
    closed = look(replace(EASTMERE, closed_on=DAY))
    assert kinds(closed, look(EASTMERE)) == [("reopened", "eastmere")]


def test_unknown_cell_erases_nothing() -> None:
    new = look(replace(NORTHFIELD, city=None, website=None, ror=None, aliases=()))
    assert items(look(NORTHFIELD), new) == ()


def test_each_field_that_changes_is_an_item_of_its_own() -> None:
    new = look(replace(NORTHFIELD, city="Southfield", kind="institute"))
    found = [(item.field, item.old, item.new) for item in items(look(NORTHFIELD), new)]
    assert found == [("kind", "university", "institute"), ("city", "Northfield", "Southfield")]


def test_other_source_fills_what_is_unknown_and_corrects_nothing() -> None:
    new = look(replace(SOUTHBRIDGE, name="Southbridge U", kind="other", ror="01aaaaa11"))
    found = items(look(SOUTHBRIDGE), new, Covered())
    assert [(item.field, item.new) for item in found] == [
        ("ror", "01aaaaa11"),
        ("aliases", ("Southbridge U",)),
    ]


def test_name_taken_from_a_site_gives_way_to_a_real_one() -> None:
    provisional = replace(NORTHFIELD, name="northfield.example")
    found = kinds(look(provisional), look(NORTHFIELD), Covered())
    assert ("renamed", "northfield") in found
    assert not [kind for kind, _slug in kinds(look(NORTHFIELD), look(provisional)) if kind != "new"]


def test_students_of_new_years_are_one_item() -> None:
    new = look(NORTHFIELD, enrolments=(NORTHFIELD_2025, replace(NORTHFIELD_2025, year=2024)))
    (item,) = items(look(NORTHFIELD, enrolments=(NORTHFIELD_2025,)), new)
    assert (item.kind, [row.year for row in item.enrolments]) == ("students", [2024])


def test_account_that_is_new_gone_or_changed_is_an_item() -> None:
    old = look(NORTHFIELD, accounts=(account("a", "northfield"), account("b", "northfield", "y")))
    new = look(
        NORTHFIELD,
        accounts=(account("a", "northfield", url="https://x.com/A"), account("c", "northfield")),
    )
    found = sorted(kind for kind, _slug in kinds(old, new))
    assert found == ["account_changed", "account_gone", "account_new"]


def test_account_of_another_source_stays_the_principal_one() -> None:
    old = look(NORTHFIELD, accounts=(account("a", "northfield"),))
    covered = Covered(institutions=frozenset({"northfield"}))
    (item,) = items(old, look(NORTHFIELD, accounts=(account("b", "northfield"),)), covered)
    assert (item.kind, item.accounts[0].is_principal) == ("account_new", False)


def test_account_that_two_institutions_name_is_a_question() -> None:
    both = (account("a", "northfield"), account("a", "southbridge"))
    (item,) = items(look(NORTHFIELD, SOUTHBRIDGE, accounts=both[:1]),
                    look(NORTHFIELD, SOUTHBRIDGE, accounts=both))  # fmt: skip
    assert (item.kind, item.institution, item.other) == ("conflict", "southbridge", "northfield")
    assert item.is_question


def test_account_given_up_by_one_and_named_by_another_has_moved() -> None:
    old = look(NORTHFIELD, SOUTHBRIDGE, accounts=(account("a", "northfield"),))
    new = look(NORTHFIELD, SOUTHBRIDGE, accounts=(account("a", "southbridge"),))
    assert kinds(old, new) == [("account_moved", "southbridge")]


def test_look_with_accounts_alone_speaks_of_institutions_by_their_slug() -> None:
    new = Register(accounts=(account("a", "northfield"),))
    assert kinds(REGISTER, new, Covered()) == [("account_new", "northfield")]


def test_account_of_an_institution_nobody_knows_is_refused() -> None:
    with pytest.raises(RegisterError, match="Add the institution first"):
        items(REGISTER, Register(accounts=(account("a", "nowhere"),)))


def test_new_slug_that_is_taken_gets_a_number() -> None:
    other = Institution(institution="northfield", name="Northfield", country="US")
    assert ("new", "northfield-2") in kinds(REGISTER, look(other), Covered())


def test_same_difference_has_the_same_id_on_another_day() -> None:
    new = look(NORTHFIELD, SOUTHBRIDGE)
    later = difference(REGISTER, new, seen_on=date(2027, 1, 1)).items
    assert [item.id for item in later] == [item.id for item in items(REGISTER, new)]


def test_every_compared_field_has_words() -> None:
    from vigie.register.difference import FIELDS

    assert {*FIELDS, "aliases", "other_uais"} == set(FIELD_WORDS)


PAIRS = some.tuples(registers(), registers(prefix="n", is_kept=False))


@given(register=registers())
def test_a_register_never_differs_from_itself(register: Register) -> None:
    assert items(register, register) == ()


@given(pair=PAIRS)
def test_after_all_is_accepted_only_questions_are_left(pair: tuple[Register, Register]) -> None:
    old, new = pair
    found = [item for item in items(old, new) if not item.is_question]
    outcome = apply(old, found)
    left = [item for item in items(outcome.register, new) if not item.is_question]
    refused = {item.id for item, _words in outcome.refused}
    assert {item.id for item in left} <= refused


@given(pair=PAIRS, chosen=some.sets(some.integers(0, 20)))
def test_nothing_vanishes_whatever_is_accepted(
    pair: tuple[Register, Register], chosen: set[int]
) -> None:
    old, new = pair
    found = [item for place, item in enumerate(items(old, new)) if place in chosen]
    outcome = apply(old, found)
    after = outcome.register
    assert len(outcome.applied) + len(outcome.refused) == len(found)
    assert {r.institution for r in old.institutions} <= {r.institution for r in after.institutions}
    assert {row.account for row in old.accounts} <= {row.account for row in after.accounts}


@given(pair=PAIRS, chosen=some.sets(some.integers(0, 20)))
def test_a_network_is_led_by_one_account_whatever_is_accepted(
    pair: tuple[Register, Register], chosen: set[int]
) -> None:
    old, new = pair
    found = [item for place, item in enumerate(items(old, new)) if place in chosen]
    leaders = [
        (row.institution, row.network)
        for row in apply(old, found).register.accounts
        if row.is_principal and row.closed_on is None
    ]
    assert len(leaders) == len(set(leaders))


@given(pair=PAIRS)
def test_every_item_is_kept_as_json_and_said_in_words(pair: tuple[Register, Register]) -> None:
    for item in items(*pair):
        assert from_json(json.loads(json.dumps(to_json(item)))) == item
        assert say(words_of(item), "fr")
