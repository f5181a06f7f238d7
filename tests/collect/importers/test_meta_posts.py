"""Exports of Meta: dates in either order, several pages, captions in one of two columns."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from tests.collect.expected import context_of
from vigie.collect.importer import Parsed
from vigie.collect.recognising import recognise

ENGLISH = ("Post ID", "Page ID", "Title", "Description", "Publish time", "Permalink", "Date",
           "Views", "Reactions")  # fmt: skip
FRENCH = ("Identifiant de la publication", "ID de la Page", "Titre", "Description",
          "Heure de publication", "Permalien", "Date", "Vues", "Réactions")  # fmt: skip


def read(
    folder: Path, header: tuple[str, ...], *rows: dict[str, str], account: str | None = None
) -> Parsed:
    path = folder / "export.csv"
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, ENGLISH)
        writer.writerow(dict(zip(ENGLISH, header, strict=True)))
        for number, row in enumerate(rows):
            base = {"Post ID": f"10{number}", "Page ID": "77", "Publish time": "03/06/2026 19:00"}
            writer.writerow({**base, "Permalink": f"https://www.facebook.com/77/posts/10{number}",
                             "Date": "Lifetime", **row})  # fmt: skip
    found = recognise(path)
    (batch,) = found.importer.read(found.sample)
    return found.importer.parse(batch, context_of({"account": account}))


def days(parsed: Parsed) -> list[str]:
    return [str(day) for day in parsed.tables["posts"]["published_on"].to_pylist()]


def test_english_dates_have_the_month_first(tmp_path: Path) -> None:
    assert days(read(tmp_path, ENGLISH, {})) == ["2026-03-06"]


def test_english_dates_that_a_spreadsheet_turned_around_are_read_all_alike(tmp_path: Path) -> None:
    parsed = read(tmp_path, ENGLISH, {}, {"Publish time": "23/06/2026 08:00"})
    assert days(parsed) == ["2026-06-03", "2026-06-23"]


@pytest.mark.parametrize(
    ("other", "day"),
    [("23/06/2026 08:00", "2026-06-03"), ("06/23/2026 08:00", "2026-03-06")],
)
def test_french_dates_are_read_in_the_order_that_fits_them_all(
    tmp_path: Path, other: str, day: str
) -> None:
    assert days(read(tmp_path, FRENCH, {}, {"Publish time": other}))[0] == day


def test_french_dates_that_fit_both_orders_are_refused(tmp_path: Path) -> None:
    parsed = read(tmp_path, FRENCH, {})
    assert [refusal.column for refusal in parsed.refused] == ["Heure de publication"]


def test_account_given_is_that_of_a_file_of_one_page(tmp_path: Path) -> None:
    parsed = read(tmp_path, ENGLISH, {}, {}, account="facebook:northfield")
    assert set(parsed.tables["posts"]["account"].to_pylist()) == {"facebook:northfield"}


def test_account_given_is_left_aside_when_a_file_has_several_pages(tmp_path: Path) -> None:
    parsed = read(tmp_path, ENGLISH, {}, {"Page ID": "78"}, account="facebook:northfield")
    assert parsed.tables["posts"]["account"].to_pylist() == ["facebook:77", "facebook:78"]


def test_longer_of_the_two_captions_is_taken(tmp_path: Path) -> None:
    parsed = read(tmp_path, ENGLISH, {"Title": "Open", "Description": "Open day"}, {"Title": "A"})
    assert parsed.tables["posts"]["text"].to_pylist() == ["Open day", "A"]


def test_blank_count_is_not_zero(tmp_path: Path) -> None:
    parsed = read(tmp_path, ENGLISH, {"Views": "", "Reactions": "0"})
    (post,) = parsed.tables["posts"].to_pylist()
    assert (post["impressions"], post["likes"]) == (None, 0)


def test_same_export_in_french_says_the_same(tmp_path: Path) -> None:
    row = {"Description": "Open day", "Publish time": "08/25/2026 19:00", "Views": "12"}
    english, french = (read(tmp_path, header, row) for header in (ENGLISH, FRENCH))
    assert english.tables["posts"].equals(french.tables["posts"])
