"""Files that are said to be safe are whole; where one cannot be written, none is half there."""

from __future__ import annotations

import os
import threading
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


def test_nothing_is_still_being_written_once_one_could_not_be(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    flushed, others = os.fsync, threading.Event()

    def slow(descriptor: int) -> None:
        others.wait(0.2)
        flushed(descriptor)

    monkeypatch.setattr("vigie.inbox.safe_files.os.fsync", slow)
    with pytest.raises(OSError, match="too long"):
        write_all(tmp_path, {"x" * 300: b"x", **MANY})
    assert list(tmp_path.iterdir()) == []
    others.wait(0.3)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this machine has no fork")
@pytest.mark.filterwarnings("ignore:.*multi-threaded.*:DeprecationWarning")
def test_a_process_that_was_forked_writes_too(tmp_path: Path) -> None:
    write_all(tmp_path / "a", MANY)
    child = os.fork()
    if not child:
        write_all(tmp_path / "b", MANY)
        os._exit(0)
    assert os.waitpid(child, 0)[1] == 0
    assert len(list((tmp_path / "b").iterdir())) == len(MANY)


def test_nothing_makes_no_folder(tmp_path: Path) -> None:
    write_all(tmp_path / "a", {})
    assert not (tmp_path / "a").exists()
