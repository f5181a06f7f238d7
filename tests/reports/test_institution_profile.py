"""The profile: where does it stand, why, since when?"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from tests.cast import NORTHFIELD, post
from tests.reports.built import built, charts, grid, row, said
from tests.reports.hand_made import PURGE, accounts, rows
from vigie.errors import ReportError
from vigie.model import MethodGap, Post
from vigie.present.document import Interval, Link
from vigie.present.formats.pdf import page_count


def _profile(given: dict[str, Any] | None = None, **choices: str) -> Any:
    return built("institution_profile", given, **{"institution": "northfield", **choices})


def test_title_is_the_rank_and_how_sure_we_are() -> None:
    assert str(_profile().title) == (
        "Northfield University: 7th of 30 universities, between 4th and 10th"
    )


def test_lead_says_the_chance_the_peers_and_the_other_methods() -> None:
    lead = str(_profile().lead)
    assert "Its chance of being among the first ten is 65%." in lead
    assert "It cannot be told apart from 4 other institutions." in lead
    assert "Other published methods place it between 8th and 12th." in lead


def test_rank_under_every_other_method_is_side_by_side() -> None:
    ranks = {str(one["method"]): one["rank"] for one in grid(_profile(), "methods").rows}
    assert ranks == {"Followers, all accounts (total)": 8, "Sum of ranks (total)": 12}


def test_method_that_does_not_rank_it_is_named_with_its_reason() -> None:
    gap = MethodGap(
        edition="2026-10", revision=1, group="university.fr", method="per_alumni", figure="alumni"
    )
    document = _profile({**rows(), "method_gaps": [gap]})
    found = row(document, "methods-not-shown", "method", "Followers per alumnus")
    assert str(found["reason"]) == "Not known: the number of alumni."


def test_institution_without_rank_is_told_why() -> None:
    document = _profile(institution="eastmere")
    assert str(document.title) == "Eastmere Business School: not ranked"
    assert "the group is too small" in str(document.lead)


def test_institution_outside_the_edition_is_told_so() -> None:
    given = rows()
    given["standings"] = given["standings"][:3]
    assert "Not part of the edition of October 2026." in str(_profile(given).lead)


def test_unknown_institution_is_refused_in_words() -> None:
    with pytest.raises(ReportError, match="no institution nowhere"):
        _profile(institution="nowhere")


def test_institution_must_be_said() -> None:
    with pytest.raises(ReportError, match="institution=northfield"):
        _profile(institution="")


def test_strongest_and_weakest_scores_are_named() -> None:
    assert "Strongest: Engagement on Bluesky (75)." in said(_profile())


def test_unknown_score_is_unknown_and_absence_is_said() -> None:
    document = _profile(institution="peer-3")
    cells = {(str(one["network"]), str(one["score"])) for one in grid(document, "scores").rows}
    assert ("LinkedIn", "None") in cells
    assert str(row(document, "scores", "network", "Instagram")["value"]) == "absent"


def test_indicator_leads_to_its_definition() -> None:
    found = row(_profile(), "scores", "network", "Bluesky")
    assert found["indicator"].href == "/method/#followers"


def test_growth_is_said_where_no_break_forbids_it() -> None:
    assert "Bluesky: from 1,000 to 1,920 followers (+92.0%)." in said(_profile())


def test_growth_across_a_purge_is_not_said() -> None:
    assert "Instagram: 2,020 followers in October 2026." in said(_profile())


def test_break_is_named_with_its_day() -> None:
    assert "Break on 12 April 2026, Instagram: Inactive followers removed." in said(_profile())


def test_break_of_another_institution_is_not_ours() -> None:
    given = rows()
    given["events"] = [replace(PURGE, institution="southbridge")]
    assert "Break on" not in said(_profile(given))


def test_unknown_month_stays_unknown() -> None:
    months = list(grid(_profile(), "followers").rows)
    assert len(months) == 24
    assert months[4]["bluesky"] is None


def test_rate_stands_with_its_interval_and_its_n() -> None:
    found = row(_profile(), "activity", "network", "Bluesky")
    assert found["engagement_rate"] == Interval(value=0.0123, low=0.01, high=0.02)
    assert found["n"] == 19


def test_best_posts_are_the_five_with_most_interactions() -> None:
    found = [one["interactions"] for one in grid(_profile(), "posts").rows]
    assert found == [81, 71, 61, 51, 41]


def test_post_leads_to_its_source() -> None:
    found = next(iter(grid(_profile(), "posts").rows))
    assert found["post"] == Link(
        text="Open day number 8: come & see <the> library", href="https://bluesky.example/8"
    )


def _with_post(**changes: Any) -> dict[str, Any]:
    given = rows()
    day = date(2026, 10, 20)
    added: Post = replace(post("best", **changes), published_on=day)
    return {**given, "posts": [*given["posts"], added]}


def test_repost_is_not_an_own_post() -> None:
    document = _profile(_with_post(is_repost=True, likes=9_999))
    assert next(iter(grid(document, "posts").rows))["interactions"] == 81


def test_post_whose_interactions_are_unknown_is_left_out() -> None:
    document = _profile(_with_post(likes=None, comments=None, shares=None))
    assert len(grid(document, "posts").rows) == 5


def test_long_post_is_cut_at_its_end() -> None:
    document = _profile(_with_post(text="word " * 100, likes=9_999))
    found = next(iter(grid(document, "posts").rows))
    assert str(found["post"]).endswith("…")
    assert len(str(found["post"])) <= 90


def test_accounts_lead_to_the_network() -> None:
    found = row(_profile(), "accounts", "network", "LinkedIn")
    assert found["account"].href == "https://linkedin.example/northfield"


def test_institution_without_account_says_so() -> None:
    assert "No account is known." in said(_profile(institution="eastmere"))


def test_reply_is_shown() -> None:
    assert "Our account was closed for a week." in said(_profile(institution="southbridge"))


def test_merger_is_said() -> None:
    given = rows()
    given["institutions"][0] = replace(NORTHFIELD, merged_into="southbridge")
    assert "It has merged into southbridge." in said(_profile(given))


def test_profile_before_any_edition_shows_what_was_observed() -> None:
    document = _profile({**rows(), "editions": []})
    assert "There is no edition of the Index yet" in str(document.lead)
    assert charts(document)


def test_profile_of_nothing_known_is_still_a_page() -> None:
    empty: dict[str, Any] = {name: [] for name in rows()}
    document = _profile({**empty, "institutions": [NORTHFIELD]})
    assert page_count(document, "en") == 1


@pytest.mark.parametrize("language", ["en", "fr"])
def test_profile_fits_two_pages_however_many_accounts(language: str) -> None:
    given = rows()
    secondary = [
        replace(one, account=f"{one.account}.{i}", is_principal=False)
        for i in range(20)
        for one in accounts("northfield")
    ]
    document = _profile({**given, "accounts": [*given["accounts"], *secondary]})
    assert page_count(document, language) == 2


@pytest.mark.parametrize(("network", "leaves"), [("x", False), ("mastodon", True)])
def test_words_leave_in_a_file_only_where_the_network_lets_them(network: str, leaves: bool) -> None:
    url = "https://a.example/1"
    given = _with_post(likes=9_999, network=network, text="Open day", url=url)
    cell = next(iter(grid(_profile(given), "posts").rows))["post"]
    assert (str(cell.text), str(cell.exported) == "Open day") == ("Open day", leaves)
