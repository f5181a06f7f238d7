"""Columns are found by what they mean, whatever the language, the case or the month."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.collect.expected import context_of
from vigie.collect.headings import Headings
from vigie.collect.importer import Context
from vigie.collect.nested import Item
from vigie.collect.observed import account_key, given_account, start_of
from vigie.collect.post_kinds import kind_of
from vigie.collect.sample import Sample
from vigie.errors import FileError, RowError

HEADINGS = Headings(
    required={"post": "Post ID|Identifiant de la publication"},
    also={"likes": "Likes|Mentions J'aime", "reach": "Reach|Couverture"},
)


def sample(*columns: str) -> Sample:
    return Sample(path=Path("export.csv"), kind="csv", columns=columns, rows=())


@pytest.mark.parametrize(
    ("columns", "count"),
    [
        (("Post ID", "Likes", "Reach", "Something new"), 3),
        (("post id", "REACH"), 2),
        (("Identifiant de la publication", "Mentions J’aime"), 2),
        (("identifiant de  la publication", "Mentions J\u2019aime", "Couverture"), 3),
        (("Likes", "Reach"), 0),
        ((), 0),
    ],
)
def test_columns_are_counted_when_the_required_ones_are_there(
    columns: tuple[str, ...], count: int
) -> None:
    assert HEADINGS.found(sample(*columns)) == count


def test_blank_count_is_unknown_and_not_zero() -> None:
    cells = HEADINGS.cells({"Post ID": "1", "Likes": "", "Reach": "0"})
    assert (cells.count("likes"), cells.count("reach")) == (None, 0)


def test_missing_column_is_unknown() -> None:
    cells = HEADINGS.cells({"Post ID": "1"})
    assert (cells.count("likes"), cells.text("reach"), cells.flag("likes")) == (None, None, None)


def test_count_that_cannot_be_read_is_a_slip_that_names_its_column() -> None:
    cells = HEADINGS.cells({"Post ID": "1", "Mentions J’aime": "1.2E+04"})
    assert cells.count("likes") is None
    assert [slip.column for slip in cells.slips] == ["Mentions J’aime"]


def test_ruined_identifier_refuses_the_row_and_names_the_column() -> None:
    with pytest.raises(RowError) as refusal:
        HEADINGS.cells({"Post ID": "1.22641E+18"}).identifier("post")
    assert refusal.value.column == "Post ID"


@pytest.mark.parametrize(
    ("network", "handle", "key"),
    [
        ("x", "@NorthfieldU", "x:northfieldu"),
        ("youtube", "UCabcdefghijklmnopqrstuV", "youtube:UCabcdefghijklmnopqrstuV"),
        ("youtube", "@Northfield", "youtube:northfield"),
        ("mastodon", "Northfield@social.example", "mastodon:northfield@social.example"),
    ],
)
def test_account_is_named_by_its_handle_without_capitals(
    network: str, handle: str, key: str
) -> None:
    assert account_key(network, handle) == key


def context(account: str | None) -> Context:
    return context_of({"account": account})


def test_file_that_needs_an_account_is_refused_without_one() -> None:
    with pytest.raises(FileError, match="tiktok:name"):
        given_account(context(None), "tiktok")


def test_account_of_another_network_is_refused() -> None:
    with pytest.raises(FileError, match="x:northfield is not one"):
        given_account(context("x:northfield"), "tiktok")


def test_day_begins_where_the_institution_is() -> None:
    day = context(None).observed_at.date()
    assert start_of(day, context(None)).isoformat() == "2026-10-14T22:00:00+00:00"


@pytest.mark.parametrize(
    ("word", "kind"),
    [
        ("Photos", "image"), ("Vidéos", "video"), ("Réels", "video"), ("IG carousel", "carousel"),
        ("Carrousel IG", "carousel"), ("IG story", "story"), ("Native Video", "video"),
        ("Live Video Complete", "video"), ("Statut", "text"), ("Liens", "link"),
        ("Multi media", "carousel"), ("SharedVideo", "video"), ("Question", "poll"),
        ("Something new", None), (None, None), ("", None),
    ],
)  # fmt: skip
def test_form_of_a_post_has_one_name(word: str | None, kind: str | None) -> None:
    assert kind_of(word) == kind


def test_what_is_not_in_an_object_is_unknown() -> None:
    item = Item({"a": {"b": [1, {"c": -1}]}, "d": True})
    assert item.count("a", "b", 0) == 1
    assert item.count("a", "b", 1, "c") is None
    assert item.count("a", "b", 7, "c") is None
    assert item.count("d") is None
    assert item.name("a", "b") is None
    assert not item.at("nowhere", 0)


def test_missing_part_of_an_object_refuses_it_by_name() -> None:
    with pytest.raises(RowError, match=r"author.handle is missing"):
        Item({}).needed("author", "handle")
