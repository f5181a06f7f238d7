"""The folder of a store, local or at any fsspec address: whole files or none."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO
from uuid import uuid4

import fsspec
from fsspec.implementations.local import LocalFileSystem

from vigie.errors import DamagedFileError, StoreError
from vigie.words import _

ASIDE = ".tmp-"
"""A name that begins so is not part of the store yet."""


@dataclass(frozen=True, kw_only=True)
class Found:
    """A name in a folder, with what tells that its content changed."""

    name: str
    size: int
    stamp: str


class Files:
    """Lists, reads and durably writes the files under one address."""

    def __init__(self, address: str) -> None:
        self.system, root = fsspec.core.url_to_fs(address)
        self.root = str(root).rstrip("/")
        self.is_local = isinstance(self.system, LocalFileSystem)

    def path(self, *parts: str) -> str:
        """Return the path of something in the store."""
        return "/".join((self.root, *parts))

    def listing(self, folder: str) -> list[Found]:
        """Return the files of a folder by name; no folder, no files."""
        found = self._local_listing(folder) if self.is_local else self._remote_listing(folder)
        return sorted(found, key=lambda file: file.name)

    def _local_listing(self, folder: str) -> Iterable[Found]:
        try:
            with os.scandir(folder) as entries:
                for entry in entries:
                    try:
                        facts = entry.stat()
                    except FileNotFoundError:
                        continue  # removed by another process since it was listed
                    if entry.is_file():
                        yield Found(
                            name=entry.name, size=facts.st_size, stamp=str(facts.st_mtime_ns)
                        )
        except (FileNotFoundError, NotADirectoryError):
            return

    def _remote_listing(self, folder: str) -> Iterable[Found]:
        self.system.invalidate_cache()
        try:
            entries = self.system.ls(folder, detail=True)
        except FileNotFoundError:
            return
        for entry in entries:
            if entry["type"] == "file":
                # Names are never used twice, so where there is no time the size is enough.
                stamp = str(entry.get("ETag") or entry.get("created") or "")
                yield Found(name=_last(entry["name"]), size=int(entry["size"] or 0), stamp=stamp)

    def folders(self, folder: str) -> list[str]:
        """Return the names of the folders in a folder."""
        if self.is_local:
            try:
                with os.scandir(folder) as entries:
                    return sorted(entry.name for entry in entries if entry.is_dir())
            except (FileNotFoundError, NotADirectoryError):
                return []
        self.system.invalidate_cache()
        try:
            entries = self.system.ls(folder, detail=True)
        except FileNotFoundError:
            return []
        return sorted(_last(e["name"]) for e in entries if e["type"] == "directory")

    def opened(self, path: str) -> IO[bytes]:
        """Open a file to read it."""
        if self.is_local:
            return Path(path).open("rb")
        opened: IO[bytes] = self.system.open(path, "rb")
        return opened

    def exists(self, path: str) -> bool:
        """Tell whether a file is there."""
        return Path(path).exists() if self.is_local else bool(self.system.exists(path))

    def read(self, path: str) -> bytes:
        """Return the bytes of a small file."""
        with self.opened(path) as file:
            return file.read()

    def staged(self, path: str) -> Staged:
        """Begin a file that appears under its name, whole, when it is published."""
        return Staged(self, path)

    def write(self, path: str, content: bytes) -> None:
        """Write a small file, durably."""
        staged = self.staged(path)
        try:
            staged.sink.write(content)
            staged.close()
            staged.publish()
        finally:
            staged.discard()
        self.settle([path])

    def settle(self, paths: Iterable[str]) -> None:
        """Make the names of files durable, after they were published."""
        if self.is_local:
            for folder in sorted({str(Path(path).parent) for path in paths}):
                self.sync_folder(folder)

    def workplace(self, prefix: str) -> Path:
        """Make a folder on this machine for what is not part of the store yet."""
        if self.is_local:
            self.make_folder(Path(self.root))
        return Path(tempfile.mkdtemp(prefix=prefix, dir=self.root if self.is_local else None))

    def sink(self, path: Path) -> IO[bytes]:
        """Begin a file on this machine."""
        return path.open("wb")

    def flush(self, sink: IO[bytes]) -> None:
        """Have what was written to a file on the disk."""
        sink.flush()
        os.fsync(sink.fileno())

    def rename(self, path: Path, to: str) -> None:
        """Give a file on this machine another name, at once."""
        path.rename(to)

    def sync_folder(self, folder: str) -> None:
        """Have the names in a folder on the disk."""
        opened = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(opened)
        finally:
            os.close(opened)

    def make_folder(self, folder: Path, *, mode: int = 0o777) -> None:
        """Make a folder and its parents so that a power cut does not lose them."""
        missing = [parent for parent in (folder, *folder.parents) if not parent.exists()]
        folder.mkdir(mode=mode, parents=True, exist_ok=True)
        for made in missing:
            self.sync_folder(str(made.parent))

    def remove(self, path: str) -> bool:
        """Remove a file; another process may have been faster."""
        try:
            if self.is_local:
                Path(path).unlink()
            else:
                self.system.rm_file(path)
        except FileNotFoundError:
            return False
        return True

    def move(self, path: str, to: str) -> None:
        """Move a file within the store."""
        if self.is_local:
            self.make_folder(Path(to).parent)
            self.rename(Path(path), to)
            self.settle([path, to])
        else:
            self.system.mv(path, to)


class Staged:
    """A file being written aside; nobody sees it before it is published."""

    def __init__(self, files: Files, path: str) -> None:
        self._files = files
        self.path = path
        self._aside = self._beside() if files.is_local else self._elsewhere()
        self.sink = files.sink(self._aside)

    def _beside(self) -> Path:
        folder = Path(self.path).parent
        self._files.make_folder(folder)
        return folder / f"{ASIDE}{uuid4().hex}"

    def _elsewhere(self) -> Path:
        return Path(tempfile.mkdtemp(prefix="vigie-")) / "file"

    def close(self) -> None:
        """End writing: the bytes are on the disk when it returns."""
        if self._files.is_local:
            self._files.flush(self.sink)
        self.sink.close()

    def publish(self) -> None:
        """Show the file under its name."""
        if self._files.is_local:
            self._files.rename(self._aside, self.path)
        else:
            self._files.system.put_file(str(self._aside), self.path)
            self.discard()

    def discard(self) -> None:
        """Leave no trace."""
        # A disk without room refuses the last bytes even of what is thrown away.
        with suppress(OSError):
            self.sink.close()
        if self._files.is_local:
            self._aside.unlink(missing_ok=True)
        else:
            shutil.rmtree(self._aside.parent, ignore_errors=True)


def gone(path: str) -> DamagedFileError:
    """Return the error that names a file which cannot be read."""
    return DamagedFileError(
        _(
            "{path} is damaged or gone: it cannot be read. "
            "Run vigie store check, then vigie store repair.",
            path=path,
        )
    )


def altered() -> DamagedFileError:
    """Return the error of a file that is not what was written, where nothing says which."""
    return DamagedFileError(
        _(
            "A file of the store is altered inside, and the question stopped there. "
            "Run vigie store check, which names it, then vigie store repair."
        )
    )


def too_much() -> StoreError:
    """Return the error of a question that needs more memory than there is."""
    return StoreError(
        _(
            "The question needs more memory than the setting memory allows. "
            "Raise it, or ask for fewer months."
        )
    )


def _last(path: str) -> str:
    return path.rstrip("/").rsplit("/", 1)[-1]
