"""Archives are read as they were downloaded, and keep to themselves what was not public."""

from __future__ import annotations

import csv
import gzip
import json
import zipfile
from pathlib import Path

from openpyxl import Workbook

from tests.collect.expected import SAMPLES, context_of
from vigie.collect.importer import Parsed
from vigie.collect.recognising import recognise

OUTBOX = SAMPLES / "mastodon_archive" / "outbox.json"
METRICS = SAMPLES / "linkedin_page_content" / "northfield_content.csv"
STUDIO = SAMPLES / "youtube_studio" / "french.csv"


def read(path: Path, account: str | None = None) -> Parsed:
    found = recognise(path)
    (batch,) = found.importer.read(found.sample)
    return found.importer.parse(batch, context_of({"account": account}))


def test_archive_of_mastodon_is_read_from_its_zip(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "archive.zip", "w") as archive:
        archive.writestr(
            "actor.json", json.dumps({"id": "https://social.example/users/Northfield"})
        )
        archive.write(OUTBOX, "outbox.json")
        archive.writestr("avatar.png", b"\x89PNG")
    assert recognise(tmp_path / "archive.zip").importer_name == "mastodon_archive"
    assert read(tmp_path / "archive.zip").tables["posts"].num_rows == 5


def test_table_of_youtube_studio_is_found_among_its_three(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "Contenu.zip", "w") as archive:
        archive.writestr("Données du graphique.csv", "Date,Vues\n2026-10-01,300\n2026-10-02,30\n")
        archive.writestr("Totaux.csv", "Date,Vues\nTotal,44531\n")
        archive.write(STUDIO, "Données du tableau.csv")
    parsed = read(tmp_path / "Contenu.zip", account="youtube:northfield")
    assert parsed.tables["posts"].num_rows == 2


def test_lines_of_zeeschuimer_are_read_from_gzip(tmp_path: Path) -> None:
    lines = (SAMPLES / "zeeschuimer" / "zeeschuimer-export.ndjson").read_bytes()
    (tmp_path / "export.ndjson.gz").write_bytes(gzip.compress(lines))
    assert read(tmp_path / "export.ndjson.gz").tables["posts"].num_rows == 5


def test_direct_message_of_an_archive_is_not_kept() -> None:
    assert "direct message" in OUTBOX.read_text("utf-8")
    assert "direct message" not in str(read(OUTBOX).tables["posts"]["text"].to_pylist())


def test_workbook_of_linkedin_is_read_under_its_line_of_descriptions(tmp_path: Path) -> None:
    with METRICS.open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Metrics"
    sheet.append(["Aggregated engagement metrics for all of your posts over the selected time."])
    for row in (header, *rows):
        sheet.append(row)
    book.save(tmp_path / "content.xlsx")
    assert recognise(tmp_path / "content.xlsx").importer_name == "linkedin_page_content"
    parsed = read(tmp_path / "content.xlsx", account="linkedin:northfield")
    assert parsed.tables["account_days"]["impressions"].to_pylist() == [1000, 400]


def test_line_that_is_cut_short_is_refused_and_the_others_kept(tmp_path: Path) -> None:
    lines = (SAMPLES / "zeeschuimer" / "zeeschuimer-export.ndjson").read_text("utf-8").splitlines()
    (tmp_path / "cut.ndjson").write_text("\n".join([*lines[:2], lines[2][:80]]), "utf-8")
    parsed = read(tmp_path / "cut.ndjson")
    assert [refusal.row for refusal in parsed.refused] == [3]
    assert parsed.tables["posts"].num_rows == 2
