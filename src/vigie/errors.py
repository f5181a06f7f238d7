"""Every error raised on purpose, drawn as a tree.

VigieError
├── SettingError            a setting is unknown or has a value that cannot be
├── PluginError             a member folder holds something that is not a member
├── FileError               a file as a whole cannot be read
│   ├── UnknownFileError    no importer recognises its columns
│   └── UnsafeFileError     a file built to harm (a bomb, an endless line)
├── RowError                one row is refused; the rest goes on
├── StoreError              the store cannot do what is asked
│   └── DamagedFileError    a file of the store is cut short or altered
├── RegisterError           a change to the register is refused
│   └── ForbiddenError      this person may not do this
├── MeasureError            an indicator cannot be computed
├── ComparisonError         a comparison cannot be made
│   └── EditionError        an edition is missing, altered, or already published
└── ReportError             a report cannot be built from these choices
"""

from __future__ import annotations

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


class StoreError(VigieError):
    """The store cannot do what is asked."""


class DamagedFileError(StoreError):
    """A file of the store is cut short or altered."""


class RegisterError(VigieError):
    """A change to the register is refused."""


class ForbiddenError(RegisterError):
    """This person may not do this."""


class MeasureError(VigieError):
    """An indicator cannot be computed."""


class ComparisonError(VigieError):
    """A comparison cannot be made."""


class EditionError(ComparisonError):
    """An edition is missing, altered, or already published."""


class ReportError(VigieError):
    """A report cannot be built from these choices."""
