"""OpenAPI 3.1 out of the same table that makes the routes."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import BaseModel, TypeAdapter
from pydantic.json_schema import JsonSchemaMode
from typing_extensions import TypedDict

from hub.web.api import Endpoint, Nothing, Plan, plan

_TEMPLATE = "#/components/schemas/{model}"

Schemas = Mapping[tuple[str, JsonSchemaMode], dict[str, Any]]


class ProblemField(TypedDict):
    field: str
    code: str
    message: str


class Problem(TypedDict):
    """RFC 9457. `code` is stable; `detail` is for people who read English."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    params: dict[str, str | int | float | None]
    fields: list[ProblemField]


def document(endpoints: Sequence[Endpoint], version: str) -> dict[str, Any]:
    """No `jsonSchemaDialect`: it is the standard's own, and Swagger UI stumbles over the name."""
    plans = [(endpoint, plan(endpoint)) for endpoint in endpoints]
    schemas, definitions = _schemas(plans)
    paths: dict[str, Any] = {}
    for endpoint, read in plans:
        paths.setdefault(_path(endpoint), {})[endpoint.method.lower()] = _operation(endpoint, read, schemas)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Balcão", "version": version, "license": {"name": "AGPL-3.0-or-later"}},
        "paths": paths,
        "components": {
            "schemas": definitions,
            "responses": {"Problem": _problem(schemas)},
            "securitySchemes": {
                "token": {"type": "http", "scheme": "bearer"},
                "session": {"type": "apiKey", "in": "cookie", "name": "hub_session"},
            },
        },
    }


def _schemas(plans: Sequence[tuple[Endpoint, Plan]]) -> tuple[Schemas, dict[str, Any]]:
    inputs: list[tuple[str, JsonSchemaMode, TypeAdapter[Any]]] = [("problem", "serialization", TypeAdapter(Problem))]
    for endpoint, read in plans:
        inputs += [(_key(endpoint, name), "validation", adapter) for name, adapter in read.parts.items()]
        if read.body:
            inputs.append((_key(endpoint, "body"), "validation", TypeAdapter(read.body[1])))
        if read.result is not None and endpoint.media == "application/json":
            inputs.append((_key(endpoint, "result"), "serialization", TypeAdapter(read.result)))
    schemas, definitions = TypeAdapter.json_schemas(inputs, ref_template=_TEMPLATE)
    return schemas, definitions.get("$defs", {})


def _operation(endpoint: Endpoint, read: Plan, schemas: Schemas) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "operationId": f"{endpoint.handler.__module__.rpartition('.')[2]}.{endpoint.handler.__name__}",
        "summary": (endpoint.handler.__doc__ or "").strip().partition("\n")[0],
        "security": [] if read.public else [{"token": []}, {"session": []}],
        "responses": _responses(endpoint, read, schemas),
    }
    parameters = [*_parts(endpoint, read, schemas), *(_query(read.query[1]) if read.query else ())]
    if parameters:
        operation["parameters"] = parameters
    if read.body:
        schema = schemas[_key(endpoint, "body"), "validation"]
        operation["requestBody"] = {
            "required": read.body[1] is not Nothing,
            "content": {"application/json": {"schema": schema}},
        }
    return operation


def _parts(endpoint: Endpoint, read: Plan, schemas: Schemas) -> list[dict[str, Any]]:
    return [
        {"name": name, "in": "path", "required": True, "schema": schemas[_key(endpoint, name), "validation"]}
        for name in read.parts
    ]


def _query(type: type[BaseModel]) -> list[dict[str, Any]]:
    schema = type.model_json_schema(ref_template=_TEMPLATE)
    required = schema.get("required", ())
    return [
        {"name": name, "in": "query", "required": name in required, "schema": each}
        for name, each in schema["properties"].items()
    ]


def _responses(endpoint: Endpoint, read: Plan, schemas: Schemas) -> dict[str, Any]:
    problem = {"$ref": "#/components/responses/Problem"}
    return {**_good(endpoint, read, schemas), "4XX": problem, "5XX": problem}


def _good(endpoint: Endpoint, read: Plan, schemas: Schemas) -> dict[str, Any]:
    if read.result is None:
        return {"204": {"description": "Done."}}
    if endpoint.media != "application/json":
        return {str(endpoint.status): {"description": "The content.", "content": {endpoint.media: {}}}}
    schema = schemas[_key(endpoint, "result"), "serialization"]
    return {str(endpoint.status): {"description": "Done.", "content": {"application/json": {"schema": schema}}}}


def _problem(schemas: Schemas) -> dict[str, Any]:
    return {
        "description": "Why not. 429 and 503 carry Retry-After.",
        "headers": {"Retry-After": {"description": "Seconds", "schema": {"type": "integer"}}},
        "content": {"application/problem+json": {"schema": schemas["problem", "serialization"]}},
    }


def _key(endpoint: Endpoint, what: str) -> str:
    return f"{endpoint.method} {endpoint.path} {what}"


def _path(endpoint: Endpoint) -> str:
    """`{id:[0-9]+}` is aiohttp's; OpenAPI has the pattern in the schema."""
    return re.sub(r"\{(\w+):[^}]*\}", r"{\1}", endpoint.path)
