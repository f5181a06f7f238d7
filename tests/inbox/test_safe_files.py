"""Files that are said to be safe are whole; where one cannot be written, none is half there."""

from __future__ import annotations

from pathlib import Path

import pytest

from vigie.inbox.safe_files import write_all

MANY = {f"f{number}": bytes([number]) * number for number in range(40)}


def test_all_are_there_whole(tmp_path: Path) -> None:
    write_all(tmp_path / "a" / "b", MANY)
    assert {one.name: one.read_bytes() for one in (tmp_path / "a" / "b").iterdir()} == MANY


def test_they_are_nobody_elses_to_read(tmp_path: Path) -> None:
    write_all(tmp_path / "a", {"f": b"x"})
    assert (tmp_path / "a" / "f").stat().st_mode & 0o077 == 0
    assert (tmp_path / "a").stat().st_mode & 0o077 == 0


def test_where_one_cannot_be_written_none_is_left(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="too long"):
        write_all(tmp_path, {**MANY, "x" * 300: b"x"})
    assert list(tmp_path.iterdir()) == []


def test_nothing_makes_no_folder(tmp_path: Path) -> None:
    write_all(tmp_path / "a", {})
    assert not (tmp_path / "a").exists()
