"""Whose an account is follows from what the site and the account say of each other."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tests.cast import NOON
from vigie.collect.address import Address, parse_addresses
from vigie.collect.discovery import Found
from vigie.collect.proof import Profile, Proof
from vigie.collect.proving import proofs
from vigie.collect.web_site import Site
from vigie.collect.well_known import account_said, did_said, guesses, webfinger_url
from vigie.model import Snapshot

SITE = Site(url="https://www.northfield.example/fr/", names=("Université de Northfield", "UNF"))
DID = "did:plc:abcdefghijklmnopqrstuvwx"


def address(url: str) -> Address:
    return parse_addresses(url).found[0]


def found(url: str, kind: str = "link") -> Found:
    return Found(address=address(url), kind=kind, page=SITE.url, place="footer")


def profile(
    website: str | None = None,
    *,
    name: str = "Somebody",
    description: str | None = None,
    is_verified: bool | None = None,
    handle: str | None = None,
    days_ago: int | None = None,
) -> Profile:
    look = Snapshot(
        network="n", account="a", observed_at=NOON, observed_on=NOON.date(), name=name,
        website=website, description=description, is_verified=is_verified,
    )  # fmt: skip
    latest = NOON - timedelta(days=days_ago) if days_ago is not None else None
    return Profile(snapshot=look, handle=handle, latest_post=latest,
                   identifier=DID if handle else None)  # fmt: skip


def weigh(
    *named: Found,
    register: tuple[str, ...] = (),
    site: Site = SITE,
    **profiles: Profile,
) -> dict[str, Proof]:
    """Weigh what was found; profiles are given by network."""
    addresses = [*(one.address for one in named), *map(address, register)]
    asked = {one.account: profiles[one.network] for one in addresses if one.network in profiles}
    registered = [address(one) for one in register]
    weighed = proofs(named, asked, site, registered=registered, now=NOON)
    return {one.account: one for one in weighed}


@pytest.mark.parametrize(
    ("website", "description", "verdict"),
    [
        ("https://northfield.example", None, "two_way"),
        ("http://www.Northfield.example/en/about?x=1", None, "two_way"),
        ("https://library.northfield.example/", None, "two_way"),
        (None, "Compte officiel — www.northfield.example.", "two_way"),
        (None, "Ecrivez-nous : contact@northfield.example", "site"),
        ("https://notnorthfield.example/", None, "site"),
        ("https://northfield.example.evil.test/", None, "site"),
        ("http://[", None, "site"),
        (None, None, "site"),
    ],
)
def test_two_links_prove_and_one_does_not(
    website: str | None, description: str | None, verdict: str
) -> None:
    said = weigh(found("https://x.com/unf"), x=profile(website, description=description))
    assert said["x:unf"].verdict == verdict


def test_what_could_not_be_asked_is_not_taken_for_a_no() -> None:
    said = weigh(found("https://www.tiktok.com/@unf"))["tiktok:unf"]
    assert (said.verdict, said.proof) == ("site", "site")
    assert not any("does not link back" in str(reason) for reason in said.reasons)


def test_handle_in_the_domain_proves_by_itself() -> None:
    handle = "https://bsky.app/profile/northfield.example"
    said = weigh(found(handle, "guess"), bluesky=profile(handle="northfield.example"))
    assert said["bluesky:northfield.example"].verdict == "two_way"


def test_handle_in_the_domain_that_does_not_answer_proves_nothing() -> None:
    assert weigh(found("https://bsky.app/profile/northfield.example", "guess")) == {}


def test_server_that_verified_the_home_page_proves_by_itself() -> None:
    verified = profile("https://northfield.example/", is_verified=True)
    said = weigh(found("@unf@social.example", "guess"), mastodon=verified)
    assert said["mastodon:unf@social.example"].verdict == "two_way"


def test_verified_page_of_a_member_of_staff_proves_nothing() -> None:
    verified = profile("https://northfield.example/~jean", is_verified=True)
    said = weigh(found("@jean@social.example", "guess"), mastodon=verified)
    assert said["mastodon:jean@social.example"].verdict == "profile"


def test_feed_of_the_site_needs_no_profile() -> None:
    feed = parse_addresses("https://www.northfield.example/feed", "rss").found[0]
    said = weigh(Found(address=feed, kind="feed", page=SITE.url, place="head"))
    assert [one.verdict for one in said.values()] == ["two_way"]


def test_who_claims_the_site_beside_the_account_it_names_may_be_an_impostor() -> None:
    double = found("https://bsky.app/profile/unf.bsky.social", "guess")
    said = weigh(
        found("https://bsky.app/profile/northfield.example"), double,
        bluesky=profile("https://northfield.example"),
    )["bluesky:unf.bsky.social"]  # fmt: skip
    assert said.verdict == "impostor"
    assert "bluesky:northfield.example" in str(said.reasons[-1])


@pytest.mark.parametrize(
    ("name", "verdict"),
    [("universite de  NORTHFIELD", "suspect"), ("U.N.F.", "suspect"), ("Unfold", None)],
)
def test_same_name_without_a_link_is_suspect(name: str, verdict: str | None) -> None:
    said = weigh(found("@unf@social.example", "guess"), mastodon=profile(name=name))
    assert next((one.verdict for one in said.values()), None) == verdict


def test_account_of_the_register_without_links_is_an_orphan() -> None:
    said = weigh(
        found("https://x.com/unf"), register=("https://x.com/old_unf",), x=profile()
    )["x:old_unf"]  # fmt: skip
    assert (said.verdict, said.is_known, said.proof) == ("orphan", True, "")
    assert any("x:unf" in str(reason) for reason in said.reasons)


def test_account_of_the_register_that_names_the_site_is_no_impostor() -> None:
    said = weigh(
        found("https://x.com/unf"), register=("https://x.com/unf_library",),
        x=profile("https://northfield.example"),
    )["x:unf_library"]  # fmt: skip
    assert said.verdict == "profile"


@pytest.mark.parametrize(("days", "is_idle"), [(179, False), (181, True), (None, False)])
def test_idle_after_half_a_year(days: int | None, is_idle: bool) -> None:
    said = weigh(found("https://x.com/unf"), x=profile(days_ago=days))["x:unf"]
    assert said.is_idle is is_idle


def test_named_by_the_site_but_gone() -> None:
    said = weigh(found("https://x.com/unf"), x=Profile(is_missing=True))["x:unf"]
    assert said.verdict == "missing"


def test_guess_that_nobody_took_is_not_spoken_of() -> None:
    assert weigh(found("@unf@social.example", "guess"), mastodon=Profile(is_missing=True)) == {}


def test_post_alone_proves_nothing() -> None:
    said = weigh(found("https://x.com/journal", "post"), x=profile())["x:journal"]
    assert (said.verdict, said.proof) == ("mentioned", "")


def test_handle_and_identifier_of_one_account_are_one() -> None:
    by_did = found(f"https://bsky.app/profile/{DID}", "domain")
    by_handle = found("https://bsky.app/profile/northfield.example")
    said = weigh(by_did, by_handle, bluesky=profile(handle="northfield.example"))
    assert list(said) == ["bluesky:northfield.example"]
    assert {one.kind for one in said["bluesky:northfield.example"].found} == {"domain", "link"}


def test_key_of_the_register_is_kept() -> None:
    said = weigh(
        found("https://bsky.app/profile/northfield.example"),
        register=(f"https://bsky.app/profile/{DID}",),
        bluesky=profile(handle="northfield.example"),
    )
    assert [(one.account, one.is_known) for one in said.values()] == [(f"bluesky:{DID}", True)]


def test_account_that_was_renamed_is_one_account_and_said() -> None:
    said = weigh(
        found("https://bsky.app/profile/unf.bsky.social"),
        register=("https://bsky.app/profile/old.bsky.social",),
        bluesky=profile(handle="unf.bsky.social"),
    )
    assert list(said) == ["bluesky:old.bsky.social"]
    reasons = said["bluesky:old.bsky.social"].reasons
    assert any("is now unf.bsky.social" in str(reason) for reason in reasons)


@pytest.mark.parametrize(
    ("website", "verdict"),
    [("https://www.univ.example/law/about", "two_way"), ("https://www.univ.example/", "site")],
)
def test_part_of_a_site_is_not_the_whole(website: str, verdict: str) -> None:
    part = Site(url="https://www.univ.example/law/", names=("Law",))
    said = weigh(found("https://x.com/law"), site=part, x=profile(website))
    assert said["x:law"].verdict == verdict


def test_guesses_are_few_and_new() -> None:
    named = [found(f"https://x.com/name{number}") for number in range(9)]
    tried = [one.account for one in guesses([*named, found("@name0@mastodon.social")], SITE)]
    assert tried[:2] == ["bluesky:northfield.example", "bluesky:name0.bsky.social"]
    assert (len(tried), "mastodon:name0@mastodon.social" in tried) == (6, False)


@pytest.mark.parametrize(
    ("body", "account"),
    [
        (f"{DID}\n".encode(), f"bluesky:{DID}"),
        (b"<!doctype html><p>did:plc:abcdefghijklmnopqrstuvwx", None),
        (b"", None),
        (b"\xff\xfe", None),
    ],
)
def test_domain_says_its_own_identifier(body: bytes, account: str | None) -> None:
    said = did_said(body, SITE.url)
    assert (said.account if said else None) == account


@pytest.mark.parametrize(
    ("body", "account"),
    [
        (b'{"subject": "acct:unf@social.example", "links": []}', "mastodon:unf@social.example"),
        (b'{"subject": "https://social.example/@unf"}', None),
        (b'{"subject": "acct:"}', None),
        (b"[]", None),
        (b"<html>", None),
    ],
)
def test_webfinger_names_an_account(body: bytes, account: str | None) -> None:
    said = account_said(body, SITE.url)
    assert (said.account if said else None) == account


def test_host_meta_says_where_to_ask() -> None:
    meta = b'<Link rel="lrdd" template="https://social.example/wf?resource={uri}"/>'
    asked = webfinger_url(meta, "https://northfield.example", "acct:a@northfield.example")
    assert asked == "https://social.example/wf?resource=acct%3Aa%40northfield.example"
    plain = webfinger_url(None, "https://northfield.example", "acct:a@b")
    assert plain.startswith("https://northfield.example/.well-known/webfinger?resource=acct")


def test_clock_is_given() -> None:
    later = datetime(2030, 1, 1, tzinfo=UTC)
    (one,) = proofs([found("https://x.com/unf")], {"x:unf": profile(days_ago=1)}, SITE, now=later)
    assert one.is_idle
