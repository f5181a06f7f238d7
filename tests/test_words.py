"""Every shown sentence is said in French too, with real typography and the same placeholders."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from string import Formatter
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation

from tests.words import catalogue, sentences, typeset
from vigie.web.sentences import file_size
from vigie.words import _, plural, say

FRENCH = {
    message.id if isinstance(message.id, str) else message.id[0]: message for message in catalogue()
}
"""English sentence → its message; several plural forms under the first."""
LOOSE = re.compile(r"(?<![\u202f\u00a0])[;:!?»](?=\s|$)|«(?![\u202f\u00a0])")
"""A sign that wants a no-break space before it (or after an opening quote) and has none."""


def said(identifier: str) -> list[str]:
    string = FRENCH[identifier].string if identifier in FRENCH else ""
    return [string] if isinstance(string, str) else list(string)


def placeholders(text: str) -> set[str]:
    named = {name for _text, name, _spec, _conversion in Formatter().parse(text) if name}
    return named | set(re.findall(r"%\((\w+)\)s", text))


def first(sentence: str | tuple[str, str]) -> str:
    return sentence if isinstance(sentence, str) else sentence[0]


def test_every_sentence_is_said_in_french() -> None:
    missing = sorted(first(one) for one in sentences() if not all(said(first(one))))
    assert missing == []


def test_a_translation_keeps_the_placeholders() -> None:
    wrong = [
        first(one)
        for one in sentences()
        for text in said(first(one))
        if text
        and not placeholders(text) <= placeholders("".join([one] if isinstance(one, str) else one))
    ]
    assert wrong == []


def test_french_signs_stand_behind_a_narrow_space() -> None:
    loose = [text for one in FRENCH if one for text in said(one) if LOOSE.search(text)]
    assert loose == []


@pytest.mark.parametrize(("loose", "right"), [
    ("Trop : « tard » !", "Trop\u00a0: «\u00a0tard\u00a0»\u202f!"),
    ("Quand\u202f: «\u202fla nuit\u202f». Où ?", "Quand\u00a0: «\u00a0la nuit\u00a0». Où\u202f?"),
    ("Ouvert de 08:00 à url:exemple", "Ouvert de 08:00 à url:exemple"),
])  # fmt: skip
def test_french_spaces_are_those_of_the_printers(loose: str, right: str) -> None:
    assert (typeset(loose), typeset(right)) == (right, right)


def test_the_catalogue_is_typeset() -> None:
    # A sentence of a merge is typeset when the words are gathered: python -m tests.words.
    loose = [text for one in FRENCH if one for text in said(one) if typeset(text) != text]
    assert loose == []


def test_french_apostrophes_are_curly() -> None:
    straight = [text for one in FRENCH for text in said(one) if re.search(r"\w'\w", text)]
    assert straight == []


def test_numbers_are_written_as_the_reader_writes_them() -> None:
    assert say(_("{n} posts", n=12_345), "fr").startswith("12\u202f345")


def test_dates_are_written_as_the_reader_writes_them() -> None:
    assert say(_("{day}", day=date(2026, 10, 1)), "fr") == "1ᵉʳ octobre 2026"
    assert say(_("{day}", day=date(2026, 10, 1)), "en") == "1 October 2026"


def test_a_moment_is_said_to_the_minute_and_with_its_zone_where_it_is_not_ours() -> None:
    meant = datetime(2026, 11, 28, 11, 52, 7, tzinfo=UTC)
    assert say(_("{moment}", moment=meant), "en") == "28 November 2026, 11:52 UTC"
    local = meant.astimezone(ZoneInfo("Europe/Paris"))
    assert say(_("{moment}", moment=local), "fr") == "28 novembre 2026, 12:52"


@pytest.mark.parametrize(("count", "shown"), [(1, "1 row"), (2, "2 rows")])
def test_a_count_chooses_the_sentence(count: int, shown: str) -> None:
    assert say(plural("{count} row", "{count} rows", count=count), "en") == shown


@pytest.mark.parametrize(("count", "shown"), [
    (0, "1 ko"), (1_500, "1 ko"), (2**20, "1 Mo"), (20 * 2**20 + 2**19, "20,5 Mo"),
])  # fmt: skip
def test_a_size_is_said_in_the_units_of_the_reader(count: int, shown: str) -> None:
    with translation.override("fr"):
        assert file_size(count) == shown


def test_a_name_is_not_translated() -> None:
    assert say("Rows", "fr") == "Rows"
