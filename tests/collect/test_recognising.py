"""A file is recognised by its columns, never by its name."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest

from tests.collect.making import separated, written
from tests.collect.test_workbooks_and_objects import workbook
from vigie.collect.mapping import Mapped, Rule
from vigie.collect.recognising import importers, recognise
from vigie.errors import FileError, UnknownFileError

X_CONTENT = [
    "Post id", "Date", "Post text", "Post Link", "Impressions", "Likes", "Engagements",
    "Bookmarks", "Shares", "New follows", "Replies", "Reposts", "Profile visits",
    "Detail Expands", "URL Clicks", "Hashtag Clicks", "Permalink Clicks",
]  # fmt: skip
LISTENING = ["Ref", "Written on", "Words"]
MAPPING = Mapped(
    table="posts",
    name="listening",
    columns={
        "network": Rule(constant="x"),
        "account": Rule(constant="x:northfield"),
        "post": Rule(column="Ref"),
        "published_at": Rule(column="Written on"),
    },
)
SAVED = """
[columns]
network = "=x"
account = "=x:northfield"
post = "Ref"
published_at = "Written on"
"""


@pytest.mark.parametrize("name", ["picture.png", "x", "export.xlsx"])
def test_the_name_of_a_file_does_not_matter(tmp_path: Path, name: str) -> None:
    text = separated([X_CONTENT, ["1", "Tue, Jul 14, 2026", *["0"] * 15]])
    assert recognise(written(tmp_path / name, text)).importer_name == "x_content"


def test_more_columns_than_are_known_do_not_hide_a_format(tmp_path: Path) -> None:
    text = separated([["New column", *X_CONTENT[::-1]], ["0"] * 18])
    assert recognise(written(tmp_path / "x", text)).importer_name == "x_content"


def test_an_unknown_file_is_refused_with_its_columns_and_the_way_out(tmp_path: Path) -> None:
    path = written(tmp_path / "x.csv", separated([LISTENING, ["1", "2026-07-14", "x"]]))
    with pytest.raises(UnknownFileError, match=r"Ref, Written on, Words.*--map"):
        recognise(path)


def test_an_unknown_file_is_told_which_format_is_nearest_and_what_it_lacks(tmp_path: Path) -> None:
    header = [name for name in X_CONTENT if name != "Post id"]
    path = written(tmp_path / "x.csv", separated([header, ["0"] * 16]))
    with pytest.raises(UnknownFileError, match=r"nearest format is X.*which also has: Post id"):
        recognise(path)


def test_a_person_may_name_the_format_but_not_invent_one(tmp_path: Path) -> None:
    path = written(tmp_path / "x", separated([X_CONTENT, ["0"] * 17]))
    assert recognise(path, importer="x_content").importer_name == "x_content"
    with pytest.raises(FileError, match="The nearest is x_content"):
        recognise(path, importer="x_contents")


def test_a_format_that_a_file_is_not_of_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path / "x", separated([X_CONTENT, ["0"] * 17]))
    with pytest.raises(UnknownFileError):
        recognise(path, importer="tiktok_videos")


def test_a_mapping_reads_a_file_of_no_known_format(tmp_path: Path) -> None:
    path = written(tmp_path / "x", separated([LISTENING, ["1", "2026-07-14", "x"]]))
    assert recognise(path, mapping=MAPPING).importer_name == "generic"


def test_a_saved_mapping_recognises_later_files_of_its_shape(tmp_path: Path) -> None:
    (tmp_path / "mappings").mkdir()
    written(tmp_path / "mappings" / "listening.toml", SAVED)
    path = written(tmp_path / "x", separated([LISTENING, ["1", "2026-07-14", "x"]]))
    found = recognise(path, mappings=tmp_path / "mappings")
    assert (found.importer_name, found.importer.recognises(found.sample)) == ("generic", 2)


def test_a_folder_of_mappings_that_is_not_there_yet_is_no_obstacle(tmp_path: Path) -> None:
    path = written(tmp_path / "x", separated([X_CONTENT, ["0"] * 17]))
    assert recognise(path, mappings=tmp_path / "none").importer_name == "x_content"


def test_the_sheet_that_is_understood_best_is_read_and_the_others_are_named(
    tmp_path: Path,
) -> None:
    path = workbook(tmp_path / "x", About=[["Made", "by"], ["x", "y"]], Posts=[X_CONTENT, [1] * 17])
    sample = recognise(path).sample
    assert sample.part == "Posts"
    assert "Only Posts was read. The file also holds: About." in str(sample.remarks[-1])


def test_the_posts_of_an_instagram_download_are_recognised_in_its_archive(tmp_path: Path) -> None:
    post = {"media": [{"uri": "media/1.jpg", "creation_timestamp": 1784023200, "title": "x"}]}
    with zipfile.ZipFile(tmp_path / "x", "w") as archive:
        archive.writestr("a/profile.json", json.dumps([{"name": "northfield"}]))
        archive.writestr("your_instagram_activity/media/posts_1.json", json.dumps([post]))
    assert recognise(tmp_path / "x").importer_name == "instagram_download"


def test_generic_is_an_importer_like_the_others() -> None:
    assert "generic" in importers()
