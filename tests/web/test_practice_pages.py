"""The notebook on the site: list, filters as addresses, form, states, one click from a post."""

from __future__ import annotations

import json

import pytest
from django.test import Client

from tests.culture.posts import mention
from vigie.columns import table_of
from vigie.culture import changes
from vigie.culture.models import Practice
from vigie.culture.practice import Draft
from vigie.model import Mention
from vigie.register.rights import COMMAND_LINE
from vigie.store.store import Store

WRITTEN = {"title": "Film every experiment", "kind": "teaching", "do": "keep"}


def noted(**given: str) -> Practice:
    return changes.note(Draft(**{"title": "Film every experiment", **given}), by=COMMAND_LINE)


@pytest.fixture
def seen(store: Store) -> None:
    """A mention in the store of the site."""
    with store.intake() as intake:
        intake.add("mentions", table_of(Mention, [mention()]))
        intake.commit()


def test_empty_notebook_says_what_to_do_first(alice: Client) -> None:
    page = alice.get("/culture/").text
    assert "The notebook is empty. Note the first practice by hand" in page
    assert 'href="/culture/practices/new/"' in page


def test_way_to_culture_is_for_those_who_may_read_it(bob: Client, site: Client) -> None:
    way = 'href="/culture/"'
    assert (way in bob.get("/method/").text, way in site.get("/method/").text) == (True, False)


def test_practice_written_by_hand_is_in_the_list(alice: Client) -> None:
    response = alice.post("/culture/practices/new/", WRITTEN)
    assert response["Location"] == f"/culture/practices/{Practice.objects.get().pk}/"
    assert "Film every experiment" in alice.get("/culture/").text


def test_mistake_is_said_beside_its_field_and_nothing_is_lost(alice: Client) -> None:
    given = {**WRITTEN, "owner_kind": "person", "owner": "Dana", "notes": "Call her"}
    response = alice.post("/culture/practices/new/", given)
    assert response.status_code == 422
    assert 'id="consent-mistake"' in response.text
    assert "Call her" in response.text
    assert not Practice.objects.exists()


def test_one_click_notes_a_post_without_its_words(alice: Client, seen: None) -> None:
    response = alice.post("/culture/", {"network": "bluesky", "post": "m1"}, follow=True)
    row = Practice.objects.get()
    assert row.title == "Seen on Bluesky on 1 October 2026"
    assert "film every experiment" not in json.dumps(row.draft.__dict__, default=str)
    assert "we film every experiment" in response.text


def test_words_of_a_post_that_is_gone_are_gone_from_the_notebook(
    alice: Client, store: Store
) -> None:
    row = changes.note(Draft(title="Seen", network="bluesky"), by=COMMAND_LINE, post="taken-down")
    assert "is no longer kept" in alice.get(f"/culture/practices/{row.pk}/").text


def test_post_that_is_nowhere_is_not_noted(alice: Client) -> None:
    assert alice.post("/culture/", {"network": "bluesky", "post": "m9"}).status_code == 404


def test_reader_notes_nothing_with_one_click(bob: Client, seen: None) -> None:
    response = bob.post("/culture/", {"network": "bluesky", "post": "m1"})
    assert (response.status_code, Practice.objects.count()) == (403, 0)


@pytest.mark.parametrize("do", ["next", "back", "forget", "erase", "keep"])
def test_reader_changes_nothing(bob: Client, do: str) -> None:
    row = noted(seen="Seen.", copying="Copy.")
    response = bob.post(f"/culture/practices/{row.pk}/", {**WRITTEN, "title": "No", "do": do})
    assert response.status_code == 403
    assert Practice.objects.get().title == "Film every experiment"


@pytest.mark.parametrize(
    ("query", "shown"),
    [("?state=spotted", True), ("?state=reused", False), ("?kind=science", True),
     ("?kind=teaching", False), ("?owner=unit", False), ("?q=film", True), ("?q=boat", False)],
)  # fmt: skip
def test_filters_are_addresses(bob: Client, query: str, shown: bool) -> None:
    noted(kind="science")
    assert ("Film every experiment" in bob.get(f"/culture/{query}").text) is shown


def test_next_state_says_what_is_to_be_written_first(alice: Client) -> None:
    row = noted()
    response = alice.post(f"/culture/practices/{row.pk}/", {"do": "next"})
    assert response.status_code == 422
    assert "Write what was seen first." in response.text


def test_practice_moves_on_with_a_button(alice: Client) -> None:
    row = noted(seen="Seen.", copying="Copy.")
    page = alice.post(f"/culture/practices/{row.pk}/", {"do": "next"}, follow=True).text
    assert "It moved on." in page
    assert "Next: Supported" in page


@pytest.mark.parametrize("name", ["csv", "xlsx", "json", "pdf"])
def test_list_leaves_as_a_file(bob: Client, name: str) -> None:
    noted(copying="=cmd()")
    response = bob.get(f"/culture/?format={name}")
    body = b"".join(response.streaming_content)  # type: ignore[attr-defined]  # it streams
    assert response["Content-Disposition"].endswith(f'vigie-practices.{name}"')
    assert len(body) > 50
    assert name != "csv" or b"'=cmd()" in body


def test_hashtag_loses_its_sign_and_lines_are_kept(alice: Client) -> None:
    alice.post(
        "/culture/practices/new/", {**WRITTEN, "hashtag": "#chem101", "copying": "One.\r\nTwo."}
    )
    row = Practice.objects.get()
    assert (row.hashtag, row.copying) == ("chem101", "One.\nTwo.")


def test_markup_is_printed_as_text(alice: Client) -> None:
    row = noted(seen="<script>alert(1)</script>", copying="<b>x</b>", url="https://x.example/")
    page = alice.get(f"/culture/practices/{row.pk}/").text
    assert "<script>alert" not in page
    assert "&lt;b&gt;x" in page


def test_practice_that_is_not_there_is_a_page_that_says_so(bob: Client) -> None:
    assert bob.get("/culture/practices/999/").status_code == 404
