"""Checks the machine on the terminal: texts drawn, answers asked for, figures told."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from datetime import date

import click

from vigie import flow
from vigie.annotate.models import classifier_of
from vigie.cli.main import language
from vigie.cli.saying import tell, tell_table
from vigie.errors import LabelError
from vigie.listening.label_changes import Answer, answer, keep_sample, latest_sample
from vigie.listening.label_models import CheckSample, CheckText
from vigie.present.writing import Percent
from vigie.register.rights import COMMAND_LINE
from vigie.settings import Settings
from vigie.store.store import Store
from vigie.words import _, plural, say

SIZE = 200


@dataclass(frozen=True, kw_only=True)
class Desk:
    """Where one question is checked."""

    store: Store
    settings: Settings
    question: str

    def __post_init__(self) -> None:
        classifier_of(self.question)

    def draw(self, count: int) -> CheckSample:
        """Draw texts anew."""
        seed = secrets.randbelow(1 << 31)
        drawn, pool = flow.draw_check(
            self.store, self.question, settings=self.settings, count=count, seed=seed
        )
        sample = keep_sample(self.question, drawn, seed=seed, drawn_from=pool)
        tell(plural("{count} text was drawn.", "{count} texts were drawn.", count=len(drawn)))
        return sample

    def sample(self) -> CheckSample:
        """Return the texts people are working on; draw some where there are none."""
        return latest_sample(self.question) or self.draw(SIZE)

    def ask(self, person: str) -> None:
        """Ask about each text left, keeping every answer at once; an empty line leaves."""
        sample = self.sample()
        done = {
            key for key, said in flow.people_said(self.store, self.question).items()
            if person in said
        }  # fmt: skip
        left = [one for one in sample.texts.all() if (one.network, one.post) not in done]
        words = flow.texts_of(self.store, [(one.network, one.post) for one in left])
        for place, text in enumerate(left, start=1):
            found = words.get((text.network, text.post))
            if found is not None and not self._ask_one(text, found, person, place, len(left)):
                return

    def _ask_one(
        self, text: CheckText, found: dict[str, object], person: str, place: int, count: int
    ) -> bool:
        names = list(classifier_of(self.question).answers)
        click.echo(f"\n[{place}/{count}] {text.network}\n{found['text']}\n")
        for number, name in enumerate(names, start=1):
            click.echo(f"  {number} {say(classifier_of(self.question).answers[name], language())}")
        given = click.prompt(
            say(_("Numbers, by spaces; 0: none of them; empty: stop"), language()),
            default="", show_default=False,
        ).split()  # fmt: skip
        if not given:
            return False
        day = found["published_on"]
        assert isinstance(day, date)
        said = Answer(
            question=self.question,
            network=text.network,
            post=text.post,
            published_on=day,
            answers=tuple(_chosen(names, given)),
        )
        answer(self.store, said, by=replace(COMMAND_LINE, name=person))
        return True

    def how_sure(self) -> flow.HowSure:
        """Return what the checks tell."""
        rows = self.sample().texts.values_list("network", "post", "weight")
        weights = {(network, post): weight for network, post, weight in rows}
        return flow.how_sure(self.store, self.question, settings=self.settings, weights=weights)

    def tell(self) -> None:
        """Say what the checks tell."""
        found = self.how_sure()
        quality = found.quality
        tell(plural("{count} text was checked.", "{count} texts were checked.", count=quality.n))
        if quality.accuracy.value is None:
            tell(_("That is too few to say how often the machine is right."))
            return
        heads = (_("Answer"), _("F1"), _("at least"), _("at most"), _("Texts"))
        words = classifier_of(self.question).answers
        tell_table(
            heads,
            [(words[one.answer], one.f1.value, one.f1.low, one.f1.high, one.people)
             for one in quality.answers],
        )  # fmt: skip
        tell(
            _(
                "Wholly right: {share} (between {low} and {high}).",
                share=Percent(quality.accuracy.value),
                low=Percent(quality.accuracy.low or 0),
                high=Percent(quality.accuracy.high or 0),
            )
        )


def _chosen(names: list[str], given: list[str]) -> list[str]:
    wrong = [one for one in given if not one.isdigit() or int(one) > len(names)]
    if wrong:
        raise LabelError(
            _("{given} is not a number between 0 and {most}.", given=wrong[0], most=len(names))
        )
    return [names[int(one) - 1] for one in given if int(one)]
