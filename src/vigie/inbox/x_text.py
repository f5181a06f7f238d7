"""Words for X: how long they are as it counts them, and what is the same in two texts."""

from __future__ import annotations

import re
import unicodedata

from vigie.collect.nested import Item
from vigie.collect.x_naming import either
from vigie.collect.x_posts import words
from vigie.inbox.characters import characters, is_picture

LIMIT = 280
LINK = re.compile(r"https?://[^\s<>\"”»]+", re.IGNORECASE)
LINK_WEIGHT = 23
"""Every address is shortened to the same length."""
LIGHT = ((0, 4351), (8192, 8205), (8208, 8223), (8242, 8247))
"""Letters that count as one; all others count as two (X's own configuration, version 3)."""
NAMES_FIRST = re.compile(r"^(?:@\w+\s+)+")


def weight(text: str) -> int:
    """Return the length of a text as X counts it."""
    plain = unicodedata.normalize("NFC", text)
    links = len(LINK.findall(plain))
    return links * LINK_WEIGHT + sum(_weight(one) for one in characters(LINK.sub("", plain)))


def _weight(character: str) -> int:
    """Return what one character counts: a picture, however it is made, counts as two."""
    is_emoji = any(is_picture(sign) and ord(sign) > 0xFF for sign in character)
    if is_emoji or "\u20e3" in character:
        return 2
    return sum(1 if _is_light(ord(sign)) else 2 for sign in character)


def _is_light(code: int) -> bool:
    return any(first <= code <= last for first, last in LIGHT)


def words_of(post: Item) -> str:
    """Return the words of a post or a message with the addresses behind its links."""
    said = words(post) or ""
    note = either(post, "note_post", "note_tweet")
    for link in (*post.at("entities", "urls"), *note.at("entities", "urls")):
        short, whole = link.name("url"), link.name("expanded_url")
        if short and whole:
            said = said.replace(short, whole)
    return said


def squeezed(text: str) -> str:
    """Return the letters of a text, without the names X puts before an answer."""
    return "".join(one for one in NAMES_FIRST.sub("", text).casefold() if one.isalnum())
