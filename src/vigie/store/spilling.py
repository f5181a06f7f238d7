"""Where an engine puts what does not fit in memory: a folder of its own, gone when it ends.

A process that is killed cannot take its folder away, which may hold gigabytes by then: the next
one does. A folder is in use while somebody holds the lock of the file in it, which the machine
gives back whatever ended the process.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
import time
from contextlib import suppress
from pathlib import Path

PREFIX = "vigie-duckdb-"
HELD = "held"
YOUNG = 600
"""Seconds in which a folder may be there before its lock is."""


class Spill:
    """A folder nobody else reads, in use until it is let go."""

    def __init__(self) -> None:
        clear_left()
        self.folder = Path(tempfile.mkdtemp(prefix=PREFIX))
        self._descriptor = _opened(self.folder)
        fcntl.flock(self._descriptor, fcntl.LOCK_EX)

    def let_go(self) -> None:
        """Take the folder away."""
        shutil.rmtree(self.folder, ignore_errors=True)
        os.close(self._descriptor)


def clear_left() -> None:
    """Take away the folders of processes that ended before they could."""
    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        # Somebody else's, or just taken away by another process.
        with suppress(OSError):
            if time.time() - folder.stat().st_mtime > YOUNG and not _is_held(folder):
                shutil.rmtree(folder)


def _is_held(folder: Path) -> bool:
    descriptor = _opened(folder)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False


def _opened(folder: Path) -> int:
    return os.open(folder / HELD, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
