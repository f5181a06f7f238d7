"""Reads the address of a question strictly: what is not plainly a web address is refused."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from urllib.parse import parse_qsl, quote, urlencode, urljoin, urlsplit, urlunsplit

from vigie.errors import AddressError, GarbledError, NetworkError
from vigie.http.asking import Request
from vigie.words import _

PORTS: Mapping[str, int] = {"http": 80, "https": 443, "ws": 80, "wss": 443}
SECURE = frozenset({"https", "wss"})
LOWEST_PORT = 1024
"""Below it only the web's own ports are opened: mail and login servers would read our question."""
_NAME = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)(\.(?!-)[a-z0-9_-]{1,63}(?<!-))*", re.ASCII)
_NUMBER = re.compile(r"\d+|0x[0-9a-f]*", re.ASCII)
_KEPT = "/:@!$&'()*+,;=~-._%"


@dataclass(frozen=True, kw_only=True)
class Target:
    """Where a question goes: scheme, host and port; and, not shown, what is asked there."""

    scheme: str
    host: str
    """In lower case and ASCII; an IPv6 address without brackets."""
    port: int

    @property
    def is_secure(self) -> bool:
        """Whether the connection is encrypted and the server proves its name."""
        return self.scheme in SECURE

    @property
    def is_usual(self) -> bool:
        """Whether its port is one that web servers use."""
        return self.port in PORTS.values() or self.port >= LOWEST_PORT

    @property
    def named(self) -> str:
        """Host and port as the ``Host`` header says them."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == PORTS[self.scheme] else f"{host}:{self.port}"


WEB = ("http", "https")


def target_of(request: Request, *, schemes: tuple[str, ...] = WEB) -> Target | AddressError:
    """Return where a question goes, or why its address is refused.

    Refused are other schemes, a user or password before the host, and every way of writing an IP
    address but the usual one (``http://2130706433/``, ``http://0x7f.1/``).
    """
    found = _target(request.url, schemes)
    if found is not None:
        return found
    return AddressError(
        _(
            "{url} is not an address that may be opened: it must be {schemes}, a host's name, and "
            "neither a user nor a password. Correct it in the register or the settings.",
            url=request.shown,
            schemes=", ".join(f"{scheme}://" for scheme in schemes),
        )
    )


def _target(url: str, schemes: tuple[str, ...]) -> Target | None:
    try:
        parts = urlsplit(url)
        target = _place(parts.scheme, parts.netloc)
    except ValueError:
        return None
    return target if parts.scheme in schemes else None


@lru_cache(maxsize=1024)
def _place(scheme: str, netloc: str) -> Target | None:
    parts = urlsplit(f"//{netloc}")
    host, port = ascii_host(parts.hostname or ""), parts.port
    if scheme not in PORTS or host is None or "@" in netloc or port == 0:
        return None
    return Target(scheme=scheme, host=host, port=port or PORTS[scheme])


def ascii_host(host: str) -> str | None:
    """Return a host as it is looked up: IDN encoded, no last dot; none where it is not one.

    IP addresses pass only as they are usually written.
    """
    if ":" in host:
        return _version_6(host)
    try:
        host = host.encode("idna").decode("ascii").lower().removesuffix(".")
    except UnicodeError:
        return None
    if not _NAME.fullmatch(host) or len(host) > 253:
        return None
    if not _NUMBER.fullmatch(host.rpartition(".")[2]):
        return host
    try:
        return str(ipaddress.IPv4Address(host))
    except ValueError:
        return None


def _version_6(host: str) -> str | None:
    """A zone (``%eth0``) is refused: it only ever names this machine's own neighbourhood."""
    try:
        return None if "%" in host else str(ipaddress.IPv6Address(host))
    except ValueError:
        return None


def path_of(request: Request) -> str:
    """Return path and query as they are sent, with the keys: never kept, never printed."""
    parts = urlsplit(request.whole)
    query = f"?{quote(parts.query, safe=_KEPT + '?')}" if parts.query else ""
    return (quote(parts.path, safe=_KEPT) or "/") + query


def redirected(
    request: Request, here: Target, location: str, *, status: int
) -> Request | NetworkError:
    """Return the question for where a server sends it, or why that is not followed.

    Keys go to the same scheme, host and port, nowhere else; neither does a body. An encrypted
    question with keys does not become an open one.
    """
    url = _without_secrets(urljoin(request.url, _as_utf8(location)), request)
    moved = replace(request, url=url, params={})
    there = target_of(moved)
    if isinstance(there, AddressError):
        return there
    if status == 303 or (status in (301, 302) and request.method == "POST"):
        moved = replace(moved, method="HEAD" if request.method == "HEAD" else "GET", body=None)
    if here == there:
        return moved
    if here.is_secure and not there.is_secure and request.has_secrets:
        return AddressError(
            _(
                "{host} sends a question with a key from https to http, which is not followed.",
                host=here.host,
            )
        )
    if moved.body is not None:
        words = _("{host} sends what we post to {there}, which is not followed.",
                  host=here.host, there=there.host)  # fmt: skip
        return GarbledError(words)
    return replace(moved, secret_params={}, secret_headers={})


def _as_utf8(header: str) -> str:
    """Return a header's letters: they were read one by byte, and servers write UTF-8."""
    try:
        return header.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return header


def _without_secrets(url: str, request: Request) -> str:
    """Return an address without the keys that a server copied from the question into it."""
    if not request.has_secrets:
        return url
    parts = urlsplit(url)
    given = parse_qsl(parts.query, keep_blank_values=True)
    ours = set(request.secrets)
    left = [(n, v) for n, v in given if n not in request.secret_params and v not in ours]
    query = parts.query if left == given else urlencode(left)
    return urlunsplit(parts._replace(query=query))
