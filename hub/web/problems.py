"""What goes wrong → `application/problem+json` (RFC 9457). The browser has its own words for each `code`."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from http import HTTPStatus
from typing import Any

import structlog
from aiohttp import web

from hub.errors import DeliveryError, Fault, HubError, Invalid, NotFound, Refused, Unavailable
from hub.web.front import FRONT

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

log = structlog.get_logger("hub.web")

# By what it is, unless the code says more.
BY_CLASS: Sequence[tuple[type[HubError], int]] = (
    (Invalid, 422),
    (NotFound, 404),
    (Refused, 409),
    (Unavailable, 503),
    (DeliveryError, 502),
)
BY_CODE: Mapping[str, int] = {
    "unauthenticated": 401,
    "bad_signature": 401,
    "wrong_credentials": 401,
    "forbidden": 403,
    "cross_site": 403,
    "method_not_allowed": 405,
    "gone": 410,
    "too_large": 413,
    "not_json": 400,
    "bad_request": 400,
    "not_json_type": 415,
    "too_many": 429,
    "unavailable": 503,
}
# What aiohttp itself refuses.
BY_STATUS: Mapping[int, tuple[str, str]] = {
    400: ("bad_request", "The request could not be read."),
    404: ("not_found", "There is nothing at this address."),
    405: ("method_not_allowed", "This address does not take that method; see Allow."),
    413: ("too_large", "The body is larger than this address takes."),
}


@web.middleware
async def problems(request: web.Request, handler: Handler) -> web.StreamResponse:
    try:
        return await handler(request)
    except HubError as error:
        return problem(error)
    except web.HTTPException as error:
        return _theirs(error)
    except (asyncio.CancelledError, ConnectionResetError):
        raise
    except Exception:
        reference = request.app[FRONT].house.clock.new_id()
        log.exception("unexpected", reference=reference, route=route_of(request))
        return _unexpected(reference)


def problem(error: HubError) -> web.Response:
    response = _response(
        status_of(error), error.code, error.message, error.params, error.faults if isinstance(error, Invalid) else ()
    )
    if isinstance(error, Unavailable):
        response.headers["Retry-After"] = str(max(1, round(error.retry_after)))
    return response


def status_of(error: HubError) -> int:
    named = BY_CODE.get(error.code)
    return named or next((status for kind, status in BY_CLASS if isinstance(error, kind)), 500)


def _theirs(error: web.HTTPException) -> web.StreamResponse:
    if error.status < 400:
        raise error
    code, detail = BY_STATUS.get(error.status, ("bad_request", error.reason))
    response = _response(error.status, code, detail)
    if "Allow" in error.headers:
        response.headers["Allow"] = error.headers["Allow"]
    return response


def _unexpected(reference: str) -> web.Response:
    """Ours to mend: the reader gets a reference that the log has too, and nothing else."""
    detail = "Something went wrong on our side. The log has the details under this reference."
    return _response(500, "unknown", detail, {"reference": reference})


def route_of(request: web.Request) -> str:
    """The pattern, never the path: paths hold ids, and signed things."""
    resource = request.match_info.route.resource
    return resource.canonical if resource else "-"


def _response(
    status: int, code: str, detail: str, params: Mapping[str, Any] | None = None, faults: Sequence[Fault] = ()
) -> web.Response:
    body = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        "code": code,
        "params": dict(params or {}),
        "fields": [{"field": fault.field, "code": fault.code, "message": fault.message} for fault in faults],
    }
    return web.Response(
        body=json.dumps(body).encode(),
        status=status,
        content_type="application/problem+json",
        headers={"Cache-Control": "no-store"},
    )
