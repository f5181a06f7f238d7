"""What each role may do: what is not listed is refused."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from vigie.errors import ForbiddenError
from vigie.words import _

ROLES = ("reader", "editor", "administrator")
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

RIGHTS: Mapping[str, frozenset[str]] = {
    "reader": frozenset({READ_REGISTER, READ_SOURCES}),
    "editor": frozenset({READ_REGISTER, CHANGE_REGISTER, IMPORT_FILES, READ_SOURCES, RUN_SOURCES}),
    "administrator": frozenset(
        {
            READ_REGISTER,
            CHANGE_REGISTER,
            IMPORT_FILES,
            PUBLISH_EDITIONS,
            CHANGE_PEOPLE,
            READ_LOG,
            READ_SOURCES,
            RUN_SOURCES,
            CONNECT_SOURCES,
        }
    ),
}
"""Rights of each role."""

EVERYTHING: frozenset[str] = frozenset().union(*RIGHTS.values())


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
