"""From a web site, the accounts of an institution are found, and each is weighed."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.cast import post
from tests.collect.loopback import Server, impatient, serving
from tests.flow.northfield_site import Town, look, register
from vigie.columns import table_of
from vigie.errors import RegisterError
from vigie.model import Account, Post
from vigie.settings import Settings
from vigie.store.store import Store


@pytest.fixture
def town() -> Town:
    return Town()


@pytest.fixture
def server(town: Town, store: Store) -> Iterator[Server]:
    with serving(town.answer) as started:
        town.where = f"{started.url}/"
        register(store, town.where)
        yield started


def verdicts(found: object) -> dict[str, str]:
    return {one.account: one.verdict for one in found.proofs}  # type: ignore[attr-defined]


def test_pages_the_site_names_are_read_but_not_those_it_closes(
    store: Store, settings: Settings, server: Server
) -> None:
    found = look(store, settings, server)
    paths = [page.removeprefix(server.url) for page in found.pages]
    assert paths == ["/", "/contact", "/mentions-legales"]
    assert any("robots.txt" in str(words) for words in found.failures)
    assert "/secret/suivez-nous" not in {one.path for one in server.asked}


def test_each_account_is_weighed(
    store: Store, settings: Settings, server: Server, town: Town
) -> None:
    town.on_bluesky("northfield.bsky.social", website=town.where)
    # Every server of this little fediverse has somebody of that name, the open one too.
    town.on_mastodon("northfield", website="https://elsewhere.example")
    assert verdicts(look(store, settings, server)) == {
        "bluesky:northfield.bsky.social": "two_way",
        "mastodon:northfield@mastodon.social": "impostor",
        "mastodon:northfield@social.example": "site",
        "tiktok:northfield": "site",
    }


def test_verified_by_its_own_server(
    store: Store, settings: Settings, server: Server, town: Town
) -> None:
    town.on_mastodon("northfield", website=town.where, is_verified=True)
    town.pages["/contact"] = ""
    register(store, town.where, "@northfield@social.example")
    found = verdicts(look(store, settings, server))
    assert found["mastodon:northfield@social.example"] == "two_way"


def test_orphan_of_the_register_is_flagged(
    store: Store, settings: Settings, server: Server, town: Town
) -> None:
    register(store, town.where, "https://bsky.app/profile/old.bsky.social")
    town.on_bluesky("old.bsky.social")
    assert verdicts(look(store, settings, server))["bluesky:old.bsky.social"] == "orphan"


def test_double_under_the_same_name_is_listed(
    store: Store, settings: Settings, server: Server, town: Town
) -> None:
    town.pages["/"] = '<a href="https://x.com/northfield_u">X</a> <a href="/contact">Contact</a>'
    town.on_bluesky("northfield-u.bsky.social", displayName="Northfield University")
    assert verdicts(look(store, settings, server))["bluesky:northfield-u.bsky.social"] == "suspect"


def test_domain_says_which_account_is_its_own(
    store: Store, settings: Settings, server: Server, town: Town
) -> None:
    did = "did:plc:abcdefghijklmnopqrstuvwx"
    town.pages["/.well-known/atproto-did"] = did
    town.on_bluesky("northfield.example", asked=did)
    assert verdicts(look(store, settings, server))[f"bluesky:{did}"] == "site"


def test_domain_says_where_its_account_of_the_fediverse_is(
    store: Store, settings: Settings, server: Server, town: Town
) -> None:
    town.pages["/.well-known/host-meta"] = f'<Link template="{server.url}/finger?r={{uri}}"/>'
    town.pages["/finger"] = '{"subject": "acct:press@social.example"}'
    town.on_mastodon("press", website="https://elsewhere.example")
    assert verdicts(look(store, settings, server))["mastodon:press@social.example"] == "site"


def test_idle_by_the_posts_the_store_knows(
    store: Store, settings: Settings, server: Server, town: Town
) -> None:
    account = Account(account="bluesky:northfield.bsky.social", institution="northfield",
                      network="bluesky", handle="northfield.bsky.social")  # fmt: skip
    old = post(account=account).published_at.replace(year=2020)
    store.append("posts", table_of(Post, [post(account=account, published_at=old)]))
    town.on_bluesky("northfield.bsky.social", website=town.where)
    (one,) = [proof for proof in look(store, settings, server).proofs if proof.is_idle]
    assert (one.account, one.latest_post) == (account.account, old)


def test_nothing_is_kept(store: Store, settings: Settings, server: Server, town: Town) -> None:
    town.on_bluesky("northfield.bsky.social", website=town.where)
    look(store, settings, server)
    kept = {name: store.table(name).count().to_pyarrow().as_py() for name in ("snapshots", "runs")}
    assert kept == {"snapshots": 0, "runs": 0}


@pytest.mark.parametrize("path", ["/", "/robots.txt"])
def test_site_that_does_not_answer_is_no_reason_to_doubt_the_register(
    store: Store, settings: Settings, server: Server, town: Town, path: str
) -> None:
    register(store, town.where, "https://x.com/northfield")
    town.status[path] = 503
    found = look(store, settings, server)
    assert (found.is_read, found.proofs, len(found.failures)) == (False, (), 1)


def test_page_that_is_gone_does_not_stop_the_others(
    store: Store, settings: Settings, server: Server, town: Town
) -> None:
    town.status["/contact"] = 404
    found = look(store, settings, server)
    assert "tiktok:northfield" in verdicts(found)
    assert any("/contact" in str(words) for words in found.failures)


def test_site_is_given_the_time_it_asks_for(
    store: Store, settings: Settings, server: Server
) -> None:
    slept: list[float] = []
    http = impatient()
    http.sleep = slept.append
    look(store, settings, server, http)
    assert slept.count(1.0) >= 2


def test_site_that_moved_elsewhere_is_said(
    store: Store, settings: Settings, server: Server, town: Town
) -> None:
    town.moved["/"] = f"{server.url.replace('127.0.0.1', 'localhost')}/contact"
    found = look(store, settings, server)
    assert (found.has_moved, found.site) == (True, town.moved["/"])


def test_page_that_only_leads_on_is_followed(
    store: Store, settings: Settings, server: Server, town: Town
) -> None:
    town.pages["/"] = '<meta http-equiv="refresh" content="0; url=/contact">'
    assert look(store, settings, server).pages[-1].endswith("/contact")


@pytest.mark.parametrize("website", [None, " ", "https://www.facebook.com/northfield", "::"])
def test_register_without_a_site_is_told_so(
    store: Store, settings: Settings, server: Server, website: str | None
) -> None:
    register(store, website)
    with pytest.raises(RegisterError):
        look(store, settings, server)


def test_institution_that_nobody_knows(store: Store, settings: Settings, server: Server) -> None:
    with pytest.raises(RegisterError, match="not in the register"):
        look(store, settings, server, institution="nowhere")
