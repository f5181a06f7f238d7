"""A file goes in once, whatever happens, and every row is accounted for."""

from __future__ import annotations

import csv
from datetime import UTC, datetime
from pathlib import Path

import pytest

from vigie import flow
from vigie.columns import table_of
from vigie.errors import FileError, UnknownFileError
from vigie.model import Account
from vigie.settings import Settings
from vigie.store.store import Store

HEADER = "Post id,Date,Post text,Post Link,Impressions,Likes,Engagements,Bookmarks,Shares,New follows,Replies,Reposts,Profile visits,Detail Expands,URL Clicks,Hashtag Clicks,Permalink Clicks"  # noqa: E501 - a header as the network writes it
GOOD = '{number},"Wed, Jul 1, 2026",Hello {number},https://x.com/northfield/status/{number},100,3,5,0,0,0,1,1,0,0,0,0,0'
RUINED = GOOD.replace("{number},", "1.22641E+18,", 1)


# An X identifier says when it was made; this one, in the middle of the day of the rows.
FIRST = (int(datetime(2026, 7, 1, 12, tzinfo=UTC).timestamp() * 1_000) - 1_288_834_974_657) << 22


def export(folder: Path, *rows: str, name: str = "export.csv") -> Path:
    path = folder / name
    path.write_text("\n".join([HEADER, *rows]) + "\n", "utf-8")
    return path


def good(*numbers: int) -> list[str]:
    return [GOOD.format(number=FIRST + number) for number in numbers]


def test_every_row_is_kept_duplicate_or_refused(
    store: Store, settings: Settings, tmp_path: Path
) -> None:
    path = export(tmp_path, *good(1, 2, 2), RUINED.format(number=3))
    done = flow.import_file(store, path, settings=settings)
    assert (done.read, done.kept, done.duplicate, done.refused) == (4, 2, 1, 1)


def test_a_second_import_changes_nothing(store: Store, settings: Settings, tmp_path: Path) -> None:
    path = export(tmp_path, *good(1, 2))
    flow.import_file(store, path, settings=settings)
    again = flow.import_file(store, path, settings=settings)
    assert (again.kept, again.duplicate) == (0, 2)


def test_a_refused_row_is_kept_with_its_reason(
    store: Store, settings: Settings, tmp_path: Path
) -> None:
    path = export(tmp_path, *good(1), RUINED.format(number=2))
    done = flow.import_file(store, path, settings=settings)
    assert done.refused_file is not None
    with done.refused_file.open(encoding="utf-8", newline="") as file:
        (row,) = csv.DictReader(file)
    assert (row["vigie_row"], row["vigie_column"]) == ("3", "Post id")


def test_refused_rows_can_be_mended_and_imported(
    store: Store, settings: Settings, tmp_path: Path
) -> None:
    path = export(tmp_path, *good(1), RUINED.format(number=FIRST + 2))
    done = flow.import_file(store, path, settings=settings)
    assert done.refused_file is not None
    mended = tmp_path / "mended.csv"
    mended.write_text(
        done.refused_file.read_text("utf-8").replace("1.22641E+18", str(FIRST + 2)), "utf-8"
    )
    assert flow.import_file(store, mended, settings=settings).kept == 1


def test_the_run_is_remembered(store: Store, settings: Settings, tmp_path: Path) -> None:
    done = flow.import_file(store, export(tmp_path, *good(1)), settings=settings)
    (run,) = store.table("runs").to_pyarrow().to_pylist()
    assert (run["run"], run["kept"], run["subject"]) == (done.run, 1, "export.csv")


def test_nothing_is_kept_of_a_file_nobody_recognises(
    store: Store, settings: Settings, tmp_path: Path
) -> None:
    path = tmp_path / "recipes.csv"
    path.write_text("cake,flour\nplum,200\n", "utf-8")
    with pytest.raises(UnknownFileError, match=r"recipes\.csv"):
        flow.import_file(store, path, settings=settings)
    assert store.table("runs").count().to_pyarrow().as_py() == 0


def test_a_file_that_does_not_say_whose_it_is_asks(
    store: Store, settings: Settings, tmp_path: Path
) -> None:
    path = tmp_path / "followers.csv"
    path.write_text(
        "Date,Sponsored followers,Organic followers,Auto-invited followers,Total followers\n"
        "07/01/2026,0,3,0,3\n",
        "utf-8",
    )
    with pytest.raises(FileError, match="--account"):
        flow.import_file(store, path, settings=settings)


def test_what_a_file_is_can_be_seen_before_anything_is_kept(
    store: Store, settings: Settings, tmp_path: Path
) -> None:
    found = flow.understand(export(tmp_path, *good(1)), settings=settings)
    assert found.recognised.importer_name == "x_content"
    assert found.parsed.tables["posts"].num_rows == 1


def test_an_account_named_by_its_number_is_filed_under_its_own_name(
    store: Store, settings: Settings, tmp_path: Path
) -> None:
    numbered = Account(
        account="x:northfield-new", institution="northfield", network="x", identifier="northfield"
    )
    store.replace("accounts", table_of(Account, [numbered]))
    flow.import_file(store, export(tmp_path, *good(1)), settings=settings)
    assert store.table("posts").account.to_pyarrow().to_pylist() == ["x:northfield-new"]
