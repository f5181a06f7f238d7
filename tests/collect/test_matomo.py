"""Matomo is asked by campaign and day; it refuses in words, with a status of success."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.collect.answered import CONTEXT, payload_of
from tests.collect.keyed import CANARY, NOW, Scripted, body_of, keyed, sample, scripted
from vigie.collect.connector import Ask, Page
from vigie.collect.connectors.matomo import Matomo
from vigie.collect.day_windows import Window
from vigie.collect.matomo_rows import source_and_medium
from vigie.errors import DeniedError, MissingError, RefusedError, SearchError
from vigie.model import Visit

SINCE = datetime(2026, 11, 18, tzinfo=UTC)


def connector(sites: str = "3, www.northfield.example", **options: str) -> Matomo:
    found = keyed("matomo", service="https://stats.northfield.example/", sites=sites, **options)
    assert isinstance(found, Matomo)
    return found


def answer(stem: str) -> Any:
    return body_of(sample("matomo", stem))


def ask(place: int = 0, **more: Any) -> Ask:
    return Ask(stream="visits", subject=connector().subjects([], [])[place], **more)


def read(http: Scripted, asked: Ask) -> Page:
    matomo = connector()
    return matomo.parse(matomo.fetch(asked, http), CONTEXT)


def test_sites_come_from_the_options_and_not_from_the_register() -> None:
    found = connector("3, https://www.northfield.example/,, 3").subjects([], [])
    assert [one.subject for one in found] == ["matomo:3", "matomo:www.northfield.example"]


def test_token_goes_in_the_body_and_in_no_address() -> None:
    http = scripted(answer("visits"))
    read(http, ask())
    request = http.asked[0]
    assert parse_qs((request.body or b"").decode()) == {"token_auth": [CANARY]}
    assert CANARY not in request.whole


def test_token_that_comes_back_is_struck() -> None:
    http = scripted({"2026-11-18": [{"label": f"{CANARY} - x", "nb_visits": 1}]})
    assert CANARY not in connector().fetch(ask(), http).body.decode()


def test_question_is_about_whole_days_since_what_is_wanted() -> None:
    http = scripted(answer("visits"))
    read(http, ask(since=SINCE))
    assert dict(http.asked[0].params) == {
        "module": "API", "method": "MarketingCampaignsReporting.getSourceMedium",
        "format": "JSON", "language": "en", "idSite": "3", "period": "day",
        "date": "2026-11-17,2026-11-19", "filter_limit": "-1", "expanded": "1",
    }  # fmt: skip


def test_site_is_found_by_its_address_first() -> None:
    http = scripted(answer("visits_site"), answer("visits"))
    page = read(http, ask(1))
    found = read(http, ask(1, page=page.next_page))
    methods = [request.params["method"] for request in http.asked]
    assert methods[0] == "SitesManager.getSitesIdFromSiteUrl"
    assert http.asked[1].params["idSite"] == "3"
    assert {vars(one)["site"] for one in found.records} == {"matomo:www.northfield.example"}


@pytest.mark.parametrize("status", [200, 400])
def test_without_the_plugin_campaigns_are_read_by_name(status: int) -> None:
    http = Scripted(
        answers=[(status, answer("visits_no_plugin")), (200, answer("visits_plain"))],
        clock=lambda: NOW,
    )
    page = read(http, ask())
    found = read(http, ask(page=page.next_page))
    assert http.asked[1].params["method"] == "Referrers.getCampaigns"
    assert [vars(one)["utm_campaign"] for one in found.records] == ["open_day_2026"] * 2
    assert {vars(one)["utm_source"] for one in found.records} == {""}


def test_reading_goes_on_with_the_days_before() -> None:
    http = scripted(answer("visits"), answer("visits"))
    page = read(http, ask(since=SINCE))
    read(http, ask(page=page.next_page))
    assert page.oldest == datetime(2026, 11, 17, tzinfo=UTC)
    assert http.asked[1].params["date"] == "2026-10-17,2026-11-16"


def test_no_conversions_are_none_and_no_word_of_them_is_unknown() -> None:
    page = connector().parse(payload_of(sample("matomo", "visits")), CONTEXT)
    found = [one for one in page.records if isinstance(one, Visit)]
    assert [one.conversions for one in found] == [3, 0, 0, 1]
    assert [one.revenue for one in found] == [0.0, None, None, 25.5]


@pytest.mark.parametrize(
    ("label", "parts"),
    [("linkedin - social", ("linkedin", "social")), ("newsletter", ("newsletter", "")),
     ("city - north - email", ("city - north", "email"))],
)  # fmt: skip
def test_source_and_medium_are_told_apart(label: str, parts: tuple[str, str]) -> None:
    assert source_and_medium(label) == parts


REFUSALS = {
    "no view": ("You can't access this resource as it requires 'view' access", DeniedError),
    "bad token": ("Unable to authenticate with the provided token.", DeniedError),
    "other": ("Please specify a value for 'date'.", RefusedError),
}


@pytest.mark.parametrize("status", [200, 400])
@pytest.mark.parametrize(("said", "kind"), REFUSALS.values(), ids=REFUSALS.keys())
def test_refusal_with_a_status_of_success_is_one(said: str, kind: type, status: int) -> None:
    with pytest.raises(kind, match="Matomo refused") as caught:
        read(scripted({"result": "error", "message": said}, status=status), ask())
    assert type(caught.value) is kind


def test_unknown_site_is_missing() -> None:
    with pytest.raises(MissingError, match=r"does not know the site www\.northfield\.example"):
        read(scripted([]), ask(1))


def test_there_is_nothing_to_search() -> None:
    with pytest.raises(SearchError, match="holds no posts"):
        connector().search("northfield", name="n")


MOMENTS = st.integers(946_684_800, 4_102_444_800).map(lambda one: datetime.fromtimestamp(one, UTC))


@given(MOMENTS, MOMENTS | st.none())
def test_windows_follow_each_other_without_a_gap(now: datetime, since: datetime | None) -> None:
    window = Window.latest(now, since)
    assert window.first <= window.last < now.date()
    assert (window.first - window.before.last).days == 1
    assert Window.read(window.before.text) == window.before
