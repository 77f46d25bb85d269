"""`hub doctor`: what is found, what is missing, and what to do. A table of small checks, each in plain words."""

import asyncio
import ctypes
import os
import platform
import re
import shutil
import subprocess
import sys
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path

from hub import ephemeral, settings
from hub.engines import Holder, addresses_of, holder_of, mongod, valkey
from hub.engines.missing import did_not_start
from hub.engines.ports import is_free
from hub.errors import HubError
from hub.store import checkup


class State(StrEnum):
    FINE = "✓"
    NOTE = "!"  # the hub runs without it, or there is something to know
    MISSING = "✗"  # the hub does not run like this


@dataclass(frozen=True, slots=True)
class Finding:
    state: State
    found: str
    do: str = ""


@dataclass(frozen=True, slots=True)
class Case:
    """What the checks look at. `settings` is None when they are wrong; `complaint` then says why."""

    settings: settings.Settings | None
    complaint: str = ""
    holder: Holder | None = None  # the hub that runs on the folder now
    mend: bool = False  # what can be put right without anybody's choice

    @property
    def embedded(self) -> bool:
        return not (self.settings and self.settings.mongo_url)


Check = Callable[[Case], Finding | Awaitable[Finding]]
_UNKNOWN = Finding(State.NOTE, "not looked at, since the settings are wrong")
_GIGABYTE = 1024**3
_SEARCHED_BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


async def examine(say: Callable[[str], None], *, mend: bool = False) -> int:
    """Say what each check finds; 1 when something that is needed is missing, else 0."""
    case, worst = replace(_case(), mend=mend), State.FINE
    for name, check in CHECKS:
        finding = check(case)
        if not isinstance(finding, Finding):
            finding = await finding
        say(f"{finding.state} {name:<18} {finding.found}")
        if finding.do:
            say(f"{'':21}→ {finding.do}")
        if finding.state is State.MISSING:
            worst = finding.state
    say("")
    say("Something is missing: see the lines with ✗." if worst is State.MISSING else "The hub can run here: make run")
    return 1 if worst is State.MISSING else 0


def _case() -> Case:
    try:
        known = settings.load()
    except HubError as error:
        return Case(None, error.message)
    return Case(known, holder=holder_of(known.data))


# --- the checks, in the order in which they are said


def _settings(case: Case) -> Finding:
    if case.settings is None:
        return Finding(State.MISSING, case.complaint, "config/hub.example.toml says what each setting takes")
    file = os.environ.get("HUB_CONFIG") or (settings.CONFIG if settings.CONFIG.exists() else None)
    set_here = sorted(name for name in os.environ if name.startswith("HUB_"))
    return Finding(State.FINE, f"from {file or 'the defaults'}" + (f" and {', '.join(set_here)}" if set_here else ""))


def _python(case: Case) -> Finding:
    """One older than 3.11 does not get so far: pip refuses to install the hub there."""
    return Finding(State.FINE, platform.python_version())


def _make(case: Case) -> Finding:
    found = shutil.which("make")
    return Finding(State.FINE, found) if found else Finding(State.NOTE, "not found", "apt-get install make")


def _c_library(case: Case) -> Finding:
    if not sys.platform.startswith("linux"):
        return Finding(State.FINE, "this system's own")
    name, version = platform.libc_ver()
    if name == "glibc" and _numbers(version) >= (2, 34):
        return Finding(State.FINE, f"glibc {version}")
    found = f"{name} {version}" if name else "not glibc"
    return _needed(case, found, "the embedded MongoDB needs glibc 2.34: Debian 12, Ubuntu 22.04, RHEL 9 or newer")


def _openssl(case: Case) -> Finding:
    return _library(case, "libssl.so.3", "apt-get install libssl3 (Fedora: openssl-libs)")


def _curl(case: Case) -> Finding:
    return _library(case, "libcurl.so.4", "apt-get install libcurl4 (Fedora: libcurl)")


def _processor(case: Case) -> Finding:
    """x86: AVX; ARM: 8.2, of which Linux shows the atomic instructions."""
    machine = platform.machine()
    wanted = {"x86_64": "avx", "aarch64": "atomics"}.get(machine)
    if wanted is None or not sys.platform.startswith("linux"):
        return Finding(State.FINE, machine)
    if wanted in Path("/proc/cpuinfo").read_text("utf-8", "replace").split():
        return Finding(State.FINE, f"{machine} with {wanted.upper()}")
    return _needed(case, f"{machine} without {wanted.upper()}", "a virtual machine may hide it: show it the host's")


async def _embedded_mongodb(case: Case) -> Finding:
    finding = await _program(case, "MongoDB", mongod.find, r"db version v(\S+)")
    if finding.state is not State.FINE or not case.embedded:
        return finding
    advice = "for a look around and small use; in production set HUB_MONGO_URL to a MongoDB 7 or 8"
    return Finding(State.NOTE, finding.found, advice)


async def _embedded_valkey(case: Case) -> Finding:
    return await _program(
        case, "Valkey", valkey.find, r"v=(\S+)", needed=not (case.settings and case.settings.redis_url)
    )


def _data_folder(case: Case) -> Finding:
    if case.settings is None:
        return _UNKNOWN
    data = case.settings.data
    standing = next(folder for folder in (data, *data.parents) if folder.exists())
    if not standing.is_dir() or not os.access(standing, os.W_OK):
        return Finding(State.MISSING, f"{standing} cannot be written to", "set HUB_DATA to a folder of your own")
    free = shutil.disk_usage(standing).free
    found = f"{data}, {free / _GIGABYTE:.1f} GB free" + (
        f", in use by `{case.holder.who}` (process {case.holder.pid})" if case.holder else ""
    )
    if free < _GIGABYTE:
        return _needed(case, found, "make room: the embedded MongoDB begins with 0.3 GB and its oplog takes 0.5")
    return Finding(State.FINE, found)


def _secret_key(case: Case) -> Finding:
    if case.settings is None:
        return _UNKNOWN
    if case.settings.secret_key:
        return Finding(State.FINE, "from HUB_SECRET_KEY")
    file = case.settings.data / "secret.key"
    if not file.exists():
        return Finding(State.FINE, f"none yet; the first start makes {file}")
    try:
        settings.secret_keys(case.settings)
    except (HubError, OSError) as error:
        return Finding(
            State.MISSING, str(error), "put the key back from your backup; secrets cannot be read without it"
        )
    if file.stat().st_mode & 0o077:
        return Finding(State.NOTE, f"{file} can be read by others", f"chmod 600 {file}")
    return Finding(State.FINE, str(file))


def _port(case: Case) -> Finding:
    if case.settings is None:
        return _UNKNOWN
    host, port = case.settings.host, case.settings.port
    if port == 0 or is_free(port, host):
        return Finding(State.FINE, f"{host}:{port} is free" if port else "any free one")
    if case.holder:
        return Finding(State.FINE, f"{host}:{port} is in use, as it is while the hub runs")
    return Finding(State.MISSING, f"{host}:{port} is in use by another program", "stop that one, or set HUB_PORT")


async def _mongodb(case: Case) -> Finding:
    if case.settings is None:
        return _UNKNOWN
    url = case.settings.mongo_url or await _address_of_running(case, "mongo_url")
    if not url:
        return Finding(State.FINE, "the embedded one starts with the hub")
    try:
        found = await checkup.look(url)
    except HubError as error:
        return Finding(State.MISSING, f"does not answer: {error.message}", "is HUB_MONGO_URL right, and does it run?")
    version = ".".join(map(str, found.version))
    if not found.replica_set:
        advice = "the hub needs transactions: start mongod with --replSet rs0, then run rs.initiate() once in mongosh"
        return Finding(State.MISSING, f"{version}, which stands alone", advice)
    if found.version < (6, 0):
        return Finding(State.MISSING, version, "MongoDB 7 or 8 is needed")
    if case.settings.mongo_url and found.version < (7, 0):
        return Finding(State.NOTE, version, "MongoDB 6 gets no more corrections: take 7 or 8")
    return Finding(State.FINE, f"{version}, replica set {found.replica_set}" + ("" if found.writable else ", electing"))


async def _redis(case: Case) -> Finding:
    if case.settings is None:
        return _UNKNOWN
    url = case.settings.redis_url or await _address_of_running(case, "redis_url")
    if not url:
        return Finding(State.FINE, "the embedded Valkey starts with the hub")
    try:
        return Finding(State.FINE, await ephemeral.look(url))
    except HubError as error:
        # The hub does without; typing, presence and shared limits do not.
        return Finding(State.NOTE, f"does not answer: {error.message}", "is HUB_REDIS_URL right, and does it run?")


async def _agents_slots(case: Case) -> Finding:
    """What agents hold, which routing counts by, against the conversations that are theirs."""
    if case.settings is None:
        return _UNKNOWN
    url = case.settings.mongo_url or await _address_of_running(case, "mongo_url")
    if not url:
        return Finding(State.FINE, "looked at while the hub runs")
    try:
        wrong = await checkup.wrong_slots(url, case.settings.database, mend=case.mend)
    except HubError as error:
        return Finding(State.NOTE, f"not looked at: {error.message}")
    if not wrong:
        return Finding(State.FINE, "equal to the conversations they have")
    names = ", ".join(wrong[:5]) + (f" and {len(wrong) - 5} more" if len(wrong) > 5 else "")
    if case.mend:
        return Finding(State.FINE, f"made anew: {names}")
    advice = "routing gives them too much or too little: run hub doctor --mend, and please report it"
    return Finding(State.NOTE, f"not equal to the conversations they have: {names}", advice)


def _browser(case: Case) -> Finding:
    found = next(filter(None, map(shutil.which, _SEARCHED_BROWSERS)), None)
    return (
        Finding(State.FINE, found) if found else Finding(State.NOTE, "not found", "for the browser tests: make system")
    )


def _node(case: Case) -> Finding:
    node, advice = shutil.which("node"), "for make check: install Node 20 or newer, with npm"
    if not node or not shutil.which("npm"):
        return Finding(State.NOTE, "not found", advice)
    version = _output_of([node, "--version"])[1].strip()
    return Finding(State.FINE, version) if _numbers(version) >= (20,) else Finding(State.NOTE, version, advice)


CHECKS: Sequence[tuple[str, Check]] = (
    ("Settings", _settings),
    ("Python", _python),
    ("make", _make),
    ("C library", _c_library),
    ("OpenSSL 3", _openssl),
    ("libcurl", _curl),
    ("Processor", _processor),
    ("Embedded MongoDB", _embedded_mongodb),
    ("Embedded Valkey", _embedded_valkey),
    ("Data folder", _data_folder),
    ("Secret key", _secret_key),
    ("Port", _port),
    ("MongoDB", _mongodb),
    ("Redis", _redis),
    ("Agents' slots", _agents_slots),
    ("Chromium", _browser),
    ("Node", _node),
)


# --- what several checks do


def _needed(case: Case, found: str, do: str) -> Finding:
    """Something that only the embedded MongoDB needs."""
    return Finding(State.MISSING if case.embedded else State.NOTE, found, do)


def _library(case: Case, name: str, do: str) -> Finding:
    if not sys.platform.startswith("linux"):
        return Finding(State.FINE, "comes with the embedded MongoDB")
    try:
        ctypes.CDLL(name)
    except OSError:
        return _needed(case, f"{name} is missing", do)
    return Finding(State.FINE, name)


async def _program(
    case: Case, name: str, find: Callable[[], Path], version: str, needed: bool | None = None
) -> Finding:
    """Found, and able to start: it is asked for its version."""
    needed = case.embedded if needed is None else needed
    try:
        code, said = await asyncio.to_thread(_output_of, [str(find()), "--version"])
        if code:
            raise did_not_start(name, code, said)
    except HubError as error:
        found, _, do = error.message.partition(". ")
        return Finding(State.MISSING if needed else State.NOTE, f"{found}.", " ".join(do.split()))
    shown = re.search(version, said)
    return Finding(State.FINE, (shown[1] if shown else said) + ("" if needed else ", not used: an address is set"))


def _output_of(command: Sequence[str]) -> tuple[int, str]:
    try:
        ran = subprocess.run(command, capture_output=True, text=True, errors="replace", timeout=20, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        return 1, str(error)
    return ran.returncode, ran.stdout + ran.stderr


async def _address_of_running(case: Case, which: str) -> str | None:
    """Of the engines that a running hub has started."""
    if not case.holder or not case.settings:
        return None
    try:
        notice = await addresses_of(case.settings.data, case.holder)
    except HubError:
        return None
    return str(notice[which])


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(map(int, re.findall(r"\d+", version)[:3]))
