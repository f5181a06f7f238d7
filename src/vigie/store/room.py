"""A disk without room: said in words, and a little of it held back for the last word."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from vigie.errors import FullDiskError, StoreError
from vigie.store.files import Files
from vigie.words import _

FULL = frozenset({errno.ENOSPC, errno.EDQUOT})
TOLD_FULL = ("database or disk is full", "no space left on device")
"""What SQLite and PostgreSQL say of it."""
UNWRITABLE = frozenset({errno.EROFS, errno.EACCES, errno.EPERM, errno.EIO})
RESERVED = 256 * 1024
"""Bytes held back: a run says its last word in a few files of some kilobytes."""
RESERVE = ".reserve"


@contextmanager
def writing(folder: str | Path) -> Iterator[None]:
    """Say in words why something could not be written, where the disk is the reason."""
    try:
        yield
    except OSError as error:
        if error.errno in FULL:
            raise full(folder) from error
        if error.errno in UNWRITABLE:
            raise _unwritable(folder, error.errno or 0) from error
        raise


def full(folder: str | Path) -> FullDiskError:
    """Return the error of a disk without room."""
    return FullDiskError(
        _(
            "The disk of {folder} is full: nothing more can be kept. What was kept before is "
            "safe. Make room, then do it again: it goes on from there, and nothing is doubled.",
            folder=str(folder),
        )
    )


def says_full(error: BaseException) -> bool:
    """Tell whether an error, ours or a database's, comes from a disk without room."""
    if isinstance(error, OSError) and error.errno in FULL:
        return True
    told = str(error).lower()
    return isinstance(error, FullDiskError) or any(words in told for words in TOLD_FULL)


def _unwritable(folder: str | Path, number: int) -> StoreError:
    return StoreError(
        _(
            "{folder} cannot be written to: {reason}. What was kept before is safe. Mend the "
            "disk or the rights of the folder, then do it again: nothing is doubled.",
            folder=str(folder),
            reason=os.strerror(number),
        )
    )


@dataclass(frozen=True, kw_only=True)
class Reserve:
    """Room on the disk of a store that is given back when there is none left."""

    files: Files

    @property
    def path(self) -> Path:
        """Where it is."""
        return Path(self.files.path(RESERVE))

    def hold(self) -> None:
        """Take the room, if there is enough; far away there is nothing to take."""
        if not self.files.is_local or self.path.exists():
            return
        # Zeros would take no room on a disk that packs or leaves out what is empty.
        with suppress(OSError):
            self.files.write(str(self.path), os.urandom(RESERVED))

    def give_back(self) -> bool:
        """Make the room free; false when it was not held."""
        return self.files.is_local and self.files.remove(str(self.path))
