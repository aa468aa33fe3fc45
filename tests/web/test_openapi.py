"""The description of the API is true, whole, and readable without anything from elsewhere."""

import copy
import re

import pytest

from fablab_hub.core.people import Right
from tests.web.openapi import violations
from web.access import PUBLIC, routes_and_access
from web.api.v1.schema import document, page

pytestmark = pytest.mark.anyio


def operations(described):
    for path, methods in described["paths"].items():
        for method, operation in methods.items():
            yield method.upper(), path, operation


async def test_the_document_is_served_and_names_every_route_of_the_api(lab):
    async with lab.browser() as browser:
        served = (await browser.get("/api/v1/openapi.json")).json()

    named = {(method, path) for method, path, _ in operations(served)}
    routes = {
        (method, path)
        for method, path, _ in routes_and_access(lab.app)
        if path.startswith("/api/") and not path.endswith(("/openapi.json", "/docs"))
    }
    assert served["openapi"].startswith("3.1")
    assert named == routes


def test_every_operation_says_who_may_use_it(lab):
    table = {(method, path): access for method, path, access in routes_and_access(lab.app)}

    for method, path, operation in operations(document(lab.app)):
        access = table[method, path]
        assert operation["x-access"] == access.value
        assert bool(operation["security"]) == (access is not PUBLIC)


def test_every_operation_says_what_it_does_and_what_a_refusal_looks_like(lab):
    for _, path, operation in operations(document(lab.app)):
        assert len(operation["description"]) > 10, path
        for status in ("4XX", "5XX"):
            schema = operation["responses"][status]["content"]["application/json"]["schema"]
            assert schema == {"$ref": "#/components/schemas/ErrorBody"}
        refusal = operation["responses"].get("422", operation["responses"]["4XX"])
        schema = refusal["content"]["application/json"]["schema"]
        assert schema == {"$ref": "#/components/schemas/ErrorBody"}, path


def test_every_reference_leads_somewhere_and_ids_are_unique(lab):
    described = document(lab.app)
    names = set(re.findall(r"#/components/schemas/(\w+)", str(described)))
    ids = [operation["operationId"] for _, _, operation in operations(described)]

    assert names <= set(described["components"]["schemas"])
    assert len(ids) == len(set(ids))


def test_the_page_shows_every_operation_and_loads_nothing_from_elsewhere(lab):
    described = document(lab.app)
    shown = page(described)

    for method, path, _ in operations(described):
        assert f"<code>{method} {path}</code>" in shown
    assert re.findall(r"https?://", shown) == []
    assert "<script" not in shown
    assert "style=" not in shown


async def test_the_page_is_open_to_everybody(lab):
    async with lab.browser() as browser:
        answer = await browser.get("/api/v1/docs")

    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/html")


def test_what_the_page_shows_cannot_become_html(lab):
    described = copy.deepcopy(document(lab.app))
    described["paths"]["/api/v1/jobs"]["get"]["description"] = "<img src=x onerror=alert(1)>"

    assert "<img" not in page(described)


@pytest.mark.parametrize(
    "value",
    [
        {"id": 1},
        {"name": "x"},
        {"id": "x", "more": 1},
        {"id": "x", "kind": "plane"},
        {"id": "x", "at": [1]},
        {"id": "x", "at": [1, "2"]},
        {"id": "x", "part": 2},
        {"id": "x", "part": True},
        {"id": "x", "token": "bad"},
    ],
)
def test_the_reader_of_schemas_finds_what_is_not_as_promised(value):
    schema = {
        "type": "object",
        "required": ["id"],
        "properties": {
            "id": {"type": "string"},
            "kind": {"anyOf": [{"type": "null"}, {"enum": ["laser"], "type": "string"}]},
            "at": {
                "type": "array", "minItems": 2, "maxItems": 2,
                "prefixItems": [{"type": "number"}, {"type": "number"}],
            },
            "part": {"type": "number", "minimum": 0, "maximum": 1},
            "token": {"type": "string", "pattern": "^fab_"},
        },
    }  # fmt: skip

    assert list(violations({}, schema, value))
    assert not list(violations({}, schema, {"id": "x", "kind": None, "at": [1, 2.5], "part": 1}))


def test_rights_are_the_same_words_everywhere(lab):
    schema = document(lab.app)["components"]["schemas"]["Right"]

    assert schema["enum"] == [right.value for right in Right]
