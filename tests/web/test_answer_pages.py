"""The page behind a link in a mail: one question, its answer, and nothing else."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.inbox.test_enclosing import PNG
from tests.web.conftest import PASSWORD
from tests.web.test_inbox import ask
from vigie.inbox.entrusting import ask_due
from vigie.inbox.models import AnswerLink, Attachment, Box, Conversation, Message, Note
from vigie.inbox.tokens import ANSWER, token_of
from vigie.register.models import Institution, Person, Service
from vigie.register.people import add_person


@pytest.fixture
def library(site: Client) -> Service:
    """Northfield's library, for which Alice answers by mail."""
    northfield = Institution.objects.create(slug="northfield", name="Northfield University")
    alice = Person.objects.create(name="Alice", mail="alice@northfield.example")
    return Service.objects.create(institution=northfield, name="Library", slug="library",
                                  correspondent=alice)  # fmt: skip


@pytest.fixture
def question(library: Service) -> Conversation:
    """A question to the library."""
    return ask(library.institution, "When do you open?", service=library)


def address(conversation: Conversation) -> str:
    ask_due(now=datetime.now(UTC))
    link = AnswerLink.objects.get(conversation=conversation)
    return f"/answer/{token_of(link.nonce, ends=link.expires_at, purpose=ANSWER)}/"


def test_page_shows_the_question_to_a_stranger_with_the_link(
    question: Conversation, site: Client
) -> None:
    Note.objects.create(conversation=question, words="Between us", at=datetime.now(UTC))
    other = ask(question.box.institution, "Another matter", service=question.service)
    answer = site.get(address(question))
    text = answer.content.decode()
    assert "When do you open?" in text
    assert not any(hidden in text for hidden in ("Between us", other.subject, "/inbox/"))


def test_page_is_kept_by_nobody(question: Conversation, site: Client) -> None:
    answer = site.get(address(question))
    assert "no-store" in answer["Cache-Control"]
    assert (answer["Referrer-Policy"], answer["X-Robots-Tag"]) == (
        "no-referrer", "noindex, nofollow"
    )  # fmt: skip


def test_answer_is_handed_in_without_a_cookie(question: Conversation, site: Client) -> None:
    strict = Client(enforce_csrf_checks=True, headers={"accept-language": "en"})
    where = address(question)
    answer = strict.post(where, {"do": "answer", "words": "At eight.", "key": "form"})
    assert answer["Location"].startswith(where)
    strict.post(where, {"do": "answer", "words": "At eight.", "key": "form"})
    assert Message.objects.get(direction="out").words == "At eight."
    assert "Your answer is in" in strict.get(where).content.decode()


def test_empty_answer_is_refused_in_words(question: Conversation, site: Client) -> None:
    answer = site.post(address(question), {"do": "answer", "words": " "})
    assert answer.status_code == 422
    assert "Write something first" in answer.content.decode()


def test_not_for_us_gives_it_back(question: Conversation, site: Client) -> None:
    where = address(question)
    answer = site.post(where, {"do": "hand_back", "why": "For IT"})
    assert "Communication has it" in answer.content.decode()
    assert site.get(where).status_code == 410


def test_expired_link_sends_a_new_one_to_the_same_person(
    question: Conversation, site: Client
) -> None:
    where = address(question)
    AnswerLink.objects.update(
        revoked_at=datetime.now(UTC), made_at=datetime.now(UTC) - timedelta(days=20)
    )
    assert "When do you open?" not in site.get(where).content.decode()
    answer = site.post(where, {"do": "again"})
    assert "Look into your mailbox" in answer.content.decode()
    assert AnswerLink.objects.count() == 2
    assert not mail.outbox


def test_made_up_link_opens_nothing(question: Conversation, site: Client) -> None:
    where = address(question)
    assert site.get(where[:-2] + "x/").status_code == 404


def test_service_says_whether_its_correspondent_is_mailed(library: Service, site: Client) -> None:
    site.force_login(add_person("erin", PASSWORD, role="editor").user)
    where = f"/inbox/services/{library.slug}/"
    site.post(where, {"do": "facts", "asks_by_mail": "never"})
    library.refresh_from_db()
    assert library.asks_by_mail == "never"


def test_answer_to_what_was_changed_meanwhile_is_read_again_first(
    question: Conversation, site: Client
) -> None:
    where, seen = address(question), datetime.now(UTC)
    later = seen + timedelta(seconds=1)
    Message.objects.update(edited_at=later, changed_at=later)
    form = {"do": "answer", "words": "At eight.", "key": "form", "seen": seen.isoformat()}
    page = site.post(where, form).content.decode()
    assert "Read it again" in page
    assert not Message.objects.filter(direction="out").exists()
    site.post(where, {**form, "anyway": "1"})
    assert Message.objects.filter(direction="out").exists()


def test_file_goes_with_the_answer_and_is_handed_over_to_the_holder(
    question: Conversation, site: Client
) -> None:
    where = address(question)
    plan = SimpleUploadedFile("plan.pdf", b"%PDF-1.7 plan", content_type="application/pdf")
    site.post(where, {"do": "answer", "words": "Here.", "key": "form", "files": plan})
    row = Attachment.objects.get(message__direction="out")
    answer = site.get(f"{where}files/{row.pk}/")
    assert b"".join(answer.streaming_content) == b"%PDF-1.7 plan"
    assert f"files/{row.pk}/" in site.get(where).text
    other = ask(question.box.institution, "Another matter", service=question.service)
    assert site.get(f"{address(other)}files/{row.pk}/").status_code == 404


def test_program_is_not_sent_and_the_words_stay(question: Conversation, site: Client) -> None:
    runs = SimpleUploadedFile("plan.pdf", b"MZ\x90\x00 runs", content_type="application/pdf")
    answer = site.post(address(question), {"do": "answer", "words": "Here.", "files": runs})
    assert answer.status_code == 422
    assert all(words in answer.text for words in ("plan.pdf", "Here.", "Choose the files again"))
    assert not Message.objects.filter(direction="out").exists()


def test_time_is_asked_for_and_said(question: Conversation, site: Client) -> None:
    where, day = address(question), datetime.now(UTC).date() + timedelta(days=3)
    form = {"do": "time", "day": day.isoformat(), "tell": "1", "courtesy": "Until {day}, yes."}
    assert site.post(where, form)["Location"].endswith("#time")
    page = site.get(where).text
    assert "nobody is reminded before" in page
    assert "Until {day}" not in Message.objects.get(direction="out").words
    wrong = site.post(where, {"do": "time", "day": "soon"})
    assert (wrong.status_code, "soon” is not a day" in wrong.text) == (422, True)


def test_deputy_is_asked_from_the_page(question: Conversation, site: Client) -> None:
    where = address(question)
    assert "answer instead" not in site.get(where).text
    bob = Person.objects.create(name="Bob", mail="bob@northfield.example")
    Service.objects.update(deputy=bob)
    assert "Let Bob answer instead" in site.get(where).text
    assert "Bob was asked" in site.post(where, {"do": "deputy"}).text
    assert AnswerLink.objects.filter(person=bob).exists()


def test_picture_is_asked_for_with_its_words_where_only_pictures_go(
    question: Conversation, site: Client
) -> None:
    Box.objects.update(channel="mastodon")
    place = address(question)
    assert 'name="alt-1"' in site.get(place).text
    content = PNG
    form = {"do": "answer", "words": "Here.", "alt-1": "",
            "picture-1": SimpleUploadedFile("plan.png", content)}  # fmt: skip
    refused = site.post(place, form)
    assert refused.status_code == 422
    assert "Say what it shows" in refused.text
    form |= {"alt-1": "The way in", "picture-1": SimpleUploadedFile("plan.png", content)}
    site.post(place, form)
    row = Attachment.objects.get()
    assert (row.alt, row.media_type, row.message.direction) == ("The way in", "image/png", "out")
