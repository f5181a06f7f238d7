"""Every error raised on purpose, drawn as a tree.

VigieError
├── SettingError            a setting is unknown or has a value that cannot be
├── PluginError             a member folder holds something that is not a member
├── FileError               a file as a whole cannot be read
│   ├── UnknownFileError    no importer recognises its columns
│   └── UnsafeFileError     a file built to harm (a bomb, an endless line)
├── RowError                one row is refused; the rest goes on
├── NetworkError            a network could not be asked, or did not answer as it should
│   ├── AddressError        an address that may not be opened: private, loopback, not http
│   ├── NoAnswerError       no answer in time, or the connection broke
│   ├── GarbledError        an answer that cannot be read: too large, cut short, HTML for JSON
│   ├── RefusedError        the network said no
│   │   ├── DeniedError     the key is missing, wrong, or lacks a permission
│   │   ├── MissingError    what was asked for does not exist, or no longer
│   │   └── BusyError       the network asks to wait, longer than we may
│   └── SearchError         this network cannot be searched, and why
├── SecretError             a kept secret cannot be opened with the keys of the settings
├── StoreError              the store cannot do what is asked
│   ├── DamagedFileError    a file of the store is cut short or altered
│   └── FullDiskError       there is no room on the disk for what is to be kept
├── RegisterError           a change to the register is refused
│   └── ForbiddenError      this person may not do this
├── ListeningError          a change to what is listened to is refused
│   └── PersonError         a query looks for a person who may not be looked for
├── InboxError              a change to a conversation is refused
│   ├── WindowError         the network no longer lets us answer
│   ├── UnseenError         what a message hangs on is gone, or no longer shown to us
│   ├── UnsureError         nobody can tell whether an answer went out: a person must look
│   └── LinkError           a link to an answer page is expired, used up or not ours
├── CultureError            a change to a practice or a wall is refused
│   └── TooOftenError       someone unknown asks or votes faster than people do
├── QueryError              what is looked for cannot be read, and where
├── MeasureError            an indicator cannot be computed
├── LabelError              a text cannot be labelled, or a label cannot be kept
│   ├── LexiconError        a line of a lexicon cannot be understood
│   └── ModelError          a model cannot be opened, or did not answer as it should
├── ComparisonError         a comparison cannot be made
│   └── EditionError        an edition is missing, altered, or already published
└── ReportError             a report cannot be built from these choices
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType

from vigie.words import Words


class VigieError(Exception):
    """Raised on purpose: its words say what happened, to what, and what to do next."""

    def __init__(self, words: Words) -> None:
        super().__init__(str(words))
        self.words = words


class SettingError(VigieError):
    """A setting is unknown or has a value that cannot be."""


class PluginError(VigieError):
    """A member folder holds something that is not a member."""


class FileError(VigieError):
    """A file as a whole cannot be read."""


class UnknownFileError(FileError):
    """No importer recognises the columns of this file."""


class UnsafeFileError(FileError):
    """A file built to harm: a bomb, an endless line."""


class RowError(VigieError):
    """One row is refused: ``column`` says where, the words why and what to do."""

    def __init__(self, words: Words, *, column: str | None = None) -> None:
        super().__init__(words)
        self.column = column


class NetworkError(VigieError):
    """A network could not be asked, or did not answer as it should."""


class AddressError(NetworkError):
    """An address that may not be opened: private, loopback, or not http(s)."""


class NoAnswerError(NetworkError):
    """No answer in time, or the connection broke, as often as it was tried."""


class GarbledError(NetworkError):
    """An answer that cannot be read: too large, cut short, HTML where JSON was asked for."""


class RefusedError(NetworkError):
    """The network said no: ``status`` is its code, ``said`` the beginning of its words."""

    body: bytes = b""
    """The whole answer, for a connector that knows what its codes mean; never shown."""
    headers: Mapping[str, str] = MappingProxyType({})
    """Its headers, names in lower case."""

    def __init__(self, words: Words, *, status: int, said: str = "") -> None:
        super().__init__(words)
        self.status = status
        self.said = said


class DeniedError(RefusedError):
    """The key is missing, wrong, or lacks a permission."""


class MissingError(RefusedError):
    """What was asked for does not exist, or no longer."""


class BusyError(RefusedError):
    """The network asks to wait longer than we may; ``until`` is when to come back (UTC)."""

    def __init__(
        self, words: Words, *, status: int, said: str = "", until: datetime | None = None
    ) -> None:
        super().__init__(words, status=status, said=said)
        self.until = until


class SearchError(NetworkError):
    """This network cannot be searched; the words say why."""


class SecretError(VigieError):
    """A kept secret cannot be opened with the keys of the settings."""


class StoreError(VigieError):
    """The store cannot do what is asked."""


class DamagedFileError(StoreError):
    """A file of the store is cut short or altered."""


class FullDiskError(StoreError):
    """There is no room on the disk for what is to be kept."""


class RegisterError(VigieError):
    """A change to the register is refused."""


class ForbiddenError(RegisterError):
    """This person may not do this."""


class ListeningError(VigieError):
    """A change to what is listened to is refused."""


class PersonError(ListeningError):
    """A query looks for a person who may not be looked for."""


class InboxError(VigieError):
    """A change to a conversation is refused."""


class WindowError(InboxError):
    """The network no longer lets us answer; the words say what else can be done."""


class UnseenError(InboxError):
    """What a message hangs on is gone, or no longer shown to us."""


class UnsureError(InboxError):
    """Nobody can tell whether an answer went out before a crash: a person must look."""


class LinkError(InboxError):
    """A link to an answer page is expired, used up, or was never ours."""


class CultureError(VigieError):
    """A change to a practice or a wall is refused."""


class TooOftenError(CultureError):
    """Someone unknown asks or votes faster than people do."""


class QueryError(VigieError):
    """What is looked for cannot be read: ``position`` says where in ``text``, from 0."""

    def __init__(self, words: Words, *, text: str, position: int) -> None:
        super().__init__(words)
        self.text = text
        self.position = position

    @property
    def pointed(self) -> str:
        """The line of the query that cannot be read, and under it a caret at the place."""
        start = self.text.rfind("\n", 0, self.position) + 1
        line = self.text[start:].partition("\n")[0]
        return f"{line}\n{' ' * (self.position - start)}^"


class MeasureError(VigieError):
    """An indicator cannot be computed."""


class LabelError(VigieError):
    """A text cannot be labelled, or a label cannot be kept."""


class LexiconError(LabelError):
    """A line of a lexicon cannot be understood."""


class ModelError(LabelError):
    """A model cannot be opened, or did not answer as it should."""


class ComparisonError(VigieError):
    """A comparison cannot be made."""


class EditionError(ComparisonError):
    """An edition is missing, altered, or already published."""


class ReportError(VigieError):
    """A report cannot be built from these choices."""
