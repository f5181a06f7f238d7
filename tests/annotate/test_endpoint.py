"""A language model on trial: what it is sent, what is kept of its answers, and that none counts."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.cast import NOON, post
from tests.http.faults import Behaviour, FaultServer, hangs, says, says_json
from vigie import flow
from vigie.annotate.asking import Budget
from vigie.annotate.endpoint import Endpoint, without_people
from vigie.annotate.models import ENDPOINT, Manifest, Models, classifier_of
from vigie.columns import table_of
from vigie.errors import ModelError
from vigie.http import Http
from vigie.http.addresses import Allowed
from vigie.http.lines import Seconds
from vigie.http.patience import Patience
from vigie.listening.answers import chosen_answers
from vigie.model import Mention, Post
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
    assert (done.name, done.asked, done.kept) == ("trial 1", 1, 8)
    assert len(server.asked) == 1, "the same words are not asked about twice"
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
        published_at=NOON, published_on=NOON.date(), observed_at=NOON,
        text="Quand ouvre la bibliothèque du campus ?",
    )  # fmt: skip
    store.append("mentions", table_of(Mention, [heard]))
    ours = Settings(**{**vars(named(settings, server)), "private_addresses": private})
    done = flow.try_model(store, "intent", [("bluesky", "1")], settings=ours, http=http)
    assert (done.asked, done.left_out, len(server.asked)) == (asked, 1 - asked, asked)


def switched_on(store: Store, settings: Settings, server: FaultServer, **more: object) -> Settings:
    """Let the language model answer, without a trial."""
    on = Settings(**{**vars(named(settings, server)), "private_addresses": "127.0.0.1", **more})
    question = classifier_of("intent")
    Models(on.home).keep(
        Manifest(
            question="intent", version=0, answers=tuple(question.graded()), rules="1",
            trained_at=NOON.isoformat(), by="alice", kind=ENDPOINT, source="tiny",
            source_digest=Endpoint.of(on).digest, speaks=("fr",),
        )
    )  # fmt: skip
    flow.use_model(store, "intent", 1, settings=on)
    return on


def of(store: Store, annotator: str) -> int:
    labels = store.table("labels").filter(lambda row: row.annotator == annotator)
    found: int = labels.count().to_pyarrow().as_py()
    return found


ASKED = ["language", "intent"]


def test_once_on_it_answers_within_its_budget_and_leaves_the_rest_to_the_rules(
    store: Store, settings: Settings, server: FaultServer, http: Http
) -> None:
    posts = [post(name, text=f"Quand ouvre la bibliothèque ? Salle {name}") for _n, name in KEYS]
    store.append("posts", table_of(Post, posts))
    server.then(said('{"answers": ["praise"]}'))
    on = switched_on(store, settings, server, model_budget=3)
    flow.annotate(store, settings=on, questions=ASKED, http=http)
    assert len(server.asked) == 3
    assert (of(store, "model 1"), of(store, "trial left model 1")) == (3, 5)
    assert flow.annotate(store, settings=on, questions=ASKED, http=http).texts == 0
    counted = chosen_answers(store.table("labels")).to_pyarrow().to_pylist()
    assert sorted(row["intents"][0] for row in counted).count("praise") == 3


def test_where_it_fails_the_rules_answer_it_is_said_and_it_is_left_alone_for_an_hour(
    texts: Store, settings: Settings, server: FaultServer, http: Http
) -> None:
    server.then(says(403, b"no"))
    on = switched_on(texts, settings, server)
    done = flow.annotate(texts, settings=on, questions=ASKED, http=http, clock=lambda: NOON)
    assert (done.state, of(texts, "model 1")) == ("done", 0)
    assert not flow.labels_of(
        texts, KEYS[0], month=NOON.date().replace(day=1), settings=on
    )["intent"].annotator.startswith("model")  # fmt: skip
    assert Models(on.home).trouble("intent")["en"]
    asked = len(server.asked)
    soon, later = NOON + timedelta(minutes=30), NOON + timedelta(hours=2)
    flow.annotate(texts, settings=on, questions=ASKED, http=http, clock=lambda: soon)
    assert len(server.asked) == asked
    server.then(said('{"answers": ["praise"]}'))
    flow.annotate(texts, settings=on, questions=ASKED, http=http, clock=lambda: later)
    assert of(texts, "model 1") == len(KEYS)
    assert not Models(on.home).trouble("intent")


def test_a_new_day_has_a_new_budget(tmp_path: Path) -> None:
    day = NOON.date()
    budget = Budget(path=tmp_path / "asked.json", most=1, today=lambda: day)
    budget.spend()
    tomorrow = Budget(path=budget.path, most=1, today=lambda: day + timedelta(days=1))
    assert (budget.left(), tomorrow.left()) == (0, 1)
