"""Finds where an account of the fediverse lives: WebFinger, RFC 7033."""

from __future__ import annotations

from urllib.parse import urlsplit

from vigie.collect.connector import Ask, Payload
from vigie.collect.fediverse import address_of, name_and_server, read_json
from vigie.collect.items import listed
from vigie.collect.nested import Item
from vigie.errors import GarbledError
from vigie.http import Request
from vigie.words import _

PATH = "/.well-known/webfinger"
ACTIVITY = (
    "application/activity+json",
    'application/ld+json; profile="https://www.w3.org/ns/activitystreams"',
)
"""How servers call the form of an actor."""


def webfinger_request(ask: Ask, *, handle: str, server: str | None = None) -> Request:
    """Return the question where an account lives, to the server its handle names."""
    name, host = name_and_server(handle)
    resource = f"acct:{name}@{urlsplit(address_of(host)).netloc}"
    return Request(url=f"{server or address_of(host)}{PATH}", params={"resource": resource})


def is_webfinger(payload: Payload) -> bool:
    """Return whether an answer is one of WebFinger."""
    return urlsplit(payload.url).path == PATH


def actor_of(payload: Payload) -> str:
    """Return the address of the actor that an answer names."""
    answer = Item(read_json(payload.body, payload.url))
    for link in map(Item, listed(answer.at("links"), where="of links")):
        address = link.name("href")
        is_self = link.name("rel") == "self" and link.name("type") in ACTIVITY
        if is_self and address and address.startswith(("https://", "http://")):
            return address
    raise GarbledError(
        _("{url} names no account of the fediverse. Correct it in the register.", url=payload.url)
    )
