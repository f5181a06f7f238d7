"""An author is asked, answers by a link that only they should have, and may take a yes back."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from tests.cast import ALICE, BOB, NOON
from vigie.errors import ForbiddenError, ListeningError
from vigie.listening import consent_changes, consent_links
from vigie.listening.consent_changes import Requested
from vigie.listening.consenting import Asking, mistakes_of, request_words, state
from vigie.listening.models import Consent
from vigie.register.models import LogEntry
from vigie.register.rights import RIGHTS, Author

pytestmark = pytest.mark.django_db

EDITOR = Author(name=ALICE, rights=RIGHTS["editor"])
READER = Author(name=BOB, rights=RIGHTS["reader"])
POST = Asking(
    network="bluesky",
    post="m1",
    url="https://bsky.example/m1",
    purpose="on our page for new students",
    used_until=date(2027, 6, 30),
)
IN_PUBLIC = replace(POST, way="reply")
LATER = NOON + timedelta(days=1)


def asked(asking: Asking = POST) -> Requested:
    return consent_changes.ask(asking, by=EDITOR, at=NOON)


def stands() -> str:
    return state(Consent.objects.get(), LATER)


def test_nothing_is_a_yes_before_one_is_said() -> None:
    asked()
    assert stands() == "waiting"


def test_reader_asks_nobody() -> None:
    with pytest.raises(ForbiddenError):
        consent_changes.ask(POST, by=READER)
    assert not Consent.objects.exists()


def test_token_is_kept_as_a_digest_only() -> None:
    token = asked().token
    row = Consent.objects.get()
    kept = json.dumps([str(getattr(row, field.name)) for field in Consent._meta.fields])
    log = json.dumps(list(LogEntry.objects.values_list("subject", "facts")))
    assert token not in kept + log
    assert row.token_digest == consent_links.digest_of(token)


def test_yes_is_kept_with_the_name_the_author_chose() -> None:
    made = asked()
    row = consent_changes.answer(made.token, is_yes=True, credit="  Dana \n R. ", at=LATER)
    assert (stands(), row.credit, row.answered_at) == ("yes", "Dana R.", LATER)


def test_no_is_kept_without_a_name() -> None:
    row = consent_changes.answer(asked().token, is_yes=False, credit="Dana", at=LATER)
    assert (stands(), row.credit) == ("no", "")


def test_withdrawal_holds_at_once_and_the_name_is_gone() -> None:
    token = asked().token
    consent_changes.answer(token, is_yes=True, credit="Dana", at=LATER)
    row = consent_changes.withdraw(token, at=LATER)
    assert (stands(), row.credit, row.withdrawn_at) == ("withdrawn", "", LATER)


def test_log_never_says_the_name_an_author_chose() -> None:
    token = asked().token
    consent_changes.answer(token, is_yes=True, credit="Dana", at=LATER)
    consent_changes.withdraw(token, at=LATER)
    entries = list(LogEntry.objects.values_list("action", "by", "facts"))
    assert [action for action, _by, _facts in entries] == [
        "consent.ask", "consent.yes", "consent.withdraw",
    ]  # fmt: skip
    assert "Dana" not in json.dumps(entries)


@pytest.mark.parametrize(
    "token",
    ["", "x", "abc.7fffffff~forged", "a" * 300],
)
def test_link_we_did_not_make_is_refused(token: str) -> None:
    asked()
    with pytest.raises(ListeningError, match="leads nowhere"):
        consent_changes.answer(token, is_yes=True, at=LATER)
    assert stands() == "waiting"


def test_altered_link_is_refused() -> None:
    token = asked().token
    other = ("B" if token[0] == "A" else "A") + token[1:]
    with pytest.raises(ListeningError, match="leads nowhere"):
        consent_changes.answer(other, is_yes=True, at=LATER)


def test_link_has_an_end_of_its_own() -> None:
    link = consent_links.new_link(until=NOON.date())
    assert consent_links.is_ours(link.token, now=NOON)
    assert not consent_links.is_ours(link.token, now=NOON + timedelta(days=3))


def test_late_answer_is_refused() -> None:
    token = asked().token
    with pytest.raises(ListeningError, match="its time is over"):
        consent_changes.answer(token, is_yes=True, at=NOON + timedelta(days=31))
    assert state(Consent.objects.get(), NOON + timedelta(days=31)) == "expired"


def test_second_answer_is_refused() -> None:
    token = asked().token
    consent_changes.answer(token, is_yes=False, at=LATER)
    with pytest.raises(ListeningError, match="was answered"):
        consent_changes.answer(token, is_yes=True, at=LATER)
    assert stands() == "no"


def test_there_is_no_yes_to_take_back_before_one_was_said() -> None:
    with pytest.raises(ListeningError, match="no yes"):
        consent_changes.withdraw(asked().token, at=LATER)


def test_name_that_is_too_long_is_refused() -> None:
    with pytest.raises(ListeningError, match="80"):
        consent_changes.answer(asked().token, is_yes=True, credit="x" * 81, at=LATER)
    assert stands() == "waiting"


def test_yes_ends_with_its_last_day() -> None:
    consent_changes.answer(asked().token, is_yes=True, at=LATER)
    row = Consent.objects.get()
    assert state(row, NOON.replace(year=2027, month=6, day=30)) == "yes"
    assert state(row, NOON.replace(year=2027, month=7, day=1)) == "over"


# ── in public ──


def test_yes_to_a_public_link_counts_once_it_is_confirmed() -> None:
    made = asked(IN_PUBLIC)
    consent_changes.answer(made.token, is_yes=True, at=LATER)
    assert stands() == "unconfirmed"
    consent_changes.confirm(made.consent.pk, by=EDITOR, at=LATER)
    assert stands() == "yes"


def test_reader_confirms_nothing() -> None:
    made = asked(IN_PUBLIC)
    consent_changes.answer(made.token, is_yes=True, at=LATER)
    with pytest.raises(ForbiddenError):
        consent_changes.confirm(made.consent.pk, by=READER, at=LATER)
    assert stands() == "unconfirmed"


def test_nothing_is_confirmed_before_a_yes() -> None:
    made = asked(IN_PUBLIC)
    with pytest.raises(ListeningError, match="no yes to confirm"):
        consent_changes.confirm(made.consent.pk, by=EDITOR, at=LATER)


def test_unconfirmed_yes_is_taken_back_too() -> None:
    token = asked(IN_PUBLIC).token
    consent_changes.answer(token, is_yes=True, at=LATER)
    consent_changes.withdraw(token, at=LATER)
    assert stands() == "withdrawn"


# ── asking again ──


def test_who_was_asked_is_not_asked_twice() -> None:
    asked()
    with pytest.raises(ListeningError, match="asked already"):
        asked()


@pytest.mark.parametrize("takes_back", [True, False])
def test_who_said_no_is_not_asked_again_for_anything(takes_back: bool) -> None:
    token = asked().token
    consent_changes.answer(token, is_yes=takes_back, at=LATER)
    if takes_back:
        consent_changes.withdraw(token, at=LATER)
    with pytest.raises(ListeningError, match="not asked again"):
        consent_changes.ask(replace(POST, scope="image"), by=EDITOR, at=LATER)


def test_who_did_not_answer_in_time_may_be_asked_once_more() -> None:
    asked()
    consent_changes.ask(POST, by=EDITOR, at=NOON + timedelta(days=31))
    assert Consent.objects.count() == 1


def test_request_is_taken_back_until_it_is_answered() -> None:
    made = asked()
    consent_changes.take_back(made.consent.pk, by=EDITOR, at=LATER)
    with pytest.raises(ListeningError, match="leads nowhere"):
        consent_changes.answer(made.token, is_yes=True, at=LATER)
    again = asked()
    consent_changes.answer(again.token, is_yes=False, at=LATER)
    with pytest.raises(ListeningError, match="is kept"):
        consent_changes.take_back(again.consent.pk, by=EDITOR, at=LATER)


def test_reader_takes_nothing_back() -> None:
    made = asked()
    with pytest.raises(ForbiddenError):
        consent_changes.take_back(made.consent.pk, by=READER)


# ── forgetting ──


def test_names_go_when_their_use_is_over_and_stale_requests_as_well() -> None:
    consent_changes.answer(asked().token, is_yes=True, credit="Dana", at=LATER)
    consent_changes.ask(replace(POST, post="m2"), by=EDITOR, at=NOON)
    assert consent_changes.forget_over(at=NOON + timedelta(days=59)) == 0
    assert consent_changes.forget_over(at=NOON + timedelta(days=61)) == 1
    assert consent_changes.forget_over(at=NOON.replace(year=2027, month=7, day=1)) == 1
    assert Consent.objects.get().credit == ""


# ── the form ──


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"purpose": ""}, "purpose"), ({"purpose": "x" * 201}, "purpose"),
        ({"scope": "all"}, "scope"), ({"way": "pigeon"}, "way"), ({"language": "de"}, "language"),
        ({"used_until": None}, "used_until"), ({"used_until": date(2026, 9, 30)}, "used_until"),
        ({"used_until": date(2029, 12, 1)}, "used_until"),
    ],
)  # fmt: skip
def test_what_cannot_be_asked_is_said_beside_its_field(
    wrong: dict[str, object], field: str
) -> None:
    asking = replace(POST, **wrong)  # type: ignore[arg-type]  # a table of cases
    assert set(mistakes_of(asking, today=NOON.date())) == {field}
    with pytest.raises(ListeningError):
        asked(asking)


@pytest.mark.parametrize(
    "wrong",
    [
        {"credit": "Dana"},
        {"answer": "no", "answered_at": LATER, "credit": "Dana"},
        {"confirmed_at": LATER, "confirmed_by": ALICE},
        {"way": "reply"},
        {"answer": "yes", "answered_at": LATER, "withdrawn_at": LATER, "credit": "Dana"},
    ],
)
def test_database_itself_refuses_what_nobody_agreed_to(wrong: dict[str, object]) -> None:
    asked()
    with pytest.raises(IntegrityError), transaction.atomic():
        Consent.objects.update(**wrong)


@pytest.mark.parametrize("language", ["fr", "en"])
def test_words_say_who_asks_for_what_until_when_and_how_to_answer(language: str) -> None:
    asking = replace(POST, language=language)
    text = request_words(asking, asker="Northfield", link="https://v.example/consent/t/", code="")
    until = {"fr": "30 juin 2027", "en": "30 June 2027"}[language]
    for fact in (
        "Northfield",
        "on our page for new students",
        until,
        "https://v.example/consent/t/",
    ):
        assert fact in text


@pytest.mark.parametrize("language", ["fr", "en"])
def test_public_words_hold_in_a_post(language: str) -> None:
    link = f"https://vigie.northfield.example/consent/{asked(IN_PUBLIC).token}/"
    asking = replace(IN_PUBLIC, language=language)
    text = request_words(asking, asker="Northfield University", link=link, code="K7QXM")
    assert "K7QXM" in text
    # Networks count a link as 23 characters or so; Mastodon takes 500 in all.
    assert len(text) - len(link) + 23 <= 280
