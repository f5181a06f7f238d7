"""``vigie annotate``: put questions to texts, and keep what is answered."""

from __future__ import annotations

from pathlib import Path

import click

from vigie import flow, settings
from vigie.annotate.endpoint import Endpoint
from vigie.annotate.held_out import read_held_out
from vigie.annotate.marks_reached import measure
from vigie.annotate.models import Manifest, Models
from vigie.cli.marks_told import tell_marks
from vigie.cli.records import open_records
from vigie.cli.saying import json_option, progress, tell, tell_json, tell_table
from vigie.http import open_http
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


@command.command(
    "train",
    help=marked(
        "Teach a model of a question on your own posts: the rules teach, people's corrections "
        "count more. It answers only in the languages where it beats the rules on your checks; "
        "every version is kept."
    ),
    epilog=marked("Example: vigie annotate train --question intent"),
)
@click.option("--question", required=True, help=marked("intent, tone, service or urgency."))
@click.option("--use", "version", help=marked("Train nothing: let this version answer, or: rules."))
@json_option
def train(question: str, version: str | None, as_json: bool) -> None:
    """Train and compare, or go back to an earlier version."""
    configured = settings.load()
    store = open_store(configured)
    if version is not None:
        number = None if version == "rules" else _number(version)
        flow.use_model(store, question, number, settings=configured)
        tell(_("{version} answers {question} from now on.", version=version, question=question))
        return
    open_records()
    from vigie.listening.label_changes import checked_keys

    checks = checked_keys(question)
    trained = flow.train(store, question, settings=configured, checks=checks, by="command line")
    tell_json(trained) if as_json else _tell(trained, Models(configured.home))


def _number(version: str) -> int:
    if not version.isdigit():
        raise click.UsageError(marked("Name a version by its number, or: rules."))
    return int(version)


def _tell(trained: Manifest, models: Models) -> None:
    tell(
        _(
            "Version {version} of the model of {question} was trained and kept.",
            version=trained.version,
            question=trained.question,
        )
    )
    heads = (_("Language"), _("Texts"), _("Corrected"), _("Checked"), _("F1 of the rules"),
             _("F1 of the model"), _("Answers"))  # fmt: skip
    rows = [
        (language, one.texts, one.people, one.checked, one.rules_f1, one.model_f1,
         _("yes") if one.is_on else _("no"))
        for language, one in trained.languages.items()
    ]  # fmt: skip
    tell_table(heads, rows)
    if models.current(trained.question) != trained.version:
        tell(
            _(
                "It does not answer: it was not shown to beat the rules. Check the labels of "
                "more texts: vigie annotate check --question {question}",
                question=trained.question,
            )
        )
    else:
        tell(_("Label what it answers about: vigie annotate"))


@command.command(
    "check",
    help=marked(
        "Answer about texts drawn from your own, without seeing what the machine said, and learn "
        "how often it is right. The page of the site does the same, for several people."
    ),
    epilog=marked("Example: vigie annotate check --question tone --by alice"),
)
@click.option("--question", required=True, help=marked("intent, tone, service or urgency."))
@click.option("--by", default="command line", help=marked("Who answers."))
@click.option("--draw", type=int, help=marked("Draw so many texts anew, and answer later."))
@click.option("--figures", is_flag=True, help=marked("Ask nothing: say what the checks tell."))
@json_option
def check(question: str, by: str, draw: int | None, figures: bool, as_json: bool) -> None:
    """Draw, ask, or tell."""
    open_records()
    from vigie.cli import checking

    configured = settings.load()
    desk = checking.Desk(store=open_store(configured), settings=configured, question=question)
    if draw is not None:
        desk.draw(draw)
    elif not figures:
        desk.ask(by)
    if as_json:
        tell_json(desk.how_sure())
    elif draw is None:
        desk.tell()


@command.command(
    "try",
    help=marked(
        "Put a question about the texts of the latest check to the language model that the "
        "setting model_endpoint names, and keep its answers beside ours: the page of the check "
        "compares them. No figure reads them, and nothing is sent without that setting."
    ),
    epilog=marked("Example: vigie annotate try --question intent"),
)
@click.option("--question", required=True, help=marked("intent, tone, service or urgency."))
@json_option
def try_(question: str, as_json: bool) -> None:
    """Ask, keep, and say how it went."""
    configured = settings.load()
    Endpoint.of(configured)
    open_records()
    from vigie.listening.label_changes import sampled_keys

    with open_http(configured) as http, progress(_("Asking")) as advance:
        done = flow.try_model(
            open_store(configured), question, sampled_keys(question),
            settings=configured, http=http, progress=advance,
        )  # fmt: skip
    words = done.failure.words if done.failure else None
    if as_json:
        tell_json({"name": done.name, "asked": done.asked, "kept": done.kept,
                   "left_out": done.left_out, "failure": words})  # fmt: skip
        return
    tell(
        _(
            "{name} was asked about {asked} texts and gave {kept} answers that could be kept; "
            "{left} texts may not leave.",
            name=done.name,
            asked=done.asked,
            kept=done.kept,
            left=done.left_out,
        )
    )
    if words is not None:
        tell(words, err=True)


@command.command(
    "marks",
    help=marked(
        "Measure how well the questions are answered about texts you keep apart, with their right "
        "answers, beside the marks they must reach. The folder holds intent.csv, tone.csv, "
        "service.csv, urgency.csv or language.csv with the columns text and answers, and if you "
        "wish language and own; corpus.csv holds more texts to learn from. Nothing is kept."
    ),
    epilog=marked("Example: vigie annotate marks apart/"),
)
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@json_option
def marks(folder: Path, as_json: bool) -> None:
    """Read, measure, and say which marks are reached."""
    found = measure(read_held_out(folder))
    if as_json:
        tell_json([{**vars(one), "is_reached": one.is_reached} for one in found])
        return
    tell_marks(found)
