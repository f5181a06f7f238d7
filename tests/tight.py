"""Disks that are full: an invented one, which counts what writing asks of it, and a small one."""

from __future__ import annotations

import errno
import io
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import pytest

from vigie.store.files import Files
from vigie.store.room import RESERVE

ENOUGH = 1_000_000
GIVEN_BACK = 200
"""Writings that the room held back is good for."""


@dataclass
class Disk:
    """What may still be written before it is full."""

    left: int = ENOUGH
    used: int = 0

    def use(self) -> None:
        """Begin, flush, rename or make something: refused once the disk is full."""
        self.used += 1
        self.write()
        self.left -= 1

    def write(self) -> None:
        """Write to what was begun before it was full."""
        if self.left <= 0:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    def files(self, address: str) -> Files:
        """Return the files of a folder on this disk."""
        return TightFiles(address, self)


class TightSink(io.FileIO):
    """A file on such a disk."""

    def __init__(self, path: Path, disk: Disk) -> None:
        super().__init__(path, "wb")
        self.disk = disk

    def write(self, content: object) -> int:
        self.disk.write()
        return super().write(content)  # type: ignore[arg-type]  # whatever is written


class TightFiles(Files):
    """Files on such a disk."""

    def __init__(self, address: str, disk: Disk) -> None:
        super().__init__(address)
        self.disk = disk

    def sink(self, path: Path) -> IO[bytes]:
        self.disk.use()
        return TightSink(path, self.disk)  # type: ignore[return-value]  # without lines

    def flush(self, sink: IO[bytes]) -> None:
        self.disk.use()
        super().flush(sink)

    def rename(self, path: Path, to: str) -> None:
        self.disk.use()
        super().rename(path, to)

    def workplace(self, prefix: str) -> Path:
        self.disk.use()
        return super().workplace(prefix)

    def sync_folder(self, folder: str) -> None:
        self.disk.use()
        super().sync_folder(folder)

    def remove(self, path: str) -> bool:
        removed = super().remove(path)
        if removed and path.endswith(RESERVE):
            self.disk.left += GIVEN_BACK
        return removed


@contextmanager
def mounted(folder: Path, *, size: str) -> Iterator[Path]:
    """Mount a real disk of a few megabytes; the test is skipped where that is not allowed."""
    folder.mkdir(parents=True)
    command = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)]
    try:
        made = subprocess.run(command, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        pytest.skip("there is no command mount here")
    if made.returncode:
        pytest.skip(f"no small disk can be mounted here: {made.stderr.strip()}")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def grown(folder: Path, *, size: str) -> None:
    """Make room on a small disk."""
    subprocess.run(["mount", "-o", f"remount,size={size}", str(folder)], check=True)
