"""Which addresses may be opened: public ones, and the private ones that a setting names."""

from __future__ import annotations

import ipaddress
import re
import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from vigie.errors import AddressError, NoAnswerError, SettingError
from vigie.http.broken import Broken
from vigie.http.targets import Target, ascii_host
from vigie.words import Words, _

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Resolve = Callable[[str, int], Sequence[str]]

UNKNOWN = frozenset({socket.EAI_NONAME, getattr(socket, "EAI_NODATA", socket.EAI_NONAME)})
"""Answers of name servers that mean: there is no such name. Others may pass."""
PUBLIC_6 = ipaddress.IPv6Network("2000::/3")
"""The only addresses of version 6 that are given out to the public (IANA)."""
CLOSED = tuple(
    ipaddress.ip_network(written)
    for written in (
        # Written out, because releases of Python differ in what they call global.
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16",
        "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16",
        "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/3",
        # Public by its number, but answers only inside a cloud, to the machines there.
        "168.63.129.16/32",
        # Teredo and other protocols' own, documentation.
        "2001::/23", "2001:db8::/32", "3fff::/20",
    )
)  # fmt: skip
EMBEDDING = (
    (ipaddress.IPv6Network("::ffff:0:0/96"), 0),
    (ipaddress.IPv6Network("::/96"), 0),
    (ipaddress.IPv6Network("64:ff9b::/96"), 0),
    (ipaddress.IPv6Network("2002::/16"), 80),
)
"""Ranges of version 6 that hold an address of version 4, and how many bits to its right."""


def look_up(host: str, port: int) -> Sequence[str]:
    """Ask the machine which addresses a name has."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


@dataclass(frozen=True, kw_only=True)
class Allowed:
    """The private addresses that may be opened: names of hosts, and ranges."""

    hosts: frozenset[str] = frozenset()
    ranges: tuple[Network, ...] = ()
    resolve: Resolve = field(default=look_up, repr=False)
    is_closed: bool = False
    """No connection is opened at all, and no name looked up."""

    @classmethod
    def of(cls, setting: str, *, resolve: Resolve = look_up) -> Allowed:
        """Read the setting: names and ranges by commas."""
        hosts: set[str] = set()
        ranges: list[Network] = []
        for part in filter(None, (part.strip().strip("[]") for part in setting.split(","))):
            try:
                ranges.append(ipaddress.ip_network(part, strict=False))
            except ValueError:
                hosts.add(_host_named(part))
        return cls(hosts=frozenset(hosts), ranges=tuple(ranges), resolve=resolve)

    def addresses(self, target: Target) -> tuple[str, ...] | Broken:
        """Return the addresses that a connection may be made to, or why there are none.

        The name is looked up once, and the connection then made to these very addresses, so that
        a name which answers differently a moment later leads nowhere else.
        """
        if self.is_closed:
            return _refused(offline_words(target.host))
        found = self._looked_up(target)
        if isinstance(found, Broken):
            return found
        is_open = tuple(text for text in found if self.is_open(target.host, text))
        if not is_open:
            return _refused(private_words(target.host))
        if not target.is_usual and not self.names(target.host, is_open):
            return _refused(_closed(target))
        return is_open

    def _looked_up(self, target: Target) -> Sequence[str] | Broken:
        try:
            return self.resolve(target.host, target.port)
        except socket.gaierror as error:
            return _unknown(target.host, is_final=error.errno in UNKNOWN)
        except (OSError, UnicodeError):
            return _unknown(target.host, is_final=False)

    def names(self, host: str, addresses: Sequence[str]) -> bool:
        """Say whether the setting names this host, or every one of its addresses."""
        return host in self.hosts or all(
            any(meant(text) in known for known in self.ranges) for text in addresses
        )

    def is_open(self, host: str, text: str) -> bool:
        """Say whether a connection to this address of this host may be made."""
        return self.names(host, [text]) or is_public(meant(text))


def _host_named(part: str) -> str:
    host = None if re.search(r"[/:]", part) else ascii_host(part)
    if host is None:
        raise SettingError(
            _(
                "private_addresses holds {part}, which is neither a host's name nor a range such "
                "as 10.0.0.0/8. Correct it.",
                part=part,
            )
        )
    return host


@lru_cache(maxsize=1024)
def meant(text: str) -> Address:
    """Return an address, or the one of version 4 that it leads to (mapped, NAT64, 6to4)."""
    address = ipaddress.ip_address(text.partition("%")[0])
    for network, right in EMBEDDING:
        if address in network and int(address) > 1:
            return ipaddress.IPv4Address(int(address) >> right & 0xFFFFFFFF)
    return address


def is_public(address: Address) -> bool:
    """Say whether an address is one that everybody reaches, and means the same to everybody."""
    if any(address in network for network in CLOSED):
        return False
    return address.version == 4 or address in PUBLIC_6


def _unknown(host: str, *, is_final: bool) -> Broken:
    if is_final:
        words = _(
            "No name server knows {host}. Correct the address, or check the network.", host=host
        )
    else:
        words = _("The name servers did not say where {host} is. Check the network.", host=host)
    return Broken(error=NoAnswerError(words), is_sent=False, is_passing=not is_final)


def offline_words(host: str) -> Words:
    """Say that an installation opens no connections."""
    return _(
        "{host} is not asked: this installation opens no connection to other machines (offline), "
        "as a demonstration does.",
        host=host,
    )


def private_words(host: str) -> Words:
    """Say that an address is private, and how it may be opened all the same."""
    return _(
        "{host} is a private address, which is not opened. If it is meant, name it in the setting "
        "private_addresses.",
        host=host,
    )


def _closed(target: Target) -> Words:
    return _(
        "Port {port} of {host} is not opened: below 1024 only 80 and 443 are. If it is meant, name "
        "{host} in the setting private_addresses.",
        port=str(target.port),
        host=target.host,
    )


def _refused(words: Words) -> Broken:
    return Broken(error=AddressError(words), is_sent=False, is_passing=False)
