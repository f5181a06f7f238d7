"""Saved replies are checked when they are kept, and speak the person's language."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from tests.inbox.test_contacts import ADMINISTRATOR
from tests.inbox.test_sending import ANSWERER
from vigie.errors import ForbiddenError, InboxError
from vigie.inbox.models import Conversation, SavedReply
from vigie.inbox.saved_replies import drop, fitting, put, use
from vigie.inbox.writing import slip_of
from vigie.register.models import Service

KEEPER = replace(ANSWERER, eyes=ADMINISTRATOR)
Ask = Callable[..., Conversation]


def kept(**words: str) -> SavedReply:
    return put(title="Card", words=words, service=None, hand=KEEPER)


@pytest.mark.parametrize(
    ("text", "named"), [("Hello {nom}", "{nom}"), ("Hello {", "alone"), ("Hello {}", "{}")]
)
def test_wrong_placeholder_is_named(text: str, named: str, db: None) -> None:
    with pytest.raises(InboxError) as refused:
        kept(en=text)
    assert named in str(refused.value.words)
    assert not SavedReply.objects.exists()


@pytest.mark.parametrize("given", [{"title": " "}, {"words": {}}, {"words": {"xx": "Hello"}}])
def test_reply_without_title_or_words_is_refused(given: dict[str, object], db: None) -> None:
    asked = {"title": "Card", "words": {"en": "Hello"}, "service": None, **given}
    with pytest.raises(InboxError, match="title"):
        put(hand=KEEPER, **asked)  # type: ignore[arg-type]  # each case breaks one of them


def test_reply_speaks_the_language_of_the_person(asked: Ask) -> None:
    reply, conversation = kept(fr="Bonjour {name} !", en="Hello {name}!"), asked(language="fr")
    assert use(reply, conversation, "", hand=ANSWERER, otherwise="en") == "Bonjour Student 1 !"
    conversation.contact.language = "en"
    assert use(reply, conversation, "", hand=ANSWERER, otherwise="fr") == "Hello Student 1!"


def test_what_is_written_already_stays_before_it(asked: Ask) -> None:
    words = use(kept(en="The card is here."), asked(), "Dear all,", hand=ANSWERER, otherwise="fr")
    assert words == "Dear all,\n\nThe card is here."
    assert SavedReply.objects.get().used == 1


def test_blank_without_a_name_leaves_no_gap(asked: Ask) -> None:
    conversation = asked()
    conversation.contact.name = ""
    words = use(kept(en="Hello {name}, it is here."), conversation, "", hand=ANSWERER,
                otherwise="en")  # fmt: skip
    assert words == "Hello, it is here."


def test_reply_of_another_service_does_not_fit(asked: Ask, library: Service) -> None:
    put(title="Loan", words={"en": "Renew it."}, service=library, hand=KEEPER)
    common = kept(en="Hello")
    assert list(fitting(asked())) == [common]
    assert fitting(asked(service=library)).count() == 2


def test_who_only_answers_keeps_no_saved_reply(db: None) -> None:
    with pytest.raises(ForbiddenError):
        put(title="Card", words={"en": "Hello"}, service=None, hand=ANSWERER)
    with pytest.raises(ForbiddenError):
        drop(kept(en="Hello"), hand=ANSWERER)


@pytest.mark.parametrize(
    ("words", "wanted", "written"),
    [
        ("Bonjour, votre carte d’étudiant vous attend à l’accueil.", "en", "fr"),
        ("Bonjour, votre carte d’étudiant vous attend à l’accueil.", "fr", None),
        ("Bonjour, votre carte d’étudiant vous attend à l’accueil.", "", None),
        ("OK", "fr", None),
    ],
)
def test_reply_in_another_language_is_noticed(words: str, wanted: str, written: str | None) -> None:
    slip = slip_of(words, wanted)
    assert (slip.written if slip else None) == written
