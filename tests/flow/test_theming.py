"""Themes and emerging terms of a store: found, matched with those before, hidden where few say."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from tests.cast import ACCOUNTS, INSTITUTIONS, NORTHFIELD_BLUESKY, post
from tests.listening.test_themes import SPOKEN_OF, texts
from vigie.columns import table_of
from vigie.flow.theming import (
    emerging_terms,
    find_themes,
    known_themes,
    posts_of,
    posts_of_themes,
    theme_weeks,
)
from vigie.listening.themes import Known
from vigie.model import Account, Institution, Label, Mention, Post
from vigie.settings import Settings
from vigie.store.store import Store, open_store

LAST = date(2026, 3, 19)
NOW = datetime(2026, 3, 19, 18, tzinfo=UTC)
NEW = "inondation du parking souterrain"


def mention(number: int, text: str, day: date, *, author: int | None = None) -> Mention:
    """Return a post by someone."""
    at = datetime(day.year, day.month, day.day, 9, tzinfo=UTC)
    return Mention(
        network="bluesky", post=f"p{number}", subject="northfield", kind="found",
        author=f"person-{number % 50 if author is None else author}", published_at=at,
        published_on=day, observed_at=at, text=text,
    )  # fmt: skip


def spoken(count: int = 320) -> list[Mention]:
    """Return posts of three themes over four months, with the name of the university in each."""
    return [
        mention(number, f"Northfield {text}", LAST - timedelta(days=8 + number % 110))
        for number, text in enumerate(texts(count))
    ]


def flooded(authors: int) -> list[Mention]:
    """Return posts of the last week about something new."""
    return [mention(900 + n, NEW, LAST, author=n % authors) for n in range(12)]


@pytest.fixture
def listening(settings: Settings) -> Store:
    """A store of posts about three things."""
    store = open_store(settings)
    store.replace("institutions", table_of(Institution, INSTITUTIONS))
    store.replace("accounts", table_of(Account, ACCOUNTS))
    store.append("mentions", table_of(Mention, spoken()))
    return store


def find(store: Store, settings: Settings, *, remembered: tuple[Known, ...] = ()) -> set[str]:
    """Find themes and return their fingerprints."""
    find_themes(store, settings=settings, now=NOW, remembered=remembered)
    return {one.theme for one in known_themes(store, "others")}


def test_themes_are_found_without_the_name_of_the_university(
    listening: Store, settings: Settings
) -> None:
    find(listening, settings)
    terms = {term for one in known_themes(listening, "others") for term in one.terms}
    assert terms & set(" ".join(SPOKEN_OF.values()).split())
    assert not [term for term in terms if "northfield" in term]


def test_themes_stay_when_more_is_said(listening: Store, settings: Settings) -> None:
    before = find(listening, settings)
    more = [mention(2_000 + n, text, LAST) for n, text in enumerate(texts(40, seed=5))]
    listening.append("mentions", table_of(Mention, more))
    assert find(listening, settings) == before


def test_theme_that_a_person_named_is_found_again(listening: Store, settings: Settings) -> None:
    canteen = Known(fingerprint="canteen", weights=dict.fromkeys(SPOKEN_OF["cantine"].split(), 1.0))
    assert "canteen" in find(listening, settings, remembered=(canteen,))


def test_every_post_of_a_theme_can_be_opened(listening: Store, settings: Settings) -> None:
    (theme, *_others) = sorted(find(listening, settings))
    rows = posts_of_themes(listening, "others", [theme], most=10)
    assert len(rows) == 10
    assert all(row["text"].startswith("Northfield") for row in rows)


def test_weeks_count_posts_and_authors(listening: Store, settings: Settings) -> None:
    find(listening, settings)
    weeks = theme_weeks(listening, "others")
    assert sum(one.posts for one in weeks) == sum(
        one.posts for one in known_themes(listening, "others")
    )
    assert all(0 < one.authors <= one.posts and one.week.weekday() == 0 for one in weeks)


def test_new_term_emerges_with_its_posts(listening: Store, settings: Settings) -> None:
    listening.append("mentions", table_of(Mention, flooded(8)))
    find(listening, settings)
    (term, *_others) = emerging_terms(listening, "others")
    assert (term.posts, term.authors, term.before) == (12, 8, 0)
    keys = [tuple(one.split(" ", 1)) for one in term.said_in]
    rows = posts_of(
        listening, "others", [(key[0], key[1]) for key in keys], first=term.first_day,
        last=term.last_day,
    )  # fmt: skip
    assert [row["text"] for row in rows] == [NEW] * 12


def test_what_four_persons_say_is_not_kept(listening: Store, settings: Settings) -> None:
    listening.append("mentions", table_of(Mention, flooded(4)))
    find(listening, settings)
    assert not emerging_terms(listening, "others")


def test_copies_make_no_theme_and_no_news(listening: Store, settings: Settings) -> None:
    copies = flooded(8)
    labels = [
        Label(network=one.network, post=one.post, published_on=one.published_on,
              question="duplicate", annotator="rules 1", answers=("bluesky:p900",),
              certainties=(1.0,), labelled_at=NOW)
        for one in copies
    ]  # fmt: skip
    listening.append("mentions", table_of(Mention, copies))
    listening.append("labels", table_of(Label, labels))
    find(listening, settings)
    assert not emerging_terms(listening, "others")


def test_own_posts_are_read_apart(listening: Store, settings: Settings) -> None:
    said = [
        post(f"o{n}", account=NORTHFIELD_BLUESKY, text=text,
             published_at=NOW - timedelta(days=n % 60))
        for n, text in enumerate(texts(200, seed=9))
    ]  # fmt: skip
    listening.append("posts", table_of(Post, said))
    find(listening, settings)
    assert known_themes(listening, "own")
    assert all(one.authors == 1 for one in known_themes(listening, "own"))


def test_few_posts_have_no_themes_and_raise_nothing(settings: Settings) -> None:
    store = open_store(settings)
    find_themes(store, settings=settings, now=NOW)
    assert not known_themes(store, "others")
    assert not theme_weeks(store, "others")


def test_second_run_takes_the_place_of_the_first(listening: Store, settings: Settings) -> None:
    find(listening, settings)
    first = listening.table("themed").count().to_pyarrow().as_py()
    find(listening, settings)
    assert listening.table("themed").count().to_pyarrow().as_py() == first
