"""Turns what networks call a form of post, in English or French, into our kinds."""

from __future__ import annotations

import unicodedata

_WORDS = (
    ("story", ("story", "stories")),
    ("carousel", ("carousel", "carrousel", "sidecar", "album", "multi", "document")),
    ("video", ("video", "reel", "igtv", "live", "clip", "short", "direct", "youtube")),
    ("poll", ("poll", "sondage", "question")),
    ("audio", ("audio", "podcast")),
    ("image", ("image", "photo", "picture", "gif")),
    ("link", ("link", "lien", "article", "external")),
    ("text", ("text", "status", "statut")),
)
"""Looked for in this order: *IG carousel* before *image*, *Multi photo* is a carousel."""


def kind_of(word: str | None) -> str | None:
    """Return text, image, carousel, video, link, audio, poll, story, or unknown."""
    if not word:
        return None
    text = unicodedata.normalize("NFKD", word).casefold()
    text = "".join(letter for letter in text if not unicodedata.combining(letter))
    return next((kind for kind, marks in _WORDS if any(mark in text for mark in marks)), None)


def kind_of_images(count: int) -> str:
    """Return the kind of a post with so many images and nothing else."""
    return "text" if count == 0 else "image" if count == 1 else "carousel"
