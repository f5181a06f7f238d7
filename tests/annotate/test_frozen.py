"""Lists of words that change give other answers: the version of their classifier changes too."""

from __future__ import annotations

import hashlib

import pytest

from vigie.annotate.annotating import classifiers
from vigie.annotate.lexicon import FOLDER, questions

FROZEN = {
    "intent": ("3", "f75dfd3b6574721e"),
    "service": ("2", "3cf0b47172072d02"),
    "tone": ("2", "71f08859e53e5ede"),
    "urgency": ("3", "8b54726c7e52c305"),
}
"""Question → the version of its classifier, and the digest of its lists."""


def digest(question: str) -> str:
    """Return the digest of the lists of a question, and of the spellings they share."""
    paths = sorted([*(FOLDER / question).glob("*.txt"), *FOLDER.glob("spelling.*.txt")])
    content = b"\0".join(path.name.encode() + path.read_bytes() for path in paths)
    return hashlib.sha256(content).hexdigest()[:16]


@pytest.mark.parametrize("question", questions())
def test_lists_change_only_with_the_version(question: str) -> None:
    assert (classifiers()[question].version, digest(question)) == FROZEN[question], (
        "raise the version of the classifier, then write the new digest here"
    )
