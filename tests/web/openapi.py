"""A small, strict reader of OpenAPI 3.1 documents: does an answer say what was promised?"""

import re
from collections.abc import Iterator
from typing import Any

TYPES = {
    "object": dict,
    "array": list,
    "string": str,
    "boolean": bool,
    "null": type(None),
    "integer": int,
    "number": (int, float),
}
KNOWN = {
    "type", "properties", "required", "additionalProperties", "items", "prefixItems", "enum",
    "const", "anyOf", "$ref", "title", "description", "examples", "default", "format", "pattern",
    "minimum", "maximum", "minLength", "maxLength", "minItems", "maxItems", "uniqueItems",
}  # fmt: skip


def operation_of(document: dict[str, Any], method: str, path: str) -> dict[str, Any] | None:
    """Find the operation that a request is; None when the document does not have it."""
    for template, methods in document["paths"].items():
        pattern = re.sub(r"\{[^}]+\}", "[^/]+", template)
        if re.fullmatch(pattern, path) and method.lower() in methods:
            return methods[method.lower()]
    return None


def answer_of(operation: dict[str, Any], status: int) -> dict[str, Any] | None:
    """Find what an operation promises for a status."""
    promised = operation["responses"]
    return promised.get(str(status)) or promised.get(f"{status // 100}XX")


def violations(
    document: dict[str, Any], schema: dict[str, Any], value: Any, place: str = "$"
) -> Iterator[str]:
    """List where a value is not what a schema says; a property it does not name is one."""
    unknown = set(schema) - KNOWN
    assert not unknown, f"this reader does not know {unknown}"
    if "$ref" in schema:
        name = schema["$ref"].removeprefix("#/components/schemas/")
        yield from violations(document, document["components"]["schemas"][name], value, place)
        return
    if "anyOf" in schema:
        if all(list(violations(document, one, value, place)) for one in schema["anyOf"]):
            yield f"{place}: {value!r} is none of {schema['anyOf']}"
        return
    if value not in schema.get("enum", [schema.get("const", value)]):
        yield f"{place}: {value!r} is not one of the promised values"
    if "type" in schema and not _is(value, schema["type"]):
        yield f"{place}: {value!r} is no {schema['type']}"
        return
    match value:
        case dict():
            yield from _object(document, schema, value, place)
        case list():
            yield from _array(document, schema, value, place)
        case bool() | None:
            pass
        case int() | float():
            if not schema.get("minimum", value) <= value <= schema.get("maximum", value):
                yield f"{place}: {value} is out of bounds"
        case str():
            if not re.search(schema.get("pattern", ""), value):
                yield f"{place}: {value!r} does not look like {schema['pattern']}"


def _is(value: Any, kind: str) -> bool:
    if kind in ("integer", "number") and isinstance(value, bool):
        return False
    return isinstance(value, TYPES[kind])


def _object(document, schema, value, place) -> Iterator[str]:
    for name in schema.get("required", []):
        if name not in value:
            yield f"{place}.{name} is missing"
    others = schema.get("additionalProperties", not schema.get("properties"))
    for name, inner in value.items():
        if name in schema.get("properties", {}):
            yield from violations(document, schema["properties"][name], inner, f"{place}.{name}")
        elif isinstance(others, dict):
            yield from violations(document, others, inner, f"{place}.{name}")
        elif not others:
            yield f"{place}.{name} is not described"


def _array(document, schema, value, place) -> Iterator[str]:
    first = schema.get("prefixItems", [])
    if not schema.get("minItems", 0) <= len(value) <= schema.get("maxItems", len(value)):
        yield f"{place} has {len(value)} items"
    for number, inner in enumerate(value):
        one = first[number] if number < len(first) else schema.get("items", {})
        yield from violations(document, one, inner, f"{place}[{number}]")
