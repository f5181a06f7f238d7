"""No private address is opened unless a setting names it, however it is written or reached."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.http import faults
from tests.http.faults import FaultServer
from tests.http.waiting import Clock, opener
from vigie.errors import AddressError, NoAnswerError, SettingError
from vigie.http import Http, Request
from vigie.http.addresses import Allowed, is_public, meant
from vigie.http.broken import Broken
from vigie.http.mail import MailPlace, open_imap
from vigie.http.patience import Patience
from vigie.http.targets import Target, ascii_host, target_of

PUBLIC = "93.184.216.34"


class Names:
    """A name server that gives its answers one by one, the last for good."""

    def __init__(self, *answers: Sequence[str]) -> None:
        self.answers = list(answers)
        self.asked: list[str] = []

    def __call__(self, host: str, _port: int) -> Sequence[str]:
        self.asked.append(host)
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


def refuses(allowed: Allowed, host: str = "northfield.example", port: int = 443) -> bool:
    found = allowed.addresses(Target(scheme="https", host=host, port=port))
    return isinstance(found, Broken) and isinstance(found.error, AddressError)


PRIVATE = [
    "127.0.0.1", "127.8.8.8", "0.0.0.0", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254",
    "100.64.0.1", "100.100.100.200", "168.63.129.16", "192.0.0.8", "192.0.2.1", "198.18.0.1",
    "192.88.99.1", "224.0.0.1", "240.0.0.1", "255.255.255.255",
    "::", "::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::127.0.0.1", "::10.0.0.1",
    "64:ff9b::7f00:1", "64:ff9b::a00:1", "64:ff9b:1::1", "2002:7f00:1::", "2002:a00:1::1",
    "2001:0:4136:e378::1", "2001:db8::1", "3fff::1", "5f00::1", "100::1", "fc00::1",
    "fd00:ec2::254", "fe80::1", "fe80::1%eth0", "fec0::1", "ff02::1",
]  # fmt: skip


def test_offline_no_name_is_even_looked_up() -> None:
    names = Names([PUBLIC])
    closed = Allowed(resolve=names, is_closed=True)
    assert refuses(closed)
    with (
        pytest.raises(AddressError, match="offline"),
        open_imap(MailPlace(host="a.example", port=993), closed),
    ):
        pass
    assert names.asked == []


@pytest.mark.parametrize("address", PRIVATE)
def test_a_name_that_leads_inside_is_refused(address: str) -> None:
    assert refuses(Allowed(resolve=Names([address])))


@pytest.mark.parametrize(
    "address", [PUBLIC, "8.8.8.8", "::ffff:8.8.8.8", "64:ff9b::808:808", "2002:808:808::1",
                "2606:4700::1111", "2a00:1450:4007::1"]
)  # fmt: skip
def test_a_public_address_is_opened(address: str) -> None:
    assert not refuses(Allowed(resolve=Names([address])))


@given(st.ip_addresses())
def test_what_is_opened_is_global_for_python_as_well(address: ipaddress.IPv4Address) -> None:
    inner = meant(str(address))
    if is_public(inner):
        assert inner.is_global
        assert not inner.is_multicast


@given(st.ip_addresses(v=4))
def test_a_private_address_hides_in_no_form_of_version_6(address: ipaddress.IPv4Address) -> None:
    number = int(address)
    forms = [(0xFFFF << 32) | number, (0x64FF9B << 96) | number, (0x2002 << 112) | number << 80]
    assert {is_public(meant(str(ipaddress.IPv6Address(form)))) for form in forms} == {
        is_public(address)
    }


@pytest.mark.parametrize(
    ("setting", "address", "is_refused"),
    [
        ("10.0.0.0/8", "10.1.2.3", False),
        ("10.0.0.0/8", "192.168.0.1", True),
        ("10.0.0.0/8", "::ffff:10.1.2.3", False),
        ("northfield.example", "10.1.2.3", False),
        ("Northfield.Example.", "10.1.2.3", False),
        ("other.example", "10.1.2.3", True),
        ("::1", "::1", False),
        ("[::1]", "::1", False),
        (" , ", "127.0.0.1", True),
    ],
)
def test_the_setting_names_what_is_opened(setting: str, address: str, is_refused: bool) -> None:
    assert refuses(Allowed.of(setting, resolve=Names([address]))) is is_refused


@pytest.mark.parametrize("setting", ["10.0.0.0/99", "http://intranet", "two words", "a:b"])
def test_a_setting_that_cannot_be_is_refused(setting: str) -> None:
    with pytest.raises(SettingError, match="neither a host's name nor a range"):
        Allowed.of(setting)


def test_of_several_addresses_only_the_public_ones_are_used() -> None:
    allowed = Allowed(resolve=Names(["10.0.0.1", PUBLIC]))
    target = Target(scheme="https", host="northfield.example", port=443)
    assert allowed.addresses(target) == (PUBLIC,)


@pytest.mark.parametrize(
    ("port", "is_refused"), [(22, True), (25, True), (80, False), (8443, False)]
)
def test_ports_of_mail_and_login_are_not_opened(port: int, is_refused: bool) -> None:
    assert refuses(Allowed(resolve=Names([PUBLIC])), port=port) is is_refused


BAD = [
    "http://2130706433/", "http://0x7f.1/", "http://0x7f000001/", "http://0177.0.0.1/",
    "http://127.1/", "http://127.0.0.1.5/", "http://1.2.3.04/", "http://[fe80::1%25eth0]/",
    "http://user@example.org/", "http://user:pass@example.org/", "http://example.org@127.0.0.1/",
    "http://example.org\\@127.0.0.1/", "ftp://example.org/", "file:///etc/passwd", "gopher://a/",
    "javascript:alert(1)", "//example.org/", "example.org", "", "http://", "http:///path",
    "http://example.org:0/", "http://example.org:99999/", "http://example.org:x/", "http://a b/",
    "http://exa\x00mple.org/", "http://[::1/", "http://-a.org/", "http://a..org/",
    "http://" + "a" * 64 + ".org/", "http://" + "a." * 150 + "org/", "ws://example.org/",
]  # fmt: skip


@pytest.mark.parametrize("url", BAD)
def test_an_address_that_is_not_plain_is_refused_without_a_look_up(url: str, clock: Clock) -> None:
    names = Names([PUBLIC])
    with (
        opener(clock, allowed=Allowed(resolve=names)) as http,
        pytest.raises(AddressError, match="not an address"),
    ):
        http.ask(Request(url=url))
    assert (names.asked, http.calls) == ([], 0)


def test_a_refused_address_does_not_show_its_password(http: Http) -> None:
    with pytest.raises(AddressError) as caught:
        http.ask(Request(url="http://bob:open-sesame@northfield.example/a"))
    assert "sesame" not in str(caught.value)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("LocalHost.", "localhost"),
        ("Université-Nord.FR", "xn--universit-nord-jkb.fr"),
        ("１２７.0.0.1", "127.0.0.1"),
        ("127。0。0。1", "127.0.0.1"),
        ("0:0::1", "::1"),
        ("a_b.example", "a_b.example"),
        ("3com.com", "3com.com"),
    ],
)
def test_a_host_is_read_as_it_is_looked_up(written: str, read: str) -> None:
    assert ascii_host(written) == read


@given(st.text(max_size=40))
def test_any_text_is_a_plain_host_or_none(written: str) -> None:
    host = ascii_host(written)
    assert host is None or host.isascii()


@given(st.text(max_size=60))
def test_any_text_is_an_address_or_refused(written: str) -> None:
    target = target_of(Request(url=f"http://{written}"))
    assert isinstance(target, AddressError) or (target.host and 0 < target.port < 65536)


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "[::1]", "[::ffff:127.0.0.1]"])
def test_this_machine_is_not_opened(host: str, clock: Clock) -> None:
    with (
        opener(clock, allowed=Allowed()) as http,
        pytest.raises(AddressError, match="private address"),
    ):
        http.ask(Request(url=f"http://{host}:8000/"))


def test_the_connection_goes_to_the_address_that_was_checked(
    server: FaultServer, clock: Clock
) -> None:
    names = Names(["127.0.0.1"], ["127.0.0.2"])
    with opener(clock, allowed=Allowed.of("127.0.0.1", resolve=names)) as http:
        http.ask(Request(url=server.url(host="rebound.example")))
    assert names.asked == ["rebound.example"]
    assert server.asked[0].headers["host"] == f"rebound.example:{server.port}"


def test_a_name_that_turns_inside_between_two_connections_is_refused(
    server: FaultServer, clock: Clock
) -> None:
    names = Names(["127.0.0.1"], ["127.0.0.2"])
    server.then(faults.until_close(b"{}"))
    with opener(clock, allowed=Allowed.of("127.0.0.1", resolve=names)) as http:
        http.ask(Request(url=server.url(host="rebound.example")))
        with pytest.raises(AddressError, match="private address"):
            http.ask(Request(url=server.url(host="rebound.example")))


def test_where_one_address_takes_no_connection_the_next_is_tried(
    server: FaultServer, clock: Clock
) -> None:
    names = Names(["127.0.0.3", "127.0.0.1"])
    with opener(clock, allowed=Allowed.of("127.0.0.0/8", resolve=names)) as http:
        assert http.ask(Request(url=server.url(host="two.example"))).status == 200
    assert clock.slept == []


def test_a_name_nobody_knows_is_not_asked_again(clock: Clock) -> None:
    def unknown(_host: str, _port: int) -> Sequence[str]:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    with (
        opener(clock, allowed=Allowed(resolve=unknown)) as http,
        pytest.raises(NoAnswerError, match=r"No name server knows nowhere\.example"),
    ):
        http.ask(Request(url="https://nowhere.example/"))
    assert clock.slept == []


def test_name_servers_that_fail_are_asked_again(clock: Clock) -> None:
    def failing(_host: str, _port: int) -> Sequence[str]:
        raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")

    patience = Patience(tries=2)
    with (
        opener(clock, allowed=Allowed(resolve=failing), patience=patience) as http,
        pytest.raises(NoAnswerError, match="did not say where"),
    ):
        http.ask(Request(url="https://northfield.example/"))
    assert clock.slept == [0.5]


def test_a_look_up_that_breaks_is_told_and_not_raised() -> None:
    def broken(_host: str, _port: int) -> Sequence[str]:
        raise UnicodeError

    target = Target(scheme="https", host="northfield.example", port=443)
    assert isinstance(Allowed(resolve=broken).addresses(target), Broken)
