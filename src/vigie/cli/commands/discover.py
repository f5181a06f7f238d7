"""``vigie discover``: finds the accounts of institutions from their web sites."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import click

from vigie import flow, settings
from vigie.cli.records import open_records
from vigie.cli.renewing import keeper
from vigie.cli.saying import json_option, progress, tell, tell_json, tell_table
from vigie.collect.connecting import connectors
from vigie.collect.proof import VERDICTS, Proof
from vigie.store.store import Store, open_store
from vigie.words import Words, _, marked, plural

if TYPE_CHECKING:
    from vigie.sources.models import Finding


@click.command(
    help=marked(
        "Find the accounts of an institution from its web site, and say whose each is: proved when "
        "the site names it and its profile leads back. What is found waits on the site, under "
        "Sources, for somebody to accept or reject it."
    ),
    epilog=marked("Example: vigie discover northfield --accept-proved"),
)
@click.argument("institution", required=False)
@click.option("--all", "everyone", is_flag=True, help=marked("Every institution with a web site."))
@click.option(
    "--accept-proved",
    is_flag=True,
    help=marked("Put into the register what is proved both ways."),
)
@json_option
def command(institution: str | None, everyone: bool, accept_proved: bool, as_json: bool) -> None:
    """Look, keep what was found, and say it."""
    if (institution is None) != everyone:
        raise click.UsageError(marked("Name one institution, or all of them: vigie discover --all"))
    configured = settings.load()
    store = open_store(configured)
    means = flow.Means(settings=configured, secrets=_secrets(configured), keep=keeper(configured))
    slugs = flow.institutions_with_site(store) if everyone else [institution or ""]
    found = _looks(store, slugs, means)
    accepted, refused = _accept(store, found) if accept_proved else ([], [])
    if as_json:
        tell_json({"institutions": [_plainly(one) for one in found],
                   "accepted": [row.account for row in accepted]})  # fmt: skip
    else:
        _tell(found, accepted, refused, was_asked=accept_proved)
    if found and not any(one.is_read for one in found):
        raise click.exceptions.Exit(1)


def _secrets(configured: settings.Settings) -> Mapping[str, Mapping[str, str]]:
    """Return what was entered on the site: more networks show their profiles then."""
    open_records()
    from vigie.sources.connections import entered

    return {name: entered(name, settings=configured) for name in connectors()}


def _looks(store: Store, slugs: Sequence[str], means: flow.Means) -> list[flow.Discovery]:
    from vigie.sources import findings

    found = []
    with progress(_("Looking at sites")) as advance:
        for count, slug in enumerate(slugs, 1):
            found.append(flow.discover(store, slug, means))
            findings.note(found[-1])
            advance(count, len(slugs))
    return found


def _accept(store: Store, found: Sequence[flow.Discovery]) -> tuple[list[Finding], list[Words]]:
    """Accept what is proved, but not where the site has moved: a person looks at that."""
    from vigie.register import tables
    from vigie.sources import findings

    accepted: list[Finding] = []
    refused: list[Words] = []
    for one in found:
        if one.is_read and not one.has_moved:
            done, left = findings.accept_proved(one.institution)
            accepted += done
            refused += left
    if accepted:
        flow.keep_register(store, tables.rows())
    return accepted, refused


def _plainly(found: flow.Discovery) -> dict[str, object]:
    return {
        "institution": found.institution,
        "site": found.site,
        "at": found.at,
        "pages": found.pages,
        "failures": found.failures,
        "accounts": [
            {
                "network": one.address.network,
                "account": one.account,
                "url": one.address.url,
                "verdict": one.verdict,
                "proof": one.proof,
                "reasons": one.reasons,
                "named_on": sorted({place.page for place in one.found if place.kind != "guess"}),
                "is_known": one.is_known,
                "is_idle": one.is_idle,
                "latest_post": one.latest_post,
                "name": one.name,
                "followers": one.followers,
            }
            for one in found.proofs
        ],
    }


def _tell(
    found: Sequence[flow.Discovery],
    accepted: Sequence[Finding],
    refused: Sequence[Words],
    *,
    was_asked: bool,
) -> None:
    for one in found:
        _tell_one(one)
    for words in refused:
        tell(words, err=True)
    if was_asked:
        tell(
            plural(
                "{count} account was accepted: it is in the register, with its proof.",
                "{count} accounts were accepted: they are in the register, with their proof.",
                count=len(accepted),
            )
        )
    elif any(proof.proof and not proof.is_known for one in found for proof in one.proofs):
        tell(_("Accept or reject them on the site, under Sources, Discovery."))


def _tell_one(found: flow.Discovery) -> None:
    tell(
        plural(
            "{name}, {site}: {count} page read.",
            "{name}, {site}: {count} pages read.",
            count=len(found.pages),
            name=found.name,
            site=found.site,
        )
    )
    for words in found.failures:
        tell(_("  {words}", words=words), err=True)
    if found.proofs:
        headers = (_("Network"), _("Account"), _("Verdict"), _("Known"), _("Why"))
        tell_table(headers, [_line(one) for one in found.proofs])
    elif found.is_read:
        tell(_("Its pages name no account."))


def _line(one: Proof) -> list[object]:
    reasons = Words(" ".join(f"{{r{place}}}" for place in range(len(one.reasons))),
                    {f"r{place}": words for place, words in enumerate(one.reasons)})  # fmt: skip
    known = _("yes") if one.is_known else _("no")
    handle = one.account.partition(":")[2]
    return [one.address.network, handle, VERDICTS[one.verdict], known, reasons]
