"""Bluesky as it happens: a recording of the vendor's own firehose, and Jetstream's form of it."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import libipld
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.collect.answered import CONTEXT, SAMPLES
from vigie.collect.bluesky_events import FRAMES, LINES, as_frames, frames_of
from vigie.collect.connecting import connect
from vigie.collect.connector import Page, Payload
from vigie.errors import GarbledError, NoAnswerError
from vigie.http import Http, Request
from vigie.model import Mention, Post, Snapshot, Tombstone
from vigie.words import _

RECORDED = (SAMPLES / "bluesky" / "firehose.frames").read_bytes()
DID, STRANGER = "did:plc:u5ulswabi6k5ho4vsgfwyklu", "did:plc:wmbbhu6ug2txnjobortdk4k6"
SECOND = "did:plc:ywfbgsgy44th5yy73tjmzcm7"
ACCOUNTS = {DID: "bluesky:northfield.test"}
NOW = datetime(2026, 11, 23, 16, tzinfo=UTC)
FIREHOSE = "ws://localhost:1/xrpc/com.atproto.sync.subscribeRepos"


@dataclass(kw_only=True)
class Streaming(Http):
    """Sends these messages, and ends as it is told."""

    agent: str = "test"
    messages: Sequence[bytes | str] = ()
    error: NoAnswerError | None = None
    asked: list[Request] = field(default_factory=list)

    def follow(self, request: Request, *, idle_seconds: float = 60) -> Iterator[bytes | str]:
        self.asked.append(request)
        yield from self.messages
        if self.error is not None:
            raise self.error


def read(
    body: bytes, *, form: str = FRAMES, accounts: dict[str, str] = ACCOUNTS, page: str | None = None
) -> Page:
    payload = Payload(
        connector="bluesky",
        network="bluesky",
        stream="follow",
        subject="bluesky",
        url=FIREHOSE,
        status=200,
        received_at=NOW,
        body=body,
        headers={"content-type": form},
        page=page,
    )
    return connect("bluesky").parse(payload, replace(CONTEXT, accounts=accounts))


def followed(
    http: Http, *, stream: str = FIREHOSE, cursor: str | None = None,
    accounts: Collection[str] = (DID,),
) -> Iterator[Payload]:  # fmt: skip
    connector = connect("bluesky", settings={"bluesky_stream": stream})
    return connector.follow(http, cursor=cursor, accounts=accounts)


def line(kind: str = "commit", *, did: str = STRANGER, **detail: Any) -> bytes:
    said = {"did": did, "time_us": 1_795_447_000_000_000, "kind": kind, kind: detail}
    return json.dumps(said).encode()


def posted(text: str = "Well done", *, did: str = STRANGER, **more: Any) -> bytes:
    record = {"text": text, "createdAt": "2026-11-23T15:16:40Z", **more}
    return line(
        did=did, operation="create", collection="app.bsky.feed.post", rkey="3k1", record=record
    )


def of(page: Page, kind: type) -> list[Any]:
    return [record for record in page.records if isinstance(record, kind)]


# The firehose.


def test_a_recorded_firehose_gives_what_happened() -> None:
    page = read(RECORDED)
    assert len([post for post in of(page, Post) if not post.is_repost]) == 10
    assert sorted(one.kind for one in of(page, Mention)) == ["mention", "quote", *["reply"] * 4]
    assert [one.reason for one in of(page, Tombstone)] == ["deleted"]
    assert page.unread == ()


def test_likes_and_follows_are_not_kept() -> None:
    page = read(RECORDED)
    assert page.skipped["likes, follows and the like"] == 3
    assert {record.table for record in page.records} == {
        "posts", "mentions", "tombstones", "snapshots",
    }  # fmt: skip


def test_a_post_is_seen_at_its_own_moment_so_that_counts_come_later() -> None:
    post = of(read(RECORDED), Post)[0]
    assert post.observed_at < NOW
    assert abs(post.observed_at - post.published_at) < timedelta(seconds=5)
    assert post.likes is None


def test_a_deletion_is_noted_when_we_learn_of_it() -> None:
    (tombstone,) = of(read(RECORDED), Tombstone)
    assert tombstone.observed_at == NOW
    assert tombstone.post in {post.post for post in of(read(RECORDED), Post)}


def test_a_new_profile_is_a_look_without_counts() -> None:
    snapshot = of(read(RECORDED), Snapshot)[-1]
    assert (snapshot.name, snapshot.followers) == ("Northfield University", None)


def test_a_new_handle_is_noticed() -> None:
    assert read(RECORDED).handles == {DID: "northfield.test"}


def test_a_post_by_one_account_to_another_concerns_both() -> None:
    page = read(RECORDED, accounts={**ACCOUNTS, SECOND: "bluesky:eastmere.test"})
    answered = "See you there."
    assert [one.account for one in of(page, Post) if one.text == answered] == [
        "bluesky:eastmere.test"
    ]
    assert [one.subject for one in of(page, Mention) if one.text == answered] == [
        "bluesky:northfield.test"
    ]


def test_nobody_under_study_means_nothing_but_deletions() -> None:
    page = read(RECORDED, accounts={})
    assert {record.table for record in page.records} == {"tombstones"}


def test_a_message_cut_short_is_set_aside_alone() -> None:
    whole = list(frames_of(RECORDED))
    page = read(as_frames([whole[0], whole[3][:50], *whole[4:]]))
    assert len(page.unread) == 1
    assert page.seen > 20


def test_a_record_left_out_of_a_commit_is_set_aside() -> None:
    frame = next(one for one in frames_of(RECORDED) if b"The library opens" in one)
    header, body = libipld.decode_dag_cbor_multi(frame)
    header_bytes = libipld.encode_dag_cbor(header)
    # Links cannot be written back as they were read; bytes in their place find no block.
    ops = [{**op, "cid": bytes(36)} for op in body["ops"]]
    kept = {name: body[name] for name in ("repo", "time", "seq", "blocks")}
    page = read(as_frames([header_bytes + libipld.encode_dag_cbor({**kept, "ops": ops})]))
    assert [one.field for one in page.unread] == ["record"]


@given(place=st.integers(0, len(RECORDED) - 1), byte=st.integers(0, 255))
def test_one_wrong_byte_never_breaks_the_reading(place: int, byte: int) -> None:
    page = read(RECORDED[:place] + bytes([byte]) + RECORDED[place + 1 :])
    assert page.seen >= 1


# Jetstream.


def test_jetstream_says_the_same_as_the_firehose() -> None:
    lines = b"\n".join(_as_jetstream(RECORDED))
    assert read(lines, form=LINES).records == read(RECORDED).records


def _as_jetstream(recorded: bytes) -> Iterator[bytes]:
    """Write messages of the firehose as Jetstream does."""
    for frame in frames_of(recorded):
        header, body = libipld.decode_dag_cbor_multi(frame)
        when = datetime.fromisoformat(body["time"])
        said = {"time_us": round(when.timestamp() * 1e6), "did": body.get("repo", body.get("did"))}
        if header["t"] != "#commit":
            kind = header["t"].removeprefix("#")
            yield json.dumps({**said, "kind": kind, kind: body}, default=str).encode()
            continue
        blocks = libipld.decode_car(body["blocks"])[1]  # all of them, where we decode only one
        for op in body["ops"]:
            collection, _slash, rkey = op["path"].partition("/")
            commit = {"operation": op["action"], "collection": collection, "rkey": rkey}
            if op["cid"]:
                commit["record"] = blocks[op["cid"]]
            yield json.dumps({**said, "kind": "commit", "commit": commit}, default=str).encode()


@pytest.mark.parametrize(
    ("more", "kind"),
    [
        ({"reply": {"parent": {"uri": f"at://{DID}/x/1"}, "root": {"uri": "at://o/x/1"}}}, "reply"),
        ({"reply": {"parent": {"uri": "at://o/x/1"}, "root": {"uri": f"at://{DID}/x/1"}}}, "reply"),
        ({"embed": {"record": {"uri": f"at://{DID}/x/1"}}}, "quote"),
        ({"embed": {"record": {"record": {"uri": f"at://{DID}/x/1"}}}}, "quote"),
        ({"facets": [{"features": [{"did": DID}]}]}, "mention"),
    ],
)
def test_a_post_concerns_whom_it_answers_quotes_or_names(more: dict[str, Any], kind: str) -> None:
    (mention,) = read(posted(**more), form=LINES).records
    assert (mention.kind, mention.subject) == (kind, "bluesky:northfield.test")


def test_a_post_that_concerns_nobody_is_counted() -> None:
    assert read(posted(), form=LINES).skipped == {"about no account under study": 1}


def test_half_a_letter_does_not_reach_the_store() -> None:
    (post,) = read(posted("half \ud83d", did=DID), form=LINES).records
    assert post.text == "half ?"


@given(
    damaged=st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.just(DID),
        lambda inner: st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["did", "kind", "time_us", "commit", "identity", "handle", "operation", "rkey",
                 "collection", "record", "reply", "parent", "uri", "embed", "facets", "features"]
            ),
            inner,
            max_size=8,
        ),
        max_leaves=30,
    )
)  # fmt: skip
def test_any_message_is_read_or_set_aside(damaged: object) -> None:
    page = read(json.dumps(damaged).encode(), form=LINES)
    assert page.seen == 1 or (not page.records and not page.unread)


# Following.


def test_following_keeps_what_names_an_account_and_moves_on_past_the_rest() -> None:
    messages = list(frames_of(RECORDED))
    (payload,) = followed(Streaming(messages=messages), accounts=[STRANGER])
    kept = list(frames_of(payload.body))
    assert 0 < len(kept) < len(messages)
    assert all(STRANGER.encode() in one for one in kept)
    assert payload.page == str(libipld.decode_dag_cbor_multi(messages[-1])[1]["seq"])


def test_an_identifier_of_any_length_is_found() -> None:
    other = posted(facets=[{"features": [{"did": "did:web:northfield.example"}]}]).decode()
    http = Streaming(messages=[other, posted().decode()])
    jetstream = "wss://jetstream.example/subscribe"
    (payload,) = followed(http, stream=jetstream, accounts=["did:web:northfield.example"])
    assert payload.body.decode() == other


def test_a_cursor_is_asked_with_in_both_forms() -> None:
    http = Streaming()
    list(followed(http, cursor="41"))
    list(followed(http, stream="wss://jetstream.example/subscribe", cursor="42"))
    assert http.asked[0].url == f"{FIREHOSE}?cursor=41"
    assert http.asked[1].url.startswith("wss://jetstream.example/subscribe?wantedCollections=")
    assert http.asked[1].url.endswith("&cursor=42")


def test_many_messages_are_handed_on_in_batches_each_with_its_cursor() -> None:
    messages = [posted(did=DID).decode()] * 2_500
    batches = list(followed(Streaming(messages=messages), stream="wss://j.example/subscribe"))
    assert [len(one.body.splitlines()) for one in batches] == [1_000, 1_000, 500]
    assert {one.page for one in batches} == {"1795447000000000"}


def test_what_was_read_is_handed_on_when_the_stream_breaks() -> None:
    broken = NoAnswerError(_("The live stream of {host} broke.", host="j.example"))
    following = followed(Streaming(messages=list(frames_of(RECORDED)), error=broken))
    assert read(next(following).body).records
    with pytest.raises(NoAnswerError):
        next(following)


def test_a_stream_left_early_ends_quietly() -> None:
    messages = [posted(did=DID).decode()] * 2_500
    following = followed(Streaming(messages=messages), stream="wss://j.example/subscribe")
    next(following)
    following.close()  # type: ignore[attr-defined]  # a generator


def test_what_the_server_says_went_wrong_is_said() -> None:
    failed = libipld.encode_dag_cbor({"op": -1}) + libipld.encode_dag_cbor(
        {"error": "FutureCursor", "message": "Cursor in the future."}
    )
    with pytest.raises(GarbledError, match="Cursor in the future"):
        list(followed(Streaming(messages=[failed])))


def test_a_cursor_too_old_is_counted_as_a_gap() -> None:
    info = libipld.encode_dag_cbor({"t": "#info", "op": 1}) + libipld.encode_dag_cbor(
        {"name": "OutdatedCursor"}
    )
    (payload,) = followed(Streaming(messages=[info]), cursor="7")
    assert payload.page == "7"
    assert read(payload.body).skipped == {"the stream does not reach back to the cursor": 1}
