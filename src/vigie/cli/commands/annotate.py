"""``vigie annotate``: put questions to texts, and keep what is answered."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import click

from vigie import flow, settings
from vigie.annotate.held_out import read_held_out
from vigie.annotate.marks_reached import measure
from vigie.annotate.models import Manifest, Models, classifier_of
from vigie.annotate.slot import chosen
from vigie.annotate.succession import TOOK
from vigie.cli.marks_told import tell_marks
from vigie.cli.records import open_records
from vigie.cli.saying import json_option, progress, tell, tell_json, tell_table
from vigie.http import open_http
from vigie.store.store import open_store
from vigie.words import Words, _, marked, plural


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
    with open_http(configured) as http, progress(_("Labelling")) as advance:
        done = flow.annotate(
            open_store(configured),
            settings=configured,
            http=http,
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
        "count more. It answers only in the languages where it beats the rules on your checks, "
        "and where a version answers already, only beside it: one taught in the same way steps in "
        "unless it does worse, any other only when better, none where a person insisted. "
        "Every version is kept."
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
        _switch(question, version, "")
        return
    open_records()
    from vigie.listening.label_changes import checked_keys
    from vigie.listening.model_changes import note_taught

    checks = checked_keys(question)
    trained = flow.train(store, question, settings=configured, checks=checks, by="command line")
    note_taught(trained)
    tell_json(trained) if as_json else _tell(trained)


def _number(version: str) -> int:
    if not version.isdigit():
        raise click.UsageError(marked("Name a version by its number, or: rules."))
    return int(version)


def _tell(trained: Manifest) -> None:
    from vigie.listening.trained_words import place_words

    tell(
        _(
            "Version {version} of the model of {question} was trained and kept.",
            version=trained.version,
            question=trained.question,
        )
    )
    heads = (_("Language"), _("Texts"), _("Corrected"), _("Checked"), _("F1 of the rules"),
             _("F1 of the model"), _("Better"))  # fmt: skip
    rows = [
        (language, one.texts, one.people, one.checked, one.rules_f1, one.model_f1,
         _("yes") if one.is_on else _("no"))
        for language, one in trained.languages.items()
    ]  # fmt: skip
    tell_table(heads, rows)
    if not trained.place:
        tell(
            _(
                "It does not answer: it was not shown to beat the rules. Check the labels of "
                "more texts: vigie annotate check --question {question}",
                question=trained.question,
            )
        )
        return
    tell(place_words(trained))
    if trained.place == TOOK:
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
        "Put a question about the texts of the latest check to a model that settings name "
        "(model_folders, model_endpoint), and keep its answers beside ours: the page of the "
        "check compares them. No figure reads them, and nothing is used without those settings."
    ),
    epilog=marked("Example: vigie annotate try --question intent --model camembert-tone"),
)
@click.option("--question", required=True, help=marked("intent, tone, service or urgency."))
@click.option("--model", "name", default="", help=marked("Which, where settings name several."))
@json_option
def try_(question: str, name: str, as_json: bool) -> None:
    """Ask, keep, and say how it went."""
    configured = settings.load()
    chosen(configured, question, name)
    open_records()
    from vigie.listening.label_changes import checked_keys, sampled_keys

    with open_http(configured) as http, progress(_("Asking")) as advance:
        done = flow.try_model(
            open_store(configured), question, sampled_keys(question), settings=configured,
            http=http, name=name, checks=checked_keys(question), by="command line",
            progress=advance,
        )  # fmt: skip
    words = done.failure.words if done.failure else None
    if as_json:
        tell_json({"version": done.version, "name": done.name, "asked": done.asked,
                   "kept": done.kept, "left_out": done.left_out, "seconds": done.seconds,
                   "failure": words})  # fmt: skip
        return
    tell(
        _(
            "Version {version} was asked about {asked} texts in {seconds} s and gave {kept} "
            "answers that could be kept; {left} texts may not leave.",
            version=done.version,
            asked=done.asked,
            seconds=round(done.seconds, 1),
            kept=done.kept,
            left=done.left_out,
        )
    )
    if words is not None:
        tell(words, err=True)
    _tell_versions(question)


@command.command(
    "use",
    help=marked(
        "Let a version of a model answer a question, or the rules again. Every version is kept. "
        "What was not shown to be better on your own check answers only with --anyway."
    ),
    epilog=marked("Example: vigie annotate use --question intent 3"),
)
@click.argument("version")
@click.option("--question", required=True, help=marked("intent, tone, service or urgency."))
@click.option("--anyway", default="", help=marked("Why, where it was not shown to be better."))
def use(question: str, version: str, anyway: str) -> None:
    """Decide who answers."""
    _switch(question, version, anyway)


@command.command(
    "versions",
    help=marked("List the versions of the model of a question, and how each that was tried does."),
    epilog=marked("Example: vigie annotate versions --question intent"),
)
@click.option("--question", required=True, help=marked("intent, tone, service or urgency."))
def versions(question: str) -> None:
    """List them."""
    classifier_of(question)
    open_records()
    _tell_versions(question)


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


def _switch(question: str, version: str, why: str) -> None:
    number = None if version == "rules" else _number(version)
    configured = settings.load()
    open_records()
    from vigie.listening.model_changes import Decision, switch

    store, models = open_store(configured), Models(configured.home)
    found = _compared(question).get(number) if number is not None else None
    is_better = found is not None and found.is_better
    decision = Decision(question=question, version=number, is_better=is_better, why=why)
    switch(models, decision)
    flow.forget_others(store, question, settings=configured)
    tell(_("{version} answers {question} from now on.", version=version, question=question))


def _compared(question: str) -> Mapping[int, flow.Trial]:
    from vigie.listening.label_changes import latest_sample

    configured, sample = settings.load(), latest_sample(question)
    keys = set(sample.texts.values_list("network", "post")) if sample else set()
    return flow.trials(open_store(configured), question, keys, settings=configured)


def _tell_versions(question: str) -> None:
    from vigie.listening.model_words import compared_words, version_words

    models = Models(settings.load().home)
    found, current = _compared(question), models.current(question)
    beside = _("Beside what answers now"), _("Beside the rules")
    heads = (_("Version"), _("What it is"), *beside, _("Answers"))
    rows = []
    for one in models.manifests(question):
        trial = found.get(one.version)
        told: list[Words | str] = [
            compared_words(
                n=compared.n, f1=compared.f1, other_f1=compared.other_f1,
                against=compared.against, apart=compared.difference,
                is_better=compared.is_better,
            )
            if compared
            else ""
            for compared in ((trial.running, trial.rules) if trial else (None, None))
        ]  # fmt: skip
        is_on = _("yes") if one.version == current else _("no")
        rows.append((one.version, version_words(one), *told, is_on))
    tell_table(heads, rows)
