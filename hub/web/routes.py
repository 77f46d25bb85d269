"""The sitemap."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from aiohttp import web

import hub
from hub.model import Role
from hub.web import (
    agents,
    board,
    channels,
    conversations,
    customers,
    files,
    frames,
    hours,
    offers,
    openapi,
    quarantine,
    replies,
    routing,
    rules_file,
    skills,
    start,
    teams,
    trials,
    users,
    why,
)
from hub.web.api import Endpoint, encode
from hub.web.attend import attend
from hub.web.front import FRONT
from hub.web.own_files import OwnFiles

STATIC = Path(__file__).parent / "static"

ONE = "/api/conversations/{ref}"

ENDPOINTS: Sequence[Endpoint] = (
    Endpoint("GET", "/api/start", start.start),
    Endpoint("POST", "/api/session", start.sign_in),
    Endpoint("DELETE", "/api/session", start.sign_out, status=204),
    Endpoint("POST", "/api/setup", start.set_up, status=201),
    Endpoint("POST", "/api/setup/demo", start.begin_demo, status=201),
    Endpoint("POST", "/api/enter", start.come_in),
    Endpoint("DELETE", "/api/demo", start.end_demo, Role.ADMIN),
    Endpoint("PATCH", "/api/me", start.change_me),
    Endpoint("PATCH", "/api/company", start.change_company, Role.ADMIN),
    Endpoint("PUT", "/api/me/availability", agents.be_myself),
    Endpoint("GET", "/api/agents", agents.agents),
    Endpoint("PATCH", "/api/agents/{id}", agents.change, Role.SUPERVISOR),
    Endpoint("PUT", "/api/agents/{id}/availability", agents.be),
    Endpoint("GET", "/api/offers", offers.offers),
    Endpoint("GET", "/api/board", board.board, Role.SUPERVISOR),
    Endpoint("GET", "/api/counts", conversations.counts),
    Endpoint("GET", "/api/conversations", conversations.list_conversations),
    Endpoint("GET", ONE, conversations.open_one),
    Endpoint("GET", f"{ONE}/entries", conversations.older_entries),
    Endpoint("GET", f"{ONE}/why", why.why),
    Endpoint("POST", f"{ONE}/replies", replies.reply, status=202),
    Endpoint("DELETE", f"{ONE}/replies/{{message}}", replies.withdraw),
    Endpoint("POST", f"{ONE}/replies/{{message}}/send", replies.send_now),
    Endpoint("POST", f"{ONE}/notes", replies.note, status=201),
    Endpoint("POST", f"{ONE}/take", conversations.take),
    Endpoint("POST", f"{ONE}/assign", conversations.assign),
    Endpoint("POST", f"{ONE}/accept", offers.accept),
    Endpoint("POST", f"{ONE}/decline", offers.decline),
    Endpoint("POST", f"{ONE}/resolve", conversations.resolve),
    Endpoint("POST", f"{ONE}/reopen", conversations.reopen),
    Endpoint("POST", f"{ONE}/seen", conversations.seen, status=204),
    Endpoint("GET", "/api/customers/{id}", customers.customer),
    Endpoint("GET", "/api/messages/{id}/frame", frames.frame, media="text/html"),
    Endpoint("GET", "/api/files/{id}", files.file, media="*/*"),
    Endpoint("GET", "/api/quarantine", quarantine.entries, Role.SUPERVISOR),
    Endpoint("POST", "/api/quarantine/{id}/retry", quarantine.retry, Role.SUPERVISOR),
    Endpoint("GET", "/api/quarantine/{id}/raw", quarantine.raw, Role.SUPERVISOR, media="application/octet-stream"),
    Endpoint("GET", "/api/routing", routing.routing, Role.SUPERVISOR),
    Endpoint("PUT", "/api/routing/draft", routing.save_draft, Role.SUPERVISOR),
    Endpoint("DELETE", "/api/routing/draft", routing.discard_draft, Role.SUPERVISOR, status=204),
    Endpoint("POST", "/api/routing/check", routing.check, Role.SUPERVISOR),
    Endpoint("POST", "/api/routing/publish", routing.publish, Role.SUPERVISOR),
    Endpoint("GET", "/api/routing/versions", routing.versions, Role.SUPERVISOR),
    Endpoint("GET", "/api/routing/versions/{number}", routing.version, Role.SUPERVISOR),
    Endpoint("GET", "/api/routing/versions/{number}/changes", routing.version_changes, Role.SUPERVISOR),
    Endpoint("POST", "/api/routing/versions/{number}/restore", routing.restore, Role.SUPERVISOR),
    Endpoint("GET", "/api/routing/file", rules_file.export, Role.SUPERVISOR, media="application/toml"),
    Endpoint("POST", "/api/routing/file", rules_file.import_file, Role.SUPERVISOR),
    Endpoint("PATCH", "/api/routing/settings", routing.change_settings, Role.SUPERVISOR),
    Endpoint("POST", "/api/routing/try", trials.try_rules, Role.SUPERVISOR),
    Endpoint("POST", "/api/routing/queue", trials.queue, Role.SUPERVISOR),
    Endpoint("POST", "/api/teams", teams.add, Role.SUPERVISOR, status=201),
    Endpoint("PATCH", "/api/teams/{id}", teams.change, Role.SUPERVISOR),
    Endpoint("DELETE", "/api/teams/{id}", teams.remove, Role.SUPERVISOR, status=204),
    Endpoint("POST", "/api/skills", skills.add, Role.SUPERVISOR, status=201),
    Endpoint("PATCH", "/api/skills/{id}", skills.change, Role.SUPERVISOR),
    Endpoint("DELETE", "/api/skills/{id}", skills.remove, Role.SUPERVISOR, status=204),
    Endpoint("POST", "/api/hours", hours.add, Role.SUPERVISOR, status=201),
    Endpoint("PATCH", "/api/hours/{id}", hours.change, Role.SUPERVISOR),
    Endpoint("DELETE", "/api/hours/{id}", hours.remove, Role.SUPERVISOR, status=204),
    Endpoint("GET", "/api/channels", channels.channels, Role.SUPERVISOR),
    Endpoint("POST", "/api/channels", channels.add, Role.ADMIN, status=201),
    Endpoint("PATCH", "/api/channels/{id}", channels.change, Role.ADMIN),
    Endpoint("GET", "/api/users", users.users, Role.ADMIN),
    Endpoint("POST", "/api/users", users.add, Role.ADMIN, status=201),
    Endpoint("PATCH", "/api/users/{id}", users.change, Role.ADMIN),
)


def routes(theirs: Iterable[web.AbstractRouteDef]) -> Sequence[web.AbstractRouteDef]:
    """Ours, and those of the channels, whoever they are."""
    description = encode(openapi.document(ENDPOINTS, hub.__version__))
    ours = OwnFiles(STATIC)

    async def static(request: web.Request) -> web.StreamResponse:
        return await ours.answer(request, request.match_info["file"])

    async def shell(request: web.Request) -> web.StreamResponse:
        """Every page of the inbox is this one; its own router reads the address."""
        if "." in request.match_info["page"].rpartition("/")[2]:  # a file that is not there
            raise web.HTTPNotFound
        page = await ours.answer(request, "index.html")
        page.headers["Cache-Control"] = "no-cache"
        return page

    async def openapi_json(request: web.Request) -> web.Response:
        return web.Response(body=description, content_type="application/json")

    return [
        *(endpoint.route for endpoint in ENDPOINTS),
        web.get("/api/openapi.json", openapi_json),
        web.get("/api/live", attend),
        web.get("/healthz", healthz),
        web.get("/readyz", readyz),
        *theirs,
        web.get("/static/{file:.+}", static),
        web.get("/{page:(?!(?:api|static|hooks)(?:/|$)).*}", shell),
    ]


async def healthz(request: web.Request) -> web.Response:
    """The process lives."""
    return web.Response(body=encode({"ok": True}), content_type="application/json")


async def readyz(request: web.Request) -> web.Response:
    """Ready when the store answers and the feed runs. Without Redis the hub works on, so that part only shows."""
    parts = await request.app[FRONT].health()
    ready = not any(parts.get(part) for part in ("store", "feed"))
    body = {"ready": ready, "parts": {part: why or "ok" for part, why in parts.items()}}
    headers = {} if ready else {"Retry-After": "2"}
    return web.Response(
        body=encode(body), status=200 if ready else 503, content_type="application/json", headers=headers
    )
