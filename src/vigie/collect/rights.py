"""What a network's rules let us keep, show and export, and for how long: data, not prose."""

from __future__ import annotations

from dataclasses import dataclass

from vigie.words import Words


@dataclass(frozen=True, kw_only=True)
class Rights:
    """The rules of one network as they bind an institution that collects from it."""

    keep_counts_days: int | None = None
    """Days for which counts may be kept; unknown: without limit."""
    keep_words_days: int | None = None
    """Days for which the words of posts may be kept; unknown: without limit."""
    keep_others_days: int = 365
    """Days for which what other people wrote is kept: our own limit where the network sets none."""
    may_show_words: bool = True
    """Posts may be shown on a page, with their author and a link."""
    may_export_counts: bool = True
    may_export_words: bool = True
    """The words of posts may leave in a file; otherwise the identifier and the address do."""
    may_export_others: bool = False
    """What other people wrote may leave in a file."""
    delete_within_hours: int = 24
    """How soon something taken down there must be gone here."""
    terms: str
    """Address of the rules."""
    read_on: str
    """The day they were read, as 2026-11."""
    remarks: tuple[Words, ...] = ()
    """What a person must know besides: a review, a contract, a price."""
