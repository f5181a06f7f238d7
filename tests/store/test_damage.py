import logging
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.cast import post
from tests.store.keeping import LATER, SEPTEMBER, files, likes, rows, shorten
from vigie.errors import DamagedFileError
from vigie.store.store import Store


@pytest.fixture
def two_months(store: Store) -> Store:
    store.append("posts", rows(post("1"), post("2", published_at=SEPTEMBER)))
    return store


def test_sound_store_has_nothing_to_say(two_months: Store) -> None:
    assert two_months.check() == []
    assert two_months.damaged == ()


def test_file_cut_short_is_named_and_does_not_stop_the_others(
    two_months: Store, caplog: pytest.LogCaptureFixture
) -> None:
    cut = files(two_months)[0]
    shorten(cut)
    with caplog.at_level(logging.WARNING):
        assert likes(two_months) == {"1": 3}
        assert likes(two_months) == {"1": 3}
    assert [damage.path for damage in two_months.damaged] == [str(cut)]
    assert len(caplog.records) == 1
    assert "cut short" in caplog.text
    assert str(cut) in caplog.text


@pytest.mark.parametrize("content", [b"", b"PAR1", b"not a table at all", b"PAR1" * 100])
def test_any_wrong_content_is_named(two_months: Store, content: bytes) -> None:
    files(two_months)[0].write_bytes(content)
    assert likes(two_months) == {"1": 3}
    assert len(two_months.check()) == 1


def test_repair_puts_the_file_aside_and_the_rows_can_be_imported_again(two_months: Store) -> None:
    cut = files(two_months)[0]
    shorten(cut)
    (found,) = two_months.repair()
    assert found.path == str(cut)
    assert [path.name for path in files(two_months, "quarantine/*/*/*")] == [cut.name]
    assert two_months.check() == []
    assert two_months.damaged == ()
    two_months.append("posts", rows(post("2", published_at=SEPTEMBER)))
    assert likes(two_months) == {"1": 3, "2": 3}


def altered_inside(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[4:200] = bytes(196)
    path.write_bytes(content)


def test_file_altered_inside_is_found_by_its_checksums(two_months: Store) -> None:
    wrong = files(two_months)[0]
    altered_inside(wrong)
    assert [damage.path for damage in two_months.check()] == [str(wrong)]
    two_months.repair()
    assert likes(two_months) == {"1": 3}


def test_question_over_a_file_altered_inside_says_what_to_do(two_months: Store) -> None:
    altered_inside(files(two_months)[0])
    with pytest.raises(DamagedFileError, match="vigie store check"):
        two_months.table("posts").to_pyarrow()


@pytest.mark.parametrize("way", ["to_pyarrow", "to_pyarrow_batches", "execute"])
def test_question_over_a_file_that_is_gone_names_it(two_months: Store, way: str) -> None:
    table = two_months.table("posts")
    gone = files(two_months)[0]
    gone.unlink()
    with pytest.raises(DamagedFileError, match=gone.name):
        list(getattr(table, way)())


def test_row_in_the_wrong_folder_is_taken_in_anew(two_months: Store) -> None:
    right = files(two_months)[0]
    wrong = files(two_months)[1].parent / right.name
    right.rename(wrong)
    assert [damage.kind for damage in two_months.check()] == ["misfiled"]
    two_months.repair()
    assert two_months.check() == []
    assert likes(two_months) == {"1": 3, "2": 3}
    assert two_months.months("posts") == [date(2026, 9, 1), date(2026, 10, 1)]


def test_key_twice_in_a_foreign_file_is_mended(two_months: Store) -> None:
    path = files(two_months)[0]
    table = rows(
        post("2", published_at=SEPTEMBER), post("2", published_at=SEPTEMBER, observed_at=LATER)
    )
    pq.write_table(table, path)
    assert "more than once" in str(two_months.check()[0].words)
    two_months.repair()
    assert likes(two_months) == {"1": 3, "2": 3}


def test_post_in_two_months_is_reported_and_its_newest_look_kept(two_months: Store) -> None:
    moved = post("1", published_at=SEPTEMBER, observed_at=LATER, likes=8)
    two_months.append("posts", rows(moved))
    (damage,) = two_months.check()
    assert "also in a later month" in str(damage.words)
    two_months.repair()
    assert likes(two_months) == {"1": 8, "2": 3}
    assert two_months.check() == []


def test_column_of_a_wrong_type_is_reported_and_put_aside(two_months: Store) -> None:
    path = files(two_months)[0]
    table = rows(post("2", published_at=SEPTEMBER))
    place = table.column_names.index("likes")
    pq.write_table(table.set_column(place, "likes", pa.array(["many"])), path)
    (damage,) = two_months.check()
    assert "holds likes as string" in str(damage.words)
    two_months.repair()
    assert likes(two_months) == {"1": 3}
