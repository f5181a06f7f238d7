"""Real mail servers of a test: Postfix takes mail, Dovecot keeps it; both on this machine alone."""

from __future__ import annotations

import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

PASSWORD = "lamp-on-the-north-tower"
DOMAIN = "northfield.example"
DOVECOT = """
base_dir = {home}/run
state_dir = {home}/state
log_path = {home}/dovecot.log
protocols = imap lmtp
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
auth_mechanisms = plain login
default_internal_user = dovecot
default_login_user = dovenull
mail_location = maildir:{home}/mail/%n
first_valid_uid = 1
mail_uid = {uid}
mail_gid = {gid}
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={home}/mail/%n
}}
namespace inbox {{
  inbox = yes
  mailbox Sent {{
    auto = create
  }}
}}
service imap-login {{
  inet_listener imap {{
    port = {imap}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service lmtp {{
  inet_listener lmtp {{
    address = 127.0.0.1
    port = {lmtp}
  }}
}}
"""
POSTFIX = """
compatibility_level = 3.6
queue_directory = {home}/queue
data_directory = {home}/data
mail_owner = postfix
setgid_group = postdrop
myhostname = mail.{domain}
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
mydestination =
virtual_mailbox_domains = {domain}, students.example
virtual_transport = lmtp:inet:127.0.0.1:{lmtp}
default_transport = error:nothing leaves this machine
transport_maps = inline:{{
  {{ full.example = error:5.2.2 Mailbox is full }},
  {{ gone.example = error:5.1.1 User unknown }},
  {{ strict.example = error:5.7.1 Rejected by policy }} }}
virtual_alias_maps = inline:{{
  {{ full@students.example = marie@full.example }},
  {{ gone@students.example = marie@gone.example }},
  {{ strict@students.example = marie@strict.example }} }}
smtpd_recipient_restrictions =
  check_recipient_access inline:{{ {{ closed.example = 550 5.1.1 No such user here }} }},
  permit_mynetworks, reject
mynetworks = 127.0.0.0/8
message_size_limit = 60000000
mailbox_size_limit = 0
virtual_mailbox_limit = 0
maillog_file = {home}/postfix.log
maillog_file_prefixes = {home}
"""
SERVICES = """
{smtp} inet n - n - - smtpd
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
lmtp unix - - n - - lmtp
error unix - - n - - error
retry unix - - n - - error
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
"""


@dataclass(frozen=True, kw_only=True)
class Post:
    """Where the servers listen."""

    imap: int
    smtp: int
    home: Path
    encrypted_at: str = ""
    """Where port 993 is; empty: nowhere."""

    def break_dovecot(self) -> None:
        """Kill the server that keeps the mail, at once and with all its lines."""
        self._signal(signal.SIGKILL)
        self._pid.unlink(missing_ok=True)

    def mend_dovecot(self) -> None:
        """Start it again."""
        _run("dovecot", "-c", str(self.home / "dovecot.conf"))
        _wait_for(self.imap)

    def hand_over(self) -> None:
        """Have Postfix hand over now what waited for Dovecot."""
        _run("postqueue", "-c", str(self.home / "postfix"), "-f")

    @contextmanager
    def silent_dovecot(self) -> Iterator[None]:
        """Let it neither answer nor hang up: its lines stay open, half dead."""
        self._signal(signal.SIGSTOP)
        try:
            yield
        finally:
            self._signal(signal.SIGCONT)

    def put(self, name: str, mail: bytes) -> None:
        """Put a mail into a mailbox, as whoever hands over does."""
        folder = self.home / "mail" / name / "new"
        aside = folder.parent / "tmp" / secrets.token_hex(8)
        aside.write_bytes(mail)
        shutil.chown(aside, "nobody", "nogroup")
        aside.rename(folder / aside.name)

    def renumber(self) -> None:
        """Number all mails anew (UIDVALIDITY), as happens where a mailbox is restored."""
        for path in (self.home / "mail").glob("*/dovecot*"):
            path.unlink()

    @property
    def _pid(self) -> Path:
        return self.home / "run" / "master.pid"

    def _signal(self, number: int) -> None:
        for process in _with_children(int(self._pid.read_text())):
            with suppress(ProcessLookupError):
                os.kill(process, number)


def lacking() -> str:
    """Say what is missing here to run the servers; empty: nothing."""
    missing = [name for name in ("dovecot", "postfix") if shutil.which(name, path=_PATH) is None]
    if missing:
        return f"{' and '.join(missing)} not installed: apt-get install dovecot-imapd postfix"
    return "" if os.geteuid() == 0 else "mail servers are started by root alone"


def _with_children(process: int) -> list[int]:
    """Return a process and those it has started."""
    found = subprocess.run(
        ["ps", "-o", "pid=", "--ppid", str(process)], capture_output=True, text=True, check=False
    )
    return [process, *(int(one) for one in found.stdout.split())]


_PATH = os.environ.get("PATH", "") + ":/usr/sbin:/sbin"


DOVECOT_TLS = """
ssl = yes
ssl_cert = <{home}/northfield.pem
ssl_key = <{home}/northfield.pem
disable_plaintext_auth = yes
service imap-login {{
  inet_listener imaps {{
    address = {address}
    port = 993
    ssl = yes
  }}
}}
"""
"""Encrypted: from the first byte on at the port that says so, on an address of this machine of its
own, and after STARTTLS elsewhere, where nobody signs in before."""


@contextmanager
def encrypted_dovecot(certificate: Path) -> Iterator[Post]:
    """Start Dovecot alone, with a certificate and its key in one file; stop it at the end."""
    with TemporaryDirectory(prefix="vigie-mail-") as folder:
        home = Path(folder)
        home.chmod(0o755)
        shutil.copy(certificate, home / "northfield.pem")
        ports = {"imap": _free_port(), "lmtp": _free_port()}
        address = f"127.{secrets.randbelow(250) + 1}.{secrets.randbelow(250) + 1}.1"
        _dovecot(home, ports, more=DOVECOT_TLS.format(home=home, address=address))
        try:
            _wait_for(ports["imap"])
            yield Post(imap=ports["imap"], smtp=0, home=home, encrypted_at=address)
        finally:
            _run("dovecot", "-c", str(home / "dovecot.conf"), "stop")


@contextmanager
def mail_servers() -> Iterator[Post]:
    """Start both servers in a folder of their own, and stop them at the end.

    Not in a folder of the tests: those are closed to the user that keeps the mail.
    """
    with TemporaryDirectory(prefix="vigie-mail-") as folder, _started(Path(folder)) as post:
        yield post


@contextmanager
def _started(home: Path) -> Iterator[Post]:
    ports = [_free_port() for _server in range(3)]
    found = {"imap": ports[0], "lmtp": ports[1], "smtp": ports[2]}
    home.chmod(0o755)
    _dovecot(home, found)
    try:
        _postfix(home, found)
        try:
            _wait_for(found["imap"])
            _wait_for(found["smtp"])
            yield Post(imap=found["imap"], smtp=found["smtp"], home=home)
        finally:
            _run("postfix", "-c", str(home / "postfix"), "stop")
    finally:
        _run("dovecot", "-c", str(home / "dovecot.conf"), "stop")


def _dovecot(home: Path, ports: dict[str, int], *, more: str = "") -> None:
    owner = pwd.getpwnam("nobody")
    (home / "mail").mkdir()
    shutil.chown(home / "mail", owner.pw_uid, owner.pw_gid)
    text = DOVECOT.format(home=home, uid=owner.pw_uid, gid=owner.pw_gid, password=PASSWORD, **ports)
    (home / "dovecot.conf").write_text(text + more)
    _run("dovecot", "-c", str(home / "dovecot.conf"))


def _postfix(home: Path, ports: dict[str, int]) -> None:
    folder = home / "postfix"
    folder.mkdir()
    (folder / "main.cf").write_text(POSTFIX.format(home=home, domain=DOMAIN, **ports))
    (folder / "master.cf").write_text(SERVICES.format(**ports).lstrip())
    (home / "queue").mkdir()
    (home / "data").mkdir()
    shutil.chown(home / "data", "postfix")
    _run("postfix", "-c", str(folder), "start")


def _run(*command: str) -> None:
    # What a server inherits of our output would keep us waiting for its end.
    quiet = {
        "stdin": subprocess.DEVNULL,
        "stdout": subprocess.DEVNULL,
        "stderr": subprocess.DEVNULL,
    }
    subprocess.run(command, env={**os.environ, "PATH": _PATH}, check=False, timeout=60, **quiet)


def _free_port() -> int:
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        return int(asked.getsockname()[1])


def _wait_for(port: int) -> None:
    until = time.monotonic() + 30
    while True:
        try:
            with socket.create_connection(("127.0.0.1", port), 2) as opened:
                opened.recv(100)
            return
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.2)
