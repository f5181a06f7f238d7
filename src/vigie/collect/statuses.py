"""Reads statuses and accounts as Mastodon's interface, and those like it, write them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from vigie.collect.connector import Context, Payload
from vigie.collect.fediverse import (
    NETWORK,
    appeared,
    handle_of,
    kind_of_post,
    local_id,
    post_id,
    without_emoji,
)
from vigie.collect.html_words import first_link, words_of
from vigie.collect.items import Skipped
from vigie.collect.moments import local_day
from vigie.collect.nested import Item
from vigie.errors import RowError
from vigie.model import Mention, Post, Snapshot
from vigie.words import _

PUBLIC = frozenset({"public", "unlisted"})
_FORMS = {"image": "image", "gifv": "video", "video": "video", "audio": "audio"}
_SITES = ("site", "web", "url", "homepage")
"""How the field of a profile that holds its web site is called, in part."""


@dataclass(frozen=True, kw_only=True)
class Statuses:
    """Reads the statuses of one answer."""

    payload: Payload
    context: Context
    addresses: Mapping[str, str] = field(default_factory=dict)
    """A status's own identifier on the answering server → that of the post everywhere."""
    thread: str | None = None
    """The post that began the conversation, where the answer is one."""

    def own(self, status: Item) -> Post | Skipped:
        """Return the post of a status of the account that was asked about."""
        if _visibility(status) not in PUBLIC:
            return Skipped("not public")
        reblog = status.at("reblog")
        return self._boost(status, reblog) if reblog else self._post(status)

    def others(
        self, status: Item, *, kind: str, consents: Collection[str] = ()
    ) -> Mention | Skipped:
        """Return the mention of someone else's status.

        Its words are left out where its author lets no search engine keep them (``noindex``),
        or denies one of the ``consents`` that such a find needs.
        """
        if _visibility(status) not in PUBLIC:
            return Skipped("not public")
        author = status.at("account")
        denied = any(author.at(consent).value is False for consent in consents)
        shown = not denied and author.at("noindex").value is not True
        return Mention(
            network=NETWORK,
            post=post_id(status.needed("uri")),
            subject=self.payload.subject,
            kind=kind,
            author=self.context.pseudonym(NETWORK, _person(author)),
            **appeared(self.payload, self.context, status.when("created_at")),
            text=_words(status) if shown else None,
            url=status.name("url") if shown else None,
            language=_language(status),
            answers_to=self._answered(status),
            thread=self.thread,
            likes=status.count("favourites_count"),
            comments=status.count("replies_count"),
            shares=_shares(status),
        )

    def is_own(self, status: Item, *, is_home: bool) -> bool:
        """Return whether the account that was asked about wrote a status.

        A server names its own people without itself: ``is_home`` says that the account is one
        of them. The address of a server may differ from the one in its handles.
        """
        handle = handle_of(self.payload.subject)
        acct = (status.name("account", "acct") or "").casefold()
        return acct == handle or (is_home and acct == handle.partition("@")[0])

    def _boost(self, status: Item, original: Item) -> Post:
        """Return a boost: its words are someone else's, and so are the counts.

        Some servers give it the identifier of what is boosted: who boosted tells them apart.
        """
        post = post_id(status.needed("uri"))
        is_original = post == original.name("uri")
        return Post(
            network=NETWORK,
            post=f"{post}#{handle_of(self.payload.subject)}" if is_original else post,
            account=self.payload.subject,
            **appeared(self.payload, self.context, status.when("created_at")),
            text=_words(original),
            url=original.name("url") or original.name("uri"),
            language=_language(original),
            is_repost=True,
            is_reply=False,
        )

    def _post(self, status: Item) -> Post:
        media = [_FORMS.get(one.name("type") or "", "") for one in status.at("media_attachments")]
        answered = status.name("in_reply_to_account_id")
        is_answer = status.name("in_reply_to_id") is not None or answered is not None
        return Post(
            network=NETWORK,
            post=post_id(status.needed("uri")),
            account=self.payload.subject,
            **appeared(self.payload, self.context, status.when("created_at")),
            kind=kind_of_post(media, is_poll=bool(status.at("poll")), is_link=_is_link(status)),
            text=_words(status),
            url=status.name("url") or status.name("uri"),
            language=_language(status),
            is_repost=False,
            is_reply=is_answer and answered != status.name("account", "id"),
            answers_to=self._answered(status),
            thread=self.thread,
            likes=status.count("favourites_count"),
            comments=status.count("replies_count"),
            shares=_shares(status),
            images=sum(form == "image" for form in media),
            images_described=_described(status),
        )

    def _answered(self, status: Item) -> str | None:
        """Return which post a status answers, where this answer says or its form tells."""
        parent = status.name("in_reply_to_id")
        if parent is None:
            return None
        if parent in self.addresses:
            return self.addresses[parent]
        own = post_id(status.needed("uri"))
        is_to_itself = status.name("in_reply_to_account_id") == status.name("account", "id")
        if is_to_itself and local_id(own) == status.name("id"):
            # A thread of one's own: on one server identifiers differ in their last part only.
            return f"{own.rpartition('/')[0]}/{parent}"
        return None


def read_profile(account: Item, payload: Payload, context: Context) -> Snapshot | Skipped:
    """Return the profile of an account; a suspended one has counts of nothing."""
    account.needed("id")
    if account.at("suspended").value is True:
        return Skipped("suspended")
    fields = list(account.at("fields"))
    codes = {emoji.name("shortcode") or "" for emoji in account.at("emojis")}
    known = isinstance(account.at("fields").value, list)
    return Snapshot(
        network=NETWORK,
        account=payload.subject,
        observed_at=payload.received_at,
        observed_on=local_day(payload.received_at, context.zone),
        followers=account.count("followers_count"),
        following=account.count("following_count"),
        posts=account.count("statuses_count"),
        name=without_emoji(account.text("display_name"), codes) or account.name("username"),
        description=words_of(account.name("note")),
        website=_website(fields),
        is_verified=any(_is_verified(one) for one in fields) if known else None,
        source=payload.connector,
        run=context.run or None,
    )


def addresses_of(statuses: list[Item]) -> dict[str, str]:
    """Return which post each status is, by its identifier on the answering server."""
    pairs = ((one.name("id"), one.name("uri")) for one in statuses)
    return {own: post_id(post) for own, post in pairs if own and post}


def _visibility(status: Item) -> str:
    return status.needed("visibility")


def _words(status: Item) -> str | None:
    """Return the warning before a post and the post."""
    warning = status.text("spoiler_text")
    said = words_of(status.name("content"))
    return "\n".join(part for part in (warning, said) if part) or None


def _language(status: Item) -> str | None:
    return status.name("language")


def _shares(status: Item) -> int | None:
    """Return boosts and quotes; servers before 4.5 know no quotes."""
    counts = (status.count("reblogs_count"), status.count("quotes_count"))
    known = [count for count in counts if count is not None]
    return sum(known) if known else None


def _is_link(status: Item) -> bool:
    return bool(status.at("card", "url"))


def _described(status: Item) -> int:
    images = [one for one in status.at("media_attachments") if one.name("type") == "image"]
    return sum(one.text("description") is not None for one in images)


def _person(account: Item) -> str:
    """Return what names a person the same way on every server that shows them."""
    address = account.name("url") or account.name("uri")
    if address is None:
        raise RowError(_("{where} is missing.", where="account.url"), column="account.url")
    return address


def _website(fields: list[Item]) -> str | None:
    """Return the proven web site of a profile, or else the one it calls so."""
    called = [
        one for one in fields if any(word in (one.name("name") or "").lower() for word in _SITES)
    ]
    proven = [one for one in fields if _is_verified(one)]
    both = [one for one in called if one in proven]
    links = (first_link(one.name("value")) for one in (*both, *proven, *called))
    return next((link for link in links if link), None)


def _is_verified(one: Item) -> bool:
    return one.name("verified_at") is not None
