"""Editions: frozen, revised, recomputed from their open files alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.cast import NOON
from tests.index.invented import accounts, comparison, institutions, observed
from vigie.errors import EditionError
from vigie.index import open_files
from vigie.index.comparison import Comparison
from vigie.index.edition import Published, publish, read, recompute, revise, revisions
from vigie.index.inputs import ENTRIES, SAMPLES
from vigie.model import Enrolment, Statement

LATER = datetime(2026, 11, 5, 9, tzinfo=UTC)
REPLY = Statement(
    statement="1",
    institution="u03",
    edition="2026-10",
    written_at=NOON,
    words="Our page was merged in September.",
    asks_correction=True,
)


@pytest.fixture(scope="module")
def draft() -> Comparison:
    return comparison()


@pytest.fixture
def published(draft: Comparison, tmp_path: Path) -> Published:
    return publish(draft, tmp_path, published_at=LATER, statements=(REPLY,))


def reseal(folder: Path) -> None:
    """Make a forged folder look whole, as a careful forger would."""
    (folder / "manifest.json").unlink()
    open_files.seal(folder)


def test_first_publication_is_revision_one(published: Published) -> None:
    assert (published.edition.revision, published.folder.name) == (1, "r1")
    assert set(published.comparison.standings["revision"].to_pylist()) == {1}


def test_edition_is_recomputed_to_the_last_digit(published: Published) -> None:
    again = recompute(published.folder)
    assert again.standings.equals(published.comparison.standings)
    assert again.parts.equals(published.comparison.parts)


def test_edition_of_a_group_too_small_to_rank_is_recomputed(tmp_path: Path) -> None:
    found = publish(comparison(5), tmp_path, published_at=LATER)
    assert recompute(found.folder).other_ranks.num_rows == 0


def test_edition_cut_by_size_is_recomputed(tmp_path: Path) -> None:
    sizes = [
        Enrolment(institution=one.institution, year=2026, students=1_013 * (i + 1))
        for i, one in enumerate(institutions(36))
    ]
    found = publish(comparison(36, enrolments=sizes), tmp_path, published_at=LATER)
    assert [group.size for group in recompute(found.folder).groups] == ["small", "medium", "large"]


def test_open_files_say_the_same_in_both_forms(published: Published) -> None:
    for name, schema in (("entries", ENTRIES), ("samples", SAMPLES)):
        csv = open_files.read_csv(published.folder / f"{name}.csv", schema)
        parquet = open_files.read_parquet(published.folder / f"{name}.parquet", schema)
        assert csv.equals(parquet)


@pytest.mark.parametrize("name", ["standings.csv", "entries.parquet", "method.json", "README.txt"])
def test_altered_file_is_named(name: str, published: Published) -> None:
    with (published.folder / name).open("ab") as file:
        file.write(b" ")
    with pytest.raises(EditionError, match=f"^{name} of the edition was altered"):
        recompute(published.folder)


def test_missing_file_is_named(published: Published) -> None:
    (published.folder / "parts.csv").unlink()
    with pytest.raises(EditionError, match=r"parts\.csv of the edition is missing"):
        recompute(published.folder)


def test_altered_manifest_is_refused(published: Published) -> None:
    (published.folder / "manifest.json").write_text("{}", encoding="utf-8")
    with pytest.raises(EditionError, match=r"manifest\.json of the edition was altered"):
        recompute(published.folder)


def test_methods_that_could_not_be_used_are_frozen_with_what_they_lacked(
    published: Published,
) -> None:
    assert read(published.folder).comparison.method_gaps.num_rows > 0


def test_edition_from_before_the_gaps_were_kept_is_recomputed_too(published: Published) -> None:
    (published.folder / "method_gaps.csv").unlink()
    reseal(published.folder)
    assert read(published.folder).comparison.method_gaps.num_rows == 0
    assert recompute(published.folder).standings.num_rows == 10


def test_folder_that_holds_no_edition_is_refused(tmp_path: Path) -> None:
    with pytest.raises(EditionError, match="no published edition"):
        recompute(tmp_path)


def test_forged_figure_is_named_with_what_comes_out(published: Published) -> None:
    file = published.folder / "standings.csv"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("53.006499541", "54.006499541"), encoding="utf-8")
    reseal(published.folder)
    with pytest.raises(EditionError, match=r"standings\.csv, .*u04: score is published as 54\."):
        recompute(published.folder)


def test_forged_observation_no_longer_gives_the_published_ranks(published: Published) -> None:
    file = published.folder / "entries.parquet"
    entries = open_files.read_parquet(file, ENTRIES)
    open_files.write_parquet(file, entries.slice(12))
    reseal(published.folder)
    with pytest.raises(EditionError, match="is published as"):
        recompute(published.folder)


def test_institution_moved_to_another_group_is_seen(published: Published) -> None:
    file = published.folder / "institutions.csv"
    text = file.read_text(encoding="utf-8")
    file.write_text(
        text.replace('"University 04","university"', '"University 04","research"'), "utf-8"
    )
    reseal(published.folder)
    with pytest.raises(EditionError, match="do not follow"):
        recompute(published.folder)


def test_published_edition_is_not_published_twice(draft: Comparison, published: Published) -> None:
    with pytest.raises(EditionError, match="already published"):
        publish(draft, published.folder.parents[1], published_at=LATER)


def test_revision_needs_a_reason(draft: Comparison, published: Published) -> None:
    with pytest.raises(EditionError, match="needs a reason"):
        revise(draft, published.folder.parents[1], published_at=LATER, reason=" ")


def test_revision_leaves_the_old_one_readable(published: Published) -> None:
    values, samples = observed(accounts(institutions()), seed=9)
    home = published.folder.parents[1]
    corrected = comparison(values=values, samples=samples)
    new = revise(corrected, home, published_at=LATER, reason="A page was counted twice.")
    assert [path.name for path in revisions(home, "2026-10")] == ["r1", "r2"]
    assert read(new.folder).edition.reason == "A page was counted twice."
    assert recompute(published.folder).standings.equals(published.comparison.standings)


def test_reply_is_frozen_with_the_edition(published: Published) -> None:
    assert read(published.folder).replies == (REPLY,)


def test_reply_to_another_edition_is_not_taken(draft: Comparison, tmp_path: Path) -> None:
    other = replace(REPLY, edition="2026-09")
    assert publish(draft, tmp_path, published_at=LATER, statements=(other,)).replies == ()


def test_edition_is_read_back_as_it_was_published(published: Published) -> None:
    again = read(published.folder)
    assert again.edition == published.edition
    assert again.comparison.other_ranks.equals(published.comparison.other_ranks)


def test_same_draft_has_the_same_digest_anywhere(draft: Comparison, tmp_path: Path) -> None:
    digests = {
        publish(draft, tmp_path / name, published_at=LATER).edition.digest for name in ("a", "b")
    }
    assert len(digests) == 1


def test_name_that_is_a_formula_is_disarmed(tmp_path: Path) -> None:
    found = institutions()
    found[0] = replace(found[0], name='=HYPERLINK("x")')
    one = publish(comparison(institutions=found), tmp_path, published_at=LATER)
    assert "\"'=HYPERLINK" in (one.folder / "institutions.csv").read_text(encoding="utf-8")
    assert read(one.folder).comparison.inputs.institutions["name"][0].as_py() == found[0].name


@pytest.mark.parametrize("name", ["../away", "", "2026/10", ".hidden"])
def test_edition_cannot_leave_its_folder(name: str, tmp_path: Path) -> None:
    with pytest.raises(EditionError, match="cannot name an edition"):
        publish(comparison(edition=name), tmp_path, published_at=LATER)
    assert list(tmp_path.iterdir()) == []
