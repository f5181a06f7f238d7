"""Finds the tables inside a ZIP archive: the downloads that networks hand out."""

from __future__ import annotations

import re
import struct
import zipfile
from pathlib import Path

from vigie.errors import FileError
from vigie.words import _

_TABLE = re.compile(r"\.(?:csv|tsv|txt|json|ndjson|jsonl)$", re.IGNORECASE)
_FIRST = re.compile(r"(?:^|/)(?:outbox|posts_\d+)\.json$")
"""What the posts are called in the downloads of Mastodon and Instagram."""
_ASIDE = re.compile(r"(?:^|/)(?:\.|__MACOSX/)")


def is_workbook(path: Path) -> bool:
    """Return whether a ZIP archive is really a workbook."""
    names = _names(path)
    return any(name in names for name in ("xl/workbook.xml", "xl/workbook.bin")) or (
        "content.xml" in names and "mimetype" in names
    )


def tables_in(path: Path) -> tuple[str, ...]:
    """Return the names of the tables of an archive, the likeliest first."""
    names = _names(path)
    if any(name.startswith(("word/", "ppt/")) for name in names):
        raise FileError(
            _(
                "{file} is a document or a presentation, not a table. "
                "Give the CSV or XLSX file as the network exported it.",
                file=path.name,
            )
        )
    found = [name for name in names if _TABLE.search(name) and not _ASIDE.search(name)]
    found.sort(key=lambda name: (not _FIRST.search(name), name))
    if not found:
        raise FileError(
            _(
                "{file} is an archive without a CSV or JSON file in it. "
                "Unpack it and give the files in it.",
                file=path.name,
            )
        )
    return tuple(found)


def _names(path: Path) -> list[str]:
    try:
        with zipfile.ZipFile(path) as archive:
            return archive.namelist()
    except (zipfile.BadZipFile, OSError, ValueError, EOFError, RuntimeError, struct.error) as error:
        raise FileError(
            _("{file} is cut short or damaged. Download it again.", file=path.name)
        ) from error
