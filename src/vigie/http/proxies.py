"""Reads the setting ``proxy``: the machine through which an institution reaches the web."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit

from vigie.errors import SettingError
from vigie.http.targets import ascii_host
from vigie.words import _

USUAL_PORT = 3128


@dataclass(frozen=True, kw_only=True)
class Proxy:
    """The machine that opens connections for us.

    The setting names it, so it may be private. Every name asked for is looked up and checked
    here first, then handed over as a name. Two things cannot be promised: that the proxy finds
    the same address for it as we did, so that it must itself refuse private addresses; and that
    a name which only the proxy can look up is reached, unless ``private_addresses`` names it.
    What is asked by http, the proxy reads; what is asked by https, it does not.
    """

    host: str
    port: int = USUAL_PORT
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    """Who we are for the proxy, where it wants to know."""


def proxy_of(setting: str) -> Proxy | None:
    """Return the proxy of ``http://[user:password@]host:port``; none where nothing is set."""
    if not setting.strip():
        return None
    found = _read(setting.strip())
    if found is None:
        # The value is not repeated: it may hold a password.
        raise SettingError(
            _("proxy must be written as http://host:port or http://user:password@host:port.")
        )
    return found


def _read(written: str) -> Proxy | None:
    try:
        parts = urlsplit(written if "//" in written else f"http://{written}")
        host, port = ascii_host(parts.hostname or ""), parts.port
    except ValueError:
        return None
    if parts.scheme != "http" or host is None or parts.path.strip("/") or port == 0:
        return None
    user = unquote(parts.username or ""), unquote(parts.password or "")
    credentials = base64.b64encode(":".join(user).encode()).decode("ascii")
    headers = {"Proxy-Authorization": f"Basic {credentials}"} if parts.username else {}
    return Proxy(host=host, port=port or USUAL_PORT, headers=headers)
