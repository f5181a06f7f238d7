"""``vigie inbox check``: are the totals that lists show those that counting gives?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from vigie.cli.main import language
from vigie.cli.records import open_records
from vigie.cli.saying import json_option, tell, tell_json, tell_table
from vigie.words import _, marked, plural, say

if TYPE_CHECKING:
    from vigie.inbox.self_check import Difference, Findings


@click.command(
    "check",
    help=marked(
        "Count every conversation for real, and say where the totals that lists show, or what "
        "searches find, differ. It ends with 1 where something is to be mended."
    ),
    epilog=marked("Example: vigie inbox check --mend"),
)
@click.option("--mend", "is_mended", is_flag=True, help=marked("Put right what is found."))
@json_option
def check(is_mended: bool, as_json: bool) -> None:
    """Print each difference, and mend them if that is wished."""
    open_records()
    from vigie.inbox import self_check

    found = self_check.check()
    if is_mended and not found.is_sound:
        self_check.mend(found)
        left = self_check.check()
    else:
        left = found
    if as_json:
        tell_json({**asdict(found), "is_mended": is_mended and left.is_sound})
    else:
        _tell(found)
        if left is not found and left.is_sound:
            tell(_("It is mended."))
    if not left.is_sound:
        raise SystemExit(1)


def _tell(found: Findings) -> None:
    if found.is_sound:
        tell(_("Every total is what counting gives, and every search finds what stands there."))
        return
    if found.totals:
        tell_table(
            [_("Service"), _("State"), _("Written as"), _("Shown"), _("Counted")],
            _lines(found.totals),
        )
    if found.marks:
        tell(plural(
            "{count} conversation is searched under another state, service or kind than it has.",
            "{count} conversations are searched under another state, service or kind than they "
            "have.",
            count=found.marks,
        ))  # fmt: skip
    if found.missing:
        tell(_("The database lacks what keeps it in step: {names}.",
               names=", ".join(found.missing)))  # fmt: skip
    if not found.has_sound_words:
        tell(_("The index of words does not hold what the words are."))


def _lines(found: Sequence[Difference]) -> list[tuple[object, ...]]:
    from vigie.inbox.words import KIND_WORDS, STATE_WORDS
    from vigie.register.models import Service

    names = Service.objects.in_bulk([one.service for one in found])
    return [
        (
            str(names.get(one.service) or say(_("nobody yet"), language())),
            say(STATE_WORDS[one.state], language()) if one.state in STATE_WORDS else one.state,
            say(KIND_WORDS[one.kind], language()) if one.kind in KIND_WORDS else one.kind,
            one.kept,
            one.counted,
        )
        for one in found
    ]
