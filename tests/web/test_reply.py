"""An institution replies to its figure: asked, shown, kept, printed beside its row."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from tests.cast import EASTMERE, NORTHFIELD
from tests.conftest import Fill
from tests.reports.hand_made import EDITION, rows
from tests.web.conftest import PASSWORD
from vigie.columns import table_of
from vigie.model import TABLES
from vigie.register.changes import apply_update, propose
from vigie.register.contents import Register
from vigie.register.models import LogEntry, Statement
from vigie.register.people import add_person
from vigie.register.replying import LONGEST
from vigie.settings import Settings
from vigie.store.store import Store

ADDRESS = "/institutions/northfield/reply/?edition=2026-10"
EDITION_ADDRESS = "/index/2026-10/?group=university.fr"
WORDS = "Our account was hacked in May."


def edition(store: Store, _settings: Settings) -> None:
    for name, found in rows().items():
        store.replace(name, table_of(TABLES[name], found))


@pytest.fixture(autouse=True)
def published(begin_with: Callable[[Fill], Store], db: None) -> None:
    """An edition in which Northfield is seventh; the register knows the institution."""
    begin_with(edition)
    apply_update(propose(Register(institutions=(NORTHFIELD, EASTMERE)), source="ministry"))


@pytest.fixture
def editor(site: Client) -> Client:
    """Erin's browser: she may change the register, and nothing more."""
    client = Client(headers={"accept-language": "en"})
    client.force_login(add_person("erin", PASSWORD, role="editor").user)
    return client


def test_stranger_is_sent_to_sign_in_and_comes_back(site: Client) -> None:
    response = site.get(ADDRESS)
    assert response["Location"].startswith("/sign-in/?next=/institutions/northfield/reply/")


def test_strangers_words_are_not_kept(site: Client) -> None:
    site.post(ADDRESS, {"words": WORDS, "do": "keep"})
    assert not Statement.objects.exists()


def test_reader_is_refused(bob: Client) -> None:
    assert bob.post(ADDRESS, {"words": WORDS, "do": "keep"}).status_code == 403
    assert not Statement.objects.exists()


def test_form_says_which_figure_is_replied_to_and_how_long_a_reply_may_be(editor: Client) -> None:
    page = editor.get(ADDRESS).text
    assert "Northfield University: 7th of 30 universities, between 4th and 10th" in page
    assert "At most 1,000 characters" in page


def test_words_are_shown_before_anything_is_kept(editor: Client) -> None:
    page = editor.post(ADDRESS, {"words": f" {WORDS}\r\nAgain.", "do": "preview"}).text
    assert f"{WORDS} Again." in page
    assert not Statement.objects.exists()


def test_kept_reply_is_at_once_beside_its_row_for_everyone(editor: Client, site: Client) -> None:
    response = editor.post(ADDRESS, {"words": WORDS, "do": "keep"})
    assert (response.status_code, response["Location"]) == (302, EDITION_ADDRESS)
    assert WORDS in site.get(EDITION_ADDRESS).text


def test_asked_correction_is_printed_with_the_words(editor: Client, site: Client) -> None:
    editor.post(ADDRESS, {"words": WORDS, "asks_correction": "on", "do": "keep"})
    assert f"{WORDS} The institution asks for a correction." in site.get(EDITION_ADDRESS).text


def test_reply_is_in_the_log_with_its_author(editor: Client) -> None:
    editor.post(ADDRESS, {"words": WORDS, "do": "keep"})
    entry = LogEntry.objects.get(action="statement.write")
    assert (entry.by, entry.subject) == ("erin", "northfield")


@pytest.mark.parametrize("words", ["", "  \r\n\t ", "\u200b"])
def test_reply_without_words_is_asked_again_beside_the_field(editor: Client, words: str) -> None:
    response = editor.post(ADDRESS, {"words": words, "do": "keep"})
    assert response.status_code == 422
    assert response.text.count("A reply needs words.") == 2
    assert 'aria-invalid="true"' in response.text


def test_reply_that_is_too_long_is_given_back_whole(editor: Client) -> None:
    response = editor.post(ADDRESS, {"words": "x" * (LONGEST + 1), "do": "keep"})
    assert response.status_code == 422
    assert "this one has 1,001" in response.text
    assert "x" * (LONGEST + 1) in response.text


def test_longest_reply_is_kept(editor: Client) -> None:
    assert editor.post(ADDRESS, {"words": "x" * LONGEST, "do": "keep"}).status_code == 302


def test_words_may_be_changed_after_they_were_shown(editor: Client) -> None:
    response = editor.post(ADDRESS, {"words": WORDS, "asks_correction": "on", "do": "change"})
    assert f">{WORDS}</textarea>" in response.text
    assert " checked" in response.text


def test_same_reply_sent_twice_is_kept_once(editor: Client) -> None:
    editor.post(ADDRESS, {"words": WORDS, "do": "keep"})
    response = editor.post(ADDRESS, {"words": WORDS, "do": "keep"})
    assert response.status_code == 422
    assert Statement.objects.count() == 1


@pytest.mark.parametrize("do", ["preview", "change", "keep"])
def test_markup_is_printed_as_text(editor: Client, site: Client, do: str) -> None:
    hostile = '"><script>alert(1)</script>'
    page = editor.post(ADDRESS, {"words": hostile, "do": do}, follow=True).text
    assert "<script>alert" not in page + site.get("/institutions/northfield/").text
    assert "&lt;script&gt;alert(1)" in page


@pytest.mark.parametrize(
    "address",
    [
        "/institutions/northfield/reply/?edition=1999-01",
        "/institutions/nowhere/reply/?edition=2026-10",
        "/institutions/absent/reply/?edition=2026-10",
    ],
)
def test_figure_that_is_nowhere_is_a_page_that_says_so(editor: Client, address: str) -> None:
    response = editor.get(address)
    assert response.status_code == 404
    assert "There is no such page." in response.text


def test_edition_that_is_not_named_is_the_latest(editor: Client) -> None:
    page = editor.get("/institutions/northfield/reply/").text
    assert f"the edition {EDITION.edition}" in page


def test_form_without_its_token_is_refused(editor: Client) -> None:
    careful = Client(enforce_csrf_checks=True)
    careful.cookies = editor.cookies
    assert careful.post(ADDRESS, {"words": WORDS, "do": "keep"}).status_code == 403


def test_way_to_reply_is_offered_to_who_may(editor: Client, bob: Client, site: Client) -> None:
    way = 'href="/institutions/northfield/reply/'
    pages = [one.get("/institutions/northfield/").text for one in (editor, bob, site)]
    assert [way in page for page in pages] == [True, False, False]
