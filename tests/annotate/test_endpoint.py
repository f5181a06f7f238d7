"""A language model on trial: what it is sent, what is kept of its answers, and that none counts."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from tests.cast import NOON, post
from tests.http.faults import Behaviour, FaultServer, hangs, says, says_json
from vigie import flow
from vigie.annotate.annotating import classifiers
from vigie.annotate.endpoint import Endpoint, without_people
from vigie.columns import table_of
from vigie.errors import ModelError
from vigie.http import Http
from vigie.http.addresses import Allowed
from vigie.http.lines import Seconds
from vigie.http.patience import Patience
from vigie.listening.answers import chosen_answers
from vigie.model import Label, Mention, Post
from vigie.settings import Settings
from vigie.store.store import Store

KEYS = [("bluesky", str(number)) for number in range(8)]
PRIVATE = "Bonjour @alice, écrivez à bob@northfield.example ou au +33 6 12 34 56 78 : quand ?"


def said(content: str) -> Behaviour:
    return says_json({"choices": [{"message": {"content": content}}]})


@pytest.fixture
def server() -> Iterator[FaultServer]:
    with FaultServer() as server:
        yield server


@pytest.fixture
def http() -> Iterator[Http]:
    quick = Patience(tries=1)
    seconds = Seconds(connect=1, read=0.3, answer=1)
    with Http(agent="Vigie", allowed=Allowed.of("127.0.0.1"), patience=quick,
              seconds=seconds) as http:  # fmt: skip
        yield http


@pytest.fixture
def texts(store: Store) -> Store:
    posts = [post(name, text=PRIVATE) for _network, name in KEYS]
    store.append("posts", table_of(Post, posts))
    return store


def named(settings: Settings, server: FaultServer) -> Settings:
    address = f"{server.url('/v1')}"
    return Settings(**{**vars(settings), "model_endpoint": address, "model_name": "tiny",
                       "model_key": "a-key"})  # fmt: skip


def tried(texts: Store, settings: Settings, server: FaultServer, http: Http) -> flow.Tried:
    return flow.try_model(
        texts, "intent", KEYS, settings=named(settings, server), http=http, now=NOON
    )


def test_nothing_is_sent_unless_it_is_switched_on(
    texts: Store, settings: Settings, server: FaultServer, http: Http
) -> None:
    with pytest.raises(ModelError, match="nothing is sent"):
        flow.try_model(texts, "intent", KEYS, settings=settings, http=http)
    assert not server.asked


def test_what_is_sent_names_nobody() -> None:
    sent = without_people(PRIVATE)
    assert "quand" in sent
    assert not any(one in sent for one in ("alice", "bob", "northfield", "12 34"))


def test_answers_are_kept_under_its_own_name_and_counted_nowhere(
    texts: Store, settings: Settings, server: FaultServer, http: Http
) -> None:
    server.then(said('{"answers": ["question"]}'))
    done = tried(texts, settings, server, http)
    assert (done.name, done.asked, done.kept) == ("trial tiny", 8, 8)
    body = json.loads(server.asked[0].body)
    assert "alice" not in json.dumps(body)
    assert body["model"] == "tiny"
    labels = texts.table("labels")
    assert labels.count().to_pyarrow().as_py() == 8
    assert chosen_answers(labels).count().to_pyarrow().as_py() == 0
    assert not flow.labels_of(texts, KEYS[0], month=NOON.date().replace(day=1), settings=settings)


@pytest.mark.parametrize(
    "bad",
    [
        said("Certainly! It is a question."), said('{"answers": ["purple"]}'), said("[]"),
        says_json({"error": "overloaded"}), says(200, b"<html>"), says(403, b"no"), hangs,
    ],
)  # fmt: skip
def test_what_cannot_be_used_is_not_kept_and_ends_the_trial(
    texts: Store, settings: Settings, server: FaultServer, http: Http, bad: Behaviour
) -> None:
    server.then(bad)
    done = tried(texts, settings, server, http)
    assert (done.kept, done.asked) == (0, 5)
    assert done.failure is not None


def test_private_address_is_not_opened_unless_a_setting_names_it(
    texts: Store, settings: Settings, server: FaultServer
) -> None:
    with Http(agent="Vigie", patience=Patience(tries=1)) as closed:
        done = tried(texts, settings, server, closed)
    assert done.kept == 0
    assert not server.asked


@pytest.mark.parametrize(("private", "asked"), [("127.0.0.1", 1), ("", 0)])
def test_what_others_wrote_goes_to_a_model_of_ours_only(
    store: Store, settings: Settings, server: FaultServer, http: Http, private: str, asked: int
) -> None:
    server.then(said('{"answers": ["question"]}'))
    heard = Mention(
        network="bluesky", post="1", subject="northfield", kind="found", author="p",
        published_at=NOON, published_on=NOON.date(), observed_at=NOON, text="Quand ?",
    )  # fmt: skip
    store.append("mentions", table_of(Mention, [heard]))
    ours = Settings(**{**vars(named(settings, server)), "private_addresses": private})
    done = flow.try_model(store, "intent", [("bluesky", "1")], settings=ours, http=http)
    assert (done.asked, done.left_out, len(server.asked)) == (asked, 1 - asked, asked)


def test_trial_is_compared_with_people_on_the_texts_of_a_check(texts: Store) -> None:
    rows = [
        Label(network=network, post=name, published_on=NOON.date(), question="intent",
              annotator=annotator, answers=answers, certainties=(1.0,), labelled_at=NOON)
        for network, name in KEYS
        for annotator, answers in (("person:alice", ("question",)), ("trial tiny", ("praise",)))
    ]  # fmt: skip
    texts.append("labels", table_of(Label, rows))
    found = flow.trials(texts, "intent", dict.fromkeys(KEYS, 1.0))
    assert found["trial tiny"].n == 8
    assert set(classifiers()) >= {"intent"}
    assert Endpoint(address="", model="tiny").name == "trial tiny"
