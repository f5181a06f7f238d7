"""Which posts say the same."""

from __future__ import annotations

import random

import pytest

from tests.annotate.altered import WAYS, texts
from vigie.annotate.annotating import classifiers
from vigie.annotate.batch import Batch, Known
from vigie.annotate.cleaning import clean, signs
from vigie.annotate.comparing import Compared
from vigie.annotate.duplicates import Archive, Likeness, plain
from vigie.annotate.sketching import Sketched

KNOWN, COPIED = 1_500, 300


def read(found: list[str]) -> list[str]:
    return [plain(signs(clean(text).text)) for text in found]


def groups(batches: list[list[str]]) -> list[tuple[str, ...]]:
    known = Known(read=Archive())
    place, found = 0, []
    for batch in batches:
        names = [f"bluesky:{place + one}" for one in range(len(batch))]
        place += len(batch)
        classifier = classifiers()["duplicate"]()
        answers = classifier.classify(Batch(texts=batch, names=names, known=known))
        found += [one.answers for one in answers]
    return found


def test_the_first_of_a_group_is_named_by_the_others_across_batches() -> None:
    text = "La bibliothèque ferme lundi pour travaux jusqu'à nouvel ordre"
    assert groups([[text], [f"RT @alice: {text}", f"{text} !!! https://a.example"]]) == [
        (), ("bluesky:0",), ("bluesky:0",),
    ]  # fmt: skip


def test_a_copy_of_a_copy_is_of_the_same_group() -> None:
    text = "La bibliothèque ferme lundi pour travaux jusqu'à nouvel ordre merci à tous"
    near, nearer = f"Info {text} bonne journée", f"Info {text} bonne journée les amis"
    assert groups([[text], [near], [nearer], [nearer]])[1:] == [("bluesky:0",)] * 3


@pytest.mark.parametrize("text", ["merci", "Bravo !", "", "👏"])
def test_one_word_is_nobodys_copy(text: str) -> None:
    assert groups([[text, text]]) == [(), ()]


def test_short_texts_are_copies_only_to_the_letter() -> None:
    assert groups([["Merci beaucoup", "merci beaucoup !", "merci beaucoup à"]]) == [
        (), ("bluesky:0",), (),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("likeness", "least"), [(Compared(), 0.95), (Sketched(), 0.85)], ids=["compared", "sketched"]
)
def test_altered_copies_are_found_and_others_are_not(likeness: Likeness, least: float) -> None:
    known, strangers = texts(KNOWN, seed=1), texts(KNOWN + COPIED, seed=1)[KNOWN:]
    chance = random.Random(2)
    copies = [WAYS[place % len(WAYS)](known[place], chance) for place in range(COPIED)]
    likeness.nearest(read(known))
    found = likeness.nearest(read(copies))
    right = sum(one is not None and one[0] == place for place, one in enumerate(found))
    wrong = sum(one is not None for one in likeness.nearest(read(strangers)))
    assert right / COPIED >= least
    assert wrong / COPIED <= 0.02


def test_a_large_archive_is_searched_by_buckets() -> None:
    assert isinstance(Archive(expected=100_001).likeness, Sketched)
    assert isinstance(Archive(expected=100_000).likeness, Compared)
