"""Questions on Mastodon, and answers before the same eyes."""

from __future__ import annotations

import json
from dataclasses import replace
from email.parser import BytesParser
from email.policy import HTTP
from typing import Any
from urllib.parse import parse_qs

import pytest
from hypothesis import given
from hypothesis import strategies as some

from tests.cast import NOON
from tests.collect.keyed import scripted
from tests.conftest import SHARED
from tests.inbox.mastodon import HERE, US, above, direct, of_ours, public, read
from vigie.errors import BusyError, DeniedError, InboxError
from vigie.inbox.channel import Author, Enclosed, Outgoing
from vigie.inbox.channels.mastodon import Mastodon, Place, squeezed, visibility, weight
from vigie.inbox.mastodon_reading import payload

MASTODON = Mastodon({"server": "social.example", "token": "CANARY"}, address="northfield")
RECORDINGS = SHARED / "contracts" / "mastodon" / "recordings"
ANSWER = Outgoing(
    key="0a1b", thread="t", kind="mention", is_public=True,
    to=Author(network="mastodon", address="marie@other.example"),
    words="It is.", handed_in_at=NOON, answers_to="k",
    facts={"id": "7", "acct": "marie@other.example", "visibility": "public", "language": "fr"},
)  # fmt: skip
PUT: dict[str, Any] = {"id": "9", "uri": f"{HERE}/users/northfield/statuses/9", "url": f"{HERE}/9"}


def test_question_says_who_asks_what() -> None:
    message = read(public("7", "<p>Is it <b>free</b>?</p>"))
    assert message.author == Author(
        network="mastodon", address="marie@other.example", shown="@marie@other.example",
        name="Marie",
    )  # fmt: skip
    assert (message.words, message.kind, message.is_public) == ("Is it free?", "mention", True)


def test_person_of_our_own_server_is_named_in_full() -> None:
    status = public("7", "Free?")
    status["account"]["acct"] = "marie"
    assert read(status).author.address == "marie@social.example"


def test_what_is_attached_is_named() -> None:
    media = {"type": "image", "description": "The form", "url": "https://files.example/1.png"}
    words = read(public("7", "This?", media_attachments=[media])).words
    assert words == "This?\n[image: The form] https://files.example/1.png"


def test_warning_stands_before_the_words_it_warns_of() -> None:
    assert read(public("7", "<p>I failed.</p>", spoiler_text="exam")).words == "exam\nI failed."


def test_answers_of_two_people_under_one_post_are_two_matters() -> None:
    ours = of_ours("1", "Open day")
    first = read(public("2", "Free?", answers=ours), above(ours))
    second = read(public("3", "When?", answers=ours, by="paul@other.example"), above(ours))
    assert first.thread != second.thread
    assert first.post == second.post


def test_further_word_of_one_person_belongs_to_the_same_matter() -> None:
    ours = of_ours("1", "Open day")
    asked = public("2", "Free?", answers=ours)
    said = of_ours("3", "Yes", answers=asked)
    first = read(asked, above(ours))
    thanks = read(public("4", "Thanks", answers=said), above(ours, asked, said))
    assert thanks.thread == first.thread
    assert first.key in thanks.also_threads


def test_private_word_stays_apart_from_what_is_public() -> None:
    ours = of_ours("1", "Open day")
    said = read(direct("2", "I cannot pay.", answers=ours), above(ours))
    assert (said.kind, said.is_public) == ("direct", False)
    assert said.thread != read(public("3", "Free?", answers=ours), above(ours)).thread


def test_word_for_followers_only_is_private() -> None:
    assert not read(public("2", "psst", visibility="private")).is_public


def test_own_answer_belongs_to_whom_it_answers() -> None:
    asked = public("2", "Free?")
    answer = read(of_ours("3", "Yes", answers=asked), above(asked))
    assert (answer.is_ours, answer.thread) == (True, read(asked).thread)


def test_private_answer_of_ours_to_a_public_question_still_answers_it() -> None:
    asked = public("2", "Free?")
    answer = read(of_ours("3", "Yes", answers=asked, visibility="direct"), above(asked))
    assert read(asked).thread in answer.also_threads


def test_robot_says_that_it_is_one() -> None:
    status = public("2", "News")
    status["account"]["bot"] = True
    assert read(status).is_automatic


def test_status_without_a_name_is_refused_and_the_next_is_read() -> None:
    broken = public("7", "Free?")
    del broken["uri"]
    parts = [{"status": broken, "above": []}, {"status": public("8", "When?"), "above": []}]
    received = MASTODON.receive(payload(US, parts))
    assert [one.position for one in received.unread] == [1]
    assert [one.words for one in received.messages] == ["When?"]


def test_what_is_gone_is_withdrawn() -> None:
    received = MASTODON.receive(payload(US, gone=["https://other.example/1"]))
    assert [one.key for one in received.withdrawn] == ["https://other.example/1"]


@pytest.mark.parametrize(
    ("asked", "is_public", "answered"),
    [
        ("public", True, "public"),
        ("unlisted", True, "unlisted"),
        ("private", False, "direct"),
        ("direct", False, "direct"),
        ("public", False, "direct"),
        ("direct", True, "direct"),
    ],
)
def test_answer_goes_before_no_more_eyes_than_the_question(
    asked: str, is_public: bool, answered: str
) -> None:
    facts = {**ANSWER.facts, "visibility": asked}
    assert visibility(replace(ANSWER, facts=facts, is_public=is_public)) == answered


def test_answer_names_whom_it_answers_once() -> None:
    assert MASTODON.written(ANSWER) == "@marie@other.example It is."
    named = replace(ANSWER, words="Yes @marie@other.example it is.")
    assert MASTODON.written(named) == "Yes @marie@other.example it is."


def test_answer_is_sent_under_its_key_and_keeps_the_token_to_itself() -> None:
    http = scripted(PUT)
    sent = MASTODON.send(ANSWER, http)
    (request,) = http.asked
    assert request.headers["Idempotency-Key"] == "0a1b"
    assert parse_qs((request.body or b"").decode())["in_reply_to_id"] == ["7"]
    assert "CANARY" not in repr(request)
    assert sent.external == PUT["uri"]


PLAN = Enclosed(name="Alice's plan.png", content=b"PNG", media_type="image/png", alt="The way")


def test_picture_goes_with_an_answer_and_its_words() -> None:
    http = scripted({"id": "22"}, PUT)
    MASTODON.send(replace(ANSWER, enclosed=(PLAN,)), http)
    kept, put = http.asked
    given = BytesParser(policy=HTTP).parsebytes(
        f"Content-Type: {kept.headers['Content-Type']}\r\n\r\n".encode() + (kept.body or b"")
    )
    words, picture = given.iter_parts()
    assert (words.get_content().strip(), picture.get_content()) == ("The way", b"PNG")
    assert b"Alice" not in (kept.body or b"")
    assert parse_qs((put.body or b"").decode())["media_ids[]"] == ["22"]


def test_picture_that_is_not_ready_is_waited_for() -> None:
    http = scripted({}, PUT)
    http.answers = [(202, {"id": "22"}), (206, {"id": "22"}), (200, {"id": "22"}), (200, PUT)]
    paused: list[float] = []
    http.sleep = paused.append
    MASTODON.send(replace(ANSWER, enclosed=(PLAN,)), http)
    assert len(paused) == 2
    assert [one.url.rpartition("/api/")[2] for one in http.asked] == [
        "v2/media", "v1/media/22", "v1/media/22", "v1/statuses"
    ]  # fmt: skip


def test_picture_that_is_never_ready_is_tried_later() -> None:
    http = scripted()
    http.answers = [(202, {"id": "22"})] + [(206, {"id": "22"})] * 9
    http.sleep = lambda _seconds: None
    with pytest.raises(BusyError):
        MASTODON.send(replace(ANSWER, enclosed=(PLAN,)), http)


def test_answer_to_what_is_gone_is_not_tried_again() -> None:
    with pytest.raises(InboxError, match="no longer there"):
        MASTODON.send(ANSWER, scripted({"error": "Record not found"}, status=404))


def test_refused_token_says_which_permission_it_needs() -> None:
    with pytest.raises(DeniedError, match="write:statuses"):
        MASTODON.send(ANSWER, scripted({"error": "outside the scopes"}, status=403))


def test_longer_answers_go_out_where_a_server_lets_them() -> None:
    allowed = {"configuration": {"statuses": {"max_characters": 5000}}}
    long = replace(ANSWER, words="a" * 600)
    assert MASTODON.send(long, scripted(allowed, PUT)).external == PUT["uri"]


def test_links_and_names_are_weighed_as_the_network_does() -> None:
    assert weight("@marie@other.example " + "https://x.example/" + "a" * 200) == 6 + 1 + 23


def test_answer_that_may_have_gone_out_is_looked_for() -> None:
    mine = of_ours("9", "<p><a>@<span>marie</span></a> It is.</p>", in_reply_to_id="7")
    mine["created_at"] = NOON.isoformat()
    http = scripted({"id": "1"}, [mine], [])
    found = MASTODON.find(ANSWER, http)
    assert found is not None
    assert found.external == mine["uri"]


def test_other_answer_to_the_same_person_is_not_taken_for_it() -> None:
    mine = of_ours("9", "Something else", in_reply_to_id="7")
    mine["created_at"] = NOON.isoformat()
    assert MASTODON.find(ANSWER, scripted({"id": "1"}, [mine], [])) is None


@given(some.text(max_size=80))
def test_words_are_the_same_however_they_are_spaced(text: str) -> None:
    assert squeezed(text) == squeezed(f"  {text}\n")


def test_place_is_read_as_it_was_written() -> None:
    place = Place(told="7", own="8", us="1")
    assert Place.of(str(place), "1") == place


def test_other_account_is_read_from_the_beginning() -> None:
    assert Place.of(str(Place(us="1@old.example", told="7")), "1@b.example") == Place(
        us="1@b.example"
    )


def test_recorded_notifications_of_a_real_server_are_read() -> None:
    yaml = pytest.importorskip("yaml", reason="PyYAML is not installed")
    file = RECORDINGS / "test_notifications_mentions_only.yaml"
    if not file.is_file():
        pytest.skip("the recordings (../shared/contracts) are not beside the project")
    told = [
        json.loads(one["response"]["body"]["string"])
        for one in yaml.load(file.read_text("utf-8"), Loader=yaml.CSafeLoader)["interactions"]
        if "/notifications?" in one["request"]["uri"]
    ]
    statuses = [one["status"] for answer in told for one in answer if one.get("status")]
    parts = [{"status": one, "above": []} for one in statuses]
    received = MASTODON.receive(payload(US, parts))
    assert (len(received.messages), received.unread) == (len(statuses), ())
    assert received.messages[0].words == "@mastodonpy_test hello!"
