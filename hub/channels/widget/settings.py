"""What an admin sets for a widget."""

import re
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

_ORIGIN = re.compile(
    r"(https?)://((?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)*[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)(?::(\d{1,5}))?/?"
)
_DEFAULT_PORT = {"https": "443", "http": "80"}


def origin(site: str) -> str:
    """`https://Shop.example:443/` → `https://shop.example`, as browsers write it. Raises ValueError."""
    scheme, _, host = site.strip().lower().partition("://")
    try:
        host = host if host.isascii() else host.encode("idna").decode()
    except UnicodeError:
        host = ""
    found = _ORIGIN.fullmatch(f"{scheme}://{host}")
    if not found:
        raise ValueError("expected the address of a site without a path, like https://shop.example")
    scheme, host, port = found.groups()
    return f"{scheme}://{host}" + (f":{port}" if port and port != _DEFAULT_PORT[scheme] else "")


Site = Annotated[str, StringConstraints(max_length=260), AfterValidator(origin)]


class Settings(BaseModel):
    """`sites`: the origins that may show this widget, beside the hub's own pages. `answers_in`: minutes, as promised to
    visitors. `title` and `greeting` replace the widget's own words."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    sites: tuple[Site, ...] = Field(default=(), max_length=100)
    colour: Annotated[str, StringConstraints(to_lower=True, pattern=r"^#[0-9a-fA-F]{6}$")] = "#1d4f91"
    title: Annotated[str, StringConstraints(strip_whitespace=True, max_length=60)] = ""
    greeting: Annotated[str, StringConstraints(strip_whitespace=True, max_length=300)] = ""
    answers_in: Annotated[int, Field(ge=1, le=1440)] | None = None
