"""From Meta's call to the inbox: once, whatever comes again, late, in any order or breaks."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from tests.cast import NOON
from tests.collect.keyed import Scripted
from tests.inbox.meta_told import (
    ACCOUNT,
    OPTIONS,
    PAGE,
    comment,
    echo,
    event,
    instagram_changes,
    page,
    page_changes,
)
from tests.web.conftest import site
from vigie.cli import inbox_work
from vigie.errors import FullDiskError
from vigie.inbox.boxes import put_box
from vigie.inbox.intake import journal
from vigie.inbox.models import Arrival, Attachment, Box, Contact, Conversation, Message
from vigie.register.models import Institution
from vigie.settings import Settings
from vigie.sources import changes, deliveries
from vigie.sources.models import Delivery
from vigie.sources.shelf import Shelf
from vigie.sources.webhook import signature
from vigie.store.room import full

__all__ = ["site"]
NOW = NOON + timedelta(minutes=20)
SECRET = "a secret"


@pytest.fixture
def connected(northfield: Institution, settings: Settings) -> Callable[..., Box]:
    """Connect a box of Meta."""

    def connect(channel: str = "messenger", address: str = PAGE) -> Box:
        return put_box(
            channel, institution=northfield, label=channel, address=address, options=OPTIONS,
            settings=settings, now=NOON,
        )  # fmt: skip

    return connect


Tell = Callable[..., None]


@pytest.fixture
def tell(settings: Settings) -> Tell:
    """Have deliveries handed over and read, with what Meta then answers."""

    def told(*bodies: bytes, answers: tuple[object, ...] = (), status: int = 200) -> None:
        for body in bodies:
            inbox_work.share("meta", body, NOW, settings=settings)
        http = Scripted(answers=[(status, one) for one in answers], clock=lambda: NOW)
        # Nothing more is answered: who is not named keeps a number.
        http.answers += [(404, {})] * 40
        inbox_work.read_brought(settings=settings, http=http, clock=lambda: NOW)

    return told


def test_call_of_meta_becomes_a_conversation_with_a_name(
    site: Client, settings: Settings, connected: Callable[..., Box]
) -> None:
    connected()
    changes.connect("webhook.meta", {"secret": SECRET, "verify_token": "n"}, settings=settings)
    body = page(event())
    header = {"x-hub-signature-256": signature(body, SECRET)}
    answer = site.post("/webhooks/meta/", body, "application/json", headers=header)
    assert answer.status_code == 200
    shelf = Shelf(home=settings.home)
    deliveries.file_new(shelf, now=NOW)

    def share(webhook: str, body: bytes, at: object) -> bool:
        return inbox_work.share(webhook, body, NOW, settings=settings)

    deliveries.read_all(shelf, now=NOW, keep=timedelta(days=30), share=share)
    http = Scripted(answers=[(200, {"name": "Marie Durand"})], clock=lambda: NOW)
    inbox_work.read_brought(settings=settings, http=http, clock=lambda: NOW)
    assert (Delivery.objects.get().state, Delivery.objects.get().reason) == ("done", "")
    assert Conversation.objects.get().contact.name == "Marie Durand"
    # What she wrote lies where it is erased with her, and nowhere else; that it came is known.
    assert [path.stat().st_size for path in shelf.kept.iterdir()] == [0]
    shelf.put("meta", body)
    assert shelf.file() == 0


def test_each_box_is_given_what_concerns_it(tell: Tell, connected: Callable[..., Box]) -> None:
    direct, public, other = connected(), connected("facebook"), connected("messenger", "1")
    tell(page(event()), page_changes(comment()))
    assert [Message.objects.filter(box=box).count() for box in (direct, public, other)] == [1, 1, 0]


def test_delivery_for_no_box_is_nobodys(settings: Settings, connected: Callable[..., Box]) -> None:
    connected("messenger", "1")
    assert not inbox_work.share("meta", page(event()), NOW, settings=settings)
    assert not Arrival.objects.exists()


def test_full_disk_hands_nothing_over_and_says_why(
    settings: Settings, connected: Callable[..., Box], monkeypatch: pytest.MonkeyPatch
) -> None:
    connected()

    def fail(*_given: object, **_named: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("vigie.inbox.intake.write_all", fail)
    with pytest.raises(FullDiskError, match="Make room"):
        inbox_work.share("meta", page(event()), NOW, settings=settings)
    assert full("x").words
    assert not Arrival.objects.exists()


def told_in_any_order() -> list[bytes]:
    changed = event(minutes=2)
    changed["message_edit"] = {"mid": "m_1", "text": "When do you close?", "num_edit": 1}
    del changed["message"]
    again = {**changed, "timestamp": changed["timestamp"] + 60_000,
             "message_edit": {"mid": "m_1", "text": "When do you open on Monday?",
                              "num_edit": 2}}  # fmt: skip
    withdrawn = event("m_3", None, minutes=4, is_deleted=True)
    return [page(one) for one in (event(), changed, again, event("m_3", "Oops", minutes=3),
                                  withdrawn)]  # fmt: skip


@pytest.mark.parametrize("seed", range(6))
def test_any_order_and_any_repetition_end_the_same(
    tell: Tell, connected: Callable[..., Box], seed: int
) -> None:
    box, chance = connected(), random.Random(seed)
    bodies = told_in_any_order() * 2
    chance.shuffle(bodies)
    for body in bodies:
        tell(body)
    words = {row.key: row.words for row in Message.objects.all() if not row.is_withdrawn}
    assert words == {"m_1": "When do you open on Monday?"}
    assert journal(box).adds_up
    assert journal(box).waiting == 0


@pytest.mark.parametrize("seed", range(4))
def test_any_order_in_one_payload_ends_the_same(
    tell: Tell, connected: Callable[..., Box], seed: int
) -> None:
    connected()
    events = [json.loads(body)["entry"][0]["messaging"][0] for body in told_in_any_order()]
    random.Random(seed).shuffle(events)
    tell(page(*events))
    words = {row.key: row.words for row in Message.objects.all() if not row.is_withdrawn}
    assert words == {"m_1": "When do you open on Monday?"}


# ── answers of ours that Meta repeats ─────────────────────────────────────────────────


def answer(state: str = "sent", **more: object) -> Message:
    row = Conversation.objects.get()
    given = {"sent_at": NOW} if state == "sent" else {}
    return Message.objects.create(
        conversation=row, box=row.box, direction="out", key="0a1b", words="At eight.",
        said_at=NOON + timedelta(minutes=1), received_at=NOW, state=state, **given, **more,
    )  # fmt: skip


def test_answer_that_is_repeated_by_its_number_is_not_doubled(
    tell: Tell, connected: Callable[..., Box]
) -> None:
    connected()
    tell(page(event()))
    answer(external="m_2")
    tell(page(echo("m_2")))
    assert Message.objects.filter(direction="out").count() == 1


def test_answer_that_is_repeated_as_if_by_someone_else_is_not_a_question(
    tell: Tell, connected: Callable[..., Box]
) -> None:
    connected()
    tell(page(event()))
    answer(external="m_2")
    tell(page(event("m_2", "At eight.", sender="another-number-of-ours")))
    assert (Conversation.objects.count(), Message.objects.count()) == (1, 2)


def test_person_who_cannot_be_named_does_not_stop_the_next(
    settings: Settings, connected: Callable[..., Box]
) -> None:
    connected()
    both = page(event(), event("m_2", sender="1", minutes=1))
    inbox_work.share("meta", both, NOW, settings=settings)
    refused = {"error": {"code": 100, "error_subcode": 33, "message": "no"}}
    http = Scripted(answers=[(400, refused), (200, {"name": "Bob"})], clock=lambda: NOW)
    inbox_work.read_brought(settings=settings, http=http, clock=lambda: NOW)
    assert set(Contact.objects.values_list("name", flat=True)) == {"", "Bob"}


@pytest.mark.parametrize(
    "told", [echo(metadata="vigie:0a1b"), echo(text="At  eight.")], ids=["mark", "words"]
)
def test_answer_under_way_is_confirmed_by_what_is_repeated(
    tell: Tell, connected: Callable[..., Box], told: dict[str, object]
) -> None:
    connected()
    tell(page(event()))
    answer("sending", tries=1, claimed_at=NOW)
    tell(page(told))
    message = Message.objects.get(direction="out")
    assert (message.state, message.external) == ("sent", "m_2")


def test_answer_to_one_person_is_not_confirmed_by_the_same_words_to_another(
    tell: Tell, connected: Callable[..., Box]
) -> None:
    connected()
    tell(page(event()))
    answer("sending", tries=1, claimed_at=NOW)
    tell(page(event("m_9", sender="another")))
    copy = Message.objects.get(direction="out")
    copy.pk, copy.key = None, "0a1c"
    copy.conversation = Conversation.objects.latest("pk")
    copy.save()
    tell(page({**echo("m_3"), "recipient": {"id": "another"}}))
    states = dict(Message.objects.filter(direction="out").values_list("key", "state"))
    assert states == {"0a1b": "sending", "0a1c": "sent"}


def test_answer_written_on_facebook_itself_is_ours(
    tell: Tell, connected: Callable[..., Box]
) -> None:
    connected()
    tell(page(event()), page(echo()))
    row = Conversation.objects.get()
    assert (row.state, row.messages.filter(direction="out").get().state) == ("waiting", "sent")


# ── files, to which Meta only points ──────────────────────────────────────────────────

CARD = page(event(attachments=[{"type": "image", "payload": {"url": "https://cdn.example/c.png"}}]))
NAME = {"name": "Marie"}


def test_file_is_brought_and_checked(tell: Tell, connected: Callable[..., Box]) -> None:
    connected()
    tell(CARD, answers=(NAME, "\x89PNG\r\n\x1a\n is no picture to the end"))
    file = Attachment.objects.get()
    assert (file.name, file.message.key) == ("c.png", "m_1")
    assert bool(file.file) is not bool(file.refused)


def test_file_that_does_not_come_says_why(tell: Tell, connected: Callable[..., Box]) -> None:
    connected()
    tell(CARD)
    file = Attachment.objects.get()
    assert (file.file, Message.objects.get().state) == ("", "received")
    assert file.refused is not None
    assert file.refused["fr"]


# ── mentions, of which Meta tells a number only ───────────────────────────────────────

MENTION = instagram_changes({"field": "mentions", "value": {"media_id": "178"}})
WORDS = {"mentioned_media": {
    "id": "178", "caption": "At @northfield", "timestamp": "2026-10-01T12:00:00+0000",
    "username": "marie", "permalink": "https://www.instagram.com/p/1"}}  # fmt: skip


def test_mention_is_asked_for_and_read(tell: Tell, connected: Callable[..., Box]) -> None:
    box = connected("instagram", ACCOUNT)
    tell(MENTION, answers=(WORDS,))
    assert Message.objects.get().words == "At @northfield"
    assert journal(box).adds_up


def test_mention_waits_while_meta_asks_to_wait(tell: Tell, connected: Callable[..., Box]) -> None:
    box = connected("instagram", ACCOUNT)
    tell(MENTION, answers=({"error": {"code": 613, "message": "later"}},), status=400)
    assert (journal(box).waiting, Message.objects.count()) == (1, 0)
    tell(answers=(WORDS,))
    assert (journal(box).waiting, Message.objects.count()) == (0, 1)


def test_mention_that_is_not_shown_to_us_waits_in_quarantine(
    tell: Tell, connected: Callable[..., Box]
) -> None:
    connected("instagram", ACCOUNT)
    tell(MENTION, answers=({"error": {"code": 10, "message": "no"}},), status=400)
    row = Arrival.objects.get()
    assert row.state == "refused"
    assert row.reason is not None
    assert "has not granted" in row.reason["en"]


def test_window_of_a_box_depends_on_what_meta_granted(
    tell: Tell, connected: Callable[..., Box], settings: Settings
) -> None:
    box = connected()
    tell(page(event()))
    assert Conversation.objects.get().window_until == NOON + timedelta(days=1)
    Conversation.objects.all().delete()
    Box.objects.filter(pk=box.pk).update(options={**box.options, "human_agent": "yes"})
    tell(page(event("m_8", sender="5")))
    assert Conversation.objects.get().window_until == NOON + timedelta(days=7)
