"""TikTok is asked with a token that lasts a day, about the account that the token is of."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

from tests.collect.answered import CONTEXT, payload_of
from tests.collect.keyed import (
    CANARY,
    NOW,
    Scripted,
    account,
    body_of,
    keyed,
    sample,
    scripted,
    walked,
)
from vigie.collect.connector import Ask
from vigie.collect.connectors.tiktok import Tiktok
from vigie.collect.renewal import Renewal
from vigie.errors import BusyError, DeniedError
from vigie.model import Account, Snapshot

US = account("tiktok")
LENT = {"access_token": "act.0123456789abcdef", "expires_in": 86400, "token_type": "Bearer"}


def connector() -> Tiktok:
    found = keyed("tiktok", own="@Northfield", client_key="aw123")
    assert isinstance(found, Tiktok)
    return found


def answer(stem: str) -> Any:
    return body_of(sample("tiktok", stem))


def test_videos_are_read_to_the_last_page_with_one_token() -> None:
    http = scripted(LENT, answer("posts"), answer("posts_last"))
    pages = walked(connector(), Ask(stream="posts", subject=US), http)
    assert [len(page.records) for page in pages] == [2, 1]
    assert [request.url.rpartition("/v2/")[2] for request in http.asked] == [
        "oauth/token/", "video/list/", "video/list/",
    ]  # fmt: skip
    assert json.loads(http.asked[-1].body or b"") == {"max_count": 20, "cursor": 1794906000000}


def test_questions_may_be_repeated_though_they_are_posted() -> None:
    assert connector().request(Ask(stream="posts", subject=US)).is_repeatable


def test_new_token_is_asked_for_before_the_last_ends() -> None:
    tiktok, http = connector(), scripted(LENT, answer("profile"), LENT, answer("profile"))
    tiktok.fetch(Ask(stream="profile", subject=US), http)
    http.clock = lambda: NOW + timedelta(hours=23, minutes=56)
    tiktok.fetch(Ask(stream="profile", subject=US), http)
    assert len(http.asked) == 4


def test_refresh_token_that_comes_back_is_kept_before_it_is_used() -> None:
    tiktok, kept = connector(), list[Renewal]()
    lent = {**LENT, "refresh_token": "rft.new", "refresh_expires_in": 31_536_000}
    http = scripted(lent, answer("profile"), LENT, answer("profile"))

    def keep(renewal: Renewal) -> None:
        assert len(http.asked) == 1
        kept.append(renewal)

    tiktok.keep = keep
    tiktok.fetch(Ask(stream="profile", subject=US), http)
    tiktok.lent.end()
    tiktok.fetch(Ask(stream="profile", subject=US), http)
    assert kept == [
        Renewal(options={"refresh_token": "rft.new"}, ends_at=NOW + timedelta(days=365))
    ]
    assert b"rft.new" in (http.asked[2].body or b"")


def test_refresh_token_that_stays_is_only_known_to_end() -> None:
    tiktok, kept = connector(), list[Renewal]()
    tiktok.keep = kept.append
    lent = {**LENT, "refresh_token": CANARY, "refresh_expires_in": 86_400}
    tiktok.fetch(Ask(stream="profile", subject=US), scripted(lent, answer("profile")))
    assert kept == [Renewal(ends_at=NOW + timedelta(days=1))]


def test_new_refresh_token_shows_nowhere() -> None:
    tiktok, kept = connector(), list[Renewal]()
    tiktok.keep = kept.append
    lent = {**LENT, "refresh_token": "rft.new-and-secret"}
    payload = tiktok.fetch(Ask(stream="profile", subject=US), scripted(lent, answer("profile")))
    assert "rft.new" not in repr(payload) + repr(kept)


def test_question_without_a_token_costs_two() -> None:
    tiktok, ask = connector(), Ask(stream="profile", subject=US)
    before = tiktok.cost(ask)
    tiktok.fetch(ask, scripted(LENT, answer("profile")))
    assert (before, tiktok.cost(ask)) == (2, 1)


def test_identifiers_stay_legible_in_the_answer_about_them() -> None:
    ask = connector().check(["7438000000000000001", "7437000000000000002"], US)
    assert ask is not None
    payload = connector().fetch(ask, scripted(LENT, answer("check")))
    gone = connector().parse(payload, CONTEXT).records
    assert [vars(one)["post"] for one in gone] == ["7437000000000000002"]


def test_figures_of_another_account_are_refused() -> None:
    other = {"data": {"user": {"open_id": "1", "username": "southbridge"}}, "error": {"code": "ok"}}
    with pytest.raises(DeniedError, match="of the TikTok account southbridge, not of northfield"):
        connector().fetch(Ask(stream="profile", subject=US), scripted(LENT, other))


def test_only_the_own_account_is_asked_about() -> None:
    accounts = [
        Account(account=f"tiktok:{name}", institution=name, network="tiktok", handle=name)
        for name in ("northfield", "southbridge")
    ]
    assert [one.handle for one in connector().subjects(accounts, [])] == ["northfield"]


def test_account_without_granted_figures_has_unknown_ones() -> None:
    page = connector().parse(payload_of(sample("tiktok", "profile_no_stats")), CONTEXT)
    look = page.records[0]
    assert isinstance(look, Snapshot)
    assert (look.followers, look.posts) == (None, None)


def wrong(code: str) -> dict[str, object]:
    return {"data": {}, "error": {"code": code, "message": "no", "log_id": "1"}}


REFUSALS = {
    "bad token": (401, wrong("access_token_invalid"), DeniedError, "new refresh token"),
    "not granted": (401, wrong("scope_not_authorized"), DeniedError, "video.list"),
    "too many": (429, wrong("rate_limit_exceeded"), BusyError, "600 questions a minute"),
}


@pytest.mark.parametrize(("status", "body", "kind", "said"), REFUSALS.values(), ids=REFUSALS.keys())
def test_refusal_says_what_to_do(status: int, body: object, kind: type, said: str) -> None:
    http = Scripted(answers=[(200, LENT), (status, body)], clock=lambda: NOW)
    with pytest.raises(kind, match=said):
        connector().fetch(Ask(stream="posts", subject=US), http)


@pytest.mark.parametrize("status", [200, 400])
def test_refresh_token_that_ended_says_so(status: int) -> None:
    said = {"error": "invalid_grant", "error_description": "Refresh token is invalid or expired."}
    with pytest.raises(DeniedError, match=r"expired\. Sign the account in"):
        connector().fetch(Ask(stream="posts", subject=US), scripted(said, status=status))
