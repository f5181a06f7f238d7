"""Practices are noted by those who may, named with consent only, and moved on step by step."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from tests.cast import ALICE, BOB, NOON
from vigie.culture import changes
from vigie.culture.models import Practice
from vigie.culture.practice import STATES, Draft, lacking, mistakes_of, next_state, state_before
from vigie.errors import CultureError, ForbiddenError
from vigie.register.models import LogEntry
from vigie.register.rights import RIGHTS, Author

pytestmark = pytest.mark.django_db

EDITOR = Author(name=ALICE, rights=RIGHTS["editor"])
READER = Author(name=BOB, rights=RIGHTS["reader"])
FILMED = Draft(title="Film every experiment", kind="teaching")
WHOLE = replace(
    FILMED,
    seen="A class films its experiments.",
    copying="One phone, one stand, one minute.",
    support="A stand was bought.",
    reused_by="Physics, first year",
)
NAMED = replace(
    FILMED,
    owner_kind="person",
    owner="Dana Reed",
    consent="by mail",
    consented_on=date(2026, 9, 30),
)


def noted(draft: Draft = FILMED, **given: str) -> Practice:
    return changes.note(draft, by=EDITOR, at=NOON, **given)


def test_practice_is_noted_as_spotted() -> None:
    row = noted()
    assert (row.state, row.noted_by, [step.state for step in row.steps.all()]) == (
        "spotted", ALICE, ["spotted"],
    )  # fmt: skip


def test_reader_notes_nothing() -> None:
    with pytest.raises(ForbiddenError):
        changes.note(FILMED, by=READER)
    assert not Practice.objects.exists()


@pytest.mark.parametrize(
    "change", [changes.move_on, changes.move_back, changes.forget_person, changes.erase]
)
def test_reader_changes_nothing(change: object) -> None:
    row = noted(WHOLE)
    with pytest.raises(ForbiddenError):
        change(row.pk, by=READER)  # type: ignore[operator]  # one of four functions
    assert Practice.objects.get().state == "spotted"


def test_post_is_noted_once() -> None:
    seen = replace(FILMED, network="bluesky")
    assert noted(seen, post="m1").pk == noted(replace(seen, title="Again"), post="m1").pk


def test_practice_goes_through_every_state_and_says_when() -> None:
    row = noted(WHOLE)
    for days in (1, 2, 3):
        changes.move_on(row.pk, by=EDITOR, at=NOON + timedelta(days=days))
    assert [step.state for step in row.steps.all()] == list(STATES)
    assert Practice.objects.get().state == "reused"


@pytest.mark.parametrize(
    ("state", "field"),
    [("spotted", "copying"), ("described", "support"), ("supported", "reused_by")],
)
def test_state_takes_its_words(state: str, field: str) -> None:
    row = noted(replace(WHOLE, **{field: ""}))
    Practice.objects.update(state=state)
    with pytest.raises(CultureError, match="first"):
        changes.move_on(row.pk, by=EDITOR)
    assert Practice.objects.get().state == state


def test_nothing_comes_after_the_last_state_nor_before_the_first() -> None:
    assert next_state("reused") is None
    assert state_before("spotted") is None
    with pytest.raises(CultureError, match="no state before"):
        changes.move_back(noted().pk, by=EDITOR)


def test_moved_on_too_early_it_moves_back() -> None:
    row = changes.move_on(noted(WHOLE).pk, by=EDITOR)
    assert changes.move_back(row.pk, by=EDITOR).state == "spotted"


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"consent": ""}, "consent"),
        ({"consented_on": None}, "consented_on"),
        ({"consented_on": date(2026, 10, 2)}, "consented_on"),
        ({"owner": ""}, "owner"),
        ({"owner_kind": ""}, "owner_kind"),
        ({"owner_kind": "profile"}, "owner_kind"),
        ({"title": ""}, "title"),
        ({"title": "x" * 161}, "title"),
        ({"notes": "x" * 4001}, "notes"),
        ({"kind": "nothing"}, "kind"),
        ({"url": "javascript:alert(1)"}, "url"),
        ({"url": "https://[::1"}, "url"),
    ],
)
def test_what_cannot_be_kept_is_said_beside_its_field(
    changed: dict[str, object], field: str
) -> None:
    draft = replace(NAMED, **changed)  # type: ignore[arg-type]  # a table of cases
    assert set(mistakes_of(draft, today=NOON.date())) == {field}
    with pytest.raises(CultureError):
        noted(draft)


def test_database_itself_refuses_a_person_without_consent() -> None:
    row = noted(NAMED)
    with pytest.raises(IntegrityError), transaction.atomic():
        Practice.objects.filter(pk=row.pk).update(consent="")


def test_who_no_longer_agrees_is_forgotten_everywhere() -> None:
    row = changes.forget_person(noted(NAMED).pk, by=EDITOR)
    assert (row.owner, row.consent, row.consented_on) == ("", "", None)
    entries = json.dumps(list(LogEntry.objects.values_list("subject", "facts")))
    assert "Dana" not in entries


def test_consent_is_not_kept_where_no_person_is_named() -> None:
    assert noted(replace(NAMED, owner_kind="unit")).consent == ""


def test_what_is_written_anew_is_logged_by_field_without_its_words() -> None:
    row = noted(NAMED)
    changes.describe(row.pk, replace(NAMED, notes="Call her."), by=EDITOR)
    entry = LogEntry.objects.get(action="practice.describe")
    assert (entry.by, entry.facts) == (ALICE, {"fields": ["notes"]})


def test_what_is_written_the_same_changes_nothing() -> None:
    row = noted()
    changes.describe(row.pk, FILMED, by=EDITOR)
    assert not LogEntry.objects.filter(action="practice.describe").exists()


def test_network_of_a_noted_post_stays() -> None:
    row = noted(replace(FILMED, network="bluesky"), post="m1")
    assert changes.describe(row.pk, FILMED, by=EDITOR).network == "bluesky"


def test_erased_practice_is_gone_and_the_log_says_so() -> None:
    number = noted().pk
    changes.erase(number, by=EDITOR)
    assert not Practice.objects.exists()
    assert LogEntry.objects.get(action="practice.erase").subject == f"practice {number}"
    with pytest.raises(CultureError, match="no longer in the notebook"):
        changes.move_on(number, by=EDITOR)


def test_nothing_is_lacking_for_what_is_whole() -> None:
    assert [lacking(WHOLE, state) for state in STATES] == [None] * 4
