"""What comes in: once, whole, in its conversation, with a journal that adds up."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import OperationalError

from tests.cast import NOON
from tests.inbox.pigeon import Pigeon, Sky, letter, loft
from tests.tight import grown, mounted
from vigie.inbox.admission import Office
from vigie.inbox.intake import MOST_TRIES, journal, let_go, put, read_again, take_waiting
from vigie.inbox.models import (
    Arrival,
    Attachment,
    Box,
    Contact,
    Conversation,
    Forgotten,
    Message,
    Target,
)
from vigie.inbox.routing import Condition, Rule
from vigie.inbox.understanding import Understood
from vigie.register.models import Service

Bring = Callable[..., list[Arrival]]


def later(minutes: int) -> str:
    return (NOON + timedelta(minutes=minutes)).isoformat()


def test_message_opens_a_conversation(bring: Bring) -> None:
    bring(loft(letter("1")))
    conversation = Conversation.objects.get()
    assert (conversation.state, conversation.contact.name) == ("open", "student1")


def test_payload_delivered_twice_is_one(bring: Bring) -> None:
    bring(loft(letter("1")), loft(letter("1")))
    assert (Arrival.objects.count(), Message.objects.count()) == (1, 1)


def test_message_in_two_payloads_is_one(bring: Bring) -> None:
    _first, second = bring(loft(letter("1")), loft(letter("1"), letter("2")))
    assert (second.kept, second.duplicate) == (1, 1)


def test_message_twice_in_one_payload_is_one(bring: Bring) -> None:
    (arrival,) = bring(loft(letter("1"), letter("1")))
    assert (arrival.seen, arrival.kept, arrival.duplicate) == (2, 1, 1)


def test_next_message_joins_the_conversation(bring: Bring) -> None:
    bring(loft(letter("1")))
    bring(loft(letter("2", thread="1")))
    assert Conversation.objects.get().messages.count() == 2


def test_answer_to_a_message_joins_its_conversation(bring: Bring) -> None:
    bring(loft(letter("1"), letter("2", thread="1")))
    bring(loft(letter("3", thread="3", also=["2"])))
    assert Conversation.objects.count() == 1


def test_messages_out_of_order_stand_in_order(bring: Bring) -> None:
    bring(loft(letter("2", thread="1", at=later(5)), letter("1", at=later(0))))
    said = Conversation.objects.get().messages.values_list("key", flat=True)
    assert list(said) == ["1", "2"]


def test_new_message_reopens_what_was_closed(bring: Bring) -> None:
    bring(loft(letter("1")))
    Conversation.objects.update(state="closed", closed_at=NOON)
    bring(loft(letter("2", thread="1")))
    conversation = Conversation.objects.get()
    assert (conversation.state, conversation.reopened) == ("open", 1)


def test_automatic_answer_reopens_nothing(bring: Bring) -> None:
    bring(loft(letter("1")))
    Conversation.objects.update(state="closed", closed_at=NOON)
    bring(loft(letter("2", thread="1", automatic=True)))
    assert Conversation.objects.get().state == "closed"


def test_automatic_message_that_answers_nothing_is_ignored(bring: Bring) -> None:
    (arrival,) = bring(loft(letter("1", automatic=True)))
    assert (arrival.state, arrival.ignored, Conversation.objects.count()) == ("ignored", 1, 0)


def test_answer_given_on_the_network_itself_counts_as_ours(bring: Bring) -> None:
    bring(loft(letter("1")))
    bring(loft(letter("2", thread="1", ours=True, at=later(9))))
    conversation = Conversation.objects.get()
    assert conversation.answered_at == NOON + timedelta(minutes=9)
    assert conversation.state == "waiting"


def test_payload_that_cannot_be_read_waits_in_quarantine(bring: Bring) -> None:
    bad, good = bring(b"not JSON", loft(letter("1")))
    assert (bad.state, good.state) == ("refused", "done")
    assert bad.reason is not None
    assert "pigeon" in bad.reason["en"]


def test_one_bad_letter_does_not_stop_the_others(bring: Bring) -> None:
    (arrival,) = bring(loft(letter("1"), {"key": "2"}, letter("3")))
    assert (arrival.kept, arrival.refused, arrival.state) == (2, 1, "refused")


def test_quarantine_can_be_read_again_without_doubles(
    bring: Bring, loft_box: Box, sky: Sky, office: Office
) -> None:
    (arrival,) = bring(loft(letter("1"), {"key": "2"}))
    assert read_again(arrival)
    take_waiting(loft_box, Pigeon(sky), office)
    assert Message.objects.count() == 1


def test_journal_adds_up(bring: Bring, loft_box: Box) -> None:
    bring(loft(letter("1"), letter("1"), {"key": "2"}, letter("3", automatic=True)), b"garbled")
    found = journal(loft_box)
    assert found.adds_up
    assert (found.seen, found.kept, found.duplicate, found.refused, found.ignored) == (
        5, 1, 1, 2, 1,
    )  # fmt: skip


def test_what_its_author_took_down_is_gone_here(bring: Bring) -> None:
    bring(loft(letter("1")))
    bring(loft({"key": "1", "gone": True}))
    message = Message.objects.get()
    assert (message.words, message.is_withdrawn) == ("", True)


def test_someone_forgotten_does_not_come_back(bring: Bring, office: Office) -> None:
    Forgotten.objects.create(mark=office.mark("pigeon", "student1"), at=NOON, by="alice")
    (arrival,) = bring(loft(letter("1")))
    assert (arrival.ignored, Contact.objects.count()) == (1, 0)


def test_disk_that_is_full_acknowledges_nothing(
    loft_box: Box, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("vigie.inbox.safe_files.os.fsync", full)
    with pytest.raises(OSError, match="No space"):
        put(loft_box, loft(letter("1")), home=office.home, now=NOON)
    assert not Arrival.objects.exists()


def test_small_disk_that_fills_up_takes_the_rest_when_there_is_room(
    loft_box: Box, sky: Sky, office: Office
) -> None:
    bodies = [loft(letter(f"{number}", words="x" * 300_000)) for number in range(6)]
    taken = []
    with mounted(office.home / "arrivals", size="1m") as small:
        for body in bodies:
            with suppress(OSError):
                taken.append(put(loft_box, body, home=office.home, now=NOON))
        assert (len(taken), Arrival.objects.count()) == (3, 3)
        assert not list(small.rglob(".*")), "something was left half-written"
        grown(small, size="8m")
        for body in bodies:
            put(loft_box, body, home=office.home, now=NOON)
        take_waiting(loft_box, Pigeon(sky), office)
    assert (Message.objects.count(), journal(loft_box).waiting) == (6, 0)


def test_database_without_room_puts_nothing_into_quarantine(
    loft_box: Box, sky: Sky, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(loft_box, loft(letter("1")), home=office.home, now=NOON)

    def full(*_given: object) -> None:
        cause = sqlite3.OperationalError("database or disk is full")
        cause.sqlite_errorname = "SQLITE_FULL"
        raise OperationalError("database or disk is full") from cause

    monkeypatch.setattr("vigie.inbox.intake.admit", full)
    for _time in range(MOST_TRIES + 1):
        with pytest.raises(OperationalError):
            take_waiting(loft_box, Pigeon(sky), office)
    monkeypatch.undo()
    take_waiting(loft_box, Pigeon(sky), office)
    assert (Message.objects.count(), journal(loft_box).refused_payloads) == (1, 0)


def test_payloads_that_are_large_together_are_read_one_after_the_other(
    loft_box: Box, sky: Sky, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("vigie.inbox.intake.MOST_BYTES_AT_ONCE", 500)
    for number in range(5):
        put(loft_box, loft(letter(f"{number}", words="x" * 300)), home=office.home, now=NOON)
    assert len(take_waiting(loft_box, Pigeon(sky), office)) == 5
    assert Message.objects.count() == 5


def test_rule_sends_a_conversation_to_its_service(
    loft_box: Box, sky: Sky, office: Office, library: Service
) -> None:
    rule = Rule(
        rule=1,
        name="Loans",
        conditions=(Condition(field="words", values=("prêt", "loan")),),
        service=library.pk,
    )
    put(loft_box, loft(letter("1", words="Un PRET de livre ?")), home=office.home, now=NOON)
    take_waiting(loft_box, Pigeon(sky), replace(office, rules=(rule,)))
    conversation = Conversation.objects.get()
    assert conversation.service == library
    assert conversation.passages.get().by == "rule Loans"


def test_classifier_suggests_and_does_not_send(
    loft_box: Box, sky: Sky, office: Office, library: Service
) -> None:
    def library_surely(texts: object) -> list[Understood]:
        return [Understood(offices=(("library", 0.8), ("it", 0.1)), annotator="rules 1")]

    put(loft_box, loft(letter("1")), home=office.home, now=NOON)
    clever = replace(office, services={"library": library.pk}, understand=library_surely)
    take_waiting(loft_box, Pigeon(sky), clever)
    conversation = Conversation.objects.get()
    assert conversation.service is None
    assert conversation.suggestion.services == [[library.pk, 0.8]]


def test_answer_is_due_by_the_target(loft_box: Box, sky: Sky, office: Office) -> None:
    target = Target.objects.create(response_minutes=60)
    put(loft_box, loft(letter("1")), home=office.home, now=NOON)
    take_waiting(
        loft_box, Pigeon(sky), replace(office, terms=replace(office.terms, targets=(target,)))
    )
    assert Conversation.objects.get().due_at == NOON + timedelta(hours=1)


def test_file_that_runs_is_named_and_not_kept(bring: Bring) -> None:
    bring(loft(letter("1", files={"notes.pdf": "%PDF-1.7\n", "notes.pdf.exe": "MZ\x90\x00"})))
    kept, refused = Attachment.objects.order_by("name")
    assert (kept.media_type, bool(kept.file), refused.file) == ("application/pdf", True, "")
    assert refused.refused is not None


def test_files_of_payloads_go_after_a_while_and_the_journal_stays(
    bring: Bring, loft_box: Box, office: Office
) -> None:
    bring(loft(letter("1")))
    assert let_go(home=office.home, before=NOON + timedelta(days=1)) == 1
    assert journal(loft_box).kept == 1
    assert not [path for path in (office.home / "arrivals").rglob("*") if path.is_file()]


@pytest.mark.parametrize("is_first", [False, True])
def test_answer_that_comes_with_its_question_is_its_answer(bring: Bring, is_first: bool) -> None:
    question = letter("1", thread="1/student1", at=NOON.isoformat())
    answer = letter("2", thread="1", ours=True, at=NOON.isoformat(), words="At eight.")
    (arrival,) = bring(loft(*([answer, question] if is_first else [question, answer])))
    assert (arrival.kept, arrival.ignored) == (2, 0)
    assert Conversation.objects.get().answered_at == NOON
