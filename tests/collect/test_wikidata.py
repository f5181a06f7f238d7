"""Items of Wikidata are asked for in batches; what it answers late, or not, is said."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from tests.cast import NORTHFIELD, SOUTHBRIDGE
from tests.collect.answered import CONTEXT, SAMPLES
from tests.collect.loopback import Asked, Said, impatient, serving
from vigie.collect.connecting import connect
from vigie.collect.connector import Ask, Payload
from vigie.collect.items import Skipped
from vigie.collect.nested import Item
from vigie.collect.wikidata_accounts import named_account
from vigie.errors import BusyError, GarbledError, RefusedError
from vigie.model import Snapshot

WIKIDATA = connect("wikidata")
FOLLOWERS = json.loads((SAMPLES / "wikidata" / "followers.json").read_text("utf-8"))
ENTITIES: dict[str, Any] = FOLLOWERS["payload"]["body"]["entities"]


def told(body: object, **headers: str) -> Said:
    return Said(body=json.dumps(body).encode(), headers=headers)


def test_batches_hold_the_items_of_open_institutions_once() -> None:
    many = [replace(NORTHFIELD, institution=f"u{n}", wikidata=f"Q{n}") for n in range(1, 61)]
    closed = replace(NORTHFIELD, wikidata="Q999", closed_on=date(2020, 1, 1))
    wrong = replace(NORTHFIELD, wikidata="99 or so")
    subjects = WIKIDATA.subjects([], [*many, many[0], closed, wrong, SOUTHBRIDGE])
    names = [name for one in subjects for name in (one.identifier or "").split("|")]
    assert [one.subject for one in subjects] == [f"wikidata:batch-{n}" for n in (1, 2, 3)]
    assert sorted(names) == sorted(f"Q{n}" for n in range(1, 61))


def answer(asked: Asked) -> Said:
    """Answer about two items at most, as a service that limits the size of an answer."""
    names = asked.params["ids"].split("|")[:2]
    return told({"entities": {name: ENTITIES.get(name, {"id": name}) for name in names}})


def test_items_that_a_long_answer_left_out_are_asked_for_next() -> None:
    connector = connect("wikidata", settings={})
    page, found = None, []
    with serving(answer) as server, impatient() as http:
        connector = connect("wikidata", settings={"wikidata_service": server.url})
        (subject,) = connector.subjects([], [replace(NORTHFIELD, wikidata="Q990001")])
        subject = replace(subject, identifier="Q990001|Q990002|Q990003|Q990004|Q990005")
        while page != "":
            ask = Ask(stream="followers", subject=subject, page=page)
            read = connector.parse(connector.fetch(ask, http), CONTEXT)
            found += [record for record in read.records if isinstance(record, Snapshot)]
            page = read.next_page or ""
    asked = [one.params["ids"] for one in server.asked]
    assert asked[1:] == ["Q990003|Q990004|Q990005", "Q990005"]
    assert len(found) == 8
    assert server.asked[0].params["maxlag"] == "5"


@pytest.mark.parametrize(
    ("headers", "seconds"), [({"Retry-After": "7"}, 7), ({}, 60), ({"Retry-After": "soon"}, 60)]
)
def test_servers_that_are_behind_are_left_alone(headers: dict[str, str], seconds: int) -> None:
    said = {"error": {"code": "maxlag", "info": "Waiting for wdqs1: 12 seconds lagged.", "lag": 12}}
    with serving(lambda asked: told(said, **headers)) as server, impatient() as http:
        connector = connect("wikidata", settings={"wikidata_service": server.url})
        (subject,) = connector.subjects([], [NORTHFIELD])
        with pytest.raises(BusyError, match="12 seconds lagged") as raised:
            connector.fetch(Ask(stream="followers", subject=subject), http)
    assert raised.value.until is not None
    wait = raised.value.until - datetime.now(UTC)
    assert wait <= timedelta(seconds=seconds) < wait + timedelta(seconds=5)


def test_refusal_with_a_status_of_success_is_a_refusal() -> None:
    said = {"error": {"code": "no-such-entity", "info": "Could not find an entity with the ID Q0."}}
    with serving(lambda asked: told(said)) as server, impatient() as http:
        connector = connect("wikidata", settings={"wikidata_service": server.url})
        (subject,) = connector.subjects([], [NORTHFIELD])
        with pytest.raises(RefusedError, match="Q0"):
            connector.fetch(Ask(stream="followers", subject=subject), http)


def test_answer_about_nothing_that_was_asked_is_not_taken_for_an_answer() -> None:
    payload = Payload(
        connector="wikidata", network="wikidata", stream="followers", subject="wikidata:batch-1",
        url="https://www.wikidata.org/w/api.php?ids=Q1%7CQ2", status=200,
        received_at=datetime.now(UTC), body=b'{"entities": {}}',
    )  # fmt: skip
    with pytest.raises(GarbledError):
        WIKIDATA.parse(payload, CONTEXT)


def snak(value: str) -> list[dict[str, Any]]:
    return [{"snaktype": "value", "datavalue": {"value": value, "type": "string"}}]


@pytest.mark.parametrize(
    ("name", "value", "account"),
    [
        ("P2002", "UniNorthfield", "x:uninorthfield"),
        ("P6552", "55667788", "x:uninorthfield"),
        ("P6552", "1", "x:1"),
        ("P6552", "not a number", None),
        ("P2003", "north.field", "instagram:north.field"),
        ("P2013", "northfield", "facebook:northfield"),
        ("P4264", "166629", "linkedin:166629"),
        ("P2397", "UCnorthfieldnorthfield01", "youtube:UCnorthfieldnorthfield01"),
        ("P11245", "Northfield", "youtube:northfield"),
        ("P4033", "unf@social.example", "mastodon:unf@social.example"),
        ("P12361", "northfield.example", "bluesky:northfield.example"),
        ("P7085", "northfield", "tiktok:northfield"),
        ("P11892", "northfield", "threads:northfield"),
        ("P3185", "northfield", None),
        ("P2002", "", None),
    ],
)
def test_account_is_named_as_the_register_names_it(
    name: str, value: str, account: str | None
) -> None:
    found = named_account(Item({name: snak(value)}), Item({"x:55667788": "x:uninorthfield"}))
    assert (None if isinstance(found, Skipped) else found) == account


def test_account_named_twice_over_is_one() -> None:
    qualifiers = {"P2002": snak("UniNorthfield"), "P6552": snak("55667788")}
    known = Item({"x:55667788": "x:uninorthfield"})
    assert named_account(Item(qualifiers), known) == "x:uninorthfield"
