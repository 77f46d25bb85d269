"""The rules as a file (TOML), for supervisors: to keep elsewhere, to edit elsewhere, to bring from another hub."""

from aiohttp import web
from pydantic import Field

from hub.inbox import rules_file as inbox
from hub.web.api import Body, Call, Query
from hub.web.routing import checked_view, draft_view
from hub.web.routing_views import Saved


class Which(Query):
    """Which rules: `draft`, or `live`."""

    rules: str = Field("live", pattern="^(live|draft)$")


class RulesFile(Body):
    """`revision` as in a draft."""

    toml: str = Field(max_length=150_000)  # whatever is in it, it fits into a body
    revision: int | None = None


async def export(call: Call, query: Which) -> web.Response:
    """The rules as a file (TOML)."""
    number, text = await inbox.export(call.house, draft=query.rules == "draft")
    name = f"rules-{number}.toml"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return web.Response(text=text, content_type="application/toml", charset="utf-8", headers=headers)


async def import_file(call: Call, body: RulesFile) -> Saved:
    """Rules out of a file (TOML) become the draft; what is wrong with the file is told with its line."""
    draft, found = await inbox.take_in(call.house, call.person, body.toml, body.revision)
    return {"draft": draft_view(draft, call.house.directory) if draft else None, **checked_view(found)}
