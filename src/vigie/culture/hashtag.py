"""Hashtags and short codes: what people type to find a wall."""

from __future__ import annotations

import re
import unicodedata

LONGEST = 60
LETTERS = "ACDEFGHJKMNPQRTUVWXY34679"
"""Signs of a code: none is taken for another on a screen seen from afar."""
CODE = 4
"""Signs of a code: 390,625 codes, of which a few are in use."""


def fold(hashtag: str) -> str:
    """Return a hashtag as it is compared and stands in an address: #Chimie_101 is chimie_101."""
    apart = unicodedata.normalize("NFKD", hashtag.strip().lstrip("#＃").casefold())
    plain = "".join(sign for sign in apart if not unicodedata.combining(sign))
    return "".join(sign for sign in plain if sign.isalnum() or sign == "_")[:LONGEST]


def code_of(text: str) -> str | None:
    """Return the code that was typed, or none when it cannot be one: k7-qx is K7QX."""
    plain = "".join(sign for sign in text.upper() if sign.isalnum())
    return plain if len(plain) == CODE and set(plain) <= set(LETTERS) else None


def holds(text: str, tag: str) -> bool:
    """Whether a text carries a hashtag, folded as in an address."""
    return any(fold(found) == tag for found in re.findall(r"[#＃][\w·]+", text))
