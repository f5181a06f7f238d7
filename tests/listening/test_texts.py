from datetime import timedelta

import pytest

from tests.cast import NOON, NORTHFIELD_BLUESKY, SOUTHBRIDGE_BLUESKY, post
from tests.listening.saying import label, mention, read, tables
from vigie.listening.texts import COLUMNS, texts

NORTH, SOUTH = NORTHFIELD_BLUESKY.account, SOUTHBRIDGE_BLUESKY.account


def test_own_posts_and_mentions_are_one_table() -> None:
    found = read(posts=[post("1")], mentions=[mention("m1")])
    assert {name: row["origin"] for name, row in found.items()} == {"1": "own", "m1": "others"}
    assert found["1"]["author"] == NORTH
    assert found["m1"]["author"] == "pseudonym-1"


def test_columns_are_those_that_were_promised() -> None:
    assert texts(tables(posts=[post("1")])).columns == COLUMNS


@pytest.mark.parametrize("missing", ["posts", "mentions", "labels", "accounts"])
def test_a_missing_table_is_an_empty_one(missing: str) -> None:
    given = tables(posts=[post("1")], mentions=[mention("m1")], labels=[label("tone", "negative")])
    del given[missing]
    found = {row["post"] for row in texts(given).to_pyarrow().to_pylist()}
    assert found == {"1", "m1"} - {{"posts": "1", "mentions": "m1"}.get(missing)}


def test_a_mention_of_two_accounts_is_one_text_with_both() -> None:
    found = read(mentions=[mention(subject=SOUTH), mention(subject=NORTH)])
    assert found["m1"]["subjects"] == [NORTH, SOUTH]
    assert found["m1"]["institutions"] == ["northfield", "southbridge"]


def test_of_several_looks_the_last_one_counts() -> None:
    later = NOON + timedelta(days=9)
    found = read(
        mentions=[
            mention(subject=NORTH, likes=1),
            mention(subject=SOUTH, likes=7, observed_at=later),
            mention(subject="a query", likes=2),
        ]
    )
    assert found["m1"]["likes"] == 7


def test_a_query_that_caught_a_post_is_a_subject_without_institution() -> None:
    found = read(mentions=[mention(subject="housing")])
    assert found["m1"]["subjects"] == ["housing"]
    assert found["m1"]["institutions"] == []


def test_an_own_post_that_mentions_another_account_concerns_both() -> None:
    found = read(posts=[post("1")], mentions=[mention("1", subject=SOUTH, text="other words")])
    assert found["1"]["origin"] == "own"
    assert found["1"]["subjects"] == [NORTH, SOUTH]
    assert found["1"]["institutions"] == ["northfield", "southbridge"]
    assert found["1"]["text"] == "The library opens at eight."


def test_same_identifier_on_two_networks_is_two_posts() -> None:
    rows = [mention("7"), mention("7", network="mastodon")]
    assert texts(tables(mentions=rows)).count().to_pyarrow().as_py() == 2


@pytest.mark.parametrize(
    ("annotators", "tone"),
    [
        (("rules 1", "model 2"), "model 2"),
        (("model 2", "person:alice"), "person:alice"),
        (("rules 1", "person:alice", "model 9"), "person:alice"),
        (("model 9", "model 10"), "model 10"),
        (("rules 2", "rules 1"), "rules 2"),
    ],
)
def test_a_person_beats_a_model_which_beats_the_rules(
    annotators: tuple[str, ...], tone: str
) -> None:
    labels = [label("tone", name, annotator=name) for name in annotators]
    assert read(mentions=[mention()], labels=labels)["m1"]["tone"] == tone


def test_between_two_people_the_last_answer_counts() -> None:
    labels = [
        label("tone", "negative", annotator="person:alice", labelled_at=NOON + timedelta(hours=1)),
        label("tone", "positive", annotator="person:bob"),
    ]
    assert read(mentions=[mention()], labels=labels)["m1"]["tone"] == "negative"


def test_a_person_who_finds_none_of_the_answers_right_is_believed() -> None:
    labels = [label("service", "library"), label("service", annotator="person:alice")]
    assert read(mentions=[mention()], labels=labels)["m1"]["services"] == []


def test_every_question_has_its_column() -> None:
    labels = [
        label("intent", "question", "complaint"),
        label("service", "housing"),
        label("tone", "negative", "neutral"),
        label("urgency", "deadline"),
        label("entities", "northfield"),
        label("duplicate", "bluesky:m0"),
        label("language", "fr"),
    ]
    found = read(mentions=[mention(language="en")], labels=labels)["m1"]
    assert found["intents"] == ["question", "complaint"]
    assert (found["services"], found["urgency"]) == (["housing"], ["deadline"])
    assert (found["tone"], found["entities"]) == ("negative", ["northfield"])
    assert (found["duplicate_of"], found["language"]) == ("bluesky:m0", "fr")


def test_without_labels_nothing_is_known() -> None:
    found = read(mentions=[mention(language="fr-FR")], labels=[label("tone", post="other")])["m1"]
    unknown = ("intents", "services", "tone", "urgency", "duplicate_of", "entities")
    assert [found[name] for name in unknown] == [None] * len(unknown)
    assert found["language"] == "fr"


def test_the_first_of_a_group_duplicates_nothing() -> None:
    found = read(mentions=[mention()], labels=[label("duplicate", "bluesky:m1")])
    assert found["m1"]["duplicate_of"] is None


def test_links_images_and_replies_are_told_where_they_are_known() -> None:
    found = read(
        posts=[post("1", kind="image", text="See https://a.example"), post("2", images=0)],
        mentions=[mention("m1", kind="reply", answers_to="1"), mention("m2", text=None)],
    )
    assert [found[name]["has_link"] for name in ("1", "2", "m1", "m2")] == [
        True,
        False,
        False,
        None,
    ]
    assert [found[name]["has_image"] for name in ("1", "2", "m1")] == [True, False, None]
    assert [found[name]["is_reply"] for name in ("m1", "m2")] == [True, False]
