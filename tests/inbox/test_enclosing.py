"""Files that go with answers: checked like those that come, sent whole, erased with the person."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from email.message import EmailMessage
from pathlib import Path

import pytest

from tests.cast import NOON
from tests.inbox.pigeon import Pigeon, Sky
from tests.inbox.test_sending import ANSWERER
from vigie.errors import InboxError
from vigie.http import Http
from vigie.inbox import changes
from vigie.inbox.channel import Enclosed
from vigie.inbox.channels.bluesky import Bluesky
from vigie.inbox.channels.mail import Mail
from vigie.inbox.enclosures import MOST_FILES, Files, why_not
from vigie.inbox.erasing import forget
from vigie.inbox.forgetting import marks
from vigie.inbox.models import Attachment, Box, Conversation, Message
from vigie.inbox.sending import Post, outgoing_of, send_due
from vigie.inbox.visible import eyes_of_the_machine
from vigie.words import say

PLAN = Enclosed(name="plan.pdf", content=b"%PDF-1.7 the plan", media_type="application/pdf")


@pytest.fixture
def question(asked: Callable[..., Conversation]) -> Conversation:
    """A question by mail."""
    return asked()


@pytest.fixture
def answer(question: Conversation, tmp_path: Path) -> Callable[..., Message]:
    """Answer it with files."""

    def made(*enclosed: Enclosed) -> Message:
        files = Files(enclosed=enclosed, home=tmp_path)
        return changes.reply(question, "Here it is.", hand=ANSWERER, files=files)

    return made


def test_file_goes_out_with_the_mail(answer: Callable[..., Message], tmp_path: Path) -> None:
    outgoing = outgoing_of(answer(PLAN), tmp_path)
    sent: EmailMessage = Mail({}, address="hello@northfield.example").written(outgoing)
    [part] = sent.iter_attachments()
    assert (part.get_filename(), part.get_content()) == ("plan.pdf", PLAN.content)


@pytest.mark.parametrize("wrong", [
    [Enclosed(name="plan.pdf", content=b"MZ\x90\x00 runs", media_type="application/pdf")],
    [PLAN] * (MOST_FILES + 1),
    [Enclosed(name="long.txt", content=b"a" * (21 << 20), media_type="text/plain")],
])  # fmt: skip
def test_answer_with_what_is_not_sent_is_refused_whole(
    answer: Callable[..., Message], wrong: list[Enclosed]
) -> None:
    with pytest.raises(InboxError):
        answer(*wrong)
    assert not Message.objects.exists()


def test_channel_that_takes_no_files_says_so(
    question: Conversation, answer: Callable[..., Message]
) -> None:
    Box.objects.update(channel="messenger")
    question.refresh_from_db()
    with pytest.raises(InboxError, match="Messenger"):
        answer(PLAN)


def test_answer_does_not_go_without_its_file(
    answer: Callable[..., Message], tmp_path: Path
) -> None:
    message = answer(PLAN)
    (tmp_path / Attachment.objects.get().file).unlink()
    sky = Sky()

    def clock() -> datetime:
        return NOON

    send_due(Post(connect=lambda box: Pigeon(sky), http=Http(agent="test"), clock=clock,
                  terms=lambda: ANSWERER.terms, home=tmp_path))  # fmt: skip
    message.refresh_from_db()
    assert (message.state, sky.delivered) == ("failed", [])
    assert message.failure is not None
    assert "plan.pdf" in message.failure["en"]


def test_file_is_erased_with_the_person(
    question: Conversation, answer: Callable[..., Message], tmp_path: Path
) -> None:
    answer(PLAN)
    file = tmp_path / Attachment.objects.get().file
    assert file.read_bytes() == PLAN.content
    forget(question.contact, eyes=eyes_of_the_machine(), mark=marks("k"), home=tmp_path, now=NOON)
    assert not file.exists()


PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360f8"
    "cfc0f01f0005050201"
)
"""Of one point."""


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ([Enclosed(name="p.png", content=PNG)], "Say what it shows"),
        ([replace(PLAN, alt="A plan")], "Only pictures go out here"),
        ([Enclosed(name="p.png", content=PNG, alt="a" * 2_001)], "2,000 characters at most"),
        ([Enclosed(name="p.png", content=PNG, alt="A")] * 5, "5 pictures are too many"),
    ],
)
def test_network_of_pictures_says_what_it_takes(
    given: list[Enclosed], words: str, tmp_path: Path
) -> None:
    said = why_not(Files(enclosed=given, home=tmp_path), Bluesky)
    assert said is not None
    assert words in say(said, "en")


def test_words_of_a_picture_go_out_with_it(
    asked: Callable[..., Conversation], tmp_path: Path
) -> None:
    row = asked()
    Box.objects.update(channel="bluesky")
    picture = Enclosed(name="p.png", content=PNG, alt=" The way in ")
    files = Files(enclosed=(picture,), home=tmp_path)
    row.refresh_from_db()
    message = changes.reply(row, "Here.", hand=ANSWERER, files=files)
    (sent,) = outgoing_of(message, tmp_path).enclosed
    assert (sent.alt, sent.media_type) == ("The way in", "image/png")
