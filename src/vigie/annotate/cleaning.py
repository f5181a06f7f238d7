"""A text as classifiers read it: without addresses and handles, folded, cut into signs."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

_ADDRESS = re.compile(r"(?:https?://|www\.)\S*[^\s.,;:!?»”)\]]|https?:?/*…?(?=\s|$)", re.IGNORECASE)
_HANDLE = re.compile(r"(?<![\w.@])@[\w-]+(?:[.@][\w-]+)*")
_REPOST = re.compile(r"^\s*RT\b\s*:?\s*")
_SMILEY = r":['’]?-?[()/dpo|](?!\w)|;-?\)|<3|\^\^|=\)|:\w+:"
_PICTURE = "[\U0001f000-\U0001faff\u2600-\u27bf\u2b50\u2b55]"
_SIGN = re.compile(rf"{_SMILEY}|\w+|\?+|!+|…|\.\.+|[.;:\n]|[€£]|{_PICTURE}")
_EMPHASIS = re.compile(r"([a-z])\1\1+")
_GREETINGS = frozenset(
    [
        "bonjour",
        "bonsoir",
        "salut",
        "hello",
        "coucou",
        "hi",
        "hey",
        "cc",
        "slt",
        "bjr",
        "bsr",
        "yo",
        "dear",
        "madame",
        "monsieur",
    ]
)
STOP = "."
"""The sign between two sentences; a text begins and ends with it."""


@dataclass(frozen=True, slots=True)
class Cleaned:
    """A text without what says nothing of its language, and what was taken out."""

    text: str
    links: int
    handles: tuple[str, ...]
    is_repost: bool


def clean(text: str) -> Cleaned:
    """Take out addresses, handles, the sign of hashtags and of reposts."""
    plain = html.unescape(text) if "&" in text else text
    plain, reposts = _REPOST.subn("", plain) if plain.lstrip().startswith("RT") else (plain, 0)
    plain, links = _ADDRESS.subn(" ", plain) if "http" in plain or "www" in plain else (plain, 0)
    handles: tuple[str, ...] = ()
    if "@" in plain:
        handles = tuple(handle[1:] for handle in _HANDLE.findall(plain))
        plain = _HANDLE.sub(" ", plain)
    return Cleaned(plain.replace("#", " ").strip(), links, handles, bool(reposts))


def _letters() -> dict[int, str]:
    """Map letters with accents, ligatures and kinds of apostrophes to plain ones."""
    found = {ord("œ"): "oe", ord("æ"): "ae", ord("ß"): "ss", ord("’"): "'", ord("`"): "'"}
    for code in [*range(0xC0, 0x250), *range(0x1E00, 0x1F00)]:
        plain = "".join(
            sign
            for sign in unicodedata.normalize("NFKD", chr(code))
            if not unicodedata.combining(sign)
        ).lower()
        if plain.isascii() and plain and code not in found:
            found[code] = plain
    found |= dict.fromkeys(range(768, 880), "")
    return found | {0xFE0F: "", 0x200D: "", 0xA0: " ", 0x202F: " "}


_LETTERS = _letters()


def fold(text: str) -> str:
    """Return a text in small letters without accents."""
    lower = text.lower()
    return lower if lower.isascii() else lower.translate(_LETTERS)


def signs(text: str) -> list[str]:
    """Return the words, marks and pictures of a text, folded; ``.`` between two sentences."""
    found: list[str] = []
    for sign in _SIGN.findall(_calm(fold(text))):
        if (sign[0] in ".;:\n…" and not sign[1:].strip(".")) or sign == "…":
            if found and found[-1] != STOP:
                found.append(STOP)
        elif sign[0] in "?!":
            found += (sign[0], STOP)
        else:
            found.append(sign)
            if sign in _GREETINGS:
                found.append(STOP)
    return found


def _calm(text: str) -> str:
    """Return a text without letters repeated for emphasis: ``nuuul`` is ``nul``."""
    return _EMPHASIS.sub(r"\1", text)


def spoken(found: Iterable[str]) -> str:
    """Return signs as one line between spaces, as phrases are sought in it."""
    return f" {STOP} {' '.join(found)} {STOP} "
