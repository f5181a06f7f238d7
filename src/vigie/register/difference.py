"""What a new look at institutions says otherwise than the register: items a person reviews."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from vigie.errors import RegisterError
from vigie.model import Account, Enrolment, Institution
from vigie.register.account_difference import account_items
from vigie.register.contents import Covered, Register, one_principal
from vigie.register.item import Fact, Item
from vigie.register.matching import Matches, match, plain_site
from vigie.words import _

FIELDS = (
    "kind", "country", "region", "city", "website", "timezone", "uai", "ror", "wikidata", "eter",
    "short_name", "opened_on",
)  # fmt: skip
"""What is compared, one item for each; an unknown in the new look changes nothing."""


@dataclass(frozen=True, kw_only=True)
class Difference:
    """What would have to be accepted for the register to say what the new look says."""

    items: tuple[Item, ...]

    def counts(self) -> dict[str, int]:
        """Count the items of each kind, in the order of their first one."""
        counts: dict[str, int] = {}
        for item in self.items:
            counts[item.kind] = counts.get(item.kind, 0) + 1
        return counts


def difference(
    old: Register, new: Register, *, seen_on: date, covered: Covered | None = None
) -> Difference:
    """Compare the register with a new look at it.

    ``covered`` is what came from the same source (without it, everything did). Of that, a
    different name or figure is a change, and silence is proposed as an end on ``seen_on``; of the
    rest a look only fills what is unknown. An unknown never erases what is known.
    """
    if covered is None:
        covered = Covered(
            institutions=frozenset(row.institution for row in old.institutions),
            accounts=frozenset(row.account for row in old.accounts),
        )
    new = _with_owners(old, new)
    matches = match(old.institutions, new.institutions)
    slugs = _slugs(old, new, matches)
    look = _in_words_of(slugs, new)
    work = _Look(old, look, matches=matches, slugs=slugs, covered=covered, seen_on=seen_on)
    of_accounts = account_items(old, look, covered, seen_on=seen_on)
    items = _with_accounts(tuple(work.institution_items()), tuple(of_accounts))
    order = {row.institution: place for place, row in enumerate(look.institutions)}
    ordered = sorted(items, key=lambda item: order.get(item.institution, len(order)))
    return Difference(items=tuple(ordered))


def _with_owners(old: Register, new: Register) -> Register:
    """Let a look that holds only accounts or figures speak of institutions the register has."""
    listed = {row.institution for row in new.institutions}
    owners = dict.fromkeys(row.institution for row in new.accounts)
    owners |= dict.fromkeys(row.institution for row in new.enrolments)
    known = {row.institution: row for row in old.institutions}
    missing = [slug for slug in owners if slug not in listed]
    for slug in missing:
        if slug not in known:
            raise RegisterError(
                _(
                    "The file speaks of {institution}, which it does not describe and the register "
                    "does not have. Add the institution first.",
                    institution=slug,
                )
            )
    return replace(new, institutions=(*new.institutions, *(known[slug] for slug in missing)))


def _with_accounts(items: tuple[Item, ...], of_accounts: tuple[Item, ...]) -> tuple[Item, ...]:
    """Let a new institution bring its new accounts: nobody accepts one without the other."""
    arriving = {item.institution for item in items if item.kind == "new"}
    brought: dict[str, list[Account]] = defaultdict(list)
    alone = []
    for item in of_accounts:
        if item.kind == "account_new" and item.institution in arriving:
            brought[item.institution].extend(item.accounts)
        else:
            alone.append(item)
    kept = (
        replace(item, accounts=tuple(brought[item.institution])) if item.kind == "new" else item
        for item in items
    )
    return (*kept, *alone)


def _slugs(old: Register, new: Register, matches: Matches) -> Mapping[str, str]:
    """Map the slugs of the new look to the register's; a new institution gets a free one."""
    taken = {row.institution for row in old.institutions}
    slugs: dict[str, str] = {}
    for row in new.institutions:
        if row.institution in matches.same:
            slugs[row.institution] = matches.same[row.institution][0]
            continue
        slug, number = row.institution, 2
        while slug in taken:
            slug, number = f"{row.institution}-{number}", number + 1
        slugs[row.institution] = slug
        taken.add(slug)
    return slugs


def _in_words_of(slugs: Mapping[str, str], new: Register) -> Register:
    """Return the new look with the register's slugs."""
    return Register(
        institutions=tuple(
            replace(row, institution=slugs[row.institution]) for row in new.institutions
        ),
        enrolments=tuple(
            replace(row, institution=slugs[row.institution]) for row in new.enrolments
        ),
        accounts=one_principal(
            replace(row, institution=slugs[row.institution]) for row in new.accounts
        ),
    )


class _Look:
    """The two looks side by side; the new one already speaks the register's slugs."""

    def __init__(
        self,
        old: Register,
        new: Register,
        *,
        matches: Matches,
        slugs: Mapping[str, str],
        covered: Covered,
        seen_on: date,
    ) -> None:
        self.old = {row.institution: row for row in old.institutions}
        self.new = {row.institution: row for row in new.institutions}
        self.evidence = dict(matches.same.values())
        self.matches = matches
        self.covered = covered
        self.seen_on = seen_on
        self.old_years = _by_institution(old.enrolments)
        self.new_years = _by_institution(new.enrolments)
        self.slugs = slugs

    def institution_items(self) -> Iterator[Item]:
        for slug, row in self.new.items():
            if slug in self.old:
                yield from self._changes(self.old[slug], row)
            else:
                years = tuple(self.new_years[slug].values())
                yield Item(
                    kind="new", institution=slug, name=row.name, record=row, enrolments=years
                )
        for slug, row in self.old.items():
            if slug not in self.new:
                yield from self._silence(row)
        for one, other in self.matches.possible:
            if one in self.covered.institutions and self.old[one].merged_into is None:
                yield self._question(self.old[one], self.new[self.slugs[other]])

    def _changes(self, old: Institution, new: Institution) -> Iterator[Item]:
        about = Item(
            kind="changed",
            institution=old.institution,
            name=old.name,
            evidence=self.evidence.get(old.institution),
        )
        is_led = old.institution in self.covered.institutions
        called = new.aliases
        if is_led or _is_provisional(old):
            if _respelled(old.name) != _respelled(new.name) and not _is_provisional(new):
                yield replace(about, kind="renamed", old=old.name, new=new.name)
        elif not _is_provisional(new):
            called = (new.name, *new.aliases)
        for name in FIELDS:
            before, after = getattr(old, name), getattr(new, name)
            if (is_led or before is None) and not _adds_nothing(name, before, after):
                yield replace(about, field=name, old=before, new=after)
        for name, told in (("aliases", called), ("other_uais", new.other_uais)):
            grown = _grown(name, old, new, told)
            if grown != getattr(old, name):
                yield replace(about, field=name, old=getattr(old, name), new=grown)
        if is_led:
            yield from self._end(about, old, new)
        yield from self._students(about, is_led=is_led)

    def _end(self, about: Item, old: Institution, new: Institution) -> Iterator[Item]:
        if new.closed_on is not None and new.closed_on != old.closed_on:
            yield replace(about, kind="closed", day=new.closed_on)
        if new.closed_on is None and old.closed_on is not None:
            yield replace(about, kind="reopened", day=old.closed_on)

    def _students(self, about: Item, *, is_led: bool) -> Iterator[Item]:
        before = self.old_years[about.institution]
        after = self.new_years[about.institution]
        told = tuple(
            row
            for year, row in after.items()
            if (before.get(year) != row if is_led else year not in before)
        )
        if told:
            corrected = tuple(before[row.year] for row in told if row.year in before)
            yield replace(about, kind="students", enrolments=told, corrected=corrected)

    def _silence(self, row: Institution) -> Iterator[Item]:
        """Say what became of an institution that the new look does not name."""
        about = Item(kind="closed", institution=row.institution, name=row.name, day=self.seen_on)
        went_into = self.matches.merged.get(row.institution)
        if went_into is not None:
            heir = self.new[self.slugs[went_into]]
            if row.merged_into != heir.institution:
                yield replace(
                    about,
                    kind="merged",
                    evidence="former_uai",
                    other=heir.institution,
                    other_name=heir.name,
                )
        elif row.closed_on is None and row.institution in self.covered.institutions:
            yield about

    def _question(self, old: Institution, new: Institution) -> Item:
        return Item(
            kind="ambiguous",
            institution=old.institution,
            name=old.name,
            other=new.institution,
            other_name=new.name,
            day=old.closed_on or self.seen_on,
        )


def _by_institution(rows: tuple[Enrolment, ...]) -> Mapping[str, dict[int, Enrolment]]:
    found: dict[str, dict[int, Enrolment]] = defaultdict(dict)
    for row in rows:
        found[row.institution][row.year] = row
    return found


def _respelled(name: str) -> str:
    return " ".join(name.replace("’", "'").split())


def _is_provisional(row: Institution) -> bool:
    """Whether an institution is called by its site or its entity until its name is known."""
    return row.name in {plain_site(row.website).partition("/")[0], row.wikidata}


def _adds_nothing(name: str, before: Fact, after: Fact) -> bool:
    if after is None:
        return True
    if name == "website" and isinstance(after, str):
        return plain_site(after) == plain_site(str(before or ""))
    # "Other" is what is said of a name that tells nothing: it corrects nobody.
    return before == after or (name == "kind" and after == "other" and before is not None)


def _grown(name: str, old: Institution, new: Institution, told: tuple[str, ...]) -> tuple[str, ...]:
    """Return a list with what the new look adds to it."""
    before: tuple[str, ...] = getattr(old, name)
    own = (old.name,) if name == "aliases" else (old.uai or "", new.uai or "")
    if name == "aliases" and new.name not in told:
        own = (*own, new.name)
    known = {text.casefold() for text in (*before, *own)}
    return (*before, *(text for text in dict.fromkeys(told) if text.casefold() not in known))
