"""Changes are proposed, reviewed and applied in one go, by those who may, and all are logged."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest
from django.db import IntegrityError, transaction
from django.test import override_settings

from tests.cast import (
    ALICE,
    BOB,
    CHARLIE,
    EASTMERE,
    NOON,
    NORTHFIELD,
    NORTHFIELD_2025,
    SOUTHBRIDGE,
)
from tests.register.looks import account, look
from vigie.errors import ForbiddenError, RegisterError
from vigie.model import Event, Statement
from vigie.register import changes, log, models, tables
from vigie.register.contents import Register
from vigie.register.item import Item
from vigie.register.people import add_person, author, give_role, is_empty
from vigie.register.rights import COMMAND_LINE, ENTER_INBOX, RIGHTS, ROLES, Author

pytestmark = pytest.mark.django_db

PASSWORD = "a lookout sees far"
EDITOR = Author(name=ALICE, rights=RIGHTS["editor"])
READER = Author(name=BOB, rights=RIGHTS["reader"])
STRANGER = Author(name=CHARLIE)

FIRST = Register(
    institutions=(NORTHFIELD, SOUTHBRIDGE, EASTMERE),
    enrolments=(NORTHFIELD_2025,),
    accounts=(account("UNF", "northfield"), account("south", "southbridge")),
)


@pytest.fixture(autouse=True)
def _quick_passwords() -> Iterator[None]:
    with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"]):
        yield


def kept(new: Register = FIRST, source: str = "a") -> changes.Applied:
    return changes.apply_update(changes.propose(new, source=source, seen_at=NOON))


def states(update: int) -> dict[str, int]:
    return Counter(models.UpdateItem.objects.filter(update=update).values_list("state", flat=True))


def test_what_was_applied_is_what_is_read() -> None:
    kept()
    assert changes.read_register() == FIRST


def test_every_field_survives_the_database() -> None:
    whole = replace(
        NORTHFIELD, other_uais=("0990009Z",), eter="FR9", timezone="Europe/Paris",
        parent="eastmere", opened_on=date(1971, 1, 1), closed_on=date(2020, 12, 31),
        is_invented=True, region="North",
    )  # fmt: skip
    kept(look(whole, EASTMERE))
    assert changes.read_register().institutions[0] == whole


def test_proposing_changes_nothing() -> None:
    update = changes.propose(FIRST, source="a", seen_at=NOON)
    assert changes.read_register() == Register()
    assert states(update) == {"pending": 3}


def test_proposing_the_same_again_leaves_nothing_to_decide() -> None:
    kept()
    assert states(changes.propose(FIRST, source="a", seen_at=NOON)) == {}


def test_only_the_items_that_were_named_are_applied() -> None:
    update = changes.propose(FIRST, source="a", seen_at=NOON)
    item = models.UpdateItem.objects.get(update=update, institution="eastmere").item
    done = changes.apply_update(update, accepted=[item], by=EDITOR)
    assert [row.name for row in changes.read_register().institutions] == [EASTMERE.name]
    assert (done.accepted, done.pending) == (1, 2)


def test_rejected_item_is_not_asked_again() -> None:
    kept()
    less = replace(FIRST, institutions=FIRST.institutions[:2])
    update = changes.propose(less, source="a", seen_at=NOON)
    (item,) = models.UpdateItem.objects.filter(update=update, kind="closed")
    changes.reject(update, [item.item], by=EDITOR)
    assert states(changes.propose(less, source="a", seen_at=NOON)) == {"rejected": 1}


def test_rejected_item_may_still_be_accepted_by_name() -> None:
    kept()
    less = replace(FIRST, institutions=FIRST.institutions[:2])
    update = changes.propose(less, source="a", seen_at=NOON)
    (item,) = models.UpdateItem.objects.filter(update=update, kind="closed")
    changes.reject(update, [item.item], by=EDITOR)
    changes.apply_update(update, accepted=[item.item], by=EDITOR)
    assert models.Institution.objects.get(slug="eastmere").closed_on == NOON.date()


def test_question_is_never_answered_by_accepting_all() -> None:
    both = replace(FIRST, accounts=(*FIRST.accounts, account("UNF", "southbridge")))
    done = kept(both)
    assert (done.accepted, done.pending) == (3, 1)
    assert models.Account.objects.get(account="x:unf").institution.slug == "northfield"


def test_another_source_closes_nothing_that_it_did_not_bring() -> None:
    kept()
    update = changes.propose(look(NORTHFIELD), source="b", seen_at=NOON)
    assert states(update) == {}


def test_item_that_no_longer_fits_stays_pending_with_the_reason() -> None:
    kept()
    moved = replace(
        FIRST, institutions=(replace(NORTHFIELD, city="Southfield"), SOUTHBRIDGE, EASTMERE)
    )
    update = changes.propose(moved, source="a", seen_at=NOON)
    models.Institution.objects.filter(slug="northfield").update(city="Westfield")
    done = changes.apply_update(update, by=EDITOR)
    assert "has changed since" in str(done.refused[0][1])
    assert states(update)["pending"] == 1


def test_codes_may_pass_from_one_institution_to_another() -> None:
    kept()
    items = [
        Item(kind="changed", institution="northfield", name="N", field="uai",
             old="0990001A", new="0990009Z"),
        Item(kind="changed", institution="southbridge", name="S", field="uai",
             old="0990002B", new="0990001A"),
    ]  # fmt: skip
    changes.apply_items(items, by=EDITOR)
    found = dict(models.Institution.objects.values_list("slug", "uai"))
    assert (found["northfield"], found["southbridge"]) == ("0990009Z", "0990001A")


def test_unknown_item_or_update_is_said() -> None:
    update = changes.propose(FIRST, source="a", seen_at=NOON)
    with pytest.raises(RegisterError, match="no item"):
        changes.apply_update(update, accepted=["nothing"], by=EDITOR)
    with pytest.raises(RegisterError, match="There is no update"):
        changes.apply_update(update + 1, by=EDITOR)


@pytest.mark.parametrize("by", [READER, STRANGER], ids=["reader", "stranger"])
def test_those_who_may_not_change_the_register_are_refused(by: Author) -> None:
    update = changes.propose(FIRST, source="a", seen_at=NOON)
    for attempt in (
        lambda: changes.propose(FIRST, source="a", by=by),
        lambda: changes.apply_update(update, by=by),
        lambda: changes.reject(update, [], by=by),
        lambda: changes.put_service("northfield", "Library", by=by),
        lambda: add_person("mallory", PASSWORD, by=by),
        lambda: list(log.export(by=by)),
    ):
        with pytest.raises(ForbiddenError):
            attempt()
    assert changes.read_register() == Register()


def test_editor_may_not_add_people() -> None:
    with pytest.raises(ForbiddenError):
        add_person("mallory", PASSWORD, by=EDITOR)


def test_tables_hold_what_may_leave_and_nothing_else() -> None:
    kept()
    changes.put_event(
        Event(event="purge", day=date(2026, 1, 1), kind="purge", breaks_series=True,
              institution="northfield", account="x:unf")
    )  # fmt: skip
    changes.write_statement(
        Statement(statement="1", institution="northfield", edition="2026-10", written_at=NOON,
                  words="Our page was merged in May.")
    )  # fmt: skip
    found = tables.rows()
    assert {name: len(rows) for name, rows in found.items()} == {
        "institutions": 3, "enrolments": 1, "accounts": 2, "events": 1, "statements": 1,
    }  # fmt: skip


def test_statement_is_never_replaced() -> None:
    kept()
    said = Statement(statement="1", institution="northfield", edition="2026-10", written_at=NOON,
                     words="No.")  # fmt: skip
    changes.write_statement(said)
    with pytest.raises(RegisterError, match="kept already"):
        changes.write_statement(replace(said, words="Yes."))


def test_service_has_a_correspondent_and_someone_else_as_deputy() -> None:
    kept()
    alice = add_person(ALICE, PASSWORD)
    service = changes.put_service("northfield", "Library", correspondent=alice, by=EDITOR)
    assert service.correspondent == alice
    with pytest.raises(RegisterError, match="stand in for themselves"):
        changes.put_service("northfield", "Library", correspondent=alice, deputy=alice, by=EDITOR)


def test_service_of_an_unknown_institution_is_refused() -> None:
    with pytest.raises(RegisterError, match="not in the register"):
        changes.put_service("nowhere", "Library", by=EDITOR)


@pytest.mark.parametrize(
    "broken",
    [
        {"kind": "faculty"},
        {"name": ""},
        {"slug": "northfield"},
        {"uai": "0990001A"},
    ],
    ids=lambda broken: next(iter(broken)),
)
def test_database_itself_refuses_what_cannot_be(broken: dict[str, str]) -> None:
    kept()
    with pytest.raises(IntegrityError), transaction.atomic():
        models.Institution.objects.create(**{"slug": "x", "name": "X", **broken})


def test_database_refuses_a_second_principal_account() -> None:
    kept()
    northfield = models.Institution.objects.get(slug="northfield")
    with pytest.raises(IntegrityError), transaction.atomic():
        northfield.accounts.create(account="x:other", network="x", handle="other")


def test_every_change_is_in_the_log_and_the_log_is_whole() -> None:
    kept()
    actions = Counter(models.LogEntry.objects.values_list("action", flat=True))
    assert actions == {"update.propose": 1, "update.new": 3}
    assert log.verify().is_whole


@pytest.mark.parametrize("field", ["by", "action", "subject", "facts", "at"])
def test_altered_entry_is_found(field: str) -> None:
    kept()
    value = {"facts": {"x": 1}, "at": NOON.replace(year=2020)}.get(field, "mallory")
    models.LogEntry.objects.filter(number=2).update(**{field: value})
    assert [str(words) for words in log.verify().broken] == ["Entry 2 was altered."]


def test_entry_taken_out_is_found() -> None:
    kept()
    models.LogEntry.objects.filter(number=2).delete()
    assert not log.verify().is_whole


def test_entry_made_anew_after_an_alteration_is_found() -> None:
    kept()
    entry = models.LogEntry.objects.get(number=2)
    entry.by = "mallory"
    entry.digest = log.digest_of(entry)
    entry.save()
    assert [str(words) for words in log.verify().broken] == [
        "Entry 3 does not follow the one before."
    ]


def test_cut_end_of_the_log_shows_in_the_last_digest() -> None:
    kept()
    noted = log.verify().last
    models.LogEntry.objects.order_by("-number")[:1].get().delete()
    assert log.verify().last != noted


def test_log_is_exported_in_order() -> None:
    kept()
    lines = list(log.export(by=COMMAND_LINE))
    assert [line["number"] for line in lines] == [1, 2, 3, 4]


def test_person_has_what_the_role_gives_and_no_more() -> None:
    rights = {role: author(add_person(role, PASSWORD, role=role).user).rights for role in ROLES}
    assert rights == dict(RIGHTS)


def test_django_asks_the_roles() -> None:
    user = add_person(ALICE, PASSWORD, role="editor").user
    assert user.has_perm("register.import_files")
    assert not user.has_perm("register.change_people")


def test_person_without_a_role_or_no_longer_active_may_do_nothing() -> None:
    person = add_person(ALICE, PASSWORD, role="administrator")
    person.user.is_active = False
    assert author(person.user).rights == frozenset()
    person.user.is_active = True
    person.roles.all().delete()
    assert author(person.user).rights == frozenset()


def test_role_in_one_service_opens_the_inbox_and_nothing_else() -> None:
    kept()
    person = add_person(ALICE, PASSWORD, role="reader")
    person.roles.all().delete()
    service = changes.put_service("northfield", "Library", by=EDITOR)
    person.roles.create(name="administrator", service=service)
    assert author(person.user).rights == {ENTER_INBOX}


def test_role_is_replaced() -> None:
    person = add_person(ALICE, PASSWORD, role="administrator")
    give_role(person, "reader", by=COMMAND_LINE)
    assert author(person.user).rights == RIGHTS["reader"]


def test_password_is_in_no_log_and_not_as_written_in_the_database() -> None:
    person = add_person(ALICE, PASSWORD)
    entries = str(list(models.LogEntry.objects.values()))
    assert PASSWORD not in entries
    assert PASSWORD not in person.user.password


@pytest.mark.parametrize(
    ("name", "password", "role", "said"),
    [
        (ALICE, "12345", "reader", "password is refused"),
        (ALICE, PASSWORD, "owner", "not a role"),
        ("  ", PASSWORD, "reader", "needs a name"),
    ],
)
def test_person_who_cannot_be_is_refused(name: str, password: str, role: str, said: str) -> None:
    with pytest.raises(RegisterError, match=said):
        add_person(name, password, role=role)
    assert is_empty()


def test_same_name_twice_is_refused() -> None:
    add_person(ALICE, PASSWORD)
    with pytest.raises(RegisterError, match="can sign in already"):
        add_person(ALICE, PASSWORD)
