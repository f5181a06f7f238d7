"""What is new, said in sentences: on the page of the morning, and in the mail that replaces it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from vigie.listening import label_names
from vigie.listening.cells import Counted
from vigie.listening.morning import NAMED, Morning
from vigie.listening.sampled import sampled_said
from vigie.present import naming
from vigie.present.writing import Names
from vigie.words import Words, _, plural

Naming = Callable[[str], Words | str]


def title(found: Morning, *, waiting: int) -> Words:
    """Return the answer to: what is new, and what needs me?"""
    if waiting:
        return plural(
            "{count} question waits for an answer",
            "{count} questions wait for an answer",
            count=waiting,
        )
    if found.posts:
        return plural("{count} new mention", "{count} new mentions", count=found.posts)
    return _("Nothing new")


def sentences(found: Morning, *, institution: Naming) -> list[Words]:
    """Return what is new in a few sentences; ``institution`` names one by its slug."""
    if not found.posts:
        return [_("Nobody has written anything new that is listened to.")]
    said = [
        plural(
            "{count} public post by others came in.",
            "{count} public posts by others came in.",
            count=found.posts,
        ),
        sampled_said(found.estimate),
        _urgent(found.urgent),
        _about(_("What they want: {parts}."), found.of("intent"), _label("intent")),
        _about(_("The offices concerned: {parts}."), found.of("service"), _label("service")),
        _about(_("Where: {parts}."), found.of("network"), naming.network),
        _about(_("About whom: {parts}."), found.of("institution"), institution),
        _copies(found.copies),
        _unlabelled(found.unlabelled),
    ]
    return [words for words in said if words is not None]


def _about(sentence: Words, counts: Sequence[Counted], name: Naming) -> Words | None:
    shown = [one for one in counts if one.posts][:NAMED]
    if not shown:
        return None
    parts = tuple(_("{name} ({count})", name=name(one.name), count=one.posts) for one in shown)
    return Words(sentence.text, {"parts": Names(parts)})


def _label(question: str) -> Naming:
    return lambda name: label_names.answer(question, name)


def _urgent(count: int) -> Words | None:
    if not count:
        return None
    return plural(
        "{count} of them is to be read by a person now.",
        "{count} of them are to be read by a person now.",
        count=count,
    )


def _copies(count: int) -> Words | None:
    if not count:
        return None
    return plural(
        "{count} more is a copy or a repost of another.",
        "{count} more are copies or reposts of others.",
        count=count,
    )


def _unlabelled(count: int) -> Words | None:
    if not count:
        return None
    return plural(
        "{count} is not labelled yet: it counts above, but not by what it wants.",
        "{count} are not labelled yet: they count above, but not by what they want.",
        count=count,
    )
