"""Contacts are merged by people, given back exactly, and erased with a receipt."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from tests.cast import NOON
from tests.inbox.pigeon import letter, loft
from tests.inbox.test_sending import ANSWERER
from vigie.errors import ForbiddenError, InboxError
from vigie.inbox import changes, contacts
from vigie.inbox.admission import Office
from vigie.inbox.erasing import Receipt, export, forget, receipt_of
from vigie.inbox.intake import journal
from vigie.inbox.models import (
    Arrival,
    Attachment,
    Box,
    Contact,
    ContactMerge,
    Conversation,
    Handle,
    Message,
    Note,
)
from vigie.inbox.pairs import Known, suggested
from vigie.inbox.visible import Eyes
from vigie.register.models import Service
from vigie.register.rights import NOBODY, RIGHTS, Author

Bring = Callable[..., list[Arrival]]
ADMINISTRATOR = Eyes(author=Author(name="alice", rights=RIGHTS["administrator"]))


def everything() -> dict[str, list[dict[str, object]]]:
    return {
        "contacts": list(Contact.objects.order_by("pk").values()),
        "handles": list(Handle.objects.order_by("pk").values()),
        "conversations": list(
            Conversation.objects.order_by("pk").values("pk", "contact_id", "state")
        ),
    }


@pytest.fixture
def two(bring: Bring) -> tuple[Contact, Contact]:
    """Two contacts who wrote, each with what is known of it."""
    bring(loft(letter("1", author="marie"), letter("2", author="m.durand")))
    first, second = Contact.objects.order_by("name").reverse()
    Contact.objects.filter(pk=first.pk).update(tags=["parent"], language="fr")
    Contact.objects.filter(pk=second.pk).update(tags=["student"], consent="refused")
    return Contact.objects.get(pk=first.pk), Contact.objects.get(pk=second.pk)


def test_merged_contacts_have_one_history(two: tuple[Contact, Contact]) -> None:
    contacts.merge(*two, hand=ANSWERER)
    assert two[0].conversations.count() == 2


def test_of_two_consents_the_stricter_one_counts(two: tuple[Contact, Contact]) -> None:
    contacts.merge(*two, hand=ANSWERER)
    two[0].refresh_from_db()
    assert (two[0].consent, two[0].tags) == ("refused", ["parent", "student"])


def test_undoing_a_merge_gives_back_the_exact_start(two: tuple[Contact, Contact]) -> None:
    before = everything()
    contacts.undo(contacts.merge(*two, hand=ANSWERER), hand=ANSWERER)
    assert everything() == before


def test_what_came_since_goes_to_whose_handle_wrote_it(
    two: tuple[Contact, Contact], bring: Bring
) -> None:
    merged = contacts.merge(*two, hand=ANSWERER)
    bring(loft(letter("3", author="m.durand")))
    contacts.undo(merged, hand=ANSWERER)
    assert Conversation.objects.get(thread="3").contact == two[1]


def test_message_after_a_merge_comes_from_the_survivor(
    two: tuple[Contact, Contact], bring: Bring
) -> None:
    contacts.merge(*two, hand=ANSWERER)
    bring(loft(letter("3", author="m.durand")))
    assert Conversation.objects.get(thread="3").contact == two[0]


def test_merges_are_undone_the_last_one_first(two: tuple[Contact, Contact], bring: Bring) -> None:
    bring(loft(letter("3", author="md")))
    third = Contact.objects.get(name="md")
    first = contacts.merge(*two, hand=ANSWERER)
    contacts.merge(two[0], third, hand=ANSWERER)
    with pytest.raises(InboxError, match="later merges"):
        contacts.undo(first, hand=ANSWERER)


def test_merge_is_undone_once(two: tuple[Contact, Contact]) -> None:
    merged = contacts.merge(*two, hand=ANSWERER)
    contacts.undo(merged, hand=ANSWERER)
    with pytest.raises(InboxError, match="already"):
        contacts.undo(merged, hand=ANSWERER)


def test_contact_of_a_confidential_service_cannot_be_merged_by_others(
    two: tuple[Contact, Contact], health: Service
) -> None:
    Conversation.objects.filter(contact=two[1]).update(service=health)
    with pytest.raises(InboxError, match="no such contact"):
        contacts.merge(*two, hand=ANSWERER)


def test_stranger_merges_nobody(two: tuple[Contact, Contact]) -> None:
    with pytest.raises(ForbiddenError):
        contacts.merge(*two, hand=replace(ANSWERER, eyes=Eyes(author=NOBODY)))
    assert not ContactMerge.objects.exists()


# ── pairs ─────────────────────────────────────────────────────────────────────────────


def known(contact: int, name: str, *handles: tuple[str, str, str], says: str = "") -> Known:
    return Known(contact=contact, name=name, handles=handles, mentioned=(says,) if says else ())


def test_same_handle_on_two_networks_suggests_a_pair() -> None:
    (pair,) = suggested([
        known(1, "M.", ("bluesky", "did:1", "mariedurand.bsky.social")),
        known(2, "Marie", ("mastodon", "77", "@mariedurand@mamot.fr")),
    ])  # fmt: skip
    assert "mariedurand" in str(pair.reasons[0])


def test_signature_with_the_others_address_suggests_a_pair() -> None:
    (pair,) = suggested([
        known(1, "", ("mail", "marie@example.org", "")),
        known(2, "", ("form", "x", ""), says="Marie@example.org"),
    ])  # fmt: skip
    assert "marie@example.org" in str(pair.reasons[0])


def test_pair_with_more_reasons_comes_first() -> None:
    found = suggested([
        known(1, "Marie Durand", ("mail", "mariedurand@example.org", "")),
        known(2, "Marie Durand", ("bluesky", "did:1", "mariedurand.bsky.social")),
        known(3, "Marie Durand", ("mail", "x@example.org", "")),
    ])  # fmt: skip
    assert (found[0].first, found[0].second, len(found[0].reasons)) == (1, 2, 2)


@pytest.mark.parametrize("name", ["Marie", "", "👍"])
def test_first_name_alone_suggests_nobody(name: str) -> None:
    assert suggested([known(1, name), known(2, name)]) == []


def test_address_of_an_office_suggests_nobody() -> None:
    assert suggested([
        known(1, "", ("mail", "contact@a.example", "")),
        known(2, "", ("mail", "contact@b.example", "")),
    ]) == []  # fmt: skip


# ── erasure ───────────────────────────────────────────────────────────────────────────


def erase(contact: Contact, office: Office) -> Receipt:
    return forget(contact, eyes=ADMINISTRATOR, mark=office.mark, home=office.home, now=NOON)


@pytest.fixture
def written(bring: Bring) -> Contact:
    """Someone who wrote twice and sent a file, was answered, and was spoken of in a note."""
    bring(loft(letter("1", words="I am ill", files={"proof.pdf": "%PDF-1.7\n"}),
               letter("2", thread="1", words="Are you there?")))  # fmt: skip
    conversation = Conversation.objects.get()
    changes.reply(conversation, "Get well", hand=ANSWERER)
    changes.add_note(conversation, "She is ill", hand=ANSWERER)
    return Contact.objects.get()


def test_erasure_says_beforehand_what_it_takes(written: Contact, office: Office) -> None:
    shown = receipt_of(written, home=office.home)
    assert shown == erase(written, office)
    assert (shown.messages, shown.notes, shown.files) == (3, 1, 1)


def test_no_word_of_the_erased_is_left(written: Contact, office: Office) -> None:
    erase(written, office)
    assert set(Message.objects.values_list("words", flat=True)) == {""}
    assert not Note.objects.exists()
    assert not Attachment.objects.exists()
    assert not [path for path in office.home.rglob("*") if path.is_file()]


def test_quarantine_and_what_came_twice_are_searched_too(
    written: Contact, office: Office, bring: Bring
) -> None:
    broken = {"key": "3", "author": "student1", "body": "no \u00e9 words"}
    bring(loft(broken), loft(letter("1", words="I am ill"), broken))
    bring(loft({"key": "4", "author": "student2"}, broken))
    bring(b"From: student1 <x@y.example>\r\n\r\nill")
    receipt = erase(written, office)
    assert (receipt.payloads, receipt.redacted) == (4, 1)
    left = [path.read_bytes() for path in office.home.rglob("*") if path.is_file()]
    assert [json.loads(one)[0]["author"] for one in left] == ["student2"]
    assert journal(Box.objects.get(name="loft")).adds_up


def test_longer_name_that_holds_theirs_is_left_alone(
    written: Contact, office: Office, bring: Bring
) -> None:
    bring(loft({"key": "3", "author": "student12"}))
    erase(written, office)
    assert any(path.is_file() for path in office.home.rglob("*"))


def test_counts_stay_after_an_erasure(written: Contact, office: Office) -> None:
    before = (Message.objects.count(), Conversation.objects.count())
    erase(written, office)
    assert (Message.objects.count(), Conversation.objects.count()) == before


def test_erased_person_does_not_come_back_by_importing_again(
    written: Contact, office: Office, bring: Bring
) -> None:
    erase(written, office)
    bring(loft(letter("9", at=(NOON - timedelta(days=1)).isoformat())))
    assert Contact.objects.filter(forgotten_at__isnull=True).count() == 0


def test_erased_person_who_writes_anew_is_answered_like_a_stranger(
    written: Contact, office: Office, bring: Bring
) -> None:
    erase(written, office)
    bring(loft(letter("9", at=(NOON + timedelta(days=1)).isoformat())))
    assert Conversation.objects.get(thread="9").contact != written


def test_erasure_needs_its_right(written: Contact, office: Office) -> None:
    with pytest.raises(ForbiddenError):
        forget(written, eyes=ANSWERER.eyes, mark=office.mark, home=office.home, now=NOON)


def test_file_that_someone_else_sent_too_stays(
    written: Contact, office: Office, bring: Bring
) -> None:
    bring(loft(letter("5", author="bob", files={"same.pdf": "%PDF-1.7\n"})))
    erase(written, office)
    kept: list[Path] = [office.home / one.file for one in Attachment.objects.all()]
    assert [path.exists() for path in kept] == [True]


def test_export_gives_a_person_all_that_is_kept(written: Contact) -> None:
    given = export(written, eyes=ADMINISTRATOR, now=NOON)
    assert [len(given[name]) for name in ("handles", "conversations", "messages", "files")] == [  # type: ignore[arg-type]  # lists
        1, 1, 3, 1,
    ]  # fmt: skip


def test_one_name_with_two_addresses_stays_two_contacts_until_a_person_says_otherwise(
    bring: Bring,
) -> None:
    bring(loft(letter("1", author="marie1", name="Marie Durand"),
               letter("2", author="marie2", name="Marie Durand")))  # fmt: skip
    assert Contact.objects.filter(merged_into__isnull=True).count() == 2
    assert not ContactMerge.objects.exists()


def test_one_address_is_one_contact_under_whatever_name(bring: Bring) -> None:
    bring(loft(letter("1", name="Marie"), letter("2", name="M. Durand")))
    assert Contact.objects.count() == 1


def test_erased_person_who_goes_on_with_an_old_matter_begins_a_new_one_that_can_be_erased(
    written: Contact, office: Office, bring: Bring
) -> None:
    old = Conversation.objects.get(contact=written)
    thread = old.thread
    erase(written, office)
    bring(loft(letter("9", thread=thread, at=(NOON + timedelta(days=1)).isoformat())))
    anew = Conversation.objects.exclude(pk=old.pk).get()
    assert (anew.contact == written, old.messages.filter(key="9").exists()) == (False, False)
    erase(anew.contact, office)
    assert not Message.objects.exclude(words="").exists()


def test_nothing_that_a_network_calls_them_or_their_words_is_left(
    office: Office, bring: Bring
) -> None:
    bring(loft(letter("at://did:plc:marie/post/1", thread="at://did:plc:marie/post/1",
                      author="did:plc:marie")))  # fmt: skip
    erase(Contact.objects.get(), office)
    models = (Conversation, Contact, Handle, Message, Note, Attachment, ContactMerge)
    left = json.dumps([list(model.objects.values()) for model in models], default=str)
    assert "marie" not in left
