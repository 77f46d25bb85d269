"""The people of the demo company, as `cast.toml` tells of them."""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from hub.model import IdentityKind, Language, Lifecycle, Role

HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Colleague:
    key: str
    name: str
    role: Role
    teams: tuple[str, ...]
    skills: Mapping[str, int]
    capacity: int
    away: str = ""  # why they are away when the reader comes in, and for how long
    away_for: timedelta = timedelta()

    @property
    def email(self) -> str:
        return f"{self.key}@lojaipe.example"


@dataclass(frozen=True, slots=True)
class Bought:
    """An order; `total` in centavos or cents."""

    number: str
    ago: timedelta
    status: str
    currency: str
    total: int


@dataclass(frozen=True, slots=True)
class Regular:
    """A customer. `proved` are addresses they have ordered from; `says` is only what they typed."""

    key: str
    name: str
    lifecycle: Lifecycle
    since: timedelta
    locale: str
    time_zone: str
    account: str  # their number in the shop's order system
    proved: tuple[str, ...] = ()
    says: tuple[tuple[IdentityKind, str], ...] = ()
    tags: tuple[str, ...] = ()
    attributes: Mapping[str, str] = field(default_factory=dict)
    orders: tuple[Bought, ...] = ()


@dataclass(frozen=True, slots=True)
class Cast:
    company: str
    time_zone: str
    colleagues: Sequence[Colleague]
    customers: Mapping[str, Regular]


def read_cast(language: Language) -> Cast:
    """Everybody, with the house's own words (teams, tags …) in this language."""
    told = tomllib.loads((HERE / "cast.toml").read_text("utf-8"))
    words = read_words(language)
    zone = told["company"]["time_zone"]
    return Cast(
        told["company"]["name"],
        zone,
        [_colleague(each, words) for each in told["colleagues"]],
        {each["key"]: _regular(each, words, zone, place) for place, each in enumerate(told["customers"])},
    )


class Words(dict[str, str]):
    """A house word in the demo's language; Portuguese is what it is told in."""

    def __missing__(self, word: str) -> str:
        return word


def read_words(language: Language) -> Words:
    told = tomllib.loads((HERE / "cast.toml").read_text("utf-8"))
    return Words(told["words"].get(language, {}))


def span(text: str) -> timedelta:
    """`40s`, `6m`, `3h`, `2d`; a number alone is minutes."""
    found = _SPAN.fullmatch(text)
    if not found:
        raise ValueError(f"expected a time like 40s, 6m, 3h or 2d, not {text!r}")
    return int(found[1]) * _UNITS[found[2] or "m"]


_SPAN = re.compile(r"(\d+)([smhd]?)")
_UNITS = {"s": timedelta(seconds=1), "m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1)}


def _colleague(told: Mapping[str, Any], words: Words) -> Colleague:
    return Colleague(
        told["key"],
        told["name"],
        Role(told["role"]),
        tuple(words[team] for team in told["teams"]),
        {words[skill]: level for skill, level in told["skills"].items()},
        told["capacity"],
        words[told.get("away", "")],
        span(told.get("away_for", "0s")),
    )


def _regular(told: Mapping[str, Any], words: Words, zone: str, place: int) -> Regular:
    kinds = (IdentityKind.EMAIL, IdentityKind.PHONE)
    return Regular(
        told["key"],
        told["name"],
        Lifecycle(told["lifecycle"]),
        span(told["since"]),
        told.get("locale", "pt-BR"),
        told.get("time_zone", zone),
        f"C-{10_412 + 83 * place}",
        tuple(f"{kind}:{_plain(told[kind])}" for kind in kinds if kind in told),
        tuple((IdentityKind(kind), _plain(value)) for kind, value in told.get("says", {}).items()),
        tuple(words[tag] for tag in told.get("tags", ())),
        {words[name]: value for name, value in told.get("attributes", {}).items()},
        tuple(_bought(each) for each in told.get("orders", ())),
    )


def _plain(address: str) -> str:
    return re.sub(r"[\s-]", "", address) if address.startswith("+") else address


def _bought(told: str) -> Bought:
    """`48213 3d shipped BRL 689.90`"""
    number, ago, status, currency, total = told.split()
    return Bought(number, span(ago), status, currency, round(float(total) * 100))
