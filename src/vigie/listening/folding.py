"""Writes a text so that words can be looked for in it: the one place that decides what a word is.

Engines disagree about letters, case and where a word ends. So a text is folded once, by this
module, into pieces between spaces, and whoever looks for words looks there:
``L’inscription à #RentréeParis8 : https://up8.example/A`` becomes
`` inscription a rentree paris 8 #rentreeparis8 =https://up8.example/a ``.

The words come first, in their order; after them hashtags and handles in one piece (``#``, ``@``)
and links (``=``), which are no neighbours of anything.
"""

from __future__ import annotations

import itertools
import re
import string
import unicodedata

TAG, HANDLE, LINK = "#", "@", "="
"""What a piece begins with that is not a word of the text."""

_UNSEEN = re.compile(
    "[\u0300-\u036f\u00ad\u200b-\u200d\u2060\ufeff\u0591-\u05bd\u05bf-\u05c7\u064b-\u065f\u0670]+"
)
"""Accents and points once they stand apart, and signs that have no width."""
_SPELT = (
    ("œ", "oe"), ("æ", "ae"), ("ø", "o"), ("đ", "d"), ("ð", "d"), ("ħ", "h"), ("ı", "i"),
    ("ł", "l"), ("þ", "th"),
)  # fmt: skip
"""Letters that no decomposition takes apart."""
_APOSTROPHES = re.compile("[’‘ʼ′´`]")
_ELIDED = re.compile(r"(?<![^\W_])(?:[ldjmtscn]|qu|jusqu|lorsqu|puisqu|quoiqu)'(?=[^\W_])")
"""French articles and the like before a vowel: no words of their own."""
_IDEOGRAMS = "\u3041-\u30ff\u3400-\u4dbf\u4e00-\u9fff"
_WORD = re.compile(rf"[{_IDEOGRAMS}]|(?:(?![{_IDEOGRAMS}])[^\W_])+")
"""Letters and figures; where a script has no spaces, each sign."""
_SPECIAL = re.compile(
    r"(?P<link>(?:https?://|www\.)[^\s<>\"«»“”]+)"
    r"|(?<![\w/&])[#＃](?P<tag>\w+)"
    r"|(?<![\w@/])[@＠](?P<handle>\w[\w.-]*)(?:@[\w.-]+)?",
    re.IGNORECASE,
)
_MAY_BE_SPECIAL = re.compile(r"[#@＃＠]|://|www\.", re.IGNORECASE)
_ENDS_NO_LINK = ".,;:!?)]}'’…"
_SMALL = str.maketrans(string.ascii_uppercase, string.ascii_lowercase)
_HOME = ".bsky.social"
"""Says where a handle lives, not who it is."""
_PARTED = re.compile(
    r"(?<=[lo])(?=u)|(?<=u)(?=ul)|(?<=[ulo]{3})(?=d)|(?<=d)(?=u)|(?<=_)(?=[ulod])|(?<=[ulod])(?=_)"
)
"""Where a name in one piece parts, by the kinds of its letters (see ``_kind``)."""


def folded(text: str | None) -> str:
    """Return a text as pieces between spaces; it begins and ends with one."""
    words, pieces = folded_parts(text)
    return f" {' '.join(itertools.chain(words, pieces))} "


def folded_parts(text: str | None) -> tuple[list[str], list[str]]:
    """Return the words of a text in their order, and its hashtags, handles and links."""
    if not text:
        return [], []
    if not _MAY_BE_SPECIAL.search(text):
        return words_of(text), []
    pieces: list[str] = []
    return words_of(_SPECIAL.sub(lambda found: _opened(found, pieces), text)), pieces


def words_of(text: str) -> list[str]:
    """Return the words of a text that has no hashtag, handle or link."""
    return _WORD.findall(_ELIDED.sub(" ", letters_of(text)))


def letters_of(text: str) -> str:
    """Return a text in lower case and without accents, its apostrophes straight."""
    if text.isascii():
        return _APOSTROPHES.sub("'", text.lower())
    plain = unicodedata.normalize("NFKD", text).casefold()
    plain = _UNSEEN.sub("", unicodedata.normalize("NFKD", plain))
    for letter, spelling in _SPELT:
        plain = plain.replace(letter, spelling)
    return unicodedata.normalize("NFC", _APOSTROPHES.sub("'", plain))


def joined(name: str) -> str:
    """Return a hashtag or a handle in one piece: ``Univ_Paris-8`` becomes ``univparis8``."""
    return "".join(_WORD.findall(letters_of(name.removesuffix(_HOME))))


def parts_of(name: str) -> list[str]:
    """Return the words a hashtag or a handle is made of: ``RentréeParis8`` has three."""
    name = unicodedata.normalize("NFKC", name)
    kinds = "".join(map(_kind, name))
    cuts = [0, *(found.start() for found in _PARTED.finditer(kinds)), len(name)]
    return [name[start:end] for start, end in itertools.pairwise(cuts)]


def small(text: str) -> str:
    """Return a text with its Latin letters without accents in lower case: all engines agree."""
    return text.translate(_SMALL)


def exact(text: str | None) -> str:
    """Return a text's words as they are written, accents and capitals kept, between spaces."""
    if not text:
        return "  "
    composed = _APOSTROPHES.sub("'", unicodedata.normalize("NFC", text))
    return f" {' '.join(_WORD.findall(composed))} "


def _opened(found: re.Match[str], pieces: list[str]) -> str:
    """Note a hashtag, a handle or a link in one piece, and return the words it stands for."""
    if found["link"]:
        pieces.append(LINK + found["link"].rstrip(_ENDS_NO_LINK).lower())
        return " "
    mark, name = (TAG, found["tag"]) if found["tag"] else (HANDLE, found["handle"])
    if whole := joined(name):
        pieces.append(mark + whole)
    return f" {' '.join(parts_of(name.removesuffix(_HOME)))} "


def _kind(sign: str) -> str:
    """Return u (capital), l (small letter), o (a letter that has no case), d (figure) or _."""
    if sign.isdigit():
        return "d"
    if not sign.isalpha():
        return "_"
    return "u" if sign.isupper() else "l" if sign.islower() else "o"
