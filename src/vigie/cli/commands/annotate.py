"""``vigie annotate``: put questions to texts, and keep what is answered."""

from __future__ import annotations

import click

from vigie import flow, settings
from vigie.cli.saying import json_option, progress, tell, tell_json
from vigie.store.store import open_store
from vigie.words import _, marked, plural


@click.group(
    invoke_without_command=True,
    help=marked(
        "Label the posts and mentions that lack a label of the current version: language, "
        "intent, tone, service, urgency, institutions named, copies. It can be stopped and goes "
        "on where it was."
    ),
    epilog=marked("Example: vigie annotate --all --question tone"),
)
@click.option(
    "--question", "questions", multiple=True, help=marked("Only this question; may be repeated.")
)
@click.option(
    "--all",
    "everything",
    is_flag=True,
    help=marked("Label again what machines have labelled; what people said stays."),
)
@json_option
@click.pass_context
def command(
    context: click.Context, questions: tuple[str, ...], everything: bool, as_json: bool
) -> None:
    """Label, and say how many texts were."""
    if context.invoked_subcommand is not None:
        return
    configured = settings.load()
    with progress(_("Labelling")) as advance:
        done = flow.annotate(
            open_store(configured),
            settings=configured,
            questions=questions,
            everything=everything,
            progress=advance,
        )
    if as_json:
        tell_json(done)
    else:
        tell(
            plural(
                "{count} text was labelled, in {seconds} s.",
                "{count} texts were labelled, in {seconds} s.",
                count=done.texts,
                seconds=round(done.seconds, 1),
            )
        )
