"""A webhook's body → `Inbound`, or every fault in it at once."""

import json
import re
from binascii import a2b_base64
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from hashlib import sha256
from typing import Annotated, Any

from pydantic import AfterValidator, AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field, ValidationInfo
from pydantic import ValidationError as NotTheBody
from pydantic_core import ErrorDetails, PydanticCustomError, from_json

from hub import addresses
from hub.errors import Fault, Invalid
from hub.model import Attachment, IdentityKind, Inbound, Sender

TEXT_MAX = 1_000_000  # bytes of UTF-8, `text` and `html` together
FAULTS_MAX = 100  # named in one answer


def body(raw: bytes, *, region: str) -> "Body":
    """The checked body. `region` is how a phone number without country code is read.

    Raises Invalid (`bad_body`) with a Fault for each wrong field.
    """
    try:
        checked = _checked(raw, region)
    except NotTheBody as error:
        raise _invalid([*_named(error), *_lacking(raw)]) from error
    if faults := list(_unfit(checked.text, checked.html, checked.attachments, len(raw))):
        raise _invalid(faults)
    return checked


def inbound(
    body: "Body", *, channel: str, webhook_id: str, trusted: bool, attachments: Sequence[Attachment] = ()
) -> Inbound:
    """What the body says, in our own words. `trusted`: whether this source may vouch for addresses."""
    sender = _sender(body, channel, trusted)
    return Inbound(
        channel=channel,
        kind="webhook",
        external_id=body.id or webhook_id,
        thread=body.thread or sender.identities[0],
        sender=sender,
        text=body.text or "",
        html=body.html or None,
        subject=body.subject or None,
        sent_at=body.sent_at,
        attachments=tuple(attachments),
        answerable=False,
    )


# --- the fields -----------------------------------------------------------------------------------------


def _text(text: str) -> str:
    # NUL is refused by other stores and by XML; nobody types it.
    return text.replace("\x00", "") if "\x00" in text else text


def _line(text: str) -> str:
    """On one line, without what could turn the rest of a screen around (bidirectional overrides)."""
    if text.isprintable():
        return text.strip()
    return " ".join(_CONTROLS.sub(" ", _BIDI.sub("", text)).split())


_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_BIDI = re.compile(r"[\u202a-\u202e\u2066-\u2069\u200e\u200f]")


def _file_name(name: str) -> str:
    """The last part of a path of either kind, or `attachment` when nothing is left."""
    return _line(re.split(r"[/\\]", _line(name))[-1]).strip(". ") or "attachment"


def _media_type(type: str) -> str:
    media = type.partition(";")[0].strip().lower()
    return media if _MEDIA_TYPE.fullmatch(media) else "application/octet-stream"


_MEDIA_TYPE = re.compile(r"[a-z0-9][a-z0-9!#$&^_.+-]*/[a-z0-9][a-z0-9!#$&^_.+-]*")


def _email(typed: str | None) -> str | None:
    return _normal(addresses.email, typed) if typed and typed.strip() else None


def _phone(typed: str | None, asked: ValidationInfo) -> str | None:
    return _normal(addresses.phone, typed, asked.context) if typed and typed.strip() else None


def _normal(verb: Any, *given: Any) -> str:
    try:
        normal: str = verb(*given)
    except Invalid as error:
        raise PydanticCustomError(error.code, "{why}", {"why": error.message}) from error
    return normal


def _utc(at: datetime) -> datetime:
    """In UTC and whole milliseconds, as MongoDB keeps it."""
    try:
        utc = at.astimezone(UTC)
    except OverflowError as error:
        raise PydanticCustomError("not_a_time", "must lie between the years 1 and 9999") from error
    return utc.replace(microsecond=utc.microsecond // 1000 * 1000)


def _decoded(content: object) -> bytes:
    if not isinstance(content, str):
        raise PydanticCustomError("not_base64", "must be text in base64")
    try:
        return a2b_base64("".join(content.split()), strict_mode=True)
    except ValueError as error:
        raise PydanticCustomError("not_base64", "must be base64 (RFC 4648, with padding)") from error


class _Strict(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class From(_Strict):
    """Who wrote, as the sending system says."""

    name: Annotated[str, Field(max_length=200), AfterValidator(_line)] | None = None
    email: Annotated[str | None, Field(max_length=320), AfterValidator(_email)] = None
    phone: Annotated[str | None, Field(max_length=60), AfterValidator(_phone)] = None
    external_id: Annotated[str, Field(max_length=200), AfterValidator(_line)] | None = None


class File(_Strict):
    """An attachment; `content` is base64 on the wire."""

    name: Annotated[str, Field(max_length=255), AfterValidator(_file_name)] = "attachment"
    type: Annotated[str, Field(max_length=200), AfterValidator(_media_type)] = "application/octet-stream"
    content: Annotated[bytes, BeforeValidator(_decoded)]

    def unstored(self) -> Attachment:
        """As an attachment that has no place in the store yet (its id is empty)."""
        return Attachment("", self.name, self.type, len(self.content), sha256(self.content).hexdigest())


class Body(_Strict):
    """All optional, but `text` or `html` or one attachment."""

    id: Annotated[str, Field(max_length=200), AfterValidator(_line)] | None = None
    sender: From | None = Field(None, alias="from")
    subject: Annotated[str, Field(max_length=500), AfterValidator(_line)] | None = None
    text: Annotated[str, AfterValidator(_text)] | None = None
    html: Annotated[str, AfterValidator(_text)] | None = None
    thread: Annotated[str, Field(max_length=200), AfterValidator(_line)] | None = None
    sent_at: Annotated[AwareDatetime, AfterValidator(_utc)] | None = None
    attachments: Annotated[tuple[File, ...], Field(max_length=20)] = ()


# --- what is wrong --------------------------------------------------------------------------------------


def _checked(raw: bytes, region: str) -> Body:
    try:
        return Body.model_validate_json(raw, context=region)
    except NotTheBody as error:
        if error.errors(include_url=False, include_input=False)[0]["type"] != "json_invalid":
            raise
        mended = _without_lone_surrogates(raw)
        if mended is None:
            raise
    return Body.model_validate_json(mended, context=region)


def _without_lone_surrogates(raw: bytes) -> str | None:
    """The same JSON with U+FFFD for half characters, or None when it is not JSON at all.

    JavaScript cuts an emoji in two by `slice` and writes the half as `\\ud83d`: the rest of the text still counts.
    """
    if b"\\ud" not in raw.lower():
        return None
    try:
        text = json.dumps(json.loads(raw), ensure_ascii=False)
    except (ValueError, RecursionError):
        return None
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _unfit(text: str | None, html: str | None, attachments: Sequence[object], size: int) -> Iterator[Fault]:
    if not ((text and text.strip()) or (html and html.strip()) or attachments):
        yield Fault("text", "empty", "`text`, `html` or at least one attachment must be given")
    # JSON never spells a text in fewer bytes than UTF-8 does, so a short body holds no long text.
    if size > TEXT_MAX and len((text or "").encode()) + len((html or "").encode()) > TEXT_MAX:
        limit = f"`text` and `html` together may have {TEXT_MAX} bytes in UTF-8; send more as an attachment"
        yield from (Fault(name, "too_long", limit) for name, part in (("text", text), ("html", html)) if part)


def _lacking(raw: bytes) -> Iterator[Fault]:
    """What the body as a whole lacks, also when single fields are wrong already."""
    try:
        tree = from_json(raw)
    except ValueError:
        return
    parts = [tree.get(name) for name in ("text", "html", "attachments")] if isinstance(tree, dict) else [True]
    if not any(part.strip() if isinstance(part, str) else part for part in parts):
        yield from _unfit(None, None, (), 0)


def _named(error: NotTheBody) -> Iterator[Fault]:
    for detail in error.errors(include_url=False, include_input=False)[:FAULTS_MAX]:
        yield Fault(".".join(str(step) for step in detail["loc"]), *_words(detail))


def _words(detail: ErrorDetails) -> tuple[str, str]:
    kind, context = detail["type"], detail.get("ctx", {})
    if kind not in _WORDS:
        return kind, detail["msg"]
    code, words = _WORDS[kind]
    return code, words.format(**context)


_WORDS = {
    "json_invalid": ("not_json", "must be JSON in UTF-8: {error}"),
    "model_type": ("not_an_object", "must be a JSON object"),
    "extra_forbidden": ("unknown_field", "is not a field of this body"),
    "missing": ("missing", "must be given"),
    "string_type": ("not_text", "must be text"),
    "string_too_long": ("too_long", "may have {max_length} characters"),
    "tuple_type": ("not_a_list", "must be a list"),
    "too_long": ("too_many", "may have {max_length} entries"),
    "datetime_type": ("not_a_time", "must be a time as text, like 2026-11-22T09:41:07Z"),
    "datetime_parsing": ("not_a_time", "must be a time like 2026-11-22T09:41:07Z: {error}"),
    "datetime_from_date_parsing": ("not_a_time", "must be a time like 2026-11-22T09:41:07Z: {error}"),
    "timezone_aware": ("not_a_time", "must say its time zone, like 2026-11-22T09:41:07Z or …-03:00"),
    "not_an_email": ("not_an_email", "{why}"),
    "not_a_phone": ("not_a_phone", "{why}"),
}
# Every code that a fault may have; the last two are found by hand.
CODES = frozenset({code for code, _ in _WORDS.values()} | {"not_base64", "empty"})


def _invalid(faults: Sequence[Fault]) -> Invalid:
    named = ", ".join(fault.field or "the body" for fault in faults[:5])
    return Invalid("bad_body", f"the body cannot be read: {named}", faults)


# --- who wrote ------------------------------------------------------------------------------------------


def _sender(body: Body, channel: str, trusted: bool) -> Sender:
    """Addresses join customers only when the source is trusted; else they are claims, and the person is known
    within this source alone: by its own id for them, or by what it says of them."""
    who = body.sender or _NOBODY
    source = f"{IdentityKind.EXTERNAL}:{channel}:"
    both = ((IdentityKind.EMAIL, who.email), (IdentityKind.PHONE, who.phone))
    said = tuple((kind, value) for kind, value in both if value)
    proved = [f"{source}{who.external_id}"] if who.external_id else []
    if trusted:
        proved += [f"{kind}:{value}" for kind, value in said]
    if not proved:
        proved = [source + (f"{said[0][0]}={said[0][1]}" if said else f"thread={body.thread}" if body.thread else "")]
    return Sender(tuple(proved), who.name or "", () if trusted else said)


_NOBODY = From()
