"""The web application. Around every route stand, from the outside in: the log line, the problem page, the headers."""

import asyncio
from collections.abc import Iterable

import structlog
from aiohttp import web

from hub.web.api import BODY_MAX, USER
from hub.web.frames import CLEANERS
from hub.web.front import FRONT, Front
from hub.web.problems import Handler, problems, route_of
from hub.web.routes import routes
from hub.web.security import put_headers
from hub.web.session import GATE

log = structlog.get_logger("hub.access")

# What customers' messages come in by: a line for each that went well would cost more than half of reading it.
DOORS: web.AppKey[frozenset[str]] = web.AppKey("doors", frozenset)


def site(front: Front, theirs: Iterable[web.AbstractRouteDef] = ()) -> web.Application:
    """`theirs`: the routes of the channels' kinds, mounted without knowing whose they are."""
    app = web.Application(middlewares=[access_line, problems], client_max_size=BODY_MAX)
    app[FRONT] = front
    theirs = list(theirs)
    app[DOORS] = frozenset(route.path for route in theirs if isinstance(route, web.RouteDef))
    app[GATE] = asyncio.Semaphore(2)
    app[CLEANERS] = asyncio.Semaphore(2)
    app.on_response_prepare.append(put_headers)
    app.add_routes(routes(theirs))
    return app


@web.middleware
async def access_line(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Never the path, the query or a header: they hold ids, tokens and signatures."""
    clock = asyncio.get_running_loop().time
    began, status = clock(), 499  # the reader went away
    try:
        response = await handler(request)
        status = response.status
        return response
    finally:
        busy = status < 400 and route_of(request) in request.app[DOORS]
        (log.debug if busy else log.info)(
            "request",
            method=request.method,
            route=route_of(request),
            status=status,
            ms=round((clock() - began) * 1000, 1),
            user=request.get(USER),
        )
