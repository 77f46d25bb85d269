"""What a browser loads of the widget: the loader for the site, the look of its button, the page in the iframe."""

import json
from collections.abc import Awaitable, Callable, Mapping
from hashlib import sha256
from html import escape
from pathlib import Path
from string import Template

from aiohttp import web

from hub.channels.widget.settings import Settings
from hub.errors import NotFound
from hub.model import Language
from hub.ports import Desk, Desks

FILES = Path(__file__).resolve().parents[2] / "web" / "static" / "widget"

Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]


def loader() -> Answer:
    """`/widget.js`, the same for every widget: read once, cached by browsers and asked for again by its tag."""
    script = (FILES / "loader.js").read_bytes()
    tag = sha256(script).hexdigest()[:20]
    headers = {
        "Cache-Control": "public, max-age=300, stale-while-revalidate=86400",
        "Cross-Origin-Resource-Policy": "cross-origin",
        "Vary": "Accept-Encoding",
    }

    async def answer(request: web.Request) -> web.Response:
        if any(wanted.value in (tag, "*") for wanted in request.if_none_match or ()):
            response = web.Response(status=304, headers=headers)
        else:
            response = web.Response(body=script, content_type="text/javascript", charset="utf-8", headers=headers)
            response.enable_compression()
        response.etag = tag
        return response

    return answer


def button(desks: Desks) -> Answer:
    """`/widget/{key}/button`: what the loader must know before the panel is opened, for this widget's sites."""

    async def answer(request: web.Request) -> web.Response:
        headers = {"Access-Control-Allow-Origin": request.headers.get("Origin", "*"), "Vary": "Origin"}
        try:
            desk = desks.by_key("widget", request.match_info["key"])
        except NotFound:  # decided here, since only an answer with the header above can be read by the loader
            return web.json_response({"why": "There is no widget with this key."}, status=404, headers=headers)
        settings = Settings.model_validate(desk.record.settings)
        if not may_show(request, settings):
            why = "This site is not among those of this widget."
            return web.json_response({"why": why}, status=403, headers=headers)
        headers["Cache-Control"] = "max-age=60"
        return web.json_response({"colour": settings.colour, "language": desk.company.language}, headers=headers)

    return answer


def frame(desks: Desks) -> Answer:
    """`/widget/{key}`: the page in the iframe, which only the widget's sites and the hub itself may show."""
    template = Template((FILES / "frame.html").read_text("utf-8"))

    async def answer(request: web.Request) -> web.Response:
        desk = desks.by_key("widget", request.match_info["key"])
        settings = Settings.model_validate(desk.record.settings)
        words = _page(desk, settings, request.query.get("language", ""))
        page = template.substitute({name: escape(value) for name, value in words.items()})
        return web.Response(text=page, content_type="text/html", headers=_guarded(settings))

    return answer


def may_show(request: web.Request, settings: Settings) -> bool:
    """Whether the asking page is one of the widget's sites, or the hub's own (which sends no Origin with a GET)."""
    origin = request.headers.get("Origin")
    return origin is None or origin in settings.sites or own(request)


def own(request: web.Request) -> bool:
    """Whether the request comes from a page of this hub, by its Origin."""
    scheme, _, host = request.headers.get("Origin", "").partition("://")
    return scheme in ("http", "https") and _bare(host) == _bare(request.host)


def _bare(host: str) -> str:
    return host.lower().removesuffix(":443").removesuffix(":80")


def _page(desk: Desk, settings: Settings, language: str) -> Mapping[str, str]:
    return {
        "key": desk.record.key,
        "language": language if language in list(Language) else desk.company.language,
        "company": desk.company.name,
        "sites": json.dumps(settings.sites),
        "colour": settings.colour,
        "title": settings.title,
        "greeting": settings.greeting,
        "answers_in": str(settings.answers_in or ""),
    }


def _guarded(settings: Settings) -> Mapping[str, str]:
    policy = (
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; font-src 'self'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors " + " ".join(["'self'", *settings.sites])
    )
    return {
        "Content-Security-Policy": policy,
        "Cache-Control": "no-cache",
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
    }
