"""Each criterion scaled to 100 for its leader, social counted twice (Groupe 361)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from vigie.index.checking import check_ranks, select, verdict, worked_example, written
from vigie.index.method import Entry, Fact, Listing, Method, Verdict
from vigie.index.sums import Scores, scaled_to_leader, totals
from vigie.words import _

NAME = "leader_100"
CRITERIA = ("followers", "posts", "interactions")
SOCIAL = "interactions"
TABLES = ("social_influence_index_100", "search_result_control_index_100")


class Leader100(Method):
    """Every criterion is scaled to 100 for its leader; the mean is brought to 20.

    Five criteria were published (visibility, notoriety, footprint, control of results, social
    influence), the social one counted twice. In the Index the criteria are what networks show:
    followers, posts and interactions, each summed over the networks, the interactions (the
    influence) counted twice. Equal marks share a rank (6, 6, 8).
    """

    label = _("Leader at 100")
    author = "Groupe 361, L'Étudiant"
    since = "2013-03"
    source_url = "http://www.letudiant.fr/etudes/ecole-de-commerce/palmares-esc-e-repuation.html"
    needs = frozenset(CRITERIA)

    def listings(self, entries: Sequence[Entry]) -> Sequence[Listing]:
        """Mark every institution out of 20, then list each criterion."""
        criteria = {name: scaled_to_leader(totals(entries, name)) for name in CRITERIA}
        return [
            Listing(
                name="overall",
                label=_("Mark out of 20"),
                scores=marks(criteria, twice=SOCIAL),
                unit=_("out of 20"),
            ),
            *(
                Listing(
                    name=name,
                    label=_("{criterion}, 100 for the leader", criterion=name),
                    scores=scores,
                )
                for name, scores in criteria.items()
            ),
        ]

    def check(self, facts: Sequence[Fact]) -> Iterator[Verdict]:
        """Check the two printed criterion tables of 2014; three of the five were not kept."""
        for metric in TABLES:
            table = select(facts, date="2014-12-10", metric=metric)
            scores = scaled_to_leader({fact.institution: fact.value for fact in table})
            yield from check_ranks(NAME, table, scores)
            for fact in table:
                if fact.rank == 1:
                    yield verdict(
                        NAME,
                        fact,
                        computed=written(scores[fact.institution]),
                        words=_("The leader has 100, as the method says."),
                    )
        yield worked_example(
            NAME,
            "100 and 50, the second criterion counted twice",
            expected="13.33",
            computed=written(marks({"a": {"x": 100.0}, "b": {"x": 50.0}}, twice="b")["x"], 2),
            source_url=self.source_url,
        )


def marks(criteria: Mapping[str, Mapping[str, float | None]], *, twice: str) -> Scores:
    """Return marks out of 20 from criteria out of 100, one of them counted twice."""
    counted = [*criteria, twice]
    institutions = sorted({one for scores in criteria.values() for one in scores})
    found: Scores = {}
    for one in institutions:
        points = [criteria[name].get(one) for name in counted]
        known = [point for point in points if point is not None]
        found[one] = sum(known) / len(known) / 5 if len(known) == len(points) else None
    return found
