"""An institution's web site: what is on it, what points to it, what bears its name."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from urllib.parse import urlsplit

from vigie.model import Institution

_HOST = re.compile(r"(?<![\w@.-])(?:https?://)?((?:[\w-]+\.)+[^\W\d_]{2,})", re.IGNORECASE)
"""A host in running text; what stands after an @ is a mail address, which links nowhere."""
SHORTEST = 3
"""Letters of a name below which the same name says nothing."""


@dataclass(frozen=True, kw_only=True)
class Site:
    """The web site of an institution, and the names it goes by."""

    url: str
    names: tuple[str, ...] = ()

    @property
    def domain(self) -> str:
        """The host without www: all below it belongs to the institution."""
        return host_of(self.url).removeprefix("www.")

    def covers(self, host: str) -> bool:
        """Say whether a host is the site's own, or below it."""
        own = self.domain
        return bool(own) and (host == own or host.endswith(f".{own}"))

    def holds(self, url: str | None) -> bool:
        """Say whether an address leads to the site."""
        return url is not None and self.covers(host_of(url))

    def is_named_in(self, text: str | None) -> bool:
        """Say whether a text gives the address of the site."""
        return any(self.covers(plain(host)) for host in _HOST.findall(text or ""))

    def has_name(self, name: str | None) -> bool:
        """Say whether a name is one of the institution's, whatever its accents and spaces."""
        bare = folded(name)
        return len(bare) >= SHORTEST and bare in {folded(one) for one in self.names}


def site_of(institution: Institution, website: str) -> Site:
    """Return the site of an institution of the register."""
    given = (institution.name, institution.short_name, *institution.aliases)
    return Site(url=website, names=tuple(name for name in given if name))


def host_of(url: str) -> str:
    """Return the host of an address, without its port; empty where there is none."""
    text = url.strip()
    try:
        host = urlsplit(text if "://" in text else f"https://{text}").hostname
    except ValueError:
        return ""
    return plain(host or "")


def plain(host: str) -> str:
    """Return a host in one form: lower case, accents instead of ``xn--``."""
    written = host.lower().rstrip(".")
    if "xn--" not in written:
        return written
    try:
        return written.encode("ascii").decode("idna")
    except UnicodeError:
        return written


def folded(text: str | None) -> str:
    """Return the letters and digits of a text, without accents or capitals."""
    bare = unicodedata.normalize("NFKD", (text or "").casefold())
    return "".join(letter for letter in bare if letter.isalnum())
