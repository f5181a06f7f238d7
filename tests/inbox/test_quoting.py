"""What someone wrote above a mail that they answer."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vigie.inbox.quoting import own_words

OURS = """##- Write your answer above this line ##-

Hello Alice,

Marie asks Library:

    When do you open?

Answer here, without an account: https://vigie.example/answer/abc.def~ghi/"""
GMAIL = "Le jeu. 1 oct. 2026 à 14:00, Vigie <vigie@northfield.example> a écrit :"
WAYS = {
    "gmail": f"\n\n{GMAIL}\n\n" + "\n".join(f"> {line}" for line in OURS.split("\n")),
    "gmail broken": "\n\nLe jeu. 1 oct. 2026 à 14:00, Vigie <\nvigie@northfield.example> a écrit :"
    "\n\n" + "\n".join(f"> {line}" for line in OURS.split("\n")),
    "thunderbird": "\n\nOn 01/10/2026 14:00, Vigie wrote:\n"
    + "\n".join(f"> {line}" for line in OURS.split("\n")),
    "outlook": "\n\n________________________________\nDe : Vigie <vigie@northfield.example>\n"
    f"Envoyé : jeudi 1 octobre 2026 14:00\nÀ : Alice\nObjet : Une question\n\n{OURS}",
    "outlook without a line": "\n\nFrom: Vigie <vigie@northfield.example>\n"
    f"Sent: Thursday, 1 October 2026\nTo: Alice\nSubject: A question\n\n{OURS}",
    "iphone": f"\n\nEnvoyé de mon iPhone\n\n> {GMAIL}\n> \n"
    + "\n".join(f"> {line}" for line in OURS.split("\n")),
    "signature": f"\n\n-- \nAlice Martin\nBibliothèque\n\n{GMAIL}\n> x",
    "unforeseen": f"\n\nVigie <vigie@northfield.example> skrev 1. okt.:\n\n{OURS}",
    "mark alone": f"\n\n{OURS}",
    "nothing": "",
}
plain = st.lists(
    st.text(st.characters(categories=("L", "N", "Zs"), include_characters=",.!?’()"), min_size=1,
            max_size=60).map(lambda line: f"A {line}"),
    min_size=1, max_size=8,
)  # fmt: skip


@pytest.mark.parametrize("way", WAYS)
def test_words_above_are_the_answer_however_the_mail_is_quoted(way: str) -> None:
    found = own_words("Bonjour,\n\nÀ huit heures.\nAlice" + WAYS[way])
    assert found.words == "Bonjour,\n\nÀ huit heures.\nAlice"
    assert found.is_certain


@pytest.mark.parametrize("way", [way for way in WAYS if way != "nothing"])
@given(lines=plain)
def test_nothing_of_the_mail_is_left_and_nothing_of_the_answer_lost(
    way: str, lines: list[str]
) -> None:
    found = own_words("\n".join(lines) + WAYS[way])
    assert found.words.split() == " ".join(lines).split()


@given(text=st.text())
def test_no_text_breaks_it_and_no_link_is_left(text: str) -> None:
    found = own_words(text + "\nhttps://vigie.example/answer/secret~secret/\n" + text)
    assert "secret~secret" not in found.words


@pytest.mark.parametrize("text", [
    f"{GMAIL}\n> When do you open?\nAt eight.\n> And close?\nAt six.",
    "Yes.\n> When?\nAt eight.",
    "> all of it\n> is quoted",
    "",
    "See https://vigie.example/answer/abc/",
    "Yes\nTo: somebody",
])  # fmt: skip
def test_what_is_not_sure_is_said_so(text: str) -> None:
    assert not own_words(text).is_certain


def test_answer_below_the_mail_is_found_and_doubtful() -> None:
    found = own_words("> When do you open?\n\nAt eight.")
    assert (found.words, found.is_certain) == ("At eight.", False)
