"""Conversations are found by their words, by those who may see them and by nobody else."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from tests.cast import NOON
from tests.inbox.pigeon import letter, loft
from tests.inbox.test_contacts import ADMINISTRATOR
from tests.inbox.test_sending import ANSWERER
from vigie.inbox import changes, contacts
from vigie.inbox.admission import Office
from vigie.inbox.erasing import forget
from vigie.inbox.models import Arrival, Contact, Conversation, Message, Wording
from vigie.inbox.searching import found, note_words
from vigie.inbox.sought import Term, sought
from vigie.inbox.visible import visible
from vigie.register.models import Service

Bring = Callable[..., list[Arrival]]


def threads(text: str) -> list[str]:
    """Return the threads of the conversations found by those who answer everywhere."""
    rows = found(visible(ANSWERER.eyes), sought(text))
    return sorted(rows.values_list("thread", flat=True))


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("Étudiant", [Term(words=("etudiant",), is_beginning=True)]),
        ("cas", [Term(words=("cas",))]),
        ("cas*", [Term(words=("cas",), is_beginning=True)]),
        ("« carte perdue »", [Term(words=("carte", "perdue"))]),
        ('"carte perdue', [Term(words=("carte", "perdue"))]),
        ("l’œuvre", [Term(words=("l", "oeuvre"), is_beginning=True)]),
        ('?! "" *', []),
    ],
)
def test_what_is_typed_is_read(text: str, terms: list[Term]) -> None:
    assert list(sought(text).terms) == terms


@pytest.fixture
def written(bring: Bring) -> None:
    """Three conversations: a lost card in French, a loan in English, a name that is sought."""
    bring(
        loft(
            letter("card", words="Ma carte d’ÉTUDIANT est perdue, où aller ?"),
            letter("loan", words="How do I renew a loan? The card works."),
            letter("name", author="Hélène Lefèvre", words="Bonjour"),
        )
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("etudiant", ["card"]),
        ("Étudiant perdue", ["card"]),
        ("perd", ["card"]),
        ("per", []),
        ("per*", ["card"]),
        ('"perd"', []),
        ("« est perdue »", ["card"]),
        ("« perdue est »", []),
        ("helene", ["name"]),
        ("lefevre BONJOUR", ["name"]),
        ("card*", ["loan"]),
        ("carte card", []),
        ("absent", []),
        ("?!", []),
        ("", ["card", "loan", "name"]),
        ('AND OR NOT ( ) : ^ " -', []),
        ("words:card", []),
    ],
)
def test_words_find_conversations(text: str, expected: list[str], written: None) -> None:
    assert threads(text) == expected


def test_phrase_does_not_reach_into_the_next_message(bring: Bring) -> None:
    bring(loft(letter("1", words="green"), letter("2", thread="1", words="house")))
    assert threads("house green") == ["1"]
    assert threads('"house green"') == threads('"green house"') == []


def test_word_of_a_confidential_service_is_neither_found_nor_counted(
    written: None, health: Service
) -> None:
    Conversation.objects.filter(thread="card").update(service=health)
    assert threads("etudiant") == []
    assert found(visible(ANSWERER.eyes), sought("carte")).count() == 0


def test_our_answer_is_found_until_it_is_taken_back(written: None) -> None:
    message = changes.reply(Conversation.objects.get(thread="loan"), "À l’accueil", hand=ANSWERER)
    assert threads("accueil") == ["loan"]
    changes.take_back(message, hand=ANSWERER)
    assert threads("accueil") == []


def test_what_its_author_took_down_is_not_found(written: None, bring: Bring) -> None:
    bring(loft({"key": "loan", "gone": True}))
    assert threads("renew") == []


def test_new_name_of_a_contact_is_found_and_the_old_one_is_not(written: None) -> None:
    contact = Contact.objects.get(name="Hélène Lefèvre")
    contact.handles.update(address="h", shown="")
    contacts.put(contact, {"name": "Hélène Martin"}, hand=ANSWERER)
    assert (threads("martin"), threads("lefevre")) == (["name"], [])


def test_merged_contacts_are_found_by_both_names_until_it_is_undone(written: None) -> None:
    first, second = Contact.objects.get(name="student1"), Contact.objects.get(name="Hélène Lefèvre")
    merged = contacts.merge(first, second, hand=ANSWERER)
    assert threads("lefevre") == ["card", "loan", "name"]
    contacts.undo(merged, hand=ANSWERER)
    assert threads("lefevre") == ["name"]


def test_erasure_takes_the_words_out_of_the_index(written: None, office: Office) -> None:
    contact = Contact.objects.get(name="student1")
    forget(contact, eyes=ADMINISTRATOR, mark=office.mark, home=office.home, now=NOON)
    assert threads("carte") == threads("student1") == []
    assert Wording.objects.count() == 1


def test_words_go_with_their_conversation(written: None) -> None:
    Message.objects.all().delete()
    Conversation.objects.all().delete()
    assert threads("carte") == []
    assert not Wording.objects.exists()


def test_of_an_endless_conversation_the_newest_words_are_found(bring: Bring) -> None:
    bring(loft(letter("1", words="oldest " + "filling " * 50_000)))
    later = (NOON + timedelta(hours=1)).isoformat()
    bring(loft(letter("2", thread="1", words="newest", at=later)))
    note_words(Conversation.objects.values_list("pk", flat=True))
    assert threads("newest") == ["1"]
