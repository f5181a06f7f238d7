"""Items are applied alone or together; what no longer fits is refused with a reason."""

from __future__ import annotations

from dataclasses import replace

from tests.cast import EASTMERE, NORTHFIELD, SOUTHBRIDGE
from tests.register.looks import DAY, REGISTER, account, look
from vigie.model import Institution
from vigie.register.applying import Outcome, apply
from vigie.register.contents import Register
from vigie.register.difference import difference
from vigie.register.item import Item


def accepted(old: Register, new: Register, *kinds: str) -> Outcome:
    found = difference(old, new, seen_on=DAY).items
    return apply(old, [item for item in found if not kinds or item.kind in kinds])


def test_renaming_keeps_the_old_name_among_the_others() -> None:
    row = accepted(REGISTER, look(replace(SOUTHBRIDGE, name="Southbridge")), "renamed")
    assert row.register.institutions[1].aliases == ("Université de Southbridge",)
    assert row.register.institutions[1].institution == "southbridge"


def test_changed_code_stays_known() -> None:
    new = look(replace(NORTHFIELD, uai="0999999Z", other_uais=("0990001A",)))
    row = accepted(look(NORTHFIELD), new).register.institutions[0]
    assert (row.uai, row.other_uais) == ("0999999Z", ("0990001A",))


def test_merged_institution_ends_in_its_heir_and_keeps_its_history() -> None:
    heir = Institution(institution="union", name="Union", other_uais=("0990001A", "0990002B"))
    outcome = accepted(REGISTER, look(heir, EASTMERE))
    row = outcome.register.institutions[0]
    assert (row.institution, row.merged_into, row.closed_on) == ("northfield", "union", DAY)


def test_merger_waits_for_the_heir_to_be_accepted() -> None:
    heir = Institution(institution="union", name="Union", other_uais=("0990001A", "0990002B"))
    outcome = accepted(REGISTER, look(heir, EASTMERE), "merged")
    assert outcome.applied == ()
    assert "Accept it as a new institution first" in str(outcome.refused[0][1])


def test_item_that_the_register_has_outgrown_is_refused() -> None:
    (item,) = difference(
        look(EASTMERE), look(replace(EASTMERE, city="Westmere")), seen_on=DAY
    ).items
    meanwhile = look(replace(EASTMERE, city="Southmere"))
    outcome = apply(meanwhile, [item])
    assert outcome.register == meanwhile
    assert "has changed since" in str(outcome.refused[0][1])


def test_code_that_another_institution_holds_is_refused() -> None:
    item = Item(kind="changed", institution="eastmere", name="Eastmere", field="uai",
                old="0990003C", new="0990001A")  # fmt: skip
    outcome = apply(REGISTER, [item])
    assert "has the UAI code" in str(outcome.refused[0][1])


def test_accepted_conflict_gives_the_account_to_the_one_that_asked() -> None:
    both = (account("a", "northfield"), account("a", "southbridge"))
    old = look(NORTHFIELD, SOUTHBRIDGE, accounts=both[:1])
    outcome = accepted(old, look(NORTHFIELD, SOUTHBRIDGE, accounts=both), "conflict")
    assert [row.institution for row in outcome.register.accounts] == ["southbridge"]


def test_gone_account_is_closed_not_erased() -> None:
    old = look(NORTHFIELD, accounts=(account("a", "northfield"),))
    (row,) = accepted(old, look(NORTHFIELD)).register.accounts
    assert row.closed_on == DAY


def test_new_principal_account_leads_only_when_the_old_one_has_gone() -> None:
    old = look(NORTHFIELD, accounts=(account("a", "northfield"),))
    new = look(NORTHFIELD, accounts=(account("b", "northfield"),))
    alone = accepted(old, new, "account_new").register.accounts
    together = accepted(old, new).register.accounts
    assert [row.is_principal for row in alone] == [True, False]
    assert [row.is_principal for row in together if row.closed_on is None] == [True]


def test_account_that_becomes_principal_takes_the_place_of_the_other() -> None:
    first, second = account("a", "northfield"), account("b", "northfield", is_principal=False)
    turned = (replace(first, is_principal=False), replace(second, is_principal=True))
    old = look(NORTHFIELD, accounts=(first, second))
    outcome = accepted(old, look(NORTHFIELD, accounts=turned))
    assert [row.is_principal for row in outcome.register.accounts] == [False, True]


def test_closed_institution_can_be_reopened() -> None:
    old = look(replace(EASTMERE, closed_on=DAY))
    assert accepted(old, look(EASTMERE)).register == look(EASTMERE)
