# ruff: noqa: F811  # fixtures of the desk are brought in, and named again where they are used
"""One conversation: saved replies, slips of language, files, days, links and merges."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings
from django.test import Client

from tests.web.test_inbox import (  # noqa: F401
    answerer,
    ask,
    browser,
    health,
    library,
    northfield,
    question,
)
from vigie.inbox.models import (
    Attachment,
    CapacityInAll,
    Conversation,
    ConversationLink,
    ConversationMerge,
    Draft,
    Hours,
    Message,
    SavedReply,
)
from vigie.register.models import Institution, Person, Service

FRENCH = "Bonjour, votre carte d’étudiant vous attend à l’accueil de la scolarité."
SAVED = "/inbox/saved-replies/"


def words_sent() -> list[str]:
    return list(Message.objects.filter(direction="out").values_list("words", flat=True))


def test_reply_in_another_language_is_asked_about_once(
    answerer: Client, question: Conversation
) -> None:
    Conversation.objects.update(language="en")
    form = {"do": "reply", "words": FRENCH, "key": "a"}
    page = answerer.post(f"/inbox/{question.pk}/", form)
    assert page.status_code == 422
    assert "seems to be written in: French" in page.text
    assert (words_sent(), FRENCH in page.text) == ([], True)
    answerer.post(f"/inbox/{question.pk}/", {**form, "anyway": "1"})
    assert words_sent() == [FRENCH]


def test_saved_reply_is_put_into_the_draft(answerer: Client, question: Conversation) -> None:
    row = SavedReply.objects.create(
        title="Hours", words={"en": "Hello {name}, at eight."}, changed_at=datetime.now(UTC)
    )
    address = f"/inbox/{question.pk}/"
    assert "Hours</option>" in answerer.get(address).text
    answerer.post(address, {"do": "reply", "insert": "1", "saved": row.pk, "words": "Dear you,"})
    assert "Dear you,\n\nHello Marie 1, at eight.</textarea>" in answerer.get(address).text
    assert words_sent() == []


def test_reply_longer_than_the_network_takes_is_refused(
    answerer: Client, question: Conversation
) -> None:
    question.box.channel = "bluesky"
    question.box.save()
    response = answerer.post(f"/inbox/{question.pk}/", {"do": "reply", "words": "a" * 999})
    assert response.status_code == 422
    assert "999 characters" in response.text


def test_colleague_sees_who_is_typing(answerer: Client, question: Conversation) -> None:
    colleague = browser("fay", role="answerer")
    address = f"/inbox/{question.pk}/"
    answerer.post(f"{address}typing/", {"words": "At ei"})
    assert "erin is answering this just now" in colleague.get(address).text
    assert Draft.objects.get().words == "At ei"
    answerer.post(address, {"do": "reply", "words": "At eight.", "key": "a"})
    answerer.get(address)
    assert "erin has this conversation open too" in colleague.get(address).text


def test_put_aside_until_a_day(answerer: Client, question: Conversation) -> None:
    day = (datetime.now(UTC) + timedelta(days=10)).date()
    answerer.post(f"/inbox/{question.pk}/", {"do": "snooze", "day": day.isoformat()})
    question.refresh_from_db()
    assert question.snoozed_until is not None
    assert question.snoozed_until.astimezone(settings.CONFIGURED.zone).date() == day


@pytest.mark.parametrize("day", ["2020-01-01", "2026-02-31", "tomorrow"])
def test_day_that_is_over_or_none_is_refused(
    day: str, answerer: Client, question: Conversation
) -> None:
    response = answerer.post(f"/inbox/{question.pk}/", {"do": "snooze", "day": day})
    assert response.status_code == 422


# ── files ─────────────────────────────────────────────────────────────────────────────


def enclosed(conversation: Conversation, *, refused: bool = False) -> Attachment:
    path = settings.CONFIGURED.home / "enclosures" / "ab"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"<script>alert(1)</script>")
    return Attachment.objects.create(
        message=conversation.messages.get(), name="proof.html", media_type="text/html", size=25,
        digest="ab", file="" if refused else "enclosures/ab",
    )  # fmt: skip


def test_file_is_handed_over_and_never_opened(answerer: Client, question: Conversation) -> None:
    response = answerer.get(f"/inbox/{question.pk}/files/{enclosed(question).pk}/")
    assert response["Content-Disposition"] == 'attachment; filename="proof.html"'
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in response["Content-Security-Policy"]
    assert b"".join(response.streaming_content).startswith(b"<script>")  # type: ignore[arg-type]


def test_file_of_a_confidential_conversation_is_not_there_for_others(
    answerer: Client, question: Conversation, northfield: Institution, health: Service
) -> None:
    file = enclosed(question)
    other = ask(northfield, "Mine to see")
    Conversation.objects.filter(pk=question.pk).update(service=health)
    for conversation in (question, other):
        assert answerer.get(f"/inbox/{conversation.pk}/files/{file.pk}/").status_code == 404


def test_file_that_was_refused_is_not_handed_over(answerer: Client, question: Conversation) -> None:
    file = enclosed(question, refused=True)
    assert answerer.get(f"/inbox/{question.pk}/files/{file.pk}/").status_code == 404


# ── links and merges ──────────────────────────────────────────────────────────────────


def test_linked_and_merged_and_given_back(
    answerer: Client, question: Conversation, northfield: Institution
) -> None:
    other = ask(northfield, "And on Sunday?", contact=question.contact)
    address = f"/inbox/{question.pk}/"
    answerer.post(address, {"do": "link", "other": other.pk})
    assert "Linked conversations" in answerer.get(f"/inbox/{other.pk}/").text
    answerer.post(address, {"do": "unlink", "link": ConversationLink.objects.get().pk})
    answerer.post(address, {"do": "merge", "other": other.pk})
    assert "And on Sunday?" in answerer.get(address).text
    assert "part of another one" in answerer.get(f"/inbox/{other.pk}/").text
    answerer.post(address, {"do": "undo_merge", "merge": ConversationMerge.objects.get().pk})
    assert other.messages.count() == 1
    assert not ConversationLink.objects.exists()


def test_conversation_one_may_not_see_cannot_be_named(
    answerer: Client, question: Conversation, northfield: Institution, health: Service
) -> None:
    hidden = ask(northfield, "Not for her", service=health)
    for do in ("link", "merge"):
        page = answerer.post(f"/inbox/{question.pk}/", {"do": do, "other": hidden.pk})
        assert "or you may not see it" in page.text


# ── saved replies ─────────────────────────────────────────────────────────────────────


def test_editor_prepares_changes_and_lets_go(site: Client, library: Service) -> None:
    editor = browser("eve", role="editor")
    form = {"title": "Hours", "service": library.pk, "words-en": "At {hour}.", "words-fr": ""}
    refused = editor.post(f"{SAVED}new/", form)
    assert refused.status_code == 422
    assert "There is no placeholder {hour}" in refused.text
    assert "At {hour}.</textarea>" in refused.text
    assert 'title="Français"' in refused.text
    editor.post(f"{SAVED}new/", {**form, "words-en": "At eight."})
    row = SavedReply.objects.get()
    assert "Hours" in editor.get(SAVED).text
    editor.post(f"{SAVED}{row.pk}/", {**form, "words-en": "At nine.", "service": "every"})
    row.refresh_from_db()
    assert (row.words, row.service) == ({"en": "At nine."}, None)
    editor.post(f"{SAVED}{row.pk}/", {"do": "drop"})
    assert not SavedReply.objects.exists()


def test_saved_reply_of_a_confidential_service_is_its_own(
    answerer: Client, health: Service
) -> None:
    row = SavedReply.objects.create(
        title="Secret", service=health, words={"en": "Hello"}, changed_at=datetime.now(UTC)
    )
    assert "Secret" not in answerer.get(SAVED).text
    assert answerer.get(f"{SAVED}{row.pk}/").status_code == 404
    doctor = browser("dora", role="answerer", service=health)
    assert "Secret" in doctor.get(SAVED).text


def test_who_only_answers_cannot_change_a_saved_reply(answerer: Client) -> None:
    response = answerer.post(f"{SAVED}new/", {"title": "T", "service": "every", "words-en": "Hi"})
    assert response.status_code == 422
    assert not SavedReply.objects.exists()


def test_reply_to_what_its_author_took_down_is_asked_about_once(
    answerer: Client, question: Conversation
) -> None:
    Message.objects.update(
        state="withdrawn", is_withdrawn=True, words="", changed_at=datetime.now(UTC)
    )
    address = f"/inbox/{question.pk}/"
    assert "Its author took it down" in answerer.get(address).text
    form = {"do": "reply", "words": "At eight.", "key": "a"}
    assert "Do you still want to answer?" in answerer.post(address, form).text
    assert words_sent() == []
    answerer.post(address, {**form, "anyway": "1"})
    assert words_sent() == ["At eight."]


def test_reply_to_what_was_changed_meanwhile_is_asked_about_once(
    answerer: Client, question: Conversation
) -> None:
    seen = datetime.now(UTC)
    later = seen + timedelta(seconds=1)
    message = Message.objects.get()
    message.former.create(words="When do you close?", at=later)
    Message.objects.update(edited_at=later, changed_at=later)
    address = f"/inbox/{question.pk}/"
    assert "When do you close?" in answerer.get(address).text
    form = {"do": "reply", "words": "At eight.", "key": "a", "seen": seen.isoformat()}
    assert "Read it again" in answerer.post(address, form).text
    assert words_sent() == []
    answerer.post(address, {**form, "anyway": "1"})
    assert words_sent() == ["At eight."]


def test_page_says_which_hours_are_counted(
    answerer: Client, question: Conversation, library: Service
) -> None:
    morning = datetime(2026, 10, 5, 8, 30, tzinfo=UTC)
    week = {str(day): [["09:00", "12:00"], ["13:30", "17:00"]] for day in range(5)}
    Hours.objects.create(service=library, week=week, changed_at=morning)
    Conversation.objects.update(
        service=library, asked_at=morning, due_at=morning + timedelta(hours=4)
    )
    page = " ".join(answerer.get(f"/inbox/{question.pk}/").text.split())
    listed = page.partition("Which hours are counted?")[2].partition("</ul>")[0]
    assert (listed.count("<li>"), "12:00" in listed, "13:30" in listed) == (2, True, True)


def test_post_stands_beside_what_was_said_under_it_and_private_words_are_listed(
    answerer: Client, northfield: Institution, question: Conversation
) -> None:
    post = {"network": "facebook", "post": "7", "url": "https://f.example/7", "words": "Open day!"}
    comment = ask(northfield, "At what time?", kind="comment", is_public=True, post=post,
                  contact=question.contact)  # fmt: skip
    page = answerer.get(f"/inbox/{comment.pk}/").text
    assert ("Open day!" in page, "https://f.example/7" in page) == (True, True)
    assert f"/inbox/{question.pk}/" in page


def test_page_says_how_long_the_network_takes_an_answer(
    answerer: Client, question: Conversation
) -> None:
    ends = datetime.now(UTC) + timedelta(hours=3)
    Conversation.objects.update(window_until=ends, expires_at=ends)
    assert "The network takes an answer until" in answerer.get(f"/inbox/{question.pk}/").text
    assert "the network closes" in answerer.get("/inbox/").text
    Conversation.objects.update(window_until=ends - timedelta(hours=4))
    assert "write to this person another way" in answerer.get(f"/inbox/{question.pk}/").text


def test_what_is_sent_on_takes_its_history_and_notes_with_it(
    answerer: Client, question: Conversation, library: Service
) -> None:
    address = f"/inbox/{question.pk}/"
    answerer.post(address, {"do": "note", "note": "She called yesterday"})
    answerer.post(address, {"do": "assign", "service": library.pk})
    page = browser("lea", role="answerer", service=library).get(address).text
    assert all(one in page for one in ("When do you open?", "She called yesterday", "erin"))


def test_who_takes_more_than_they_carry_has_it_and_is_told(
    answerer: Client, question: Conversation, library: Service
) -> None:
    erin = Person.objects.get(user__username="erin")
    CapacityInAll.objects.create(person=erin, most=1)
    ask(question.box.institution, "And on Sundays?", service=library, person=erin)
    page = answerer.post(f"/inbox/{question.pk}/", {"do": "take"}, follow=True).text
    assert "You carry 2 conversations now, more than the 1 you can in all." in page
    question.refresh_from_db()
    assert question.person == erin
    again = answerer.post(f"/inbox/{question.pk}/", {"do": "take"}, follow=True).text
    assert "more than" not in again
