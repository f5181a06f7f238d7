from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.listening import at_random
from tests.listening.slow_and_obvious import NOTHING_KNOWN, Text, is_caught
from vigie.collect.connecting import connect
from vigie.listening.query import Query, parse
from vigie.listening.searching import before_labels, query_of, searches


def asked(query: str, name: str) -> tuple[str, ...]:
    return searches(parse(query), connect(name, secrets=SECRETS[name]), name="rentree").words


SECRETS: dict[str, dict[str, str]] = {
    "x": {}, "youtube": {}, "bluesky": {"service": "https://pds.example"},
    "mastodon": {"token": "t"}, "threads": {},
}  # fmt: skip


@pytest.mark.parametrize(
    ("query", "network", "words"),
    [
        ("rentrée", "bluesky", ("rentrée",)),
        ("rentrée", "x", ("rentrée OR rentree",)),
        ("rentrée", "threads", ("rentrée", "rentree")),
        ('"dossier d\'inscription" bug', "bluesky", ('"dossier inscription" bug',)),
        ("bug OR panne", "bluesky", ("bug", "panne")),
        ("bug OR panne", "x", ("bug OR panne",)),
        ("(bug OR panne) inscription", "x", ("(inscription bug) OR (inscription panne)",)),
        ("(bug OR panne) inscription", "youtube", ("inscription",)),
        ("bug NEAR/5 inscription", "bluesky", ("inscription bug",)),
        ("bug NOT inscription lang:fr", "bluesky", ("bug",)),
        ("inscri* bug", "bluesky", ("bug",)),
        ('"inscri* ouverte"', "bluesky", ("ouverte",)),
        ("raw:UNF", "bluesky", ("UNF",)),
        ("#RentréeParis8", "mastodon", ("#RentréeParis8",)),
        ("@univ_paris8", "x", ("@univ_paris8",)),
        ("a OR (a b)", "bluesky", ("a",)),
    ],
)
def test_network_is_asked_for_more_in_its_own_words(
    query: str, network: str, words: tuple[str, ...]
) -> None:
    assert asked(query, network) == words


@pytest.mark.parametrize("query", ["NOT bug", "lang:fr", "inscri*", "bug OR NOT panne", "is:reply"])
def test_query_without_a_word_that_must_be_there_asks_nobody(query: str) -> None:
    found = searches(parse(query), connect("x"), name="q")
    assert found.asks == ()
    assert "Add one" in str(found.refusal)


def test_network_that_is_left_out_is_not_asked() -> None:
    found = searches(parse("bug network:bluesky"), connect("x"), name="q")
    assert "leaves this network out" in str(found.refusal)


def test_network_that_cannot_be_searched_says_why() -> None:
    assert "feed" in str(searches(parse("bug"), connect("rss"), name="q").refusal)


def test_too_many_questions_are_said_to_be_too_many() -> None:
    query = " OR ".join(f"mot{number}" for number in range(9))
    found = searches(parse(query), connect("bluesky", secrets=SECRETS["bluesky"]), name="q")
    assert len(found.asks) == 8
    assert "9 questions" in str(found.limits[0])


def test_long_questions_are_parted() -> None:
    query = " OR ".join(f"quelquechose{number}" for number in range(60))
    found = searches(parse(query), connect("x"), name="q")
    assert len(found.asks) > 1
    assert all(len(words) <= 480 for words in found.words)


def test_finds_of_each_question_lead_back_to_the_query() -> None:
    found = searches(parse("bug OR panne"), connect("threads"), name="student-life")
    subjects = [ask.subject.subject for ask in found.asks]
    assert len(set(subjects)) == 2
    assert {query_of(subject) for subject in subjects} == {"student-life"}


@given(query=at_random.queries, texts=st.lists(at_random.texts, min_size=1, max_size=10))
@settings(max_examples=80, deadline=None)
def test_sifting_before_labels_keeps_all_that_is_wanted(query, texts: list[Text]) -> None:
    sifts = before_labels(Query(query))
    for text in texts:
        labels = ("intents", "services", "tone", "urgency", "entities", "language", "subjects")
        unlabelled = {**text.row, **dict.fromkeys(labels), "institutions": None}
        if is_caught(query, text) and sifts is not None and not _names_whom(query):
            assert sifts.matches(unlabelled)


def _names_whom(query) -> bool:
    return "to:" in str(query)


def test_sifting_asks_for_the_words_and_leaves_the_labels() -> None:
    sifts = before_labels(parse("bug intent:question NOT tone:positive NOT panne"))
    assert str(sifts) == "bug AND NOT panne"
    assert before_labels(parse("lang:fr OR bug")) is None
    assert replace(sifts) == sifts
    assert sifts.matches({**NOTHING_KNOWN, "text": "un bug"})
