"""Attachments: as a download, never as a page of ours. Who may see the message may have its files."""

import re
from collections.abc import AsyncIterator
from typing import Annotated, Literal
from urllib.parse import quote

from aiohttp import web
from pydantic import StringConstraints

from hub.errors import NotFound
from hub.inbox.rights import may_see
from hub.model import Attachment
from hub.web.api import Call, Query

FileId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,64}$")]
# Should one be opened as a page after all, it can do nothing.
CSP = "default-src 'none'; sandbox; frame-ancestors 'none'"


class FileQuery(Query):
    """`inline=1`: to be shown in place, for pictures that are what they say."""

    inline: Literal["1"] | None = None


async def file(call: Call, id: FileId, query: FileQuery) -> web.StreamResponse:
    """An attachment, as a download."""
    attachment = await _attachment(call, id)
    return await send(call, id, name=attachment.name, type=attachment.type, inline=query.inline is not None)


async def _attachment(call: Call, id: str) -> Attachment:
    message = await call.house.reader.message_with_file(id)
    conversation = await call.house.reader.conversation(message.conversation) if message else None
    if message is None or conversation is None or not may_see(call.person, conversation):
        raise NotFound("not_found", "There is no such file, or you may not see it.")
    return next(each for each in message.attachments if each.id == id)


async def send(call: Call, id: str, *, name: str, type: str, inline: bool = False) -> web.StreamResponse:
    """Stream it. Raises NotFound while nothing has been sent.

    A fault after that cuts the connection, so that nobody takes half of a file for all of it.
    """
    pieces = call.house.files.read(id)
    first = await anext(aiter(pieces), b"")
    picture = picture_type(first) if inline else None
    response = web.StreamResponse(
        headers={
            "Content-Type": picture or plain_type(type),
            "Content-Disposition": disposition(name, inline=picture is not None),
            "Content-Security-Policy": CSP,
        }
    )
    await response.prepare(call.request)
    await _pour(response, first, pieces, call.request)
    return response


async def _pour(response: web.StreamResponse, first: bytes, rest: AsyncIterator[bytes], request: web.Request) -> None:
    try:
        await response.write(first)
        async for piece in rest:
            await response.write(piece)
        await response.write_eof()
    except Exception:
        if request.transport:
            request.transport.abort()
        raise


def picture_type(first: bytes) -> str | None:
    """By the bytes themselves; what the sender says is not asked."""
    if first.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if first.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if first.startswith((b"GIF87a", b"GIF89a")):
        return "image/gif"
    if first[:4] == b"RIFF" and first[8:12] == b"WEBP":
        return "image/webp"
    return None


def plain_type(type: str) -> str:
    """A sender's type if it has the form of one and no browser would run it; else just bytes."""
    wellformed = re.fullmatch(r"[a-z0-9][a-z0-9.+-]{0,60}/[a-z0-9][a-z0-9.+-]{0,80}", type.lower())
    runs = re.search(r"html|xml|script|svg|flash", type.lower())
    return type.lower() if wellformed and not runs else "application/octet-stream"


def disposition(name: str, *, inline: bool) -> str:
    """RFC 6266: a plain name for the old, the whole name by RFC 5987 for the rest."""
    name = re.sub(r"[\x00-\x1f\x7f/\\\u200e\u200f\u202a-\u202e\u2066-\u2069]", "_", name).strip(". ")[-150:] or "file"
    plain = re.sub(r'[^\x20-\x7e]|["%;]', "_", name)
    whole = quote(name.encode("utf-8", "replace"), safe="")
    return f"{'inline' if inline else 'attachment'}; filename=\"{plain}\"; filename*=UTF-8''{whole}"
