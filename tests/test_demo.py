"""The invented sector is whole, says that it is invented, and is the same every time."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime
from functools import cache
from random import Random
from typing import Any

import pytest

from vigie.cli.demonstration_heard import sampled_finds
from vigie.demo import MERGED, OURS, PURGED_NETWORK, Sector, Span, sector
from vigie.demo.character import OF_KIND
from vigie.demo.grants import LATE, found
from vigie.demo.happening import HAPPENINGS
from vigie.demo.public import in_office
from vigie.invented.phrases import domains, filled, phrases, slots

TODAY = date(2026, 11, 20)
SPAN = Span(today=TODAY)


@cache
def made() -> Sector:
    """Return the sector, which takes some seconds to invent."""
    return sector(TODAY)


@pytest.fixture
def invented() -> Sector:
    return made()


@cache
def rows(table: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = getattr(made(), table).to_pylist()
    return found


def test_there_are_sixty_institutions_of_three_kinds(invented: Sector) -> None:
    kinds = Counter(one.kind for one in invented.institutions)
    assert (len(invented.institutions), len(kinds)) == (60, 3)


def test_every_institution_says_that_it_is_invented(invented: Sector) -> None:
    assert all(one.is_invented for one in invented.institutions)


def test_there_are_five_networks_and_two_years_to_this_day(invented: Sector) -> None:
    days = invented.posts["published_on"].to_pylist()
    months = {(day.year, day.month) for day in days}
    assert (len(set(invented.posts["network"].to_pylist())), len(months)) == (5, 25)
    assert (min(days) >= date(2024, 11, 1), max(days)) == (True, date(2026, 11, 19))


@pytest.mark.parametrize("table", ["posts", "mentions"])
def test_nothing_comes_from_later_than_the_last_look(invented: Sector, table: str) -> None:
    for column in ("published_at", "observed_at"):
        moments = getattr(invented, table)[column].to_pylist()
        assert max(moments) <= datetime(2026, 11, 20, 5, tzinfo=UTC)


def test_the_same_seed_gives_the_same_sector(invented: Sector) -> None:
    again = sector(TODAY)
    assert again.posts.equals(invented.posts)
    assert again.mentions.equals(invented.mentions)


def test_the_last_three_whole_months_have_editions() -> None:
    assert SPAN.editions == (date(2026, 8, 1), date(2026, 9, 1), date(2026, 10, 1))


@pytest.mark.parametrize("today", [date(2027, 1, 1), date(2028, 2, 29), date(2027, 7, 31)])
def test_it_may_be_any_day(today: date) -> None:
    span = Span(today=today)
    assert span.start(span.count - 1) == today.replace(day=1)
    assert span.number(today) == span.count - 1
    assert len(span.pace) == span.count


def test_the_merged_institution_is_closed_and_says_into_which(invented: Sector) -> None:
    (gone,) = [one for one in invented.institutions if one.institution == MERGED[1]]
    assert gone.merged_into == MERGED[0]
    assert gone.closed_on is not None


def test_the_purge_is_recorded_as_a_break(invented: Sector) -> None:
    purges = [one for one in invented.events if one.kind == "purge"]
    assert [(one.network, one.breaks_series) for one in purges] == [(PURGED_NETWORK, True)]


def test_some_figures_are_unknown_and_none_is_negative(invented: Sector) -> None:
    likes = invented.posts["likes"].to_pylist()
    assert None in likes
    assert min(one for one in likes if one is not None) >= 0


# ── what is said ──────────────────────────────────────────────────────────────────────


def test_posts_are_different_enough_to_tell_institutions_apart() -> None:
    said = {row["text"] for row in rows("posts") if row["account"].endswith(OURS)}
    assert len(said) > 400


def test_ours_speaks_of_the_sea_and_declares_more_than_it_says(invented: Sector) -> None:
    declared = {one.name for one in invented.specialities if one.institution == OURS}
    assert declared == {"Océan et littoral", "Santé publique", "Vigne et vin"}
    said = " ".join(row["text"] for row in rows("posts") if row["account"].endswith(OURS))
    assert said.count("robot") > 20


def test_people_speak_french_and_english_on_three_networks() -> None:
    assert {row["language"] for row in rows("mentions")} == {"fr", "en"}
    assert {row["network"] for row in rows("mentions")} == {"instagram", "facebook", "bluesky"}


def test_answers_come_after_their_questions_in_the_hours_of_an_office() -> None:
    asked = {(row["network"], row["post"]): row for row in rows("mentions")}
    answers = [row for row in rows("posts") if row["answers_to"]]
    assert len(answers) > 3_000
    for answer in answers:
        question = asked[answer["network"], answer["answers_to"]]
        assert answer["published_at"] > question["published_at"]
        assert answer["thread"] == question["thread"]
        assert 8 <= answer["published_at"].hour <= 18
        assert answer["published_at"].weekday() < 5


@pytest.mark.parametrize(
    ("at", "opens"),
    [
        (datetime(2026, 11, 18, 10, 5, tzinfo=UTC), datetime(2026, 11, 18, 10, 5, tzinfo=UTC)),
        (datetime(2026, 11, 18, 3, 5, tzinfo=UTC), datetime(2026, 11, 18, 8, 5, tzinfo=UTC)),
        (datetime(2026, 11, 20, 22, 5, tzinfo=UTC), datetime(2026, 11, 23, 8, 5, tzinfo=UTC)),
    ],
)
def test_an_office_answers_when_it_is_open(at: datetime, opens: datetime) -> None:
    assert in_office(at) == opens


def test_institutions_do_not_answer_alike() -> None:
    asked = Counter(row["subject"] for row in rows("mentions"))
    answered = Counter(row["account"] for row in rows("posts") if row["answers_to"])
    shares = sorted(answered[one] / count for one, count in asked.items() if count > 100)
    assert shares[0] < 0.3 < 0.55 < shares[-1]


@pytest.mark.parametrize("happening", HAPPENINGS, ids=lambda one: one.kind)
def test_something_happens_in_the_last_weeks(happening: Any) -> None:
    mine = [row for row in rows("mentions") if row["subject"].endswith(happening.institution)]
    by_day = Counter(row["published_on"] for row in mine)
    assert by_day.most_common(1)[0][0] == happening.day(SPAN)
    assert happening.day(SPAN).weekday() < 5


def test_what_many_copy_is_there_word_for_word() -> None:
    copied = Counter(row["text"] for row in rows("mentions") if row["subject"].endswith(OURS))
    assert copied.most_common(1)[0][1] >= 8


def test_a_query_finds_more_than_is_kept_and_says_so() -> None:
    kept = sampled_finds(SPAN, seed=2026)
    every = found(SPAN, seed=2026)
    late = [one for one in kept if (SPAN.today - one.published_on).days < LATE]
    assert {one.stands_for for one in late} & {2, 4, 8}
    stands_for = sum(one.stands_for or 1 for one in kept)
    assert len(kept) < 0.7 * len(every)
    assert 0.7 < stands_for / len(every) < 1.4


def test_before_grants_are_late_every_find_is_kept() -> None:
    usual = [one for one in sampled_finds(SPAN, seed=2026)
             if (SPAN.today - one.published_on).days > LATE]  # fmt: skip
    assert len(usual) > 100
    assert {one.stands_for for one in usual} == {None}


# ── how it is said ────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("kind", OF_KIND)
def test_every_domain_that_may_be_chosen_is_described(kind: str) -> None:
    assert set(OF_KIND[kind]) <= set(domains())


@pytest.mark.parametrize("name", [
    "answers", "angry_questions", "belonging", "chatter", "closers", "cold", "complaints",
    "complaint_frames", "contexts", "details", "feelings", "grants", "habits", "hearsay",
    "information", "medal", "openers", "outage", "outage_copied", "posts", "posts_of_domain",
    "praise", "praise_frames", "question_frames", "questions", "urgent",
])  # fmt: skip
@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_gap_can_be_filled(name: str, language: str) -> None:
    given = {"handle": "h", "lieu": "l", "sujet": "s", "site": "x.example", "objet": "o"}
    for template in phrases(name)[language]:
        text = filled(template, language, Random(1), **given)
        assert "{" not in text
        assert text


def test_what_may_be_studied_depends_on_the_kind() -> None:
    (only,) = {filled("{filiere}", "fr", Random(1), kind="business_school")}
    assert only in {
        said[:1].upper() + said[1:] for said in slots()["fr"]["filiere business_school"]
    }
