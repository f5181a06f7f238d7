"""Conversations leave as a file and come back as they were, and never as twice as many."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.cast import NOON
from tests.inbox.test_round_trip import read_all
from vigie.errors import FileError
from vigie.inbox.admission import Office
from vigie.inbox.archive_writing import lines
from vigie.inbox.archives import take
from vigie.inbox.intake import journal
from vigie.inbox.models import Box, Contact, Conversation, Forgotten, Handle, Message
from vigie.inbox.own_archives import ONE
from vigie.inbox.own_reading import read
from vigie.inbox.own_taking import Taken
from vigie.register.models import Institution, Service

LATER = NOON + timedelta(days=1)
HARD = 'Line one\nline "two", l\u2019été; <b>bold</b> #rentrée =1+1 \u2028 \U0001f393\t.'


@pytest.fixture
def past(northfield: Institution) -> Box:
    """Northfield's box of what was before."""
    return Box.objects.create(name="past", label="Past", channel="archive", institution=northfield)


@pytest.fixture
def spoken(asked: Callable[..., Conversation], library: Service) -> Conversation:
    """A question to the library in words that are hard to carry, and its answer."""
    row = asked(service=library, subject='"Opening"; hours', language="fr", kind="comment",
                is_public=True, state="closed", closed_at=LATER,
                post={"network": "mastodon", "post": "7", "url": "https://m.example/7",
                      "words": "We are open."})  # fmt: skip
    handle = Handle.objects.get(contact=row.contact)
    Message.objects.create(conversation=row, box=row.box, direction="in", key="<a@x>",
                           handle=handle, words=HARD, said_at=NOON, received_at=NOON,
                           state="received")  # fmt: skip
    Message.objects.create(conversation=row, box=row.box, direction="out", key="k1",
                           answers_to="<a@x>", words="Yes.\n\n--\nAlice", said_at=LATER,
                           received_at=LATER, sent_at=LATER, state="sent")  # fmt: skip
    return row


def written(folder: Path) -> Path:
    path = folder / "conversations.jsonl"
    keys = list(Conversation.objects.order_by("pk").values_list("pk", flat=True))
    path.write_bytes(b"".join(lines(keys, now=LATER)))
    return path


def emptied() -> None:
    for model in (Message, Conversation, Handle, Contact):
        model.objects.all().delete()


def came_back(path: Path, box: Box, office: Office) -> Taken:
    taken = take(path, box, home=office.home, mark=office.mark, now=LATER)
    read_all(office)
    return taken


def content(path: Path) -> list[dict[str, Any]]:
    """Return what a file says, without what is new each time it is written."""
    found = [json.loads(line) for line in path.read_bytes().splitlines()[1:-1]]
    for one in found:
        for name in ("number", "channel", "thread"):
            del one[name]
    return found


def test_what_leaves_comes_back_as_it_was(
    spoken: Conversation, past: Box, office: Office, tmp_path: Path, library: Service
) -> None:
    there = Office(**{**vars(office), "slugs": {"library": library.pk}})
    path = written(tmp_path)
    before = content(path)
    emptied()
    came_back(path, past, there)
    assert content(written(tmp_path)) == before


def test_file_says_how_many_conversations_it_holds(spoken: Conversation, tmp_path: Path) -> None:
    head, *rest, _end = written(tmp_path).read_bytes().splitlines()
    assert json.loads(head)["conversations"] == len(rest) == 1


def test_same_file_again_changes_nothing(
    spoken: Conversation, past: Box, office: Office, tmp_path: Path
) -> None:
    path = written(tmp_path)
    emptied()
    for _again in range(2):
        came_back(path, past, office)
    assert (Message.objects.count(), Conversation.objects.count()) == (2, 1)
    assert journal(past).adds_up


def test_what_another_box_holds_is_not_doubled(
    spoken: Conversation, past: Box, office: Office, tmp_path: Path
) -> None:
    taken = came_back(written(tmp_path), past, office)
    assert (taken.conversations, taken.known) == (1, 1)
    assert Message.objects.count() == 2


def test_who_was_erased_does_not_come_back(
    spoken: Conversation, past: Box, mailbox: Box, office: Office, tmp_path: Path
) -> None:
    handle, path = Handle.objects.get(), written(tmp_path)
    emptied()
    mark = office.mark(handle.network, handle.address)
    Forgotten.objects.create(mark=mark, at=LATER, by="alice")
    came_back(path, past, office)
    assert not Message.objects.exists()
    assert journal(mailbox).ignored == 2


def test_file_that_was_cut_short_changes_nothing(
    spoken: Conversation, past: Box, office: Office, tmp_path: Path
) -> None:
    path = written(tmp_path)
    whole = path.read_bytes()
    for length in (whole.index(b"\n") + 1, len(whole) - 20):
        path.write_bytes(whole[:length])
        with pytest.raises(FileError, match="cut short"):
            came_back(path, past, office)
    assert journal(past).payloads == 0


def test_file_of_a_later_version_is_refused(past: Box, office: Office, tmp_path: Path) -> None:
    path = tmp_path / "later.jsonl"
    path.write_text('{"format": "vigie-conversations", "version": 99, "conversations": 0}\n')
    with pytest.raises(FileError, match="later version"):
        came_back(path, past, office)


def test_what_is_not_sent_or_was_taken_down_does_not_leave(
    spoken: Conversation, tmp_path: Path
) -> None:
    Message.objects.filter(direction="out").update(state="due", sent_at=None)
    Message.objects.filter(direction="in").update(words="", is_withdrawn=True)
    assert content(written(tmp_path))[0]["messages"] == []


def test_message_that_says_nothing_of_its_author_is_refused_and_the_next_one_read() -> None:
    good = {"key": "1", "direction": "in", "said_at": NOON.isoformat(), "words": "Hello",
            "author": {"network": "mail", "address": "m@x.example"}}  # fmt: skip
    whole = {"format": ONE, "thread": "t", "messages": [{**good, "author": None}, good]}
    found = read(json.dumps(whole).encode())
    assert found is not None
    assert (len(found.messages), len(found.unread)) == (1, 1)


words = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), min_size=1)


@given(said=words, subject=words)
@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
def test_whatever_is_said_is_read_as_it_was_written(said: str, subject: str) -> None:
    one = {"key": "1", "direction": "in", "said_at": NOON.isoformat(), "words": said,
           "author": {"network": "mail", "address": "m@x.example"}}  # fmt: skip
    whole = {"format": ONE, "thread": "t", "subject": subject, "messages": [one]}
    found = read(json.dumps(whole, ensure_ascii=False).encode())
    assert found is not None
    assert (found.messages[0].words, found.messages[0].subject) == (said, subject)


def test_confidential_words_are_refused_where_their_service_is_not_confidential(
    asked: Callable[..., Conversation], health: Service, past: Box, office: Office, tmp_path: Path
) -> None:
    asked(service=health)
    path = written(tmp_path)
    emptied()
    Service.objects.filter(pk=health.pk).update(is_confidential=False)
    with pytest.raises(FileError, match=f"confidential service, {health.slug}"):
        came_back(path, past, office)
    assert not Conversation.objects.exists()
