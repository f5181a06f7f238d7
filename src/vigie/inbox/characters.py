"""The characters that a reader sees in a text: networks count these, not what they are made of."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

ZWJ = "\u200d"


def graphemes(text: str) -> int:
    """Return how many characters a reader sees: a flag, a family or an accented letter is one."""
    return sum(1 for _one in characters(text))


def characters(text: str) -> Iterator[str]:
    """Yield the characters that a reader sees, each with all signs it is made of."""
    character, flags = "", 0
    for sign in text:
        flags = flags + 1 if _is_flag(sign) else 0
        before = character[-1:]
        joins = (
            (before == "\r" and sign == "\n")
            or _extends(sign)
            or (before == ZWJ and is_picture(sign))
            or flags % 2 == 0 < flags
            or _goes_on_hangul(before, sign)
        )
        if character and not joins:
            yield character
            character = ""
        character += sign
    if character:
        yield character


def _extends(sign: str) -> bool:
    return (
        sign == ZWJ
        or unicodedata.category(sign) in ("Mn", "Me", "Mc")
        or "\U0001f3fb" <= sign <= "\U0001f3ff"
        or "\U000e0020" <= sign <= "\U000e007f"
    )


def is_picture(sign: str) -> bool:
    """Whether a sign is a picture: an emoji, for the most part."""
    return unicodedata.category(sign) == "So" or "\U0001f000" <= sign <= "\U0001ffff"


def _is_flag(sign: str) -> bool:
    return "\U0001f1e6" <= sign <= "\U0001f1ff"


def _goes_on_hangul(before: str, sign: str) -> bool:
    """Whether a letter of Korean goes on the syllable before it."""
    first = "\u1100" <= before <= "\u115f" or "\u1160" <= before <= "\u11a7"
    return bool(before) and (
        (first and "\u1160" <= sign <= "\u11a7")
        or ("\u1100" <= before <= "\u115f" and "\u1100" <= sign <= "\u115f")
        or ("\u1160" <= before <= "\u11ff" and "\u11a8" <= sign <= "\u11ff")
        or ("\uac00" <= before <= "\ud7a3" and "\u1160" <= sign <= "\u11ff")
    )
