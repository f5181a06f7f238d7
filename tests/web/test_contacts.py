"""Contacts on the site: found, merged, given back, exported and erased by those who may."""

from __future__ import annotations

import json

import pytest
from django.test import Client

from tests.web.test_inbox import ask, browser
from vigie.inbox.models import (
    Contact,
    ContactMerge,
    Conversation,
    Handle,
    Message,
    NotTheSame,
)
from vigie.register.models import Institution, LogEntry, Service


@pytest.fixture
def northfield(site: Client) -> Institution:
    """Northfield, in the register."""
    return Institution.objects.create(slug="northfield", name="Northfield University")


@pytest.fixture
def health(northfield: Institution) -> Service:
    """Northfield's health centre: confidential."""
    return Service.objects.create(
        institution=northfield, name="Health", slug="health", is_confidential=True
    )


@pytest.fixture
def two(northfield: Institution) -> tuple[Contact, Contact]:
    """Two contacts of one full name, each with a question."""
    for words in ("When do you open?", "Is it open on Sunday?"):
        ask(northfield, words)
    Contact.objects.update(name="Élodie Durand")
    first, second = Contact.objects.order_by("pk")
    return first, second


@pytest.fixture
def answerer(northfield: Institution) -> Client:
    """Erin's browser: she answers, everywhere but in confidential services."""
    return browser("erin", role="answerer")


@pytest.fixture
def administrator(northfield: Institution) -> Client:
    """Ada's browser: she may erase."""
    return browser("ada", role="administrator")


@pytest.mark.parametrize("words", ["", "elodie", "DURAND élo", "m1 example"])
def test_contact_is_found_without_accents_or_capitals(
    words: str, answerer: Client, two: tuple[Contact, Contact]
) -> None:
    Contact.objects.filter(pk=two[0].pk).update(sought=" elodie durand m1 x example ")
    response = answerer.get("/inbox/contacts/", {"q": words})
    assert two[0] in [one for one, _counts in response.context["rows"]]


def test_contact_nobody_is_called_so_is_said(answerer: Client, two: object) -> None:
    assert "No contact is called so" in answerer.get("/inbox/contacts/?q=zzz").text


def test_contact_is_seen_only_with_one_of_its_conversations(
    answerer: Client, two: tuple[Contact, Contact], health: Service
) -> None:
    Conversation.objects.filter(contact=two[0]).update(service=health)
    listed = answerer.get("/inbox/contacts/")
    assert [one for one, _counts in listed.context["rows"]] == [two[1]]
    assert listed.context["total"].count == 1
    for path in ("", "export/", "forget/"):
        status = answerer.get(f"/inbox/contacts/{two[0].pk}/{path}").status_code
        assert status in (403, 404)
    address = f"/inbox/contacts/merge/?first={two[0].pk}&second={two[1].pk}"
    assert answerer.get(address).status_code == 404
    assert answerer.get("/inbox/contacts/pairs/").context["total"] == 0


def test_every_contact_is_on_one_page_of_the_list(
    answerer: Client, northfield: Institution
) -> None:
    for number in range(60):
        ask(northfield, f"Question {number}")
    first = answerer.get("/inbox/contacts/")
    rest = answerer.get("/inbox/contacts/", {"after": first.context["next_page"]})
    seen = [one.pk for page in (first, rest) for one, _counts in page.context["rows"]]
    assert sorted(seen) == sorted(Contact.objects.values_list("pk", flat=True))


def test_history_shows_what_one_may_see_and_counts_the_rest_for_administrators_alone(
    answerer: Client, administrator: Client, two: tuple[Contact, Contact], health: Service
) -> None:
    Conversation.objects.update(contact=two[0])
    Conversation.objects.filter(subject="Is it open on Sunday?").update(service=health)
    address = f"/inbox/contacts/{two[0].pk}/"
    shown, counted = answerer.get(address).text, administrator.get(address).text
    assert "When do you open?" in shown
    assert "Sunday" not in shown + counted
    assert ("1 further conversation" in shown, "1 further conversation" in counted) == (False, True)


def test_what_is_known_is_noted(answerer: Client, two: tuple[Contact, Contact]) -> None:
    given = {"name": "Élodie", "language": "fr", "consent": "given", "tags": " parent,student ,"}
    answerer.post(f"/inbox/contacts/{two[0].pk}/", given)
    row = Contact.objects.get(pk=two[0].pk)
    assert (row.name, row.language, row.consent, row.tags) == (
        "Élodie", "fr", "given", ["parent", "student"],
    )  # fmt: skip


def test_answerer_of_one_service_notes_what_is_known_of_those_who_ask_it(
    two: tuple[Contact, Contact], health: Service
) -> None:
    Conversation.objects.filter(contact=two[0]).update(service=health)
    client = browser("dora", role="answerer", service=health)
    client.post(f"/inbox/contacts/{two[0].pk}/", {"name": "E.", "consent": "unknown"})
    assert Contact.objects.get(pk=two[0].pk).name == "E."


def test_consent_that_does_not_exist_is_refused(
    answerer: Client, two: tuple[Contact, Contact]
) -> None:
    response = answerer.post(f"/inbox/contacts/{two[0].pk}/", {"consent": "maybe"})
    assert response.status_code == 422


def test_pair_is_suggested_with_its_reason_and_not_again_once_told_apart(
    answerer: Client, two: tuple[Contact, Contact]
) -> None:
    assert "Both are called Élodie Durand" in answerer.get("/inbox/contacts/pairs/").text
    both = {"do": "tell_apart", "first": two[1].pk, "second": two[0].pk}
    answerer.post("/inbox/contacts/pairs/", both)
    assert answerer.get("/inbox/contacts/pairs/").context["total"] == 0
    answerer.post("/inbox/contacts/pairs/", {"do": "again", "pair": NotTheSame.objects.get().pk})
    assert answerer.get("/inbox/contacts/pairs/").context["total"] == 1


def test_merge_says_what_happens_before_it_does(
    answerer: Client, two: tuple[Contact, Contact]
) -> None:
    Contact.objects.filter(pk=two[1].pk).update(consent="refused", tags=["parent"])
    page = answerer.get(f"/inbox/contacts/merge/?first={two[0].pk}&second={two[1].pk}")
    assert [one["consent"] for one in page.context["after"]] == ["refused", "refused"]
    assert not ContactMerge.objects.exists()


def test_survivor_is_chosen_and_undo_gives_both_back(
    answerer: Client, two: tuple[Contact, Contact]
) -> None:
    both = {"first": two[0].pk, "second": two[1].pk}
    assert answerer.post("/inbox/contacts/merge/", both).status_code == 422
    answerer.post("/inbox/contacts/merge/", {**both, "survivor": two[1].pk})
    assert answerer.get(f"/inbox/contacts/{two[0].pk}/")["Location"].endswith(f"/{two[1].pk}/")
    merged = ContactMerge.objects.get()
    assert merged.reasons[0]["en"] == "Both are called Élodie Durand."
    answerer.post("/inbox/contacts/merges/", {"merge": merged.pk})
    assert Conversation.objects.get(contact=two[0]).subject == "When do you open?"


def test_reader_of_one_conversation_undoes_nothing_of_others(
    two: tuple[Contact, Contact], answerer: Client, health: Service
) -> None:
    given = {"first": two[0].pk, "second": two[1].pk, "survivor": two[0].pk}
    answerer.post("/inbox/contacts/merge/", given)
    Conversation.objects.update(service=health)
    merged = ContactMerge.objects.get()
    assert answerer.post("/inbox/contacts/merges/", {"merge": merged.pk}).status_code == 404


def test_export_is_for_those_who_may_erase_and_the_log_says_so(
    answerer: Client, administrator: Client, two: tuple[Contact, Contact]
) -> None:
    address = f"/inbox/contacts/{two[0].pk}/export/"
    assert answerer.get(address).status_code == 403
    assert "When do you open?" in administrator.get(address).text
    given = json.loads(b"".join(administrator.get(f"{address}?format=json")))  # type: ignore[arg-type]  # a stream
    assert "When do you open?" in json.dumps(given)
    assert LogEntry.objects.filter(action="contact.export", by="ada").count() == 2


def test_export_leaves_out_and_counts_what_only_a_service_sees(
    administrator: Client, two: tuple[Contact, Contact], health: Service
) -> None:
    Conversation.objects.update(contact=two[0])
    Conversation.objects.filter(subject="Is it open on Sunday?").update(service=health)
    page = administrator.get(f"/inbox/contacts/{two[0].pk}/export/").text
    assert "Sunday" not in page
    assert "1 conversation is missing here" in page


def test_erasure_names_what_goes_asks_once_and_leaves_a_receipt(
    administrator: Client, two: tuple[Contact, Contact]
) -> None:
    address = f"/inbox/contacts/{two[0].pk}/forget/"
    assert "Handles and addresses erased" in administrator.get(address).text
    assert administrator.post(address).status_code == 422
    assert Handle.objects.filter(contact=two[0]).exists()
    administrator.post(address, {"sure": "yes"})
    assert not Handle.objects.filter(contact=two[0]).exists()
    assert Message.objects.count() == 2
    receipt = administrator.get(address).text
    assert LogEntry.objects.get(action="contact.forget").digest in receipt


def test_erased_contact_is_on_no_list(administrator: Client, two: tuple[Contact, Contact]) -> None:
    administrator.post(f"/inbox/contacts/{two[0].pk}/forget/", {"sure": "yes"})
    assert administrator.get("/inbox/contacts/").context["total"].count == 1
    assert administrator.get(f"/inbox/contacts/{two[0].pk}/")["Location"].endswith("/forget/")


def test_answerer_cannot_erase(answerer: Client, two: tuple[Contact, Contact]) -> None:
    answerer.post(f"/inbox/contacts/{two[0].pk}/forget/", {"sure": "yes"})
    assert not Contact.objects.filter(forgotten_at__isnull=False).exists()
