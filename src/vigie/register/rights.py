"""What each role may do: what is not listed is refused."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from vigie.errors import ForbiddenError
from vigie.words import _

ROLES = ("reader", "answerer", "editor", "administrator")
"""The roles, each with what the one before may do."""

READ_REGISTER = "register.read_register"
CHANGE_REGISTER = "register.change_register"
IMPORT_FILES = "register.import_files"
PUBLISH_EDITIONS = "register.publish_editions"
CHANGE_PEOPLE = "register.change_people"
READ_LOG = "register.read_log"
READ_SOURCES = "sources.read"
RUN_SOURCES = "sources.run"
CONNECT_SOURCES = "sources.connect"
READ_LISTENING = "listening.read"
WRITE_LISTENING = "listening.write"
"""Keep queries, alerts, events of the calendar and names of themes."""
LABEL_LISTENING = "listening.label"
"""Correct labels, and answer when a team checks the machine."""
SWITCH_MODELS = "listening.switch"
"""Decide which model answers a question, or that the rules do."""
PERMIT_LISTENING = "listening.permit"
"""Say which person is a public figure, with the reason."""
READ_CULTURE = "culture.read"
WRITE_CULTURE = "culture.write"
"""Note practices, and open a wall for a class."""
ENTER_INBOX = "inbox.enter"
"""Open the pages of the inbox: for whoever may see some conversation there."""
READ_INBOX = "inbox.read"
"""See conversations: of one's service with a role in it, all but confidential ones with a role
everywhere."""
ANSWER_INBOX = "inbox.answer"
"""Write replies and notes, assign, snooze and close."""
APPROVE_INBOX = "inbox.approve"
"""Let a reply go out that needs a second pair of eyes."""
CHANGE_INBOX = "inbox.change"
"""Keep services, rules, hours, targets, saved replies and topics."""
CONNECT_INBOX = "inbox.connect"
"""Connect mailboxes and accounts."""
FORGET_CONTACTS = "inbox.forget"
"""Export and erase a contact."""

_READER = frozenset({READ_REGISTER, READ_SOURCES, READ_LISTENING, READ_CULTURE})
_ANSWERER = _READER | {ENTER_INBOX, READ_INBOX, ANSWER_INBOX}
_EDITOR = _ANSWERER | {
    CHANGE_REGISTER,
    IMPORT_FILES,
    RUN_SOURCES,
    WRITE_LISTENING,
    LABEL_LISTENING,
    WRITE_CULTURE,
    APPROVE_INBOX,
    CHANGE_INBOX,
}
_ADMINISTRATOR = _EDITOR | {
    PUBLISH_EDITIONS,
    CHANGE_PEOPLE,
    READ_LOG,
    CONNECT_SOURCES,
    SWITCH_MODELS,
    PERMIT_LISTENING,
    CONNECT_INBOX,
    FORGET_CONTACTS,
}
RIGHTS: Mapping[str, frozenset[str]] = {
    "reader": _READER,
    "answerer": _ANSWERER,
    "editor": _EDITOR,
    "administrator": _ADMINISTRATOR,
}
"""Rights of each role."""

EVERYTHING: frozenset[str] = frozenset().union(*RIGHTS.values())


IN_A_SERVICE: Mapping[str, frozenset[str]] = {
    "reader": frozenset({READ_INBOX}),
    "answerer": frozenset({READ_INBOX, ANSWER_INBOX}),
    "editor": frozenset({READ_INBOX, ANSWER_INBOX, APPROVE_INBOX}),
    "administrator": frozenset({READ_INBOX, ANSWER_INBOX, APPROVE_INBOX, CHANGE_INBOX}),
}
"""Rights that a role in one service gives over that service alone."""


@dataclass(frozen=True, kw_only=True)
class Author:
    """Who makes a change, and what they may do."""

    name: str
    rights: frozenset[str] = frozenset()

    def may(self, right: str) -> bool:
        """Whether this right was given; none is by default."""
        return right in self.rights


COMMAND_LINE = Author(name="command line", rights=EVERYTHING)
"""Who holds the machine holds the register: the command line asks for no password."""

NOBODY = Author(name="nobody")
"""Someone who has not signed in."""


def require(by: Author, right: str) -> None:
    """Refuse a change to someone who may not make it."""
    if not by.may(right):
        raise ForbiddenError(
            _(
                "{name} may not do this ({right}). Ask an administrator for the role it needs.",
                name=by.name,
                right=right,
            )
        )
