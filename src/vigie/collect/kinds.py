"""Says what a file is by its first bytes, whatever its name, and refuses what cannot be a table."""

from __future__ import annotations

from pathlib import Path

from vigie.errors import FileError
from vigie.words import Words, _

HEAD = 1 << 20
"""Bytes read to tell what a file is."""

ZIP = b"PK\x03\x04"
GZIP = b"\x1f\x8b"
PARQUET = b"PAR1"
OLE = bytes.fromhex("d0cf11e0a1b11ae1")
"""Old Excel files, and workbooks locked with a password."""

_STRANGERS: tuple[tuple[bytes, Words], ...] = (
    (b"%PDF", _("a PDF document")),
    (b"\x89PNG", _("a PNG picture")),
    (b"\xff\xd8\xff", _("a JPEG picture")),
    (b"GIF8", _("a GIF picture")),
    (b"RIFF", _("a picture or a film")),
    (b"MZ", _("a Windows program")),
    (b"\x7fELF", _("a program")),
    (b"7z\xbc\xaf", _("a 7-Zip archive")),
    (b"Rar!", _("a RAR archive")),
    (b"BZh", _("a bzip2 archive")),
    (b"\xfd7zXZ", _("an XZ archive")),
    (b"\x28\xb5\x2f\xfd", _("a Zstandard archive")),
    (b"SQLite format 3", _("an SQLite database")),
    (b"ARROW1", _("an Arrow file")),
    (b"{\\rtf", _("an RTF document")),
    (b"%!PS", _("a PostScript document")),
)
_MARKUP: tuple[tuple[bytes, Words], ...] = (
    (b"<!doctype html", _("a web page (the site may have asked to sign in)")),
    (b"<html", _("a web page (the site may have asked to sign in)")),
    (b"<?xml", _("an XML document")),
    (b"<svg", _("an SVG picture")),
)


def head_of(path: Path) -> bytes:
    """Return the first bytes of a file, or say why it cannot be read."""
    if path.is_dir():
        raise FileError(_("{file} is a folder. Give the files in it, one by one.", file=str(path)))
    try:
        with path.open("rb") as file:
            head = file.read(HEAD)
    except FileNotFoundError as error:
        raise FileError(
            _("{file} does not exist. Check its name and its folder.", file=str(path))
        ) from error
    except OSError as error:
        raise FileError(
            _(
                "{file} cannot be read: {reason}. Check who may read it.",
                file=str(path),
                reason=error.strerror or str(error),
            )
        ) from error
    if not head.strip(b"\x00 \t\r\n\xef\xbb\xbf\xff\xfe"):
        raise FileError(_("{file} is empty. Export it again.", file=path.name))
    return head


def refuse_strangers(head: bytes, path: Path) -> None:
    """Refuse a picture, a program, a web page … by saying what it is."""
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")[:64]
    for marks, beginning in ((_STRANGERS, head), (_MARKUP, start.lower())):
        for mark, what in marks:
            if beginning.startswith(mark):
                raise not_a_table(path, what)
    if head[4:8] == b"ftyp":
        raise not_a_table(path, _("a film"))


def not_a_table(path: Path, what: Words) -> FileError:
    """Return the error that says what the file is instead of a table."""
    return FileError(
        _(
            "{file} is {what}, not a table. Give the CSV, XLSX, JSON, Parquet or ZIP file "
            "as the network exported it.",
            file=path.name,
            what=what,
        )
    )
