"""A message's HTML as a page for a sandboxed frame, under its own Content-Security-Policy."""

import asyncio
from html import escape

from aiohttp import web

from hub.inbox.html import BLOCKED
from hub.inbox.rights import load_message
from hub.model import Message
from hub.web.apart import cleaned
from hub.web.api import Call
from hub.web.views import MessageId

CSP = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; base-uri 'none'; form-action 'none'; "
    "sandbox allow-same-origin allow-popups allow-popups-to-escape-sandbox; frame-ancestors 'self'"
)
CLEANERS = web.AppKey("cleaners", asyncio.Semaphore)

# Mail is written for white paper; what it does not say is said here.
STYLE = f"""
:root {{ color-scheme: light; }}
body {{ margin: 0; padding: 12px; background: #fff; color: #1d1b18; overflow-wrap: break-word;
  font: 15px/1.5 Figtree, system-ui, sans-serif; }}
img {{ max-width: 100%; height: auto; }}
img[src="{BLOCKED}"] {{ min-width: 24px; min-height: 24px; outline: 1px dashed #b9b2a7; background: #f4f1ec; }}
blockquote {{ margin: 8px 0; padding-left: 12px; border-left: 3px solid #d9d3c8; }}
table {{ max-width: 100%; }}
pre {{ white-space: pre-wrap; font: inherit; }}
"""


async def frame(call: Call, id: MessageId) -> web.Response:
    """A message's HTML, made harmless. `data-blocked` on its body counts the pictures left out."""
    message = await load_message(call.house, call.person, id)
    text = await page(message, call.request.app[CLEANERS])
    headers = {"Content-Security-Policy": CSP}
    return web.Response(text=text, content_type="text/html", charset="utf-8", headers=headers)


async def page(message: Message, cleaners: asyncio.Semaphore) -> str:
    clean = await cleaned(message.html, _pictures(message), cleaners) if message.html else None
    content = clean.html if clean else f"<pre>{escape(message.text)}</pre>"
    blocked = clean.blocked if clean else 0
    return (
        f'<!doctype html><html><head><meta charset="utf-8"><title></title><style>{STYLE}</style></head>'
        f'<body data-blocked="{blocked}">{content}</body></html>'
    )


def _pictures(message: Message) -> dict[str, str]:
    """`cid:` → the file of the same message that has this name."""
    return {file.name: f"/api/files/{file.id}?inline=1" for file in message.attachments}
