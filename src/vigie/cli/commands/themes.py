"""``vigie themes``: what is spoken of in the last half-year, and which terms emerge."""

from __future__ import annotations

from datetime import UTC, datetime

import click

from vigie import flow, settings
from vigie.cli.records import open_records
from vigie.cli.saying import json_option, tell, tell_json, tell_table
from vigie.listening.theme_document import SCOPES
from vigie.store.store import open_store
from vigie.words import _, marked


@click.command(
    help=marked(
        "Find the themes of the last half-year and the terms that emerge, in what is said of "
        "institutions and in what they say themselves. The site shows what the newest run found."
    ),
    epilog=marked("Example: vigie themes --json"),
)
@json_option
def command(as_json: bool) -> None:
    """Find, keep, and say what was found."""
    open_records()
    from vigie.listening.theme_changes import remembered

    configured = settings.load()
    store = open_store(configured)
    done = flow.find_themes(
        store, settings=configured, now=datetime.now(UTC), remembered=remembered()
    )
    found = {scope: flow.known_themes(store, scope) for scope in SCOPES}
    terms = {scope: flow.emerging_terms(store, scope) for scope in SCOPES}
    if as_json:
        tell_json({"themes": found, "emerging": terms})
        return
    tell(_("{themes} themes in {posts} posts; {terms} terms emerge.",
           themes=done.themes, posts=done.posts, terms=done.emerging))  # fmt: skip
    for scope in SCOPES:
        if found[scope]:
            rows = [(", ".join(one.written[:6]), one.posts, one.authors) for one in found[scope]]
            tell_table((_("Theme"), _("Posts"), _("Authors")), rows, title=SCOPES[scope])
        if terms[scope]:
            new = [(one.written, one.posts, one.authors, one.before) for one in terms[scope]]
            tell_table((_("Emerging term"), _("Posts now"), _("Authors"), _("Posts before")), new)
