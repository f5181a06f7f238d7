"""Files that are on the disk once they are said to be: whole, whatever breaks afterwards."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import suppress
from functools import cache
from pathlib import Path

AT_ONCE = 16
"""Files flushed at the same time: a disk makes many safe in the time of one."""


def write_all(folder: Path, contents: Mapping[str, bytes]) -> None:
    """Write files into a folder; once this returns all are safe.

    Raises ``OSError`` where one cannot be written: none is half there then.
    """
    if not contents:
        return
    _made(folder)
    mark = secrets.token_hex(4)
    begun = {folder / f".{name}.{mark}": body for name, body in contents.items()}
    try:
        if len(begun) == 1:
            _flushed(*next(iter(begun.items())))
        else:
            _flush_together(begun)
        for path, name in zip(begun, contents, strict=True):
            path.rename(folder / name)
    except OSError:
        for path in begun:
            with suppress(OSError):
                path.unlink()
        raise
    _sync(folder)


def _flush_together(contents: Mapping[Path, bytes]) -> None:
    """Write files at the same time; once this returns or raises, none is being written."""
    tasks = [_threads(os.getpid()).submit(_flushed, *one) for one in contents.items()]
    wait(tasks)
    for task in tasks:
        task.result()


@cache
def _threads(_process: int) -> ThreadPoolExecutor:
    """Return the threads that flush, begun once: a process that was forked has none of them."""
    return ThreadPoolExecutor(AT_ONCE, thread_name_prefix="flush")


def _made(folder: Path) -> None:
    """Make a folder and those it is in; each is safe in the one above it."""
    missing = [one for one in (folder, *folder.parents) if not one.exists()]
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    for one in missing:
        _sync(one.parent)


def _flushed(path: Path, body: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(body)
        file.flush()
        os.fsync(file.fileno())


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
