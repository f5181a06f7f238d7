"""Finds how a text file is encoded, and streams it as UTF-8 without ever holding it whole."""

from __future__ import annotations

import codecs
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from pathlib import Path

from charset_normalizer import from_bytes

from vigie.collect.kinds import HEAD, not_a_table
from vigie.collect.source import Source
from vigie.errors import UnsafeFileError
from vigie.words import Words, _

PART = (2 << 20) - 4
"""Bytes of UTF-8 handed on at once: with a character cut in two, still within 4 MB."""
LONGEST_LINE = 64 << 20
"""Bytes. No export has a line as long; one that has is damaged, or built to harm."""

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_OLD = ("cp1252", "mac_roman", "cp850")
"""Encodings of spreadsheets before UTF-8 in western Europe, the likeliest first."""
_OTHERS = ["cp1250", "cp1251", "cp1253", "cp1254", "iso8859_2", "koi8_r", "shift_jis", "gb18030"]
_WESTERN = frozenset("éèêëàâäáãåçîïíìôöóòõøùûüúÿœæñßÉÈÊÀÂÇÎÔÖÜŒ’‘“”«»–—…€°·\u00a0")
"""What letters beyond ASCII mostly are in French, English, German, Spanish, Italian."""
_CONTROLS = bytes(byte for byte in range(32) if byte not in b"\t\n\r")
REPAIR = "vigie-cp1252"
"""Error handler: a byte that is not UTF-8 is read as Windows does."""


@dataclass(frozen=True, kw_only=True)
class Encoding:
    """How a text is encoded, and what was noticed."""

    name: str
    remarks: tuple[Words, ...] = ()


def _as_windows(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    damaged = error.object[error.start : error.end]
    return damaged.decode("cp1252", errors="replace"), error.end


def find_encoding(source: Source, head: bytes) -> Encoding:
    """Say how a text file is encoded: by its mark, then by what decodes."""
    for mark, name in _MARKS:
        if head.startswith(mark):
            return Encoding(name=name)
    if wide := _wide_without_mark(head):
        return Encoding(
            name=wide,
            remarks=(_("The file is UTF-16 without a byte-order mark; read as such."),),
        )
    if b"\x00" in head and len(head.translate(None, delete=_CONTROLS)) < 0.998 * len(head):
        raise not_a_table(source.path, _("a binary file"))
    telling = head
    if head.isascii() and len(head) >= HEAD:
        telling = _first_telling_part(source)
    return _by_content(telling)


def _wide_without_mark(head: bytes) -> str | None:
    part = head[:4096]
    half = len(part) // 2
    if half < 4:
        return None
    even, odd = part[0 : half * 2 : 2].count(0), part[1 : half * 2 : 2].count(0)
    if odd > half * 0.7 and even < half * 0.1:
        return "utf-16-le"
    if even > half * 0.7 and odd < half * 0.1:
        return "utf-16-be"
    return None


def _first_telling_part(source: Source) -> bytes:
    """Return the first part that is more than ASCII: the head of a long file often is not."""
    for chunk in source.chunks():
        if not chunk.isascii():
            return chunk.lstrip(bytes(range(0x80, 0xC0)))  # The end of a character cut in two.
    return b""


def _by_content(part: bytes) -> Encoding:
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        decoder.decode(part)
    except UnicodeDecodeError:
        pass
    else:
        return Encoding(name="utf-8")
    damaged, sound = _count_damage(part)
    if sound > 2 * damaged:
        return Encoding(
            name="utf-8",
            remarks=(_("A few letters are not UTF-8 like the rest; read as Windows writes them."),),
        )
    name = _old_encoding(part)
    return Encoding(
        name=name,
        remarks=(_("The file is not UTF-8; its letters were read as {encoding}.", encoding=name),),
    )


def _old_encoding(part: bytes) -> str:
    """Return the encoding under which letters are those that our languages use."""
    first = next(place for place, byte in enumerate(part) if byte >= 0x80)
    part = part[max(first - 100, 0) :][:65536]
    beyond = bytes(byte for byte in part if byte >= 0x80)
    shares = {
        name: sum(letter in _WESTERN for letter in beyond.decode(name, errors="replace"))
        / len(beyond)
        for name in _OLD
    }
    likely = max(_OLD, key=lambda name: shares[name])
    if shares[likely] >= 0.75:
        return likely
    best = from_bytes(part, cp_isolation=[*_OLD, *_OTHERS], enable_fallback=False).best()
    return best.encoding if best else likely


def _count_damage(part: bytes) -> tuple[int, int]:
    damaged = part.decode("utf-8", errors="replace")
    broken = damaged.count("\ufffd")
    sound = sum(1 for letter in damaged if letter > "\x7f") - broken
    return broken, sound


def pieces(source: Source, encoding: str, *, may_be_one_line: bool = False) -> Generator[str]:
    """Yield the text of a file piece by piece; a line without end is refused."""
    codecs.register_error(REPAIR, _as_windows)
    decoder = codecs.getincrementaldecoder(encoding)(REPAIR if "utf-8" in encoding else "replace")
    length = 0
    for chunk in source.chunks():
        text = decoder.decode(chunk)
        if not may_be_one_line:
            length = _line_length(source.path, text, length)
        yield text
    yield decoder.decode(b"", final=True)


def _line_length(path: Path, text: str | bytes, length: int) -> int:
    """Return how long the line that is still open is, and refuse one that never ends."""
    if isinstance(text, bytes):
        end = max(text.rfind(b"\n"), text.rfind(b"\r") if b"\n" not in text else -1)
    else:
        end = max(text.rfind("\n"), text.rfind("\r") if "\n" not in text else -1)
    length = length + len(text) if end < 0 else len(text) - end - 1
    if length > LONGEST_LINE:
        raise UnsafeFileError(
            _(
                "{file} has a line longer than {limit} MB and was not read further: "
                "it is damaged, or built to harm. Export it again.",
                file=path.name,
                limit=LONGEST_LINE >> 20,
            )
        )
    return length


class Utf8Stream:
    """A file-like reader that gives the text of a file as sound UTF-8, from a byte on.

    A file that is UTF-8 already passes through untouched, which is why it is fast.
    """

    def __init__(self, source: Source, encoding: str, *, start: int = 0) -> None:
        self._parts = _utf8_parts(source, encoding)
        self._kept = bytearray()
        self._to_skip = start
        self.closed = False

    def read(self, size: int = -1) -> bytes:
        """Return up to ``size`` bytes; none at the end."""
        while len(self._kept) < size or size < 0:
            part = next(self._parts, None)
            if part is None:
                break
            if not self._kept and not self._to_skip and len(part) <= size:
                return part
            if self._to_skip:
                skipped = min(self._to_skip, len(part))
                self._to_skip -= skipped
                part = part[skipped:]
            self._kept += part
        taken = bytes(self._kept[:size]) if size >= 0 else bytes(self._kept)
        del self._kept[: len(taken)]
        return taken

    def readable(self) -> bool:
        """Return True: this is a reader."""
        return True

    def close(self) -> None:
        """Stop reading."""
        self.closed = True


def _utf8_parts(source: Source, encoding: str) -> Iterator[bytes]:
    if encoding == "utf-8-sig":
        parts = _sound_parts(source)
        yield next(parts, b"").removeprefix(codecs.BOM_UTF8)
        yield from parts
    elif encoding == "utf-8":
        yield from _sound_parts(source)
    else:
        for text in pieces(source, encoding):
            yield text.encode("utf-8", errors="replace")


def _sound_parts(source: Source) -> Iterator[bytes]:
    """Yield UTF-8 as it is, cut between characters; repair only the parts that are damaged."""
    codecs.register_error(REPAIR, _as_windows)
    left, length = b"", 0
    for chunk in source.chunks(PART):
        length = _line_length(source.path, chunk, length)
        part = left + chunk if left else chunk
        if part.isascii():
            left = b""
            yield part
            continue
        cut = _whole_characters(part)
        part, left = part[:cut], part[cut:]
        try:
            part.decode("utf-8")
        except UnicodeDecodeError:
            part = part.decode("utf-8", errors=REPAIR).encode("utf-8")
        yield part
    if left:
        yield left.decode("utf-8", errors=REPAIR).encode("utf-8")


def _whole_characters(part: bytes) -> int:
    """Return where the last whole character ends: at most three bytes before the end."""
    for back in range(1, min(4, len(part)) + 1):
        byte = part[-back]
        if byte < 0x80:
            return len(part)
        if byte >= 0xC0:
            needed = 2 if byte < 0xE0 else 3 if byte < 0xF0 else 4
            return len(part) - back if back < needed else len(part)
    return len(part)
