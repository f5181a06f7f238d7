"""Someone without a seat is asked by mail and answers by a link, one conversation at a time."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.core import mail

from tests.cast import NOON
from vigie.errors import InboxError
from vigie.inbox import answering, changes, entrusting
from vigie.inbox.changes import Hand
from vigie.inbox.clock import always
from vigie.inbox.digesting import digest_due
from vigie.inbox.entrusting import ask_due
from vigie.inbox.escalating import escalate_due, share_left, stage_of
from vigie.inbox.links import CLOSED, ELSEWHERE, EXPIRED, LASTS, OPEN, of_token, standing
from vigie.inbox.mailings import send_mailings
from vigie.inbox.models import AnswerLink, Box, Conversation, Mailing, Message, Note, Passage
from vigie.inbox.owing import Terms
from vigie.inbox.tokens import ANSWER, SATISFACTION, token_of
from vigie.inbox.visible import Eyes
from vigie.register.models import Person, Role, Service
from vigie.register.people import add_person
from vigie.register.rights import EVERYTHING, Author
from vigie.settings import Settings

Ask = Callable[..., Conversation]
PARIS = ZoneInfo("Europe/Paris")
TERMS = Terms(zone=PARIS, now=NOON)
DESK = Hand(eyes=Eyes(author=Author(name="erin", rights=EVERYTHING)), terms=TERMS)


def at(**later: int) -> Terms:
    return replace(TERMS, now=NOON + timedelta(**later))


@pytest.fixture
def conf(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path, mail_url="smtp://localhost", address="https://vigie.example",
                    language="en")  # fmt: skip


@pytest.fixture
def question(asked: Ask, library: Service) -> Conversation:
    return said(asked(service=library, subject="Hours"), "When do you open?")


def said(conversation: Conversation, words: str) -> Conversation:
    Message.objects.create(conversation=conversation, box=conversation.box, direction="in",
                           key=f"in{conversation.pk}", words=words, said_at=NOON,
                           received_at=NOON, state="received")  # fmt: skip
    return conversation


def token(link: AnswerLink) -> str:
    return token_of(link.nonce, ends=link.expires_at, purpose=ANSWER)


def link_to(conversation: Conversation) -> AnswerLink:
    ask_due(now=NOON)
    found = of_token(token(AnswerLink.objects.get(conversation=conversation)))
    assert found is not None
    return found


def send(conf: Settings, terms: Terms = TERMS) -> int:
    return send_mailings(conf, terms=terms)


def test_correspondent_is_asked_once(question: Conversation, conf: Settings) -> None:
    ask_due(now=NOON)
    ask_due(now=NOON)
    assert (send(conf), send(conf), len(mail.outbox)) == (1, 0, 1)
    assert mail.outbox[0].to == ["alice@northfield.example"]


def test_mail_holds_question_and_link(question: Conversation, conf: Settings) -> None:
    link = link_to(question)
    send(conf)
    text = mail.outbox[0].body
    assert "When do you open?" in text
    assert f"https://vigie.example/answer/{token(link)}/" in text


def test_token_is_nowhere_in_the_database(question: Conversation, conf: Settings) -> None:
    link = link_to(question)
    kept = [str(row) for model in (AnswerLink, Mailing) for row in model.objects.values()]
    assert not any(token(link) in row for row in kept)


def test_mail_is_the_same_when_a_worker_died_at_it(question: Conversation, conf: Settings) -> None:
    ask_due(now=NOON)
    send(conf)
    Mailing.objects.update(sent_at=None)
    send(conf, at(minutes=11))
    first, second = mail.outbox
    assert first.extra_headers["Message-ID"] == second.extra_headers["Message-ID"]
    assert first.body.split("/answer/")[1][:80] == second.body.split("/answer/")[1][:80]
    Mailing.objects.update(sent_at=None)
    assert send(conf, at(minutes=30)) == 0


def test_person_with_a_seat_is_not_asked_by_mail(question: Conversation, alice: Person) -> None:
    alice.user = add_person("alice", "long enough to be one").user
    Person.objects.filter(user=alice.user).delete()
    alice.save()
    assert ask_due(now=NOON) == 0


def test_service_may_wish_no_mail(question: Conversation, library: Service) -> None:
    Service.objects.update(asks_by_mail="never")
    assert ask_due(now=NOON) == 0


def test_confidential_words_are_not_in_the_mail(
    asked: Ask, health: Service, alice: Person, conf: Settings
) -> None:
    Service.objects.filter(pk=health.pk).update(correspondent=alice)
    said(asked(service=health, subject="My illness"), "I am ill")
    ask_due(now=NOON)
    send(conf)
    assert "ill" not in mail.outbox[0].subject + mail.outbox[0].body.replace("will", "")


def test_many_questions_at_once_are_one_mail(asked: Ask, library: Service, conf: Settings) -> None:
    for number in range(5):
        said(asked(service=library), f"Question {number}?")
    ask_due(now=NOON)
    assert send(conf) == 1
    assert mail.outbox[0].body.count("/answer/") == 5


def test_answer_goes_out_under_the_service(question: Conversation) -> None:
    message = answering.answer(link_to(question), "At eight.", terms=TERMS)
    assert (message.state, message.person_id) == ("due", question.service.correspondent_id)  # type: ignore[union-attr]


def test_answer_waits_where_the_service_wants_approval(question: Conversation) -> None:
    Service.objects.update(needs_approval=True)
    assert answering.answer(link_to(question), "At eight.", terms=TERMS).state == "proposed"


def test_link_ends(question: Conversation) -> None:
    link = link_to(question)
    assert standing(link, now=NOON + LASTS - timedelta(seconds=1)) == OPEN
    assert standing(link, now=NOON + LASTS) == EXPIRED


def test_link_of_a_reassigned_conversation_opens_no_more(
    question: Conversation, health: Service, library: Service
) -> None:
    link = link_to(question)
    Service.objects.filter(pk=health.pk).update(is_confidential=False)
    changes.assign(question, hand=DESK, service=health)
    found = of_token(token(link))
    assert found is not None
    assert standing(found, now=NOON) == ELSEWHERE
    changes.assign(Conversation.objects.get(), hand=DESK, service=library)
    found = of_token(token(link))
    assert found is not None
    assert standing(found, now=NOON) != OPEN


def test_link_of_a_closed_conversation_opens_no_more(question: Conversation) -> None:
    link = link_to(question)
    changes.close(question, hand=DESK)
    found = of_token(token(link))
    assert found is not None
    assert standing(found, now=NOON) == CLOSED
    with pytest.raises(InboxError):
        answering.answer(found, "Too late", terms=TERMS)


def test_link_of_someone_who_left_opens_no_more(question: Conversation) -> None:
    link = link_to(question)
    gone = add_person("gone", "a lamp on the north tower", role="reader")
    Conversation.objects.update(person=gone)
    AnswerLink.objects.update(person=gone)
    assert gone.user is not None
    gone.user.is_active = False
    gone.user.save()
    found = of_token(token(link))
    assert found is None or standing(found, now=NOON) == ELSEWHERE


def test_link_of_a_former_correspondent_opens_no_more(
    question: Conversation, library: Service
) -> None:
    link = link_to(question)
    Service.objects.filter(pk=library.pk).update(correspondent=None)
    found = of_token(token(link))
    assert found is not None
    assert standing(found, now=NOON) == ELSEWHERE


@pytest.mark.parametrize("change", [lambda t: t[:-1] + ("A" if t[-1] != "A" else "B"),
                                    lambda t: "0" + t[1:] if t[0] != "0" else "1" + t[1:],
                                    lambda t: t.replace("~", ""), lambda t: "",
                                    lambda t: t + "é"])  # fmt: skip
def test_tampered_token_opens_nothing(question: Conversation, change: Callable[[str], str]) -> None:
    assert of_token(change(token(link_to(question)))) is None


def test_token_for_another_purpose_opens_nothing(question: Conversation) -> None:
    link = link_to(question)
    assert of_token(token_of(link.nonce, ends=link.expires_at, purpose=SATISFACTION)) is None


def test_handing_back_leaves_it_to_communication(question: Conversation) -> None:
    link = link_to(question)
    answering.hand_back(link, "It is for IT.", terms=TERMS)
    question.refresh_from_db()
    assert question.service is None
    assert Note.objects.get().words == "It is for IT."
    assert standing(of_token(token(link)), now=NOON) == ELSEWHERE  # type: ignore[arg-type]


def test_new_link_goes_to_the_same_person_once(question: Conversation) -> None:
    link = link_to(question)
    later = NOON + LASTS + timedelta(days=1)
    assert entrusting.ask_again(link, now=later)
    assert not entrusting.ask_again(link, now=later + timedelta(minutes=1))
    assert AnswerLink.objects.order_by("-pk")[0].person == link.person


@pytest.mark.parametrize(("share", "has_deputy", "stage"), [
    (0.5, True, 0), (0.25, True, 1), (0.11, True, 1), (0.1, True, 2), (0.25, False, 2), (0, True, 2)
])  # fmt: skip
def test_who_is_told_when_time_runs_out(share: float, has_deputy: bool, stage: int) -> None:
    assert stage_of(share, has_deputy=has_deputy) == stage


def test_share_counts_service_hours() -> None:
    ends = NOON + timedelta(hours=8)
    found = share_left(always(PARIS), asked=NOON, ends=ends, now=NOON + timedelta(hours=6))
    assert found == pytest.approx(0.25)


def test_deputy_then_communication_are_told_once(
    question: Conversation, conf: Settings, bob: Person
) -> None:
    erin = add_person("erin", "long enough to be one", role="answerer")
    Person.objects.filter(pk=erin.pk).update(mail="erin@northfield.example")
    Conversation.objects.update(expires_at=NOON + timedelta(hours=8))
    ask_due(now=NOON)
    assert [escalate_due(at(hours=hour)) for hour in (1, 6, 6, 7, 8, 8)] == [0, 1, 0, 0, 1, 0]
    send(conf, at(hours=8))
    told = [one.to[0].partition("@")[0] for one in mail.outbox]
    assert told == ["alice", "bob", "erin"]
    assert Passage.objects.filter(by="escalation").count() == 2


def test_many_late_conversations_are_one_mail_a_person(
    asked: Ask, library: Service, health: Service, conf: Settings
) -> None:
    for name in ("erin", "frank"):
        person = add_person(name, "long enough to be one", role="answerer")
        Person.objects.filter(pk=person.pk).update(mail=f"{name}@northfield.example")
    for _number in range(12):
        asked(service=library, expires_at=NOON)
    asked(service=health, subject="Secret", expires_at=NOON)
    Service.objects.update(deputy=None)
    assert escalate_due(at(hours=1)) == 13
    assert send(conf, at(hours=1)) == 2
    words = [re.sub(r"https?://\S+", "", str(one.body)) for one in mail.outbox]
    assert not any("ecret" in body or "13" in body for body in words)


def test_digest_of_a_correspondent_holds_only_theirs(
    question: Conversation, asked: Ask, northfield: object, conf: Settings, bob: Person
) -> None:
    admissions = Service.objects.create(institution=northfield, name="Admissions", slug="adm",
                                        correspondent=bob)  # fmt: skip
    said(asked(service=admissions, subject="Fees"), "How much?")
    ask_due(now=NOON)
    Mailing.objects.all().update(begun_at=NOON, sent_at=NOON)
    morning = at(hours=20)
    assert digest_due(now=morning.now, zone=PARIS) == 2
    assert digest_due(now=morning.now, zone=PARIS) == 0
    send(conf, morning)
    by_person = {one.to[0]: one.body for one in mail.outbox}
    assert "Hours" in by_person["alice@northfield.example"]
    assert "Fees" not in by_person["alice@northfield.example"]


def test_digest_of_a_role_in_one_service_holds_that_service_alone(
    asked: Ask, library: Service, health: Service, conf: Settings
) -> None:
    erin = add_person("erin", "long enough to be one")
    Role.objects.filter(person=erin).delete()
    Role.objects.create(person=erin, name="answerer", service=library)
    Person.objects.filter(pk=erin.pk).update(mail="erin@northfield.example")
    asked(service=library, subject="Books", expires_at=NOON)
    asked(service=health, subject="Illness", expires_at=NOON)
    asked(subject="Unowned", expires_at=NOON)
    digest_due(now=at(hours=20).now, zone=PARIS)
    send(conf, at(hours=20))
    (only,) = mail.outbox
    assert "Books" in only.body
    assert not any(word in only.body for word in ("Illness", "Unowned"))


def test_no_digest_on_a_sunday(question: Conversation) -> None:
    ask_due(now=NOON)
    assert digest_due(now=at(days=2, hours=20).now, zone=PARIS) == 0


def test_reply_that_is_not_let_out_comes_back_with_the_reason(
    question: Conversation, conf: Settings
) -> None:
    Service.objects.update(needs_approval=True)
    message = answering.answer(link_to(question), "At eigth.", terms=TERMS)
    changes.take_back(message, hand=DESK, reason="Mind the spelling")
    send(conf)
    told = mail.outbox[-1]
    assert told.to == ["alice@northfield.example"]
    assert "not sent" in told.body
    assert "Mind the spelling" in told.body


def test_answer_longer_than_the_channel_takes_is_refused(question: Conversation) -> None:
    Box.objects.update(channel="mastodon")
    link = link_to(question)
    with pytest.raises(InboxError, match="too long"):
        answering.answer(link, "x" * 100_000, terms=TERMS)


def test_no_mail_lists_more_questions_than_a_person_reads(
    asked: Ask, library: Service, conf: Settings
) -> None:
    for _number in range(35):
        asked(service=library)
    ask_due(now=NOON)
    send(conf)
    (only,) = mail.outbox
    assert only.body.count("/answer/") == 30
    assert "5 more" in only.body


def test_who_answers_is_warned_before_the_network_closes_and_told_until_when(
    asked: Ask, library: Service, conf: Settings
) -> None:
    ends = NOON + timedelta(hours=24)
    asked(service=library, window_until=ends, expires_at=ends)
    ask_due(now=NOON)
    assert [escalate_due(at(hours=hour)) for hour in (1, 19)] == [0, 1]
    send(conf, at(hours=19))
    warned = mail.outbox[-1]
    assert warned.to == ["bob@northfield.example"]
    assert "The network takes an answer until" in warned.body


def test_communication_is_warned_of_what_nobody_owns_before_the_network_closes(
    asked: Ask, conf: Settings
) -> None:
    erin = add_person("erin", "long enough to be one", role="answerer")
    Person.objects.filter(pk=erin.pk).update(mail="erin@northfield.example")
    asked(window_until=NOON + timedelta(hours=24), expires_at=NOON + timedelta(hours=24))
    assert [escalate_due(at(hours=hour)) for hour in (1, 19, 20)] == [0, 1, 0]
    send(conf, at(hours=19))
    assert [one.to for one in mail.outbox] == [["erin@northfield.example"]]


def test_subject_of_no_mail_says_what_was_asked_in_confidence(
    asked: Ask, health: Service, alice: Person, bob: Person, conf: Settings
) -> None:
    nurse = add_person("nora", "long enough to be one")
    Role.objects.filter(person=nurse).delete()
    Role.objects.create(person=nurse, name="editor", service=health)
    Person.objects.filter(pk=nurse.pk).update(mail="nora@northfield.example")
    Service.objects.filter(pk=health.pk).update(correspondent=alice, deputy=bob)
    said(asked(service=health, subject="Zyprexa", expires_at=NOON + timedelta(hours=8)), "Zyprexa")
    ask_due(now=NOON)
    for hour in (6, 8):
        escalate_due(at(hours=hour))
    digest_due(now=at(hours=20).now, zone=PARIS)
    send(conf, at(hours=20))
    told = {one.to[0].partition("@")[0] for one in mail.outbox}
    assert told >= {"alice", "bob", "nora"}
    assert not any("Zyprexa" in one.subject + one.body for one in mail.outbox)
