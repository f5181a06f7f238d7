"""Posts with a hashtag are found in the store, with what their label says, without their author."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.cast import NOON, post
from tests.culture.posts import mention
from vigie import flow
from vigie.columns import table_of
from vigie.model import Label, Mention, Post
from vigie.store.store import Store


@pytest.fixture
def busy(store: Store) -> Store:
    """A store with mentions, labels and a post of an institution itself."""
    label = Label(
        network="bluesky", post="asks", published_on=NOON.date(), question="intent",
        annotator="rules 1", answers=("question",), certainties=(0.9,), labelled_at=NOON,
    )  # fmt: skip
    mentions = [
        mention("asks", text="I wonder why #CHEM101"),
        mention("asks", subject="chem", kind="found", text="I wonder why #CHEM101"),
        mention("longer", text="Why? #chem1012"),
        mention("before", published_at=NOON - timedelta(hours=1), text="Why? #chem101"),
        mention("silent", text=None),
    ]
    own = post("own", text="Ask us! #chem101")
    with store.intake() as intake:
        intake.add("mentions", table_of(Mention, mentions))
        intake.add("labels", table_of(Label, [label]))
        intake.add("posts", table_of(Post, [own]))
        intake.commit()
    return store


def test_posts_of_others_with_the_hashtag_are_found_once(busy: Store) -> None:
    found = flow.tagged(busy, "chem101", since=NOON)
    assert found == [
        flow.Tagged(network="bluesky", post="asks", text="I wonder why #CHEM101", is_question=True)
    ]


def test_empty_store_has_none(store: Store) -> None:
    assert flow.tagged(store, "chem101", since=NOON) == []


def test_words_that_may_not_be_shown_are_left_out(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    with store.intake() as intake:
        intake.add("mentions", table_of(Mention, [mention("1", text="Why? #chem101")]))
        intake.commit()
    monkeypatch.setattr("vigie.flow.hashtags.may_show_words", lambda network: network != "bluesky")
    assert flow.tagged(store, "chem101", since=NOON) == []
