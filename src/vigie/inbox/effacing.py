"""Takes out of a text what tells whose matter it was: names, addresses, numbers."""

from __future__ import annotations

import re
from collections.abc import Iterable

GAP = "[…]"
LEAST_LETTERS = 2
_MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_HANDLE = re.compile(r"(?<![\w/])@\w[\w.-]*")
_NUMBER = re.compile(r"(?<![\w])(?:\+|00)?\d(?:[\s.\-/()]{0,2}\d){6,}(?!\w)")
"""Seven digits or more, however they are parted: telephone, student, account."""
_ACCOUNT = re.compile(r"\b[A-Z]{2}\d{2}(?:\s?[\dA-Z]{4}){3,}(?:\s?[\dA-Z]{1,4})?\b")
_CODE = re.compile(r"\b(?=\w*\d\w*\d\w*\d)(?=\w*[A-Za-z])\w{6,}\b")
"""Letters and digits mixed, as a file number is."""
_WORD = re.compile(r"[^\W\d_]+(?:[-’'][^\W\d_]+)*")


def effaced(words: str, *, names: Iterable[str] = ()) -> str:
    """Return a text in which a gap stands for mail addresses, handles, numbers and these names."""
    for found in (_MAIL, _HANDLE, _ACCOUNT, _NUMBER, _CODE):
        words = found.sub(GAP, words)
    told = {
        part.casefold()
        for name in names
        for part in (*_WORD.findall(name), *re.split(r"[\s’'-]+", name))
        if len(part) >= LEAST_LETTERS and part.casefold() not in PARTICLES
    }
    return _WORD.sub(lambda found: _without(found[0], told), words)


PARTICLES = frozenset({"de", "du", "des", "la", "le", "les", "da", "di", "van", "von", "el", "al"})
"""Parts of names that are words like others."""


def _without(word: str, names: set[str]) -> str:
    if word.casefold() in names:
        return GAP
    parts = re.split(r"([-’'])", word)
    return "".join(GAP if part.casefold() in names else part for part in parts)
