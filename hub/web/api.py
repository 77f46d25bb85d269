"""The table's machinery: a typed function becomes a route, its types check what comes in and write the OpenAPI.

A handler is `async def take(call: Call, ref: Reference, body: Taking) -> Row`: what is signed in (`Call`) or anyone
(`Visit`), the path's parts by name, at most one `Query` and one `Body`; its docstring is the summary.
"""

import inspect
import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web
from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from hub.errors import Fault, Invalid, NotFound, Refused
from hub.inbox.house import House
from hub.inbox.rights import person_of
from hub.model import Person, Role, Session, User
from hub.web import session as sessions
from hub.web.front import FRONT, Front
from hub.web.security import refuse_cross_site

BODY_MAX = 1024 * 1024
DEPTH_MAX = 32
FAULTS_MAX = 50
RANK: Mapping[Role, int] = {Role.AGENT: 0, Role.SUPERVISOR: 1, Role.ADMIN: 2}
USER = web.RequestKey("user", str)


class Body(BaseModel):
    """A JSON body: every field typed, none converted, none besides."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class Query(BaseModel):
    """A query string: text converted to the field's type, no field besides."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Nothing(Body):
    """An empty object, or no body at all."""


@dataclass(frozen=True, slots=True)
class Visit:
    """A request by anybody.

    `house` is taken once: one request stays in one company. `headers` go out with the answer.
    """

    request: web.Request
    front: Front
    house: House
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Call(Visit):
    """A request by somebody who is signed in."""

    session: Session
    user: User
    person: Person


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One line of the sitemap. `role`: the least that may call it. `media`: what it gives when that is no JSON."""

    method: str
    path: str
    handler: Callable[..., Awaitable[Any]]
    role: Role = Role.AGENT
    status: int = 200
    media: str = "application/json"

    @property
    def route(self) -> web.RouteDef:
        return web.route(self.method, self.path, bind(self))


@dataclass(frozen=True, slots=True)
class Plan:
    """A handler's signature, read once."""

    public: bool
    parts: Mapping[str, TypeAdapter[Any]]
    query: tuple[str, type[Query]] | None
    body: tuple[str, type[Body]] | None
    result: Any


def plan(endpoint: Endpoint) -> Plan:
    signature = inspect.signature(endpoint.handler, eval_str=True)
    (_, first), *others = ((name, parameter.annotation) for name, parameter in signature.parameters.items())
    query = body = None
    parts: dict[str, TypeAdapter[Any]] = {}
    for name, kind in others:
        if inspect.isclass(kind) and issubclass(kind, Query):
            query = (name, kind)
        elif inspect.isclass(kind) and issubclass(kind, Body):
            body = (name, kind)
        else:
            parts[name] = TypeAdapter(kind)
    return Plan(first is Visit, parts, query, body, signature.return_annotation)


def bind(endpoint: Endpoint) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    read = plan(endpoint)

    async def answer(request: web.Request) -> web.StreamResponse:
        if endpoint.method != "GET" and not sessions.by_token(request):
            refuse_cross_site(request)
        visit = await (_visit(request) if read.public else _call(request, endpoint.role))
        given = _parts(request, read.parts)
        if read.query:
            given[read.query[0]] = _query(request, read.query[1])
        if read.body:
            given[read.body[0]] = await _body(request, read.body[1])
        result = await endpoint.handler(visit, **given)
        if isinstance(result, web.StreamResponse):
            return result
        return _json(result, endpoint.status, visit.headers)

    return answer


async def _visit(request: web.Request) -> Visit:
    front = request.app[FRONT]
    return Visit(request, front, front.house)


async def _call(request: web.Request, role: Role) -> Call:
    front = request.app[FRONT]
    house = front.house
    found = await sessions.who(request, house)
    if found is None:
        raise Refused("unauthenticated", "Sign in, or send a token: Authorization: Bearer hub_…")
    session, user = found
    request[USER] = user.id
    if RANK[user.role] < RANK[role]:
        raise Refused("forbidden", f"This needs the role {role.value}.", role=role.value)
    return Call(request, front, house, session=session, user=user, person=await person_of(house, user))


def _parts(request: web.Request, parts: Mapping[str, TypeAdapter[Any]]) -> dict[str, Any]:
    try:
        return {name: adapter.validate_python(request.match_info[name]) for name, adapter in parts.items()}
    except ValidationError:
        raise NotFound("not_found", "There is nothing at this address.") from None


def _query(request: web.Request, type: type[Query]) -> Query:
    if len(set(request.query)) < len(request.query):
        raise Invalid("invalid", "The query names a field twice.")
    try:
        return type.model_validate(dict(request.query))
    except ValidationError as error:
        raise _invalid(error) from None


async def _body(request: web.Request, type: type[Body]) -> Body:
    raw = await request.read()  # the application's client_max_size is BODY_MAX
    if not raw and type is Nothing:
        return Nothing()
    if request.content_type != "application/json":
        raise Invalid("not_json_type", "The body must be JSON: Content-Type: application/json.")
    refuse_deep(raw)
    try:
        return type.model_validate_json(raw)
    except ValidationError as error:
        raise _invalid(error) from None


def refuse_deep(raw: bytes) -> None:
    """Raises Invalid for what is no JSON, or nests more than 32 times."""
    try:
        level = [json.loads(raw)]
    except (ValueError, RecursionError):
        raise Invalid("not_json", "The body must be one JSON value in UTF-8.") from None
    for _ in range(DEPTH_MAX):
        level = [child for each in level for child in _children(each)]
        if not level:
            return
    raise Invalid("too_deep", f"The body nests more than {DEPTH_MAX} times.")


def _children(value: Any) -> list[Any]:
    inside = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [each for each in inside if isinstance(each, dict | list)]


# pydantic's words for what is wrong → the catalogues'
_CODES = {
    "missing": "required",
    "extra_forbidden": "unknown_field",
    "string_too_short": "too_short",
    "string_too_long": "too_long",
    "literal_error": "not_one_of",
    "enum": "not_one_of",
    "string_pattern_mismatch": "wrong_form",
}


def _invalid(error: ValidationError) -> Invalid:
    """Every fault, without the values that were sent: some of them are passwords."""
    faults = [
        Fault(".".join(map(str, each["loc"]))[:100], _code(each["type"]), each["msg"])
        for each in error.errors(include_url=False, include_context=False, include_input=False)[:FAULTS_MAX]
    ]
    return Invalid("invalid", "Some fields are not right: see fields.", faults)


def _code(type: str) -> str:
    return _CODES.get(type, "wrong_type" if type.endswith("_type") else "invalid")


def _json(result: Any, status: int, headers: Mapping[str, str]) -> web.Response:
    if result is None:
        return web.Response(status=204, headers=headers)
    return web.Response(body=encode(result), status=status, content_type="application/json", headers=headers)


_JSON = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), check_circular=False)


def encode(value: Any) -> bytes:
    return _JSON.encode(value).encode()
