"""Questions to Google Analytics keep to Google's own description; tokens are lent and kept."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import googleapiclient
import pytest
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from tests.collect.answered import CONTEXT, payload_of
from tests.collect.keyed import (
    CANARY,
    NOW,
    Scripted,
    body_of,
    keyed,
    sample,
    samples,
    scripted,
    service_account,
)
from vigie.collect.connector import Ask, Page
from vigie.collect.connectors.ga4 import Ga4
from vigie.collect.google_token import GRANT, ServiceAccount
from vigie.errors import BusyError, DeniedError, MissingError, RefusedError
from vigie.http import Request

DESCRIPTION = "discovery_cache/documents/analyticsdata.v1beta.json"
TOKEN = "ya29.0123456789abcdef"
LENT = {"access_token": TOKEN, "expires_in": 3599, "token_type": "Bearer"}
SINCE = datetime(2026, 11, 18, tzinfo=UTC)


def connector(**options: str) -> Ga4:
    found = keyed("ga4", properties="123456789, properties/42", **options)
    assert isinstance(found, Ga4)
    return found


def ask(**more: Any) -> Ask:
    return Ask(stream="visits", subject=connector().subjects([], [])[0], **more)


def answer(stem: str) -> Any:
    return body_of(sample("ga4", stem))


@cache
def description() -> dict[str, Any]:
    path = Path(googleapiclient.__file__).parent / DESCRIPTION
    found: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return found


def shape_problems(value: Any, schema: dict[str, Any], at: str = "") -> Iterator[str]:
    """Yield where a question or an answer differs from Google's description of it."""
    if "$ref" in schema:
        schema = description()["schemas"][schema["$ref"]]
    kinds = {"string": str, "integer": int, "boolean": bool, "array": list, "object": dict}
    if not isinstance(value, kinds.get(schema["type"], object)):
        yield f"{at} is not {schema['type']}"
    elif schema["type"] == "array":
        for one in value:
            yield from shape_problems(one, schema["items"], f"{at}[]")
    elif schema["type"] == "object" and "properties" in schema:
        for name, inner in value.items():
            if name in schema["properties"]:
                yield from shape_problems(inner, schema["properties"][name], f"{at}.{name}")
            else:
                yield f"{at}.{name} is not known"


def reported(**more: Any) -> Request:
    """Return the question for a report, as it was put."""
    http = scripted(LENT, answer("visits"))
    connector().fetch(ask(**more), http)
    return http.asked[1]


def test_question_has_the_shape_google_describes() -> None:
    said = json.loads(reported(since=SINCE).body or b"")
    assert list(shape_problems(said, {"$ref": "RunReportRequest"})) == []


def test_wrong_question_is_caught() -> None:
    said = {**json.loads(reported().body or b""), "limit": 10, "dimension": []}
    assert len(list(shape_problems(said, {"$ref": "RunReportRequest"}))) == 2


def test_question_goes_where_google_describes() -> None:
    method = description()["resources"]["properties"]["methods"]["runReport"]
    path = method["flatPath"].replace("{propertiesId}", "123456789")
    request = reported()
    assert (request.method, request.url) == (
        method["httpMethod"], f"{description()['rootUrl']}{path}",
    )  # fmt: skip


def test_scope_is_one_that_google_describes_and_reads_only() -> None:
    claims = claims_of(keyed_token_request())
    assert claims["scope"] in description()["auth"]["oauth2"]["scopes"]
    assert claims["scope"].endswith(".readonly")


@pytest.mark.parametrize("path", samples("ga4"), ids=lambda path: path.stem)
def test_sample_has_the_shape_google_describes(path: Path) -> None:
    assert list(shape_problems(body_of(path), {"$ref": "RunReportResponse"})) == []


def keyed_token_request() -> Request:
    http = scripted(LENT, answer("visits"))
    connector().fetch(ask(), http)
    return http.asked[0]


def form(request: Request) -> dict[str, str]:
    pairs = (pair.split("=") for pair in (request.body or b"").decode().split("&"))
    return {name: value.replace("%3A", ":") for name, value in pairs}


def unpacked(part: str) -> bytes:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))


def claims_of(request: Request) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(unpacked(form(request)["assertion"].split(".")[1]))
    return found


def test_token_is_asked_for_with_a_signature_that_holds() -> None:
    request = keyed_token_request()
    key = load_pem_private_key(json.loads(service_account())["private_key"].encode(), None)
    assert isinstance(key, RSAPrivateKey)
    signed, _dot, signature = form(request)["assertion"].rpartition(".")
    key.public_key().verify(unpacked(signature), signed.encode(), PKCS1v15(), SHA256())
    assert form(request)["grant_type"] == GRANT
    assert request.url == "https://oauth2.googleapis.com/token"


def test_claims_hold_for_an_hour_from_now() -> None:
    claims = claims_of(keyed_token_request())
    assert claims["iat"] == int(NOW.timestamp())
    assert claims["exp"] - claims["iat"] == 3600
    assert claims["aud"] == "https://oauth2.googleapis.com/token"


def test_token_is_used_again_until_shortly_before_its_end() -> None:
    ga4, http = connector(), scripted(LENT, *[answer("visits")] * 2, LENT, answer("visits"))
    for minutes in (0, 50, 56):
        http.clock = lambda minutes=minutes: NOW + timedelta(minutes=minutes)
        ga4.fetch(ask(), http)
    hosts = ["token" if "oauth2" in one.url else "report" for one in http.asked]
    assert hosts == ["token", "report", "report", "token", "report"]


def test_refused_token_is_not_used_again() -> None:
    ga4 = connector()
    http = Scripted(
        answers=[(200, LENT), (401, {}), (200, LENT), (200, answer("visits"))], clock=lambda: NOW
    )
    with pytest.raises(DeniedError, match="Google refused the key"):
        ga4.fetch(ask(), http)
    ga4.fetch(ask(), http)
    assert ga4.cost(ask()) == 1


def test_names_of_figures_stay_legible_in_the_answer() -> None:
    payload = connector().fetch(ask(), scripted(LENT, answer("visits")))
    assert json.loads(payload.body) == answer("visits")


def test_token_and_key_show_nowhere() -> None:
    http = scripted(LENT, {**answer("visits"), "said": TOKEN})
    payload = connector().fetch(ask(), http)
    shown = f"{payload!r} {payload.body!r} {http.asked!r}"
    assert not [one for one in (TOKEN, CANARY, "PRIVATE KEY", "assertion") if one in shown]


WRONG = {
    "no JSON": "-----BEGIN PRIVATE KEY-----",
    "no object": "[]",
    "no key": '{"client_email": "a@b.example"}',
    "damaged key": json.dumps(
        {"client_email": "a@b.example", "private_key": f"-----BEGIN {CANARY}"}
    ),
    "no address": json.dumps({"private_key": json.loads(service_account())["private_key"]}),
}


@pytest.mark.parametrize("key", WRONG.values(), ids=WRONG.keys())
def test_key_that_is_none_is_refused_without_repeating_it(key: str) -> None:
    with pytest.raises(DeniedError, match="not the file of a service account") as caught:
        ServiceAccount.read(key)
    assert caught.value.__context__ is None
    assert CANARY not in str(caught.value)


def read(http: Scripted, **more: Any) -> Page:
    ga4 = connector()
    return ga4.parse(ga4.fetch(ask(**more), http), CONTEXT)


def test_rows_are_read_to_the_last_and_then_the_days_before() -> None:
    http = scripted(LENT, answer("visits"), LENT, answer("visits_rest"))
    first = read(http, since=SINCE)
    rest = read(http, page=first.next_page)
    said = json.loads(http.asked[3].body or b"")
    assert (first.oldest, said["offset"]) == (None, "6")
    assert said["dateRanges"] == [{"startDate": "2026-11-17", "endDate": "2026-11-19"}]
    assert (rest.next_page, rest.oldest) == (
        "2026-10-17..2026-11-16", datetime(2026, 11, 17, tzinfo=UTC),
    )  # fmt: skip


def test_what_makes_a_report_inexact_is_said() -> None:
    page = connector().parse(payload_of(sample("ga4", "visits")), CONTEXT)
    assert sorted(page.skipped) == [
        "no campaign",
        "notice: figures estimated from a sample",
        "notice: rows about few people withheld by Google",
        "notice: some campaigns only in the row of others",
        "small campaigns added up by Google",
    ]


def test_properties_come_from_the_options_and_not_from_the_register() -> None:
    assert [one.subject for one in connector().subjects([], [])] == ["ga4:123456789", "ga4:42"]


def error(message: str, **more: object) -> dict[str, object]:
    return {"error": {"message": message, **more}}


REFUSALS = {
    "no viewer": (403, error("no permission"), DeniedError, "vigie@northfield.iam"),
    "not on": (403, error("off", details=[{"reason": "SERVICE_DISABLED"}]), DeniedError, "switch"),
    "unknown": (404, error("nothing"), MissingError, "property 123456789"),
    "used up": (429, error("Exhausted tokens per hour."), BusyError, "asks to wait"),
    "wrong": (400, error("Field x is not valid."), RefusedError, "refused the question"),
}


@pytest.mark.parametrize(("status", "body", "kind", "said"), REFUSALS.values(), ids=REFUSALS.keys())
def test_refusal_says_what_to_do(status: int, body: object, kind: type, said: str) -> None:
    http = Scripted(answers=[(200, LENT), (status, body)], clock=lambda: NOW)
    with pytest.raises(kind, match=said):
        connector().fetch(ask(), http)


@pytest.mark.parametrize(
    ("said", "until"),
    [
        ("Exhausted property tokens per hour.", datetime(2026, 11, 20, 10, tzinfo=UTC)),
        ("Exhausted property tokens per day.", datetime(2026, 11, 21, 8, tzinfo=UTC)),
    ],
)
def test_wait_ends_when_google_allows_more(said: str, until: datetime) -> None:
    http = Scripted(answers=[(200, LENT), (429, error(said))], clock=lambda: NOW)
    with pytest.raises(BusyError) as caught:
        connector().fetch(ask(), http)
    assert caught.value.until == until


def test_revoked_key_says_so() -> None:
    said = {"error": "invalid_grant", "error_description": "Invalid JWT Signature."}
    with pytest.raises(DeniedError, match=r"Invalid JWT Signature\. Make a new key"):
        connector().fetch(ask(), scripted(said, status=400))
