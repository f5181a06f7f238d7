"""One rule for every channel: what still stands is left alone, what changed or went is told."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest

from tests.cast import NOON
from tests.collect.keyed import Scripted
from tests.inbox import mastodon
from tests.inbox.meta_told import FACEBOOK, INSTAGRAM
from tests.inbox.test_bluesky import BLUESKY, MARIE, SIGNED
from tests.inbox.test_x import CHANNEL as X
from tests.inbox.test_x import hold, said
from tests.inbox.test_x import post as tweet
from vigie.inbox.bluesky_account import Account
from vigie.inbox.channel import Channel, Incoming, Known, Received, known_channels
from vigie.inbox.channels.mastodon import Mastodon
from vigie.inbox.meta_public import COMMENT, MEDIA, SAID_AT, UNDER

Answers = list[tuple[int, object]]
URI = f"at://{MARIE}/app.bsky.feed.post/3k"
MASTODON = Mastodon({"server": "social.example", "token": "CANARY"}, address="northfield")
ME = (200, {"id": "1", "acct": "northfield"})
META_GONE = (400, {"error": {"code": 100, "error_subcode": 33, "message": "does not exist"}})
FACTS = {UNDER: "c_1", COMMENT: "c_1", SAID_AT: NOON.isoformat()}
FIRST, SECOND = 1_700_000_000_000_000_000, 1_700_000_900_000_000_000
PROBLEM = "https://api.twitter.com/2/problems"
X_GONE = {"errors": [{"resource_id": str(FIRST), "type": f"{PROBLEM}/resource-not-found"}]}
X_HIDDEN = {
    "errors": [{"resource_id": str(FIRST), "type": f"{PROBLEM}/not-authorized-for-resource"}]
}


def status(words: str, **more: Any) -> tuple[int, object]:
    return 200, mastodon.public("7", words, **more)


def view(words: str, cid: str) -> dict[str, Any]:
    return {
        "uri": URI, "cid": cid, "author": {"did": MARIE, "handle": "marie.test"},
        "record": {"text": words, "createdAt": "2026-10-01T12:00:00.000Z"},
        "indexedAt": "2026-10-01T12:00:00.000Z",
    }  # fmt: skip


def shown(*views: dict[str, Any]) -> Answers:
    return [(200, SIGNED), (200, {"posts": list(views)})]


def edition(words: str, number: int, *history: int) -> dict[str, Any]:
    return tweet(
        str(number), words, in_reply_to_user_id="2244990001",
        edit_history_post_ids=[str(one) for one in history],
    )  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Case:
    """A message that a channel knows, and what the network answers when it is asked again."""

    channel: Channel
    known: Known
    same: Answers
    gone: Answers
    hidden: Answers
    """It is not shown to us, which does not mean that it is gone."""
    edited: Answers | None
    """None: nobody can change words there."""
    beside: Known | None = None
    """Something else that is known, and asked for first."""


CASES = {
    "mastodon": Case(
        channel=MASTODON,
        known=Known(key=f"{mastodon.HERE}/users/marie/statuses/7", words="Free?",
                    facts={"id": "7"}),
        same=[status("Free?")],
        gone=[(404, {"error": "Record not found"}), ME],
        hidden=[],
        edited=[status("Free on Sunday?", edited_at="2026-10-01T13:00:00.000Z"), ME],
    ),
    "bluesky": Case(
        channel=BLUESKY,
        known=Known(key=URI, words="Free?", facts={"uri": URI, "cid": "c"}),
        same=shown(view("Free?", "c")),
        gone=[*shown(), (400, {"error": "RecordNotFound", "message": "Could not locate record"})],
        hidden=[*shown(), (200, {"uri": URI, "cid": "c", "value": {"text": "Free?"}})],
        edited=shown(view("Free on Sunday?", "d")),
    ),
    "x": Case(
        channel=X,
        known=Known(key=str(FIRST), words="Free?", facts={"id": str(FIRST), "kind": "post"}),
        same=[(200, said(edition("Free?", FIRST, FIRST)))],
        gone=[(200, X_GONE)],
        hidden=[(200, X_HIDDEN)],
        edited=[(200, said(edition("Free?", FIRST, FIRST, SECOND))),
                (200, said(edition("Free on Sunday?", SECOND, FIRST, SECOND)))],
    ),
    "facebook": Case(
        channel=FACEBOOK,
        known=Known(key="c_1", words="Free?", facts=FACTS),
        beside=Known(key="c_0", words="Open?", facts=FACTS),
        same=[(200, {"id": "c_0", "message": "Open?"}), (200, {"id": "c_1", "message": "Free?"})],
        gone=[(200, {"id": "c_0", "message": "Open?"}), META_GONE],
        hidden=[META_GONE, META_GONE],
        edited=[(200, {"id": "c_0", "message": "Open?"}),
                (200, {"id": "c_1", "message": "Free on Sunday?"})],
    ),
    "instagram": Case(
        channel=INSTAGRAM,
        known=Known(key="c_1", words="Free?", facts=FACTS),
        beside=Known(key="c_0", words="Open?", facts=FACTS),
        same=[(200, {"id": "c_0", "text": "Open?"}), (200, {"id": "c_1", "text": "Free?"})],
        gone=[(200, {"id": "c_0", "text": "Open?"}), META_GONE],
        hidden=[META_GONE, META_GONE],
        edited=[(200, {"id": "c_0", "text": "Open?"}),
                (200, {"id": "c_1", "text": "Free on Sunday?"})],
    ),
}  # fmt: skip
EACH = pytest.mark.parametrize(
    "case", [pytest.param(case, id=name) for name, case in CASES.items()]
)


@pytest.fixture(autouse=True)
def signed_out() -> Iterator[None]:
    Account._sessions.clear()
    yield
    Account._sessions.clear()


def told(case: Case, answers: Answers) -> Received | None:
    """Look again, and read what came of it; none: nothing is told."""
    http = Scripted(answers=list(answers), clock=lambda: NOON + timedelta(days=2))
    known = [one for one in (case.beside, case.known) if one is not None]
    body = case.channel.look_again(known, "", http).body
    assert http.answers == []
    return case.channel.receive(body) if body else None


def test_every_channel_that_looks_again_is_tried() -> None:
    looking = {name for name, one in known_channels().items() if one.looks_again is not None}
    assert looking == set(CASES)


@EACH
def test_what_still_stands_is_left_alone(case: Case) -> None:
    assert told(case, case.same) is None


@EACH
def test_what_is_gone_is_told(case: Case) -> None:
    received = told(case, case.gone)
    assert received is not None
    assert [one.key for one in received.withdrawn] == [case.known.key]
    assert received.messages == ()


@EACH
def test_what_is_only_hidden_from_us_is_not_taken_for_gone(case: Case) -> None:
    if case.hidden:
        assert told(case, case.hidden) is None


def changed(case: Case) -> Incoming:
    assert case.edited is not None
    received = told(case, case.edited)
    assert received is not None
    (message,) = received.messages
    return message


@EACH
def test_what_was_changed_is_told_with_its_words_and_when(case: Case) -> None:
    message = changed(case)
    assert (message.key, message.words) == (case.known.key, "Free on Sunday?")
    assert message.edited_at is not None


@EACH
def test_what_an_answer_hangs_under_is_not_lost_by_a_change(case: Case) -> None:
    facts = {**case.known.facts, **changed(case).facts}
    kept = {name: facts[name] for name in (UNDER, COMMENT) if name in case.known.facts}
    assert kept.items() <= case.known.facts.items()
    assert facts.get("cid") in (None, "d")


def test_edition_that_is_known_is_not_told_again() -> None:
    case = CASES["mastodon"]
    edited_at = changed(case).edited_at
    again = replace(case, known=replace(case.known, edited_at=edited_at))
    assert told(again, (case.edited or [])[:1]) is None


@pytest.mark.filterwarnings("ignore:Unsupported scheme type:UserWarning")
def test_every_question_to_x_keeps_to_its_description() -> None:
    case = CASES["x"]
    http = Scripted(answers=list(case.edited or []), clock=lambda: NOON)
    brought = case.channel.look_again([case.known], "", http)
    for request in http.asked:
        hold(request)
    assert '"posts": 2' in brought.position


def test_post_of_someone_else_is_not_asked_for() -> None:
    known = Known(key="9", words="Free?", facts={MEDIA: "9"})
    assert INSTAGRAM.look_again([known], "", Scripted()).body == b""
