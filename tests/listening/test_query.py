import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.listening import at_random
from tests.listening.saying import answered
from tests.listening.slow_and_obvious import NOTHING_KNOWN, Text, is_caught
from tests.query_reference import language_page
from vigie.annotate import classifiers
from vigie.annotate.classifier import Classifier
from vigie.errors import QueryError
from vigie.listening.query import Query, parse
from vigie.listening.query_fields import FIELDS
from vigie.plugins import members
from vigie.words import say


def matches(query: str, text: str, **known: object) -> bool:
    return parse(query).matches({**NOTHING_KNOWN, **known, "text": text})


# ── one meaning, however it is asked ──────────────────────────────────────────────────


@given(query=at_random.queries, texts=st.lists(at_random.texts, min_size=1, max_size=20))
@settings(max_examples=150, deadline=None)
def test_live_answer_is_the_obvious_one(query, texts: list[Text]) -> None:
    read = parse(str(query))
    assert [read.matches(text.row) for text in texts] == [is_caught(query, text) for text in texts]


@given(query=at_random.queries, texts=st.lists(at_random.texts, min_size=20, max_size=40))
@settings(max_examples=25, deadline=None)
def test_duckdb_answers_the_obvious(query, texts: list[Text]) -> None:
    assert answered(Query(query), texts) == [is_caught(query, text) for text in texts]


@given(query=at_random.queries)
def test_canonical_form_reads_as_the_same_query(query) -> None:
    assert parse(str(query)) == Query(query)


@given(text=st.text(alphabet='abc "()*?:/#@-«»NEARO5ORTANDEU,.\n', max_size=40))
@settings(max_examples=300)
@example("555?*:5")
def test_whatever_is_typed_is_read_or_refused_in_its_place(text: str) -> None:
    try:
        read = parse(text)
    except QueryError as error:
        wrong = error
    else:
        assert parse(str(read)) == read
        return
    assert 0 <= wrong.position <= len(text)
    assert wrong.pointed.endswith("^")


# ── what a word is ────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("inscription", "L’inscription est ouverte."),
        ("l'inscription", "une INSCRIPTION"),
        ("rentrée", "la RENTREE"),
        ("coeur", "au cœur"),
        ("cœur", "au coeur"),
        ("strasse", "die Straße"),
        ("rentrée", "Demain #RentréeParis8 !"),
        ('"rentrée paris 8"', "Demain #RentréeParis8 !"),
        ("rentreeparis8", "Demain #RentréeParis8 !"),
        ("#rentreeparis8", "Demain #RentréeParis8 !"),
        ("paris8", "#Paris8"),
        ("P1", "#P1 en grève"),
        ("univ", "@univ_paris8 merci"),
        ("@univ_paris8", "merci @univ_paris8"),
        ("scpo", "merci @scpo.bsky.social"),
        ("porte-parole", "le porte parole"),
        ("aujourd’hui", "c'est aujourd'hui"),
        ("inscri*", "les inscriptions"),
        ("*ation", "une candidature, une formation"),
        ("organi?ation", "an organisation"),
        ('"comment s\'inscrire ?"', "Comment s’inscrire ?"),
        ("大学", "東京大学です"),
        ("inscription", "𝗜𝗻𝘀𝗰𝗿𝗶𝗽𝘁𝗶𝗼𝗻"),
        ("inscription", "ins\u00adcription"),
    ],
)
def test_word_is_found(query: str, text: str) -> None:
    assert matches(query, text)


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("inscription", "inscriptions"),
        ("social", "merci @scpo.bsky.social"),
        ("example", "voir https://northfield.example/a"),
        ("#rentree", "la rentrée"),
        ("rentree", "#larentree"),
        ("raw:UNF", "unf"),
        ("raw:rentree", "rentrée"),
        ('"paris 8"', "Paris est à 8 heures, non ?"),
    ],
)
def test_word_is_not_found(query: str, text: str) -> None:
    assert not matches(query, text)


# ── how words are joined ──────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("query", "is_found"),
    [
        ("bug inscription", True),
        ("bug ET inscription", True),
        ("bug panne", False),
        ("bug OU panne", True),
        ("bug SAUF panne", True),
        ("bug -inscription", False),
        ("panne OR bug inscription", True),
        ("(panne OR bug) NOT inscription", False),
        ("bug NEAR/2 inscription", False),
        ("bug NEAR/3 inscription", True),
        ("inscription NEAR/3 bug", True),
        ("inscription ONEAR/3 bug", False),
        ('(panne OR bug) ONEAR/1 "ma pauvre"', True),
        ("bug NEAR/9 bug", False),
    ],
)
def test_words_are_joined(query: str, is_found: bool) -> None:
    assert matches(query, "Encore un bug dans ma pauvre inscription") is is_found


def test_operators_are_written_in_capitals() -> None:
    assert parse("bug ou panne").words == ("bug", "ou", "panne")


def test_unknown_is_not_what_is_asked_for_and_is_what_is_excluded() -> None:
    assert not matches("tone:negative", "bug")
    assert matches("bug NOT tone:negative", "bug")


@pytest.mark.parametrize(
    ("query", "canonical"),
    [
        ("bug,panne  ET (école)", '"bug panne" AND ecole'),
        ("a OU (b OU c)", "a OR b OR c"),
        ("a (b c)", "a AND b AND c"),
        ("SAUF (SAUF a)", "a"),
        ("intent:(question OU complaint)", "intent:question,complaint"),
        ("since:2026 until:2026-02", "since:2026-01-01 AND until:2026-02-28"),
        ("https://Northfield.example/A", "url:https://northfield.example/a"),
        ("FROM:@northfield.example", "from:northfield.example"),
        ("hashtag:#RentréeParis8", "hashtag:rentreeparis8"),
        ("“porte parole”", '"porte parole"'),
        ("« porte parole »", '"porte parole"'),
        ("a NEAR/2 b ONEAR/0 c", "a NEAR/2 b ONEAR/0 c"),
    ],
)
def test_query_has_one_canonical_form(query: str, canonical: str) -> None:
    assert str(parse(query)) == canonical


def test_words_and_handles_of_a_query_can_be_listed() -> None:
    query = parse('bug -"jean dupont" (a NEAR/2 b) from:northfield.example @alice')
    assert query.words == ("bug", "jean dupont", "a", "b")
    assert query.people == ("northfield.example", "alice")


@pytest.mark.parametrize(
    ("query", "is_negative"),
    [("NOT a", True), ("a NOT b", False), ("a OR NOT b", True), ("NOT a NOT b", True)],
)
def test_query_that_only_excludes_is_recognised(query: str, is_negative: bool) -> None:
    assert parse(query).is_negative is is_negative


# ── what is refused ───────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("query", "position", "words"),
    [
        ("", 0, "at least one word"),
        ("a AND", 5, "after AND"),
        ("AND a", 0, "Before AND"),
        ("a OR OR b", 5, "Before OR"),
        ("a AND (b OR c", 6, "never closed"),
        ("a)", 1, "closes nothing"),
        ("()", 1, "Before this parenthesis closes"),
        ('a "b c', 2, "quotation mark is never closed"),
        ("a lagn:fr", 2, "nearest is lang:"),
        ("intent:question,compliant", 16, "nearest is complaint"),
        ("since:2026-13", 6, "since:2026-09"),
        ("since:2026,2027", 11, "takes one value"),
        ("lang:", 0, "lang:fr"),
        ("a NEAR b", 2, "NEAR/5"),
        ("a NEAR/99 b", 2, "from 0 to 50"),
        ("a NEAR/5 (b NOT c)", 10, "has no place"),
        ("a NEAR/5 lang:fr", 9, "has no place"),
        ("ab*", 0, "at least 3"),
        ("bug ?", 4, "question mark"),
        ("bug !!!", 4, "no letter"),
        ("raw:", 0, "raw:"),
        ("url:", 0, "url:"),
        ("a #", 2, "after #"),
        ("(" * 41 + "a" + ")" * 41, 40, "nested"),
        ("NOT " * 41 + "a", 160, "nested"),
        ("a " * 301, 600, "Make two"),
        ("a" * 5001, 5000, "Make two"),
    ],
)
def test_mistake_is_shown_in_its_place(query: str, position: int, words: str) -> None:
    with pytest.raises(QueryError) as caught:
        parse(query)
    assert caught.value.position == position
    assert words in str(caught.value)
    assert say(caught.value.words, "fr") != str(caught.value)


def test_caret_stands_under_the_mistake() -> None:
    with pytest.raises(QueryError) as caught:
        parse("bug\nET lagn:fr")
    assert caught.value.pointed == "ET lagn:fr\n   ^"


def test_values_of_fields_are_the_answers_of_their_classifiers() -> None:
    known = members(classifiers, Classifier)
    for field in ("intent", "service", "tone", "urgency"):
        assert FIELDS[field].values == tuple(known[field].answers)


EXAMPLE = re.compile(r"`([^`]+)`")


def test_examples_of_the_language_page_are_read() -> None:
    rows = [line for line in language_page() if line.startswith("| `")]
    written = [found for row in rows for found in EXAMPLE.findall(row.split("|")[1])]
    fields = [found for row in rows for found in EXAMPLE.findall(row) if ":" in found[:-1]]
    for shown in (*written, *fields):
        if not shown.endswith(":"):
            parse(shown)
