"""How the replies of an institution are printed beside its row."""

from __future__ import annotations

from collections.abc import Sequence

from vigie.present.document import Said
from vigie.present.writing import together
from vigie.words import _

Reply = tuple[str, bool]
"""The words, and whether a correction is asked for."""


def printed(replies: Sequence[Reply]) -> Said:
    """Return the replies as one paragraph, the oldest first."""
    sentences: list[Said] = []
    for words, asks_correction in replies:
        sentences.append(words)
        if asks_correction:
            sentences.append(_("The institution asks for a correction."))
    if all(isinstance(one, str) for one in sentences):
        return " ".join(str(one) for one in sentences)
    return together(*sentences)
