"""Why an engine does not start, in words that say what to do."""

from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

from hub.errors import Unavailable

_ELSE = "Or set HUB_MONGO_URL and HUB_REDIS_URL to your own servers."

_NEWER = "A newer one is needed: Debian 12, Ubuntu 22.04, RHEL 9."
_OPENSSL = "OpenSSL 3 is missing. Install it: apt-get install libssl3 (Fedora: openssl-libs)."

# What the loader or the shell says → what to do about it.
_COMPLAINTS: Sequence[tuple[str, str]] = (
    ("libcurl.so.4", "The library libcurl is missing. Install it: apt-get install libcurl4 (Fedora: libcurl)."),
    ("libssl.so.3", _OPENSSL),
    ("libcrypto.so.3", _OPENSSL),
    ("liblzma.so.5", "The library liblzma is missing. Install it: apt-get install liblzma5 (Fedora: xz-libs)."),
    ("OPENSSL_3", f"The OpenSSL of this system is older than 3. {_NEWER}"),
    ("GLIBC_", f"The C library of this system is older than glibc 2.34. {_NEWER}"),
    ("error while loading shared libraries", "A library is missing; the line below names it."),
    ("No such file or directory", f"This system has no glibc, as Alpine, or too old a one. {_NEWER}"),
    ("Permission denied", "It may not be executed: the folder is perhaps mounted with `noexec`."),
    ("Exec format error", "It was made for another kind of processor."),
    ("No space left on device", "The disk is full. Make room, or set HUB_DATA to a folder on another disk."),
    ("Address already in use", "Its port was taken at the same moment. Try again."),
)
_SIGILL = -4


def binary(package: str, inside: str, name: str) -> Path:
    """Where the embedded `package` has put its program. Raises Unavailable when it is not installed."""
    try:
        spec = find_spec(package)
    except ModuleNotFoundError:
        spec = None
    for folder in (spec and spec.submodule_search_locations) or ():
        for found in sorted(Path(folder).glob(inside)):
            return found
    raise Unavailable(
        "engine_missing",
        f"The embedded {name} is not installed (or has no build for this system). "
        f"Install it with: pip install 'balcao[embedded]'. {_ELSE}",
    )


def did_not_start(name: str, code: int, said: str) -> Unavailable:
    """`code`: its exit code, negative for a signal; `said`: the end of its output and log."""
    advice = next((words for sign, words in _COMPLAINTS if sign in said), "")
    if code == _SIGILL:
        advice = (
            "The processor lacks instructions that MongoDB 5 and later need (AVX; on ARM, version 8.2)."
            " In a virtual machine, let it see the host's processor."
        )
    last = next((line for line in reversed(said.splitlines()) if line.strip()), "")
    return Unavailable(
        "engine_failed", f"The embedded {name} did not start (exit code {code}). {advice}\n  {last[-400:]}\n{_ELSE}"
    )
