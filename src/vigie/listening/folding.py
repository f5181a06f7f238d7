"""Writes a text so that words can be looked for in it: the one place that decides what a word is.

Engines disagree about letters, case and where a word ends. So a text is folded once, by this
module, into pieces between spaces, and whoever looks for words looks there:
``L’inscription à #RentréeParis8 : https://up8.example/A`` becomes
`` inscription a rentree paris 8 #rentreeparis8 =https://up8.example/a ``.

The words come first, in their order; after them hashtags and handles in one piece (``#``, ``@``)
and links (``=``), which are no neighbours of anything.
"""

from __future__ import annotations

import bisect
import itertools
import re
import string
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

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
_APOSTROPHES = "’‘ʼ′´`"
ELIDED = frozenset((*"cdjlmnst", "qu", "jusqu", "lorsqu", "puisqu", "quoiqu"))
"""French articles and the like: before an apostrophe and a vowel no words of their own."""
_ELIDED = re.compile(rf"(?<![^\W_])(?:{'|'.join(sorted(ELIDED))})'(?=[^\W_])")
_IDEOGRAMS = "\u3041-\u30ff\u3400-\u4dbf\u4e00-\u9fff"
END = "\x1e"
"""Ends a text where several are folded together."""
_WORD = re.compile(rf"[^\W_]+|{END}")
"""Letters and figures."""
_SIGN = re.compile(r"[^\w\s\x00-\x7f]")
"""What is neither letter nor figure, and may stand for some."""
_IDEOGRAM = re.compile(f"([{_IDEOGRAMS}])")
"""Where a script has no spaces, each sign is a word."""
SPACED = r" \1 "
_SPECIAL = re.compile(
    r"(?P<link>(?:[hH][tT][tT][pP][sS]?://|(?:www|WWW|Www)\.)[^\s<>\"«»“”]+)"
    r"|[#＃](?<![\w/&].)(?P<tag>\w+)"
    r"|[@＠](?<![\w@/].)(?P<handle>\w[\w.-]*)(?:@[\w.-]+)?",
)
_HINTS = ("#", "@", "://", "www.", "WWW.", "Www.", "＃", "＠")
"""What a text holds that has a hashtag, a handle or a link."""
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
    if not _may_be_special(text):
        return words_of(text), []
    pieces: list[str] = []
    return words_of(_SPECIAL.sub(lambda found: _opened(found, pieces), text)), pieces


def folded_together(texts: Sequence[str | None]) -> tuple[list[str], list[tuple[int, str]]]:
    """Return the words of many texts, each text ended by ``END``, and (number, piece) of others.

    The same as ``folded_parts`` of each, several times as quick.
    """
    together = END.join((text or "").replace(END, " ") for text in texts)
    if not _may_be_special(together):
        return _words(together), []
    ends = [found.start() for found in re.finditer(END, together)]
    pieces: list[tuple[int, str]] = []

    def opened(found: re.Match[str]) -> str:
        own: list[str] = []
        words = _opened(found, own)
        pieces.extend((bisect.bisect(ends, found.start()), piece) for piece in own)
        return words

    return _words(_SPECIAL.sub(opened, together)), pieces


def words_of(text: str) -> list[str]:
    """Return the words of a text that has no hashtag, handle or link."""
    return _words(text.replace(END, " "))


def _words(text: str) -> list[str]:
    plain = letters_of(text)
    if "'" in plain:
        plain = _ELIDED.sub(" ", plain)
    if _IDEOGRAM.search(plain):
        plain = _IDEOGRAM.sub(SPACED, plain)
    return _WORD.findall(plain)


def letters_of(text: str) -> str:
    """Return a text in lower case and without accents, its apostrophes straight."""
    if text.isascii():
        return _straight(text.lower())
    plain = unicodedata.normalize("NFKD", _SIGN.sub(_apart, text)).casefold()
    plain = _UNSEEN.sub("", unicodedata.normalize("NFKD", plain))
    for letter, spelling in _SPELT:
        plain = plain.replace(letter, spelling)
    return unicodedata.normalize("NFC", _straight(plain))


def _apart(found: re.Match[str]) -> str:
    return _set_apart(found[0])


@lru_cache(maxsize=4_000)
def _set_apart(sign: str) -> str:
    """Return a sign that stands for letters (™, №, Ⓐ) between spaces: it belongs to no word."""
    spelt_out = unicodedata.normalize("NFKD", sign)
    return f" {sign} " if any(one.isalnum() for one in spelt_out) else sign


def _straight(text: str) -> str:
    for sign in _APOSTROPHES:
        text = text.replace(sign, "'")
    return text


def _may_be_special(text: str) -> bool:
    return any(hint in text for hint in _HINTS)


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


def spelt(text: str) -> list[str]:
    """Return the words of a text in lower case with their accents, as one types them."""
    plain = _straight(unicodedata.normalize("NFC", text)).lower()
    return _WORD.findall(_ELIDED.sub(" ", plain))


def exact(text: str | None) -> str:
    """Return a text's words as they are written, accents and capitals kept, between spaces.

    A hashtag or a handle is one word; links hold none.
    """
    if not text:
        return "  "
    composed = _UNSEEN.sub("", _straight(unicodedata.normalize("NFC", text)))
    if _may_be_special(composed):
        composed = _SPECIAL.sub(_in_one_piece, composed)
    return f" {' '.join(_WORD.findall(_IDEOGRAM.sub(SPACED, composed.replace(END, ' '))))} "


def _in_one_piece(found: re.Match[str]) -> str:
    name = found["tag"] or found["handle"] or ""
    return f" {''.join(_WORD.findall(name.removesuffix(_HOME)))} "


def _opened(found: re.Match[str], pieces: list[str]) -> str:
    """Note a hashtag, a handle or a link in one piece, and return the words it stands for."""
    if found["link"]:
        pieces.append(LINK + found["link"].rstrip(_ENDS_NO_LINK).lower())
        return " "
    mark, name = (TAG, found["tag"]) if found["tag"] else (HANDLE, found["handle"])
    whole, words = _named(name)
    if whole:
        pieces.append(mark + whole)
    return words


@lru_cache(maxsize=20_000)
def _named(name: str) -> tuple[str, str]:
    """Return a name in one piece, and its words between spaces: the same ones come often."""
    return joined(name), f" {' '.join(parts_of(name.removesuffix(_HOME)))} "


def _kind(sign: str) -> str:
    """Return u (capital), l (small letter), o (a letter that has no case), d (figure) or _."""
    if sign.isdigit():
        return "d"
    if not sign.isalpha():
        return "_"
    return "u" if sign.isupper() else "l" if sign.islower() else "o"
