"""The description says what the routes do, since both come from one table."""

import json
import re

import jsonschema_rs

import hub
from hub.web.openapi import document
from hub.web.routes import ENDPOINTS

DOCUMENT = document(ENDPOINTS, hub.__version__)
OPERATIONS = [
    (path, method, operation) for path, methods in DOCUMENT["paths"].items() for method, operation in methods.items()
]


def test_every_endpoint_is_in_it_once():
    assert len(OPERATIONS) == len(ENDPOINTS)
    assert len({operation["operationId"] for *_, operation in OPERATIONS}) == len(ENDPOINTS)


def test_every_operation_says_what_it_does():
    assert all(operation["summary"].endswith(".") for *_, operation in OPERATIONS)


def test_every_schema_is_one():
    for schema in DOCUMENT["components"]["schemas"].values():
        jsonschema_rs.meta.validate({"$schema": "https://json-schema.org/draft/2020-12/schema", **schema})


def test_every_reference_leads_somewhere():
    for path in set(re.findall(r'"\$ref": "#/([^"]+)"', json.dumps(DOCUMENT))):
        place = DOCUMENT
        for step in path.split("/"):
            place = place[step]


def test_the_paths_parts_are_all_described():
    for path, _, operation in OPERATIONS:
        described = {each["name"] for each in operation.get("parameters", ()) if each["in"] == "path"}
        assert described == set(re.findall(r"\{(\w+)\}", path))


def test_bodies_take_no_field_besides():
    for name, schema in DOCUMENT["components"]["schemas"].items():
        if name in {
            "Credentials",
            "Reply",
            "Note",
            "NewUser",
            "UserChange",
            "Assigning",
            "Taking",
            "Wishes",
            "NewTeam",
            "TeamChange",
            "AgentChange",
            "Being",
            "NewHours",
            "HoursChange",
            "Nothing",
        }:
            assert schema["additionalProperties"] is False, name


def test_the_default_dialect_is_not_named():
    assert DOCUMENT["openapi"].startswith("3.1")
    assert "jsonSchemaDialect" not in DOCUMENT
