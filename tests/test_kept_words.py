"""Sentences kept unsaid are said later in the language that is read then, facts included."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as some

from vigie.words import Value, Words, _, kept, plural, say, unsaid

MOMENT = datetime(2026, 10, 20, 12, 30, tzinfo=UTC)


class Rank:
    """A fact that says itself."""

    def spoken(self, language: str) -> str:
        return {"fr": "1er", "en": "1st"}[language]


SENTENCES = [
    _("The delivery is not JSON."),
    _("{source} has no options.", source=_("The pond {deep}", deep=3)),
    _("{name} must be a number, not {value}.", name="a", value="« 1 »"),
    plural("{count} account was left", "{count} accounts were left", count=1200),
    _("{a} {b} {c} {d} {e}", a=1.5, b=None, c=True, d=MOMENT, e=date(2026, 1, 31)),
    _("{rank} of all", rank=Rank()),
    _("{folder} holds no published edition: {file} is missing. Give the folder of a revision.",
      folder="a", file="b"),
]  # fmt: skip


@pytest.mark.parametrize("words", SENTENCES, ids=str)
@pytest.mark.parametrize("language", ["fr", "en"])
def test_kept_sentence_is_said_as_if_it_had_not_been_kept(words: Words, language: str) -> None:
    assert say(unsaid(kept(words)), language) == say(words, language)


def test_kept_sentence_is_read_in_french_with_its_facts() -> None:
    words = _("{url} is not a web page.", url="https://ashby.example")
    assert say(unsaid(kept(words)), "fr") == "https://ashby.example n’est pas une page web."


@pytest.mark.parametrize("text", ["The pond is frozen.", "{", '{"a": 1}', "{name} is odd", "[1]"])
def test_sentence_of_before_is_shown_as_it_is(text: str) -> None:
    assert (say(unsaid(text), "fr"), say(unsaid(text), "en")) == (text, text)


@given(fact=some.text() | some.integers(-(10**18), 10**18) | some.floats(-1e15, 1e15) | some.none())
def test_any_fact_can_be_kept_and_said(fact: Value) -> None:
    text = kept(_("It is {fact}.", fact=fact))
    text.encode()
    say(unsaid(text), "fr")


def test_half_a_character_can_be_kept() -> None:
    assert say(unsaid(kept(_("It is {fact}.", fact="cut \ud83d"))), "en") == "It is cut ?."
