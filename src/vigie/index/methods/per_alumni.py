"""Followers for each alumnus on LinkedIn: eQAfy's effectiveness ranking."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import ClassVar

from vigie.index.checking import worked_example, written
from vigie.index.method import Entry, Fact, Listing, Method, Verdict
from vigie.index.sums import Scores, figure, networks_known, on_network
from vigie.words import Words, _

NAME = "per_alumni"
LEAST_ALUMNI = 500


class PerAlumni(Method):
    """Followers on each network divided by the alumni the institution has on LinkedIn.

    Alumni stand for the public that can be addressed, which students alone are not.
    Institutions with fewer than 500 alumni on LinkedIn are left out. The headline adds the
    ratios of all networks up; how the publisher combined them is not printed, and no table is.

    It is not shown in the Index: the number of alumni is in none of the registers that are read,
    and is not guessed.
    """

    label = _("Followers per alumnus")
    author = "eQAfy"
    since = "2019"
    source_url = (
        "https://www.eqafy.com/component/content/article/50-note/"
        "288-higher-education-social-media-effectiveness-ranking.html?Itemid=293"
    )
    needs = frozenset({"followers", "alumni"})
    unmeasured: ClassVar[Mapping[str, Words]] = {"alumni": _("the number of alumni")}

    def listings(self, entries: Sequence[Entry]) -> Sequence[Listing]:
        """List the sum of ratios, then the ratio on each network."""
        alumni = alumni_of(entries)
        by_network = {
            network: ratios(on_network(entries, network, "followers"), alumni)
            for network in networks_known(entries, "followers")
        }
        return [
            Listing(
                name="overall",
                label=_("Followers per alumnus, all networks"),
                scores=_summed(by_network, alumni),
                unit=_("per alumnus"),
            ),
            *(
                Listing(
                    name=network,
                    label=_("Followers per alumnus on {network}", network=network),
                    scores=scores,
                    unit=_("per alumnus"),
                )
                for network, scores in by_network.items()
            ),
        ]

    def check(self, facts: Sequence[Fact]) -> Iterator[Verdict]:
        """No table was published: work the definition on a small example."""
        found = ratios({"a": 3_000.0, "b": 900.0}, {"a": 2_000.0, "b": 400.0})
        yield worked_example(
            NAME,
            "3 000 followers, 2 000 alumni",
            expected="1.50",
            computed=written(found["a"], 2),
            source_url=self.source_url,
        )
        yield worked_example(
            NAME,
            "400 alumni: left out",
            expected="unknown",
            computed=written(found["b"], 2),
            source_url=self.source_url,
        )


def alumni_of(entries: Sequence[Entry]) -> dict[str, float]:
    """Return the alumni of each institution, as its LinkedIn entry gives them."""
    known = ((entry.institution, figure(entry, "alumni")) for entry in entries)
    return {institution: count for institution, count in known if count is not None}


def ratios(followers: Mapping[str, float | None], alumni: Mapping[str, float]) -> Scores:
    """Divide followers by alumni, where there are enough alumni."""
    return {
        one: None if count is None or alumni.get(one, 0.0) < LEAST_ALUMNI else count / alumni[one]
        for one, count in followers.items()
    }


def _summed(by_network: Mapping[str, Scores], alumni: Mapping[str, float]) -> Scores:
    found: Scores = {}
    for one in sorted(alumni):
        here = [scores[one] for scores in by_network.values() if one in scores]
        known = [ratio for ratio in here if ratio is not None]
        found[one] = sum(known) if here and len(known) == len(here) else None
    return found
