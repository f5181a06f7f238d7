"""What is spoken of: shown, named, merged, remembered."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from tests.flow.test_theming import NEW, NOW, flooded, spoken
from tests.web.test_spike_pages import text_of
from vigie import flow
from vigie.columns import table_of
from vigie.listening.models import Theme
from vigie.listening.theme_changes import remembered
from vigie.model import Mention, ThemeFound
from vigie.register.models import LogEntry
from vigie.settings import Settings
from vigie.sources.models import Work
from vigie.sources.turns import THEMES
from vigie.store.store import Store

pytestmark = pytest.mark.usefixtures("site")
PAGE = "/listening/themes/"


@pytest.fixture(autouse=True)
def _then() -> Iterator[None]:
    with time_machine.travel(NOW):
        yield


@pytest.fixture
def found(store: Store, settings: Settings) -> list[ThemeFound]:
    """The themes of a store in which something new is said."""
    store.append("mentions", table_of(Mention, [*spoken(), *flooded(8)]))
    flow.find_themes(store, settings=settings, now=NOW)
    return flow.known_themes(store, "others")


def change(client: Client, **given: str) -> int:
    """Send a form of the page."""
    return client.post(PAGE, {"scope": "others", **given}).status_code


def test_stranger_is_sent_to_sign_in(site: Client) -> None:
    assert site.get(PAGE).status_code == 302


def test_without_posts_the_page_says_what_it_takes(alice: Client) -> None:
    assert "it takes a hundred posts" in text_of(alice, PAGE)


def test_themes_and_news_are_listed(alice: Client, found: list[ThemeFound]) -> None:
    said = text_of(alice, PAGE)
    assert f"{len(found)} themes are spoken of" in said
    assert "inondation du parking" in said
    assert "The largest themes, week by week" in said


def test_term_opens_its_posts(alice: Client, store: Store, found: list[ThemeFound]) -> None:
    term = flow.emerging_terms(store, "others")[0]
    said = text_of(alice, PAGE, scope="others", term=term.term)
    assert said.count(NEW) == 12


def test_theme_opens_its_posts(alice: Client, found: list[ThemeFound]) -> None:
    said = text_of(alice, PAGE, scope="others", theme=found[0].theme)
    assert "Posts that are most of this theme" in said


def test_theme_is_named_and_the_name_remembered(alice: Client, found: list[ThemeFound]) -> None:
    assert change(alice, do="name", theme=found[0].theme, name="The canteen") == 302
    assert "The canteen" in text_of(alice, PAGE)
    assert [one.fingerprint for one in remembered()] == [found[0].theme]
    assert LogEntry.objects.filter(action="theme.name").exists()


def test_themes_are_merged_and_parted(alice: Client, found: list[ThemeFound]) -> None:
    small, large = found[1], found[0]
    assert change(alice, do="merge", theme=small.theme, into=large.theme) == 302
    said = text_of(alice, PAGE, theme=large.theme)
    assert f"{len(found) - 1} themes are spoken of" in said
    assert "Counted with it:" in said
    assert change(alice, do="part", theme=small.theme, back=large.theme) == 302
    assert f"{len(found)} themes are spoken of" in text_of(alice, PAGE)


def test_merging_two_themes_both_ways_is_refused(alice: Client, found: list[ThemeFound]) -> None:
    first, second = found[0].theme, found[1].theme
    change(alice, do="merge", theme=first, into=second)
    assert change(alice, do="merge", theme=second, into=first) == 422
    assert Theme.objects.filter(merged_into__isnull=False).count() == 1


def test_merging_needs_a_theme(alice: Client, found: list[ThemeFound]) -> None:
    answer = alice.post(PAGE, {"do": "merge", "theme": found[0].theme, "into": ""})
    assert answer.status_code == 422
    assert "Choose the theme to merge it into" in answer.content.decode()


def test_reader_changes_nothing(bob: Client, found: list[ThemeFound]) -> None:
    for what in ("name", "merge", "again"):
        given = {"theme": found[0].theme, "into": found[1].theme, "name": "x"}
        assert change(bob, do=what, **given) == 403
    assert not Theme.objects.exists()
    assert "Name it" not in text_of(bob, PAGE, theme=found[0].theme)


def test_themes_can_be_found_at_once(alice: Client) -> None:
    assert change(alice, do="again") == 302
    assert Work.objects.get(kind=THEMES).due_at - NOW < timedelta(minutes=1)


def test_page_leaves_as_a_file_without_posts(alice: Client, found: list[ThemeFound]) -> None:
    answer = alice.get(PAGE, {"format": "json"})
    text = b"".join(answer).decode()  # type: ignore[call-overload]
    assert "inondation du parking" in text
    assert NEW not in text
