"""Frames from a visitor's browser into our own words. Pure.

A frame is one flat JSON object of at most `FRAME_MAX` bytes; what it may hold is typed below, anything else is refused.
"""

import re
import unicodedata
from contextlib import suppress
from hashlib import sha256
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, TypeAdapter, ValidationError

from hub import addresses
from hub.errors import Fault, Invalid
from hub.model import IdentityKind, Inbound, Language, Sender

FRAME_MAX = 32 * 1024  # bytes
TEXT_MAX = 4000  # characters

_UNSEEN = {"Cc", "Cf", "Cs", "Zl", "Zp", "Zs"}
_EMAIL = re.compile(r"[^\s@<>\"(),:;]{1,64}@[^\s@<>\"(),:;]{1,185}\.[^\s@<>\"(),:;.]{2,63}")


def frame(wire: str) -> "Frame":
    """Raises Invalid, naming every field that is wrong."""
    if len(wire.encode("utf-8", "surrogatepass")) > FRAME_MAX:
        raise Invalid("frame_too_large", f"A frame may have {FRAME_MAX} bytes.", limit=FRAME_MAX)
    try:
        return _FRAME.validate_json(wire)
    except ValidationError as error:
        faults = [
            Fault(".".join(str(part) for part in fault["loc"][1:]), fault["type"], fault["msg"])
            for fault in error.errors(include_url=False, include_context=False, include_input=False)
        ]
        raise Invalid("frame_not_readable", "This frame is not one of those the widget knows.", faults) from None


def peer(token: str) -> str:
    """The identity that a visitor's token proves. The hub keeps this, never the token."""
    return f"{IdentityKind.VISITOR}:{sha256(token.encode()).hexdigest()[:32]}"


def inbound(said: "Said", peer: str, channel: str, language: Language) -> Inbound:
    """The visitor is the thread; their own id makes a repeat the same message."""
    visitor = peer.partition(":")[2]
    return Inbound(
        channel=channel,
        kind="widget",
        external_id=f"{visitor}:{said.id}",
        thread=visitor,
        sender=Sender(identities=(peer,), name=said.name, claims=claims(said.email), locale=language),
        text=said.text,
    )


def claims(email: str) -> tuple[tuple[IdentityKind, str], ...]:
    """What a typed address is: something said, never proved; in the one spelling, where it has one."""
    with suppress(Invalid):
        email = addresses.email(email) if email else ""
    return ((IdentityKind.EMAIL, email),) if email else ()


def client_id(external_id: str) -> str:
    """The visitor's own id of a message that came in by the widget."""
    return external_id.partition(":")[2]


# --- what a frame may hold ------------------------------------------------------------------------------


def _cleaned(text: str) -> str:
    """Line ends of one kind, no other control characters, nothing around the words."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(c for c in text if c in "\n\t" or unicodedata.category(c) != "Cc").strip()


def _with_something_to_see(text: str) -> str:
    text = _cleaned(text)
    if all(unicodedata.category(c) in _UNSEEN for c in text):
        raise ValueError("expected at least one visible character")
    return text


def _on_one_line(text: str) -> str:
    return " ".join(_cleaned(text).split())


def _like_an_address(text: str) -> str:
    text = text.strip()
    if text and not _EMAIL.fullmatch(text):
        raise ValueError("expected an e-mail address like name@example.com")
    return text


Token = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{22,86}$")]
ClientId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{8,64}$")]
MessageId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,64}$")]
Text = Annotated[str, StringConstraints(max_length=TEXT_MAX), AfterValidator(_with_something_to_see)]
Name = Annotated[str, StringConstraints(max_length=100), AfterValidator(_on_one_line)]
Email = Annotated[str, StringConstraints(max_length=254), AfterValidator(_like_an_address)]
# Milliseconds since 1970, as JavaScript counts them; up to the year 2200.
Moment = Annotated[int, Field(ge=0, le=7_258_118_400_000)]


class _Frame(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class Hello(_Frame):
    """The first frame, and again after `again`. `after`: the newest message this page already has."""

    type: Literal["hello"]
    token: Token | None = None
    after: Moment | None = None
    language: Literal["en", "pt-BR"] = "en"


class Begin(_Frame):
    """Asks for a token, before the first message: were it made with the message, a lost answer would file it twice."""

    type: Literal["begin"]


class Said(_Frame):
    """A message. `id` is the visitor's own; the same one again is the same message."""

    type: Literal["message"]
    id: ClientId
    text: Text
    name: Name = ""
    email: Email = ""


class Claimed(_Frame):
    type: Literal["claim"]
    name: Name = ""
    email: Email


class Typing(_Frame):
    type: Literal["typing"]
    on: bool


class Mark(_Frame):
    """`delivered`: it has come; `read`: it was on an open, visible panel. Both with everything before it."""

    type: Literal["mark"]
    message: MessageId
    state: Literal["delivered", "read"]


class Ping(_Frame):
    type: Literal["ping"]


Frame = Hello | Begin | Said | Claimed | Typing | Mark | Ping
_FRAME: TypeAdapter[Frame] = TypeAdapter(Annotated[Frame, Field(discriminator="type")])
