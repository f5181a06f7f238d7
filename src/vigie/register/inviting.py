"""The mail that brings someone the link by which they choose a password."""

from __future__ import annotations

from vigie.register.models import Person
from vigie.register.telling import FAILURES, Letter, write
from vigie.words import _, say


def letter_of(person: Person, link: str, *, language: str) -> Letter:
    """Write the mail, in the language of the person."""
    wanted = person.language or language
    name = person.user.get_username() if person.user else ""
    parts = (
        _("Hello {name},", name=str(person)),
        _("you may sign in to Vigie as {name}. Choose your password here:", name=name),
        link,
        _("The link works once, within three days. Nobody will ever ask you for the password. If "
          "you did not expect this mail, leave it: nothing happens."),
    )  # fmt: skip
    return Letter(
        subject=say(_("Your password for Vigie"), wanted),
        text="\n\n".join(say(part, wanted) for part in parts),
        headers={"Auto-Submitted": "auto-generated"},
    )


def mailed(person: Person, link: str, *, language: str) -> bool:
    """Send the link to its person; false where it could not be sent, or there is no address."""
    if not person.address:
        return False
    try:
        write(letter_of(person, link, language=language), to=[person.address])
    except FAILURES:
        return False
    return True
