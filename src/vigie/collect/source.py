"""The bytes of a file, unpacked on the way: from a file, a gzip, or one file of a ZIP archive."""

from __future__ import annotations

import gzip
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, cast

from vigie.errors import FileError, UnsafeFileError
from vigie.words import _

CHUNK = 1 << 20
MOST_UNPACKED = 1 << 30
"""Bytes a packed file may unpack to, when it unpacks to more than ``MOST_RATIO`` its size."""
MOST_RATIO = 200


@dataclass(frozen=True, kw_only=True)
class Source:
    """Where the bytes of a table come from."""

    path: Path
    is_gzip: bool = False
    entry: str | None = None
    """The file of the ZIP archive that holds the table."""

    @property
    def packed(self) -> int | None:
        """Size of what is unpacked; unknown when nothing is."""
        if self.entry is not None:
            with zipfile.ZipFile(self.path) as archive:
                return archive.getinfo(self.entry).compress_size
        return self.path.stat().st_size if self.is_gzip else None

    @contextmanager
    def opened(self) -> Iterator[IO[bytes]]:
        """Open the bytes; a damaged pack is said to be one."""
        try:
            if self.entry is not None:
                with zipfile.ZipFile(self.path) as archive, archive.open(self.entry) as file:
                    yield file
            elif self.is_gzip:
                with gzip.open(self.path, "rb") as packed:
                    yield cast("IO[bytes]", packed)
            else:
                with self.path.open("rb") as plain:
                    yield plain
        except (EOFError, gzip.BadGzipFile, zlib.error, zipfile.BadZipFile) as error:
            raise self._damaged() from error
        except OSError as error:
            if self.entry is None:
                raise
            raise self._damaged() from error
        except (NotImplementedError, RuntimeError) as error:
            raise FileError(
                _(
                    "{file} is packed in a way that cannot be opened here, or locked with a "
                    "password. Unpack it and give the files in it.",
                    file=self.path.name,
                )
            ) from error

    def _damaged(self) -> FileError:
        return FileError(
            _("{file} is cut short or damaged. Download it again.", file=self.path.name)
        )

    def chunks(self, size: int = CHUNK) -> Iterator[bytes]:
        """Yield the bytes piece by piece; a file built to explode is refused."""
        unpacked, packed = 0, self.packed
        with self.opened() as file:
            while piece := file.read(size):
                unpacked += len(piece)
                if packed is not None:
                    refuse_explosion(self.path, unpacked, packed)
                yield piece

    def head(self, size: int) -> bytes:
        """Return the first bytes."""
        with self.opened() as file:
            return file.read(size)


def refuse_explosion(path: Path, unpacked: int, packed: int) -> None:
    """Refuse a file that unpacks to far more than any export does."""
    if unpacked > MOST_UNPACKED and unpacked > MOST_RATIO * packed:
        raise UnsafeFileError(
            _(
                "{file} unpacks to more than {ratio} times its size and was not opened: "
                "it may be built to harm. Unpack it yourself if you trust it.",
                file=path.name,
                ratio=MOST_RATIO,
            )
        )
