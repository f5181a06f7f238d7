"""Every connector keeps its contract; a new one needs samples, and no new test here."""

from __future__ import annotations

import inspect
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.collect import answered
from tests.collect.answered import CONTEXT, connector_of, payload_of, samples, told
from vigie.collect.connecting import connect, connectors, missing
from vigie.collect.connector import Connector, Page, Payload
from vigie.errors import GarbledError, SearchError

NAMES = sorted(connectors())
SAMPLES = samples()
IDS = [f"{path.parent.name}/{path.stem}" for path in SAMPLES]


@pytest.mark.parametrize("name", NAMES)
def test_connector_has_a_sample_of_every_stream(name: str) -> None:
    own = [path for path in SAMPLES if path.parent.name == name]
    shown = {told(path)["payload"]["stream"] for path in own}
    assert {stream.name for stream in connectors()[name].streams} <= shown


def test_every_folder_of_samples_is_of_a_connector() -> None:
    assert {path.parent.name for path in SAMPLES} <= set(NAMES)


@pytest.mark.parametrize("sample", SAMPLES, ids=IDS)
def test_sample_gives_exactly_the_page_stored_beside_it(sample: Path) -> None:
    assert answered.given(sample) == told(sample)["page"]


@pytest.mark.parametrize("sample", SAMPLES, ids=IDS)
def test_the_same_answer_gives_the_same_page(sample: Path) -> None:
    assert answered.given(sample) == answered.given(sample)


@pytest.mark.parametrize("sample", SAMPLES, ids=IDS)
def test_own_posts_are_filed_under_the_account_that_was_asked_about(sample: Path) -> None:
    page = told(sample)["page"]
    posts = page.get("records", {}).get("posts", [])
    assert {post["account"] for post in posts} <= {told(sample)["payload"]["subject"]}


@pytest.mark.parametrize("sample", SAMPLES, ids=IDS)
def test_nobody_is_named_in_what_others_wrote(sample: Path) -> None:
    mentions = told(sample)["page"].get("records", {}).get("mentions", [])
    assert all(mention["author"].startswith("p") for mention in mentions)
    assert all(len(mention["author"]) == 21 for mention in mentions)


@pytest.mark.parametrize("sample", SAMPLES, ids=IDS)
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(choice=st.data())
def test_a_damaged_answer_never_breaks_the_reading(sample: Path, choice: st.DataObject) -> None:
    body = told(sample)["payload"]["body"]
    damaged = damage(body, choice) if not isinstance(body, str) else cut(body, choice)
    page = read(connector_of(sample), payload_of(sample), damaged)
    assert page is None or page.seen >= len(page.records)


def read(connector: Connector, payload: Payload, body: Any) -> Page | None:
    text = body if isinstance(body, str) else json.dumps(body)
    whole = Payload(**{**vars(payload), "body": text.encode()})
    try:
        return connector.parse(whole, CONTEXT)
    except GarbledError:
        return None


def damage(body: Any, choice: st.DataObject) -> Any:
    """Return an answer in which one thing, anywhere, is another thing or is not there."""
    if isinstance(body, dict) and body and choice.draw(st.booleans() | st.just(True)):
        name = choice.draw(st.sampled_from(sorted(body)))
        rest = {key: value for key, value in body.items() if key != name}
        if choice.draw(st.integers(0, 3)) == 0:
            return rest
        return {**rest, name: damage(body[name], choice)}
    if isinstance(body, list) and body:
        place = choice.draw(st.integers(0, len(body) - 1))
        return [*body[:place], damage(body[place], choice), *body[place + 1 :]]
    return choice.draw(
        st.sampled_from([None, "", "0", "x", -1, 10**30, 1.5, True, [], {}, [None], {"a": None}])
    )


def cut(body: str, choice: st.DataObject) -> str:
    """Return a text without a part of it."""
    start = choice.draw(st.integers(0, len(body)))
    return body[:start] + body[start + choice.draw(st.integers(0, 200)) :]


@pytest.mark.parametrize("name", NAMES)
def test_connector_states_its_rights_with_their_source(name: str) -> None:
    rights = connectors()[name].rights
    assert rights.terms.startswith("https://")
    assert rights.read_on


@pytest.mark.parametrize("name", NAMES)
def test_connector_that_needs_a_key_says_how_to_get_it(name: str) -> None:
    cls = connectors()[name]
    needs_key = any(option.is_needed and option.is_secret for option in cls.options)
    assert not needs_key or cls.guide is not None


@pytest.mark.parametrize("name", NAMES)
def test_connector_without_what_it_needs_says_so(name: str) -> None:
    needed = {option.name for option in connectors()[name].options if option.is_needed}
    assert set(missing(connect(name))) == {
        option for option in needed if not connect(name).chosen.get(option)
    }


@pytest.mark.parametrize("name", NAMES)
def test_search_finds_or_refuses_with_words(name: str) -> None:
    assert searched(connect(name)).endswith(".")


def searched(connector: Connector) -> str:
    """Return what came of a search: a stream with a full stop, or the words of a refusal."""
    try:
        return connector.search("northfield", name="listening:northfield").stream + "."
    except SearchError as error:
        return str(error)


@pytest.mark.parametrize("name", NAMES)
def test_connector_is_documented(name: str) -> None:
    first = inspect.cleandoc(connectors()[name].__doc__ or "").partition("\n\n")[0]
    assert first.endswith(".")
