"""Settings: `config/hub.toml` (or the file that HUB_CONFIG names), and over it the environment."""

from __future__ import annotations

import os
import tomllib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, Field, ValidationError
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, TomlConfigSettingsSource

from hub.errors import Fault, Invalid

CONFIG = Path("config/hub.toml")

# Read by others than Settings: where the file is, and what only the tests know (`HUB_TEST_…`).
_NOT_SETTINGS = ("HUB_CONFIG", "HUB_TEST_")


def load(**given: object) -> Settings:
    """The settings, with `given` over everything. Raises Invalid, whose message names each wrong one in one line."""
    faults = [*_unknown_variables(os.environ), *_unreadable_file()]
    if faults:
        raise _invalid(faults)
    try:
        return Settings(**given)  # type: ignore[arg-type]  # pydantic checks them
    except ValidationError as error:
        # A default that hangs on a field which is itself wrong is no fault of its own.
        errors = (each for each in error.errors(include_url=False) if each["type"] != "default_factory_not_called")
        raise _invalid(map(_fault, errors)) from None


def secret_keys(settings: Settings) -> Sequence[str]:
    """The Fernet keys of what is encrypted at rest, newest first; `secret.key` is made when there is none at all."""
    if settings.secret_key:
        return _split(settings.secret_key)
    file = settings.data / "secret.key"
    if not file.exists():
        _make_key(file)
    keys = _split(file.read_text("ascii", "replace").replace("\n", ","))
    if not keys or not all(map(_is_key, keys)):
        raise Invalid("bad_secret_key", f"{file} must hold Fernet keys, one a line, newest first. {_KEY_HELP}")
    return keys


def _absolute(path: Path) -> Path:
    return path.expanduser().absolute()


def _lower(value: object) -> object:
    return value.lower() if isinstance(value, str) else value


def _origin(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.path not in {"", "/"} or parts.query:
        raise ValueError
    return f"{parts.scheme}://{parts.netloc}"


def _keys(value: str) -> str:
    if not all(map(_is_key, _split(value))):
        raise ValueError
    return value


class Settings(BaseSettings):
    """Each field is a key of the file and, as HUB_<FIELD>, a variable. Its description says what is expected."""

    model_config = SettingsConfigDict(env_prefix="HUB_", env_ignore_empty=True, extra="forbid", frozen=True)

    data: Annotated[Path, AfterValidator(_absolute)] = Field(Path("var"), description="a folder", validate_default=True)
    host: str = Field("127.0.0.1", min_length=1, description="an address to listen on, such as 127.0.0.1 or 0.0.0.0")
    port: int = Field(8080, ge=0, le=65535, description="a whole number from 0 (any free port) to 65535")
    public_url: Annotated[str, AfterValidator(_origin)] = Field(
        default_factory=lambda known: f"http://localhost:{known['port']}",
        description="an address such as https://desk.example.com, without a path",
    )
    mongo_url: str | None = Field(
        None, pattern=r"^mongodb(\+srv)?://.", repr=False, description="an address that begins with mongodb://"
    )
    redis_url: str | None = Field(
        None, pattern=r"^(rediss?|unix)://.", repr=False, description="an address that begins with redis://"
    )
    database: str = Field(
        "balcao",
        pattern=r"^[a-z0-9_-]{1,38}$",  # MongoDB allows 63 bytes; the demo and the tests add their ending
        description="a name of at most 38 of the characters a-z, 0-9, _ and -",
    )
    undo_s: int = Field(5, ge=0, le=60, description="a whole number of seconds from 0 to 60")
    log_level: Annotated[Literal["debug", "info", "warning", "error"], BeforeValidator(_lower)] = Field(
        "info", description="one of debug, info, warning, error"
    )
    behind_proxy: bool = Field(False, description="true or false")
    oplog_mb: int = Field(512, ge=16, le=1_000_000, description="a whole number of megabytes from 16 to 1000000")
    secret_key: Annotated[str, AfterValidator(_keys)] | None = Field(
        None, repr=False, description="one or more Fernet keys, separated by commas, newest first"
    )

    @classmethod
    def settings_customise_sources(
        cls, settings_cls: type[BaseSettings], init_settings: PydanticBaseSettingsSource, *others: Any, **named: Any
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return init_settings, named["env_settings"], TomlConfigSettingsSource(settings_cls, _config_file())


def _config_file() -> Path:
    return Path(os.environ.get("HUB_CONFIG") or CONFIG)


def _unknown_variables(environ: Mapping[str, str]) -> Iterable[Fault]:
    """pydantic-settings passes over what it does not know; a mistyped name should not go unnoticed."""
    known = [_variable(field) for field in Settings.model_fields]
    for name in environ:
        if name.startswith("HUB_") and name not in known and not name.startswith(_NOT_SETTINGS):
            yield Fault(name, "unknown", f"{name} is not a setting of the hub{_did_you_mean(name, known)}")


def _unreadable_file() -> Iterable[Fault]:
    file = _config_file()
    try:
        tomllib.loads(file.read_text("utf-8"))
    except FileNotFoundError:
        if os.environ.get("HUB_CONFIG"):
            yield Fault("HUB_CONFIG", "missing", f"HUB_CONFIG names {file}, which does not exist")
    except (OSError, ValueError) as error:
        yield Fault(str(file), "unreadable", f"{file} cannot be read as TOML: {error}")


def _fault(error: Mapping[str, Any]) -> Fault:
    field = str(error["loc"][0])
    variable = _variable(field)
    if error["type"] == "extra_forbidden":
        hint = _did_you_mean(field, Settings.model_fields)
        return Fault(field, "unknown", f"`{field}` in {_config_file()} is not a setting of the hub{hint}")
    name = variable if os.environ.get(variable) else f"`{field}` ({variable})"
    expected = Settings.model_fields[field]
    # What may hold a password is not repeated.
    came = f', not "{error["input"]}"' if expected.repr else ""
    return Fault(field, "bad", f"{name} must be {expected.description}{came}")


def _invalid(faults: Iterable[Fault]) -> Invalid:
    faults = tuple(faults)
    return Invalid("bad_settings", "Settings: " + "; ".join(fault.message for fault in faults) + ".", faults)


def _variable(field: str) -> str:
    return f"HUB_{field.upper()}"


def _did_you_mean(name: str, known: Iterable[str]) -> str:
    near = get_close_matches(name, list(known), n=1)
    return f" (did you mean {near[0]}?)" if near else ""


_KEY_HELP = "A key is 32 random bytes in URL-safe base64, as `hub doctor` can make you one."


def _split(keys: str) -> Sequence[str]:
    return tuple(key.strip() for key in keys.split(",") if key.strip())


def _is_key(key: str) -> bool:
    try:
        return len(urlsafe_b64decode(key)) == 32
    except ValueError:
        return False


def _make_key(file: Path) -> None:
    """Whole or not at all, and once: of two processes that start together, the second takes the first one's key."""
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = file.with_name(f"{file.name}.{os.getpid()}")
    with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out:
        out.write(urlsafe_b64encode(os.urandom(32)) + b"\n")
        out.flush()
        os.fsync(out.fileno())
    try:
        os.link(draft, file)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
