"""An institution's web site: what is on it, what points to it, what bears its name."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from urllib.parse import urlsplit

from vigie.model import Institution

_ADDRESS = re.compile(
    r"(?<![\w@.-])(?:https?://)?((?:[\w-]+\.)+[^\W\d_]{2,}(?:/[^\s<>]*)?)", re.IGNORECASE
)
"""An address in running text; what stands after an @ is one of mail, which links nowhere."""
_ENTRANCE = re.compile(
    r"[a-z]{2}(?:[-_][a-z]{2})?|[^/]*\.[a-z]{3,5}|accueil|home|index|portail|web|site|www",
    re.IGNORECASE,
)
"""First parts of paths that only lead in: a language, a file, a word for home."""
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

    @property
    def path(self) -> str:
        """What part of its host is the institution's own; empty: all of it."""
        first = _path(self.url).partition("/")[0]
        return "" if not first or _ENTRANCE.fullmatch(first) else first.lower()

    def covers(self, host: str) -> bool:
        """Say whether a host is the site's own, or below it."""
        own = self.domain
        return bool(own) and (host == own or host.endswith(f".{own}"))

    def holds(self, url: str | None) -> bool:
        """Say whether an address leads to the site."""
        if url is None or not self.covers(host_of(url)):
            return False
        return not self.path or _path(url).partition("/")[0].lower() == self.path

    def is_home(self, url: str | None) -> bool:
        """Say whether an address leads to the home page of the site itself."""
        return self.holds(url) and _path(url or "").lower() in ("", self.path)

    def is_named_in(self, text: str | None) -> bool:
        """Say whether a text gives the address of the site."""
        return any(self.holds(address) for address in _ADDRESS.findall(text or ""))

    def has_name(self, name: str | None) -> bool:
        """Say whether a name is one of the institution's, whatever its accents and spaces."""
        bare = folded(name)
        return len(bare) >= SHORTEST and bare in {folded(one) for one in self.names}


def site_of(institution: Institution, website: str) -> Site:
    """Return the site of an institution of the register."""
    given = (institution.name, institution.short_name, *institution.aliases)
    return Site(url=website, names=tuple(name for name in given if name))


def _path(url: str) -> str:
    text = url.strip()
    try:
        return urlsplit(text if "://" in text else f"https://{text}").path.strip("/")
    except ValueError:
        return ""


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
