"""Boxes are connected by a form; their journal adds up; quarantine is looked at and emptied."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from tests.web.test_inbox import ask, browser
from vigie.inbox.boxes import put_box
from vigie.inbox.intake import put
from vigie.inbox.models import Arrival, Box, Conversation, Message, Outage
from vigie.inbox.sending import _due
from vigie.inbox.working import READ_BOX
from vigie.register.models import Institution, LogEntry, Role, Service
from vigie.settings import Settings
from vigie.sources.models import Work

NOW = datetime.now(UTC)
GIVEN = {
    "do": "connect", "label": "Questions", "institution": "northfield",
    "address": "hello@northfield.example", "option-imap": "mail.northfield.example",
    "option-smtp": "mail.northfield.example", "option-name": "hello",
    "option-password": "a long and secret word",
}  # fmt: skip


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
def mailbox(northfield: Institution) -> Box:
    """Northfield's mailbox."""
    return Box.objects.create(name="mail", label="Mail", channel="mail", institution=northfield,
                              address="hello@northfield.example")  # fmt: skip


@pytest.fixture
def refused(mailbox: Box, settings: Settings) -> Arrival:
    """A mail that could not be read."""
    arrival = put(mailbox, b"<script>alert(1)</script> From: nobody", home=settings.home, now=NOW)
    Arrival.objects.update(state="refused", seen=1, refused=1, tries=5,
                           reason={"en": "It is cut.", "fr": "Il est coupé."})  # fmt: skip
    arrival.refresh_from_db()
    return arrival


@pytest.fixture
def admin(site: Client) -> Client:
    """Ada's browser: an administrator."""
    return browser("ada", role="administrator")


@pytest.fixture
def answerer(site: Client) -> Client:
    """Erin's browser: she answers."""
    return browser("erin", role="answerer")


def test_page_without_boxes_says_what_to_do(admin: Client) -> None:
    page = admin.get("/inbox/boxes/").text
    assert "Nothing can come in yet" in page
    assert "/inbox/boxes/connect/mail/" in page


def test_box_is_connected_and_its_secret_is_never_shown(
    admin: Client, northfield: Institution
) -> None:
    assert "Enter both here" in admin.get("/inbox/boxes/connect/mail/").text
    page = admin.post("/inbox/boxes/connect/mail/", GIVEN, follow=True).text
    box = Box.objects.get()
    assert "is connected" in page
    assert "secret word" not in box.sealed
    shown = admin.get(f"/inbox/boxes/{box.name}/?show=connection").text
    assert "a long and secret word" not in shown
    assert "mail.northfield.example" in shown


@pytest.mark.parametrize("left_out", ["label", "address", "option-imap", "option-password"])
def test_what_is_needed_is_asked_for_beside_its_field(
    left_out: str, admin: Client, northfield: Institution
) -> None:
    response = admin.post("/inbox/boxes/connect/mail/", {**GIVEN, left_out: " "})
    assert response.status_code == 422
    assert f'id="{left_out}-mistake"' in response.text
    assert "a long and secret word" not in response.text
    assert not Box.objects.exists()


def test_secret_that_is_left_empty_stays(admin: Client, northfield: Institution) -> None:
    admin.post("/inbox/boxes/connect/mail/", GIVEN)
    box = Box.objects.get()
    changed = {**GIVEN, "label": "Letters", "option-password": ""}
    assert admin.post(f"/inbox/boxes/{box.name}/", changed).status_code == 302
    box.refresh_from_db()
    assert box.label == "Letters"
    assert "password" in box.hints


def test_box_is_paused_resumed_and_disconnected(admin: Client, northfield: Institution) -> None:
    admin.post("/inbox/boxes/connect/mail/", GIVEN)
    address = f"/inbox/boxes/{Box.objects.get().name}/"
    admin.post(address, {"do": "pause"})
    assert Box.objects.get().state == "paused"
    admin.post(address, {"do": "resume"})
    assert Box.objects.get().state == "new"
    admin.post(address, {"do": "disconnect"})
    box = Box.objects.get()
    assert (box.sealed, box.options, box.state) == ("", {}, "paused")
    assert "disconnected" in admin.get(address).text
    assert admin.post(address, {"do": "resume"}).status_code == 422


def test_title_says_that_a_box_is_paused(answerer: Client, mailbox: Box) -> None:
    Box.objects.update(state="paused")
    assert "<h1>1 box is paused</h1>" in answerer.get("/inbox/boxes/").text


def test_reply_of_a_paused_box_waits(mailbox: Box, northfield: Institution) -> None:
    question = ask(northfield, "When?")
    Message.objects.create(conversation=question, box=mailbox, direction="out", key="k",
                           state="due", next_try_at=NOW, said_at=NOW, received_at=NOW)  # fmt: skip
    assert _due(NOW).count() == 1
    Box.objects.update(state="paused")
    assert _due(NOW).count() == 0


def test_failure_is_told_in_words(answerer: Client, mailbox: Box) -> None:
    Box.objects.update(state="broken", misses=3, failure={"en": "The password is refused."})
    assert "1 box cannot be read" in answerer.get("/inbox/boxes/").text
    page = answerer.get("/inbox/boxes/mail/").text
    assert "The password is refused." in page
    assert "It failed 3 times in a row" in page


def test_journal_adds_up_on_screen(answerer: Client, mailbox: Box) -> None:
    for number, (kept, duplicate, ignored) in enumerate([(2, 1, 0), (0, 0, 1), (4, 0, 0)]):
        Arrival.objects.create(
            box=mailbox, digest=f"{number:064}", size=1, received_at=NOW, state="done", kept=kept,
            duplicate=duplicate, ignored=ignored, seen=kept + duplicate + ignored,
            reason={"en": "loop", "fr": "loop"} if ignored else None,
        )  # fmt: skip
    page = answerer.get("/inbox/boxes/mail/").text
    assert "8 = 6 + 1 + 0 + 1: it adds up" in page
    assert "Our own mail that came back · 1" in page


def test_box_that_nothing_came_to_says_so_and_counts_no_noughts(
    answerer: Client, mailbox: Box
) -> None:
    page = answerer.get("/inbox/boxes/mail/").text
    assert "Nothing came in the last 30 days" in page
    assert "0 = 0" not in page


def test_box_that_was_not_read_for_long_says_that_it_catches_up(
    answerer: Client, mailbox: Box
) -> None:
    Box.objects.update(state="working", read_at=NOW - timedelta(hours=5))
    assert "is fetched at the next turn" in answerer.get("/inbox/boxes/").text


def test_page_says_when_a_box_was_not_read_and_that_it_is_caught_up_with(
    answerer: Client, mailbox: Box
) -> None:
    began = NOW - timedelta(hours=9)
    failure = {"en": "mail.example did not answer."}
    Outage.objects.create(box=mailbox, began_at=began, ended_at=NOW, failure=failure, fetched=12)
    Outage.objects.create(box=mailbox, began_at=began, ended_at=began, fetched=0)
    page = answerer.get("/inbox/boxes/mail/").text
    assert "mail.example did not answer." in page
    assert "It is caught up with: 12 payloads were fetched." in page
    assert "no worker ran" in page
    assert "nothing had come" in page


# ── quarantine ────────────────────────────────────────────────────────────────────────


def test_payload_is_looked_at_as_it_came(admin: Client, refused: Arrival) -> None:
    assert "It is cut." in admin.get("/inbox/boxes/mail/?show=quarantine").text
    address = f"/inbox/boxes/mail/arrivals/{refused.pk}/"
    page = admin.get(address).text
    assert "&lt;script&gt;alert(1)" in page
    assert "<script>alert(1)" not in page
    file = admin.get(address + "?format=raw")
    assert file["Content-Type"] == "application/octet-stream"
    assert "attachment" in file["Content-Disposition"]
    assert b"".join(file).startswith(b"<script>")  # type: ignore[arg-type]  # it streams


def test_payload_is_read_again(admin: Client, refused: Arrival) -> None:
    admin.post(f"/inbox/boxes/mail/arrivals/{refused.pk}/", {"do": "replay"})
    refused.refresh_from_db()
    assert (refused.state, refused.tries, refused.seen) == ("waiting", 0, 0)


def test_all_of_the_quarantine_is_read_again_once(admin: Client, refused: Arrival) -> None:
    assert admin.post("/inbox/boxes/mail/", {"do": "replay"}).status_code == 302
    assert admin.post("/inbox/boxes/mail/", {"do": "replay"}).status_code == 422


@pytest.mark.django_db(transaction=True)
def test_payload_is_dropped_with_a_reason_and_its_content_is_gone(
    admin: Client, refused: Arrival, settings: Settings
) -> None:
    file = settings.home / refused.file
    address = f"/inbox/boxes/mail/arrivals/{refused.pk}/"
    assert admin.post(address, {"do": "drop", "reason": " "}).status_code == 422
    admin.post(address, {"do": "drop", "reason": "an advertisement"})
    refused.refresh_from_db()
    assert (refused.state, refused.refused, refused.ignored) == ("ignored", 0, 1)
    assert refused.reason is not None
    assert "an advertisement" in refused.reason["fr"]
    assert not file.exists()
    assert LogEntry.objects.filter(action="inbox.drop").exists()


def test_quarantine_is_listed_page_by_page(admin: Client, mailbox: Box) -> None:
    for number in range(60):
        Arrival.objects.create(box=mailbox, digest=f"{number:064}", size=1, received_at=NOW,
                               state="refused", seen=1, refused=1)  # fmt: skip
    first = admin.get("/inbox/boxes/mail/?show=quarantine")
    following = first.context["next_page"]
    second = admin.get(f"/inbox/boxes/mail/?show=quarantine&after={following}")
    seen = [row.pk for row in (*first.context["rows"], *second.context["rows"])]
    assert len(seen) == len(set(seen)) == 60


# ── rights ────────────────────────────────────────────────────────────────────────────


def test_answerer_looks_at_boxes_and_changes_none(answerer: Client, refused: Arrival) -> None:
    for do in ("pause", "resume", "disconnect", "replay"):
        Box.objects.update(options={"imap": "a", "smtp": "a", "name": "a"},
                           hints={"password": ["", "2026-01-01"]})  # fmt: skip
        assert answerer.post("/inbox/boxes/mail/", {"do": do}).status_code == 403
    assert answerer.get("/inbox/boxes/connect/mail/").status_code == 403
    assert answerer.get(f"/inbox/boxes/mail/arrivals/{refused.pk}/").status_code == 403
    assert answerer.get("/inbox/boxes/mail/?show=connection").status_code == 200


def test_box_of_a_confidential_service_is_not_there_for_others(
    answerer: Client, admin: Client, mailbox: Box, refused: Arrival, health: Service
) -> None:
    Box.objects.update(service=health)
    assert answerer.get("/inbox/boxes/mail/").status_code == 404
    assert "hello@northfield.example" not in answerer.get("/inbox/boxes/").text
    assert admin.get("/inbox/boxes/mail/").status_code == 200
    assert admin.get(f"/inbox/boxes/mail/arrivals/{refused.pk}/").status_code == 404


def test_payload_that_became_a_confidential_conversation_is_not_opened(
    admin: Client, refused: Arrival, health: Service
) -> None:
    question = ask(health.institution, "I am ill")
    Message.objects.update(arrival=refused)
    address = f"/inbox/boxes/mail/arrivals/{refused.pk}/"
    assert admin.get(address).status_code == 200
    Conversation.objects.filter(pk=question.pk).update(service=health)
    assert admin.get(address).status_code == 404
    assert admin.post(address, {"do": "replay"}).status_code == 404


def test_who_has_a_role_in_one_service_sees_its_box_alone(mailbox: Box, health: Service) -> None:
    own = Box.objects.create(name="health", label="Health", channel="mail", service=health,
                             institution=health.institution)  # fmt: skip
    client = browser("dora", role="answerer", service=health)
    assert [row.box for row in client.get("/inbox/boxes/").context["rows"]] == [own]
    assert Role.objects.filter(service=health).count() == 1
    assert client.get("/inbox/boxes/mail/").status_code == 404


def test_greeting_is_written_and_its_blanks_are_checked(admin: Client, mailbox: Box) -> None:
    address = "/inbox/boxes/mail/?show=greeting"
    form = {"do": "greet", "when": "always", "words_en": "Hello {who}", "words_fr": ""}
    wrong = admin.post(address, form)
    assert (wrong.status_code, "no placeholder {who}" in wrong.text) == (422, True)
    admin.post(address, {**form, "words_en": "Hello {name}"})
    mailbox.refresh_from_db()
    assert (mailbox.greeting["when"], mailbox.greeting["words"]) == (
        "always",
        {"en": "Hello {name}"},
    )
    assert "Hello {name}</textarea>" in admin.get(address).text


def test_who_connects_no_boxes_writes_no_greeting(answerer: Client, mailbox: Box) -> None:
    form = {"do": "greet", "when": "always", "words_en": "Hello"}
    assert answerer.post("/inbox/boxes/mail/", form).status_code == 403
    assert "Keep the greeting" not in answerer.get("/inbox/boxes/mail/?show=greeting").text


def test_box_is_read_now_when_a_person_asks(admin: Client, mailbox: Box) -> None:
    address = f"/inbox/boxes/{mailbox.name}/"
    assert "Read now" in admin.get(address).text
    page = admin.post(address, {"do": "read_now"}, follow=True).text
    assert "It is being read" in page
    assert Work.objects.get(kind=READ_BOX, subject=mailbox.name).due_at <= datetime.now(UTC)
    Box.objects.update(state="paused")
    assert "Resume it first" in admin.post(address, {"do": "read_now"}).text


def test_what_was_chosen_stays_when_a_box_is_connected_again(
    mailbox: Box, settings: Settings
) -> None:
    Box.objects.update(asks_satisfaction=False, needs_approval=True)
    mailbox.refresh_from_db()
    options = {"imap": "a.example", "smtp": "a.example", "name": "hello", "password": "long word"}
    put_box("mail", institution=mailbox.institution, label="Mail", address=mailbox.address,
            options=options, settings=settings, box=mailbox, now=NOW)  # fmt: skip
    mailbox.refresh_from_db()
    assert (mailbox.asks_satisfaction, mailbox.needs_approval) == (False, True)
