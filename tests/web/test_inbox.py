"""The desk: conversations are listed, read and answered by those who may."""

from __future__ import annotations

import csv
import io
import zipfile
from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings
from django.test import Client

from tests.cast import ALICE
from tests.web.conftest import PASSWORD
from vigie.inbox import queue_document
from vigie.inbox.channel import Enclosed
from vigie.inbox.enclosures import keep
from vigie.inbox.models import (
    Attachment,
    Box,
    CalledIn,
    Contact,
    Conversation,
    Handle,
    Message,
    Suggestion,
)
from vigie.inbox.searching import note_words
from vigie.register.models import Institution, LogEntry, Person, Role, Service
from vigie.register.people import add_person

NOW = datetime.now(UTC)


@pytest.fixture
def northfield(site: Client) -> Institution:
    """Northfield, in the register."""
    return Institution.objects.create(slug="northfield", name="Northfield University")


@pytest.fixture
def library(northfield: Institution) -> Service:
    """Northfield's library."""
    return Service.objects.create(institution=northfield, name="Library", slug="library")


@pytest.fixture
def health(northfield: Institution) -> Service:
    """Northfield's health centre: confidential."""
    return Service.objects.create(
        institution=northfield, name="Health", slug="health", is_confidential=True
    )


@pytest.fixture
def question(northfield: Institution) -> Conversation:
    """A mail that nobody owns yet."""
    return ask(northfield, "When do you open?")


def ask(institution: Institution, words: str, **changes: object) -> Conversation:
    box, _new = Box.objects.get_or_create(
        name="mail", defaults={"label": "Mail", "channel": "mail", "institution": institution}
    )
    number = Conversation.objects.count() + 1
    contact = Contact.objects.create(name=f"Marie {number}", created_at=NOW, seen_at=NOW)
    handle = Handle.objects.create(contact=contact, network="mail", address=f"m{number}@x.example")
    given = {"box": box, "thread": f"<{number}@x>", "kind": "mail", "contact": contact,
             "subject": words, "opened_at": NOW, "asked_at": NOW, "incoming_at": NOW,
             "touched_at": NOW}  # fmt: skip
    made = Conversation.objects.create(**{**given, **changes})
    Message.objects.create(conversation=made, box=box, direction="in", key=f"<{number}@x>",
                           handle=handle, words=words, said_at=NOW, received_at=NOW,
                           state="received")  # fmt: skip
    return made


def browser(name: str, *, role: str = "", service: Service | None = None) -> Client:
    person: Person = add_person(name, PASSWORD, role=role or "reader")
    if service is not None:
        Role.objects.filter(person=person).delete()
        Role.objects.create(person=person, name=role, service=service)
    client = Client(headers={"accept-language": "en"})
    client.force_login(person.user)  # type: ignore[arg-type]  # added with a user
    return client


@pytest.fixture
def answerer(site: Client) -> Client:
    """Erin's browser: she answers, everywhere but in confidential services."""
    return browser("erin", role="answerer")


def test_stranger_is_sent_to_sign_in(site: Client, question: Conversation) -> None:
    for address in ("/inbox/", f"/inbox/{question.pk}/"):
        assert site.get(address)["Location"].startswith("/sign-in/")


def test_reader_of_the_register_does_not_enter(site: Client, question: Conversation) -> None:
    assert browser("rita", role="reader").get("/inbox/").status_code == 403


def test_list_says_how_many_wait(answerer: Client, question: Conversation) -> None:
    page = answerer.get("/inbox/").text
    assert "1 conversation waits for us" in page
    assert "When do you open?" in page


def test_what_expires_first_stands_first(answerer: Client, northfield: Institution) -> None:
    ask(northfield, "Later", expires_at=NOW + timedelta(hours=9))
    ask(northfield, "Never")
    ask(northfield, "Sooner", expires_at=NOW + timedelta(hours=1))
    page = answerer.get("/inbox/").text
    assert page.index("Sooner") < page.index("Later") < page.index("Never")


def test_every_conversation_is_on_one_page_of_the_list(
    answerer: Client, northfield: Institution
) -> None:
    for number in range(120):
        expires = NOW + timedelta(hours=number % 3) if number % 2 else None
        ask(northfield, f"Question {number}", expires_at=expires)
    seen: list[int] = []
    address = "/inbox/"
    while address:
        response = answerer.get(address)
        seen += [row.pk for row in response.context["rows"]]
        following = response.context["next_page"]
        address = "/inbox/?" + _query(following) if following else ""
    assert sorted(seen) == sorted(Conversation.objects.values_list("pk", flat=True))


def _query(after: str) -> str:
    from urllib.parse import urlencode

    return urlencode({"after": after})


def test_reply_is_handed_in(answerer: Client, question: Conversation) -> None:
    answerer.post(f"/inbox/{question.pk}/", {"do": "reply", "words": "At eight.", "key": "a"})
    reply = Message.objects.get(direction="out")
    question.refresh_from_db()
    assert (reply.words, reply.state, question.state) == ("At eight.", "due", "waiting")


def test_reply_sent_twice_from_one_form_is_one(answerer: Client, question: Conversation) -> None:
    for _time in range(2):
        answerer.post(f"/inbox/{question.pk}/", {"do": "reply", "words": "At eight.", "key": "a"})
    assert Message.objects.filter(direction="out").count() == 1


def test_empty_reply_says_so_and_keeps_nothing(answerer: Client, question: Conversation) -> None:
    response = answerer.post(f"/inbox/{question.pk}/", {"do": "reply", "words": " "})
    assert response.status_code == 422
    assert "the reply is empty" in response.text


def test_draft_is_there_again(answerer: Client, question: Conversation) -> None:
    address = f"/inbox/{question.pk}/"
    answerer.post(address, {"do": "reply", "keep": "1", "words": "At ei"})
    assert "At ei</textarea>" in answerer.get(address).text


def test_colleague_sees_that_someone_is_answering(answerer: Client, question: Conversation) -> None:
    address = f"/inbox/{question.pk}/"
    answerer.get(address)
    answerer.post(address, {"do": "reply", "keep": "1", "words": "At ei"})
    assert "erin is answering this" in browser("finn", role="answerer").get(address).text


def test_conversation_goes_to_the_service_that_is_chosen(
    answerer: Client, question: Conversation, library: Service
) -> None:
    Suggestion.objects.create(conversation=question, services=[[library.pk, 0.8]],
                              annotator="rules", at=NOW)  # fmt: skip
    page = answerer.get(f"/inbox/{question.pk}/").text
    assert "Library (80%)" in page
    answerer.post(f"/inbox/{question.pk}/", {"do": "assign", "service": library.pk})
    question.refresh_from_db()
    assert (question.service, question.suggestion.chosen) == (library, library)


def test_confidential_conversation_is_not_there_for_others(
    answerer: Client, question: Conversation, health: Service
) -> None:
    Conversation.objects.update(service=health)
    assert answerer.get(f"/inbox/{question.pk}/").status_code == 404
    assert "When do you open?" not in answerer.get("/inbox/?state=any").text
    assert answerer.post(f"/inbox/{question.pk}/", {"do": "close"}).status_code == 404


def test_role_in_a_service_opens_that_service_alone(
    question: Conversation, northfield: Institution, health: Service
) -> None:
    Conversation.objects.update(service=health)
    other = ask(northfield, "Not for her")
    doctor = browser("dora", role="answerer", service=health)
    assert "When do you open?" in doctor.get("/inbox/").text
    assert doctor.get(f"/inbox/{other.pk}/").status_code == 404


def test_colleague_called_in_reads_and_does_not_answer(
    question: Conversation, health: Service, library: Service
) -> None:
    Conversation.objects.update(service=health)
    client = browser("gina", role="answerer", service=library)
    person = Person.objects.get(name="gina")
    CalledIn.objects.create(conversation=question, person=person, by=ALICE, at=NOW)
    assert client.get(f"/inbox/{question.pk}/").status_code == 200
    response = client.post(f"/inbox/{question.pk}/", {"do": "reply", "words": "Hello"})
    assert response.status_code == 422
    assert not Message.objects.filter(direction="out").exists()


def test_who_sends_a_conversation_out_of_sight_comes_back_to_the_list(
    answerer: Client, question: Conversation, health: Service
) -> None:
    response = answerer.post(f"/inbox/{question.pk}/", {"do": "assign", "service": health.pk})
    assert response["Location"] == "/inbox/"


@pytest.mark.parametrize(("do", "state"), [("close", "closed"), ("snooze", "snoozed")])
def test_button_changes_the_state(
    do: str, state: str, answerer: Client, question: Conversation
) -> None:
    answerer.post(f"/inbox/{question.pk}/", {"do": do})
    question.refresh_from_db()
    assert question.state == state


def test_until_when_is_asked_in_the_time_of_the_place(
    answerer: Client, question: Conversation
) -> None:
    form = {"do": "snooze", "chosen": str(question.pk), "day": "2031-03-12"}
    asked = answerer.post("/inbox/several/", form).text
    assert "aside until 12 March 2031, 08:00?" in asked


@pytest.mark.parametrize("given", [{}, {"do": "nothing"}, {"do": "assign", "service": "x" * 40},
                                   {"do": "approve", "message": "9" * 30}])  # fmt: skip
def test_form_that_makes_no_sense_is_refused_in_words(
    given: dict[str, str], answerer: Client, question: Conversation
) -> None:
    assert answerer.post(f"/inbox/{question.pk}/", given).status_code == 422


def test_search_finds_and_counts_what_one_may_see(
    answerer: Client, northfield: Institution, health: Service
) -> None:
    for words, service in (("Where is my card?", None), ("A card of my health", health)):
        note_words([ask(northfield, words, service=service).pk])
    page = answerer.get("/inbox/", {"q": "CÁRD", "state": "any"}).text
    assert "1 conversation<" in page
    assert "Where is my card?" in page
    assert "health?" not in page


def test_search_that_finds_nothing_says_where_else_to_look(
    answerer: Client, question: Conversation
) -> None:
    page = answerer.get("/inbox/", {"q": "xylophone"}).text
    assert "Nothing was found with these words." in page
    assert 'href="?q=xylophone&amp;state=any"' in page


# ── many at once, and files ───────────────────────────────────────────────────────────


def test_chosen_ones_are_closed_after_one_question(
    answerer: Client, northfield: Institution, health: Service
) -> None:
    rows = [ask(northfield, f"Question {n}") for n in range(3)]
    hidden = ask(northfield, "Hidden", service=health)
    form = {"do": "close", "chosen": [rows[0].pk, rows[1].pk, hidden.pk], "back": "kind=mail"}
    page = answerer.post("/inbox/several/", form)
    assert "Close 2 conversations?" in page.text
    assert not Conversation.objects.filter(state="closed").exists()
    done = answerer.post("/inbox/several/", {**form, "sure": "1"})
    assert done["Location"] == "/inbox/?kind=mail"
    assert set(Conversation.objects.filter(state="closed")) == set(rows[:2])


def test_chosen_ones_are_sent_to_a_service(
    answerer: Client, northfield: Institution, library: Service
) -> None:
    rows = [ask(northfield, f"Question {n}") for n in range(2)]
    form = {"do": "assign", "service": library.pk, "chosen": [row.pk for row in rows], "sure": "1"}
    answerer.post("/inbox/several/", form)
    assert Conversation.objects.filter(service=library).count() == 2


def test_chosen_ones_are_unwanted_at_once_and_brought_back_at_once(
    answerer: Client, northfield: Institution
) -> None:
    rows = [ask(northfield, f"Win a prize {n}") for n in range(2)]
    form = {"do": "unwanted", "chosen": [row.pk for row in rows], "back": "state=unwanted"}
    assert "no figure counts them" in answerer.post("/inbox/several/", form).text
    answerer.post("/inbox/several/", {**form, "sure": "1"})
    assert set(Conversation.objects.values_list("state", flat=True)) == {"unwanted"}
    assert 'value="wanted"' in answerer.get("/inbox/?state=unwanted").text
    answerer.post("/inbox/several/", {**form, "do": "wanted", "sure": "1"})
    assert set(Conversation.objects.values_list("state", flat=True)) == {"open"}


@pytest.mark.parametrize(
    "form", [{"do": "close"}, {"do": "nothing", "chosen": "1"}, {"do": "assign", "chosen": "1"}]
)
def test_nothing_is_changed_without_a_choice(
    form: dict[str, str], answerer: Client, question: Conversation
) -> None:
    given = {**form, "sure": "1"}
    if "chosen" in given:
        given["chosen"] = str(question.pk)
    assert answerer.post("/inbox/several/", given).status_code == 302
    assert Conversation.objects.get().state == "open"


def test_colleague_called_in_changes_nothing_at_once(
    question: Conversation, health: Service, library: Service
) -> None:
    Conversation.objects.update(service=health)
    client = browser("gina", role="answerer", service=library)
    CalledIn.objects.create(
        conversation=question, person=Person.objects.get(name="gina"), by=ALICE, at=NOW
    )
    form = {"do": "close", "chosen": question.pk, "sure": "1"}
    assert "stays as it was" in client.post("/inbox/several/", form, follow=True).text
    assert Conversation.objects.get().state == "open"


@pytest.mark.parametrize("format", ["csv", "xlsx", "json"])
def test_file_holds_exactly_what_is_listed(
    format: str, answerer: Client, northfield: Institution, health: Service
) -> None:
    ask(northfield, "=cmd|' /C calc'!A0", due_at=NOW)
    ask(northfield, "A review", kind="review")
    ask(northfield, "Hidden", service=health)
    response = answerer.get("/inbox/", {"format": format, "kind": "mail"})
    content = b"".join(response.streaming_content)  # type: ignore[arg-type]  # a file flows
    if format == "csv":
        text = content.decode("utf-8-sig")
        assert "'=cmd" in text
        assert ("Hidden" in text, "A review" in text) == (False, False)
    if format == "json":
        assert b"=cmd" in content
        assert b"Hidden" not in content
    assert content


def test_file_holds_every_row_and_says_how_many(
    answerer: Client, northfield: Institution, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queue_document, "AT_ONCE", 2)
    for number in range(5):
        ask(northfield, f"Question {number}", due_at=NOW if number % 2 else None)
    page = answerer.get("/inbox/")
    assert "All 5 conversations as a file" in page.text
    response = answerer.get("/inbox/", {"format": "csv"})
    content = b"".join(response.streaming_content)  # type: ignore[arg-type]  # a file flows
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))
    assert [row["Row"] for row in rows] == ["1", "2", "3", "4", "5"]
    assert len({row["Number"] for row in rows}) == 5
    assert "vigie-conversations-5" in response["Content-Disposition"]


def test_all_that_was_said_leaves_with_whoever_connects_boxes(
    answerer: Client, northfield: Institution, health: Service
) -> None:
    ask(northfield, "When do you open?")
    ask(northfield, "Hidden", service=health)
    assert "format=archive" not in answerer.get("/inbox/").text
    assert answerer.get("/inbox/", {"format": "archive"}).status_code == 403
    response = browser("ada", role="administrator").get("/inbox/", {"format": "archive"})
    content = b"".join(response.streaming_content)  # type: ignore[arg-type]  # a file flows
    assert (b"When do you open?" in content, b"Hidden" in content) == (True, False)
    assert LogEntry.objects.get(action="inbox.export").facts == {"count": 1}


def test_what_came_with_files_leaves_as_a_zip(northfield: Institution, health: Service) -> None:
    home = settings.CONFIGURED.home
    for words, service in (("See my letter", None), ("Hidden", health)):
        ask(northfield, words, service=service)
        kept = keep(Enclosed(name="a.pdf", content=b"%PDF-" + words.encode()), home=home)
        Attachment.objects.create(message=Message.objects.latest("pk"), name="a.pdf",
                                  media_type=kept.media_type, size=kept.size, digest=kept.digest,
                                  file=kept.file)  # fmt: skip
    response = browser("ada", role="administrator").get("/inbox/", {"format": "archive"})
    content = b"".join(response.streaming_content)  # type: ignore[arg-type]  # a file flows
    assert "vigie-conversations-1.zip" in response["Content-Disposition"]
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        told = [archive.read(name) for name in archive.namelist()]
    assert (b"%PDF-See my letter" in told, b"Hidden" in b"".join(told)) == (True, False)
