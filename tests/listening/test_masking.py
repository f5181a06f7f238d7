"""Names are taken out of posts, and nothing else."""

from __future__ import annotations

import pytest

from tests.cast import NORTHFIELD, NORTHFIELD_BLUESKY, SOUTHBRIDGE
from tests.listening.said import said
from vigie.listening.corpus import corpus_of
from vigie.listening.masking import Mask, names_of, own_words, signatures
from vigie.model import Institution

NAMES = {
    "northfield": names_of(NORTHFIELD, [NORTHFIELD_BLUESKY]),
    "southbridge": names_of(SOUTHBRIDGE, []),
}


def masked(text: str, *tags: str) -> str:
    """Return a post without names, as plain words."""
    mask = Mask(names=own_words(NAMES), signatures=frozenset(tags))
    return " ".join(mask.spoken(text).masked.replace(".", " ").split())


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Northfield opens its library", "opens its library"),
        ("UNF opens, and so does @northfield.example", "opens, and so does"),
        ("Southbridge’s neighbours", "’s neighbours"),
        ("#NorthfieldProud of our students", "of our students"),
        ("Read it https://northfield.example/a", "Read it"),
        ("The university of the sea", "The university of the sea"),
        ("A field in the north", "A field in the north"),
    ],
)
def test_names_handles_links_and_named_hashtags_go(text: str, left: str) -> None:
    assert masked(text) == left


def test_a_name_is_found_with_an_ending() -> None:
    bern = Institution(institution="bfh", name="Berner Fachhochschule", city="Bern")
    mask = Mask(names=own_words({"bfh": names_of(bern, [])}))
    assert mask.spoken("Die Berner in Bern, Bernstein nicht").masked.split() == [
        "Die", ".", "in", ".", ",", "Bernstein", "nicht",
    ]  # fmt: skip


def test_a_word_in_many_names_names_nobody() -> None:
    mines = {f"m{n}": frozenset({"mines", f"ville{n}"}) for n in range(6)}
    others = {f"o{n}": frozenset({f"lieu{n}"}) for n in range(10)}
    assert "mines" not in own_words({**mines, **others})
    assert "ville1" in own_words({**mines, **others})


def test_a_hashtag_that_one_alone_uses_again_and_again_is_a_signature() -> None:
    posts = [("northfield", f"#OurSea number {n}") for n in range(10)]
    posts += [("northfield", "#Shared"), ("southbridge", "#Shared")] * 10
    assert signatures(posts) == {"oursea"}


def test_a_signature_goes_and_the_word_stays() -> None:
    assert masked("#OurSea is our sea, #Shared too", "oursea") == "is our sea, #Shared too"


def test_what_is_posted_twice_counts_once() -> None:
    posts = said("northfield", 10)
    assert len(corpus_of([*posts, *said("northfield", 10)], NAMES)) == len(posts)


def test_a_post_of_names_alone_is_left_out() -> None:
    (only,) = said("northfield", 1)
    bare = type(only)(**{**vars(only), "text": "Northfield! @northfield.example"})
    assert len(corpus_of([bare], NAMES)) == 0
