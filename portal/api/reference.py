"""The description of the API as a reference that people read: sections, calls, fields, examples. No network, no script.

What a page shows is read from the OpenAPI description alone, so that it cannot say anything else.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from portal.api.description import openapi

METHODS = ("get", "post", "put", "patch", "delete")
SHAPES = "#/components/schemas/"


@dataclass(frozen=True, kw_only=True)
class Kind:
    """What a value is: words, and the name of a shape where it has one."""

    words: str
    shape: str = ""


@dataclass(frozen=True, kw_only=True)
class Field:
    name: str
    kind: Kind
    is_required: bool
    text: str
    # Where a parameter goes: path, query or header.
    place: str = ""


@dataclass(frozen=True, kw_only=True)
class Shape:
    name: str
    text: str
    fields: list[Field]


@dataclass(frozen=True, kw_only=True)
class Example:
    title: str
    text: str


@dataclass(frozen=True, kw_only=True)
class Call:
    id: str
    method: str
    path: str
    text: str
    scope: str
    parameters: list[Field]
    asks: Kind | None
    answers: list[tuple[str, Kind | None]]
    examples: list[Example]
    is_deprecated: bool


@dataclass(frozen=True, kw_only=True)
class Section:
    name: str
    text: str
    calls: list[Call]
    shapes: list[Shape] = field(default_factory=list)


@cache
def sections() -> dict[str, Section]:
    """By name, in the order of the addresses."""
    described = json.loads(openapi())
    texts = {tag["name"]: tag["description"] for tag in described["tags"]}
    found: dict[str, list[tuple[Call, dict[str, Any]]]] = {}
    for path, operations in described["paths"].items():
        for method in METHODS:
            if method in operations:
                operation = operations[method]
                found.setdefault(operation["tags"][0], []).append((_call(path, method, operation), operation))
    shapes = described["components"]["schemas"]
    return {
        name: Section(
            name=name,
            text=texts.get(name, ""),
            calls=[call for call, _operation in calls],
            shapes=_shapes([operation for _call, operation in calls], shapes),
        )
        for name, calls in found.items()
    }


def _call(path: str, method: str, operation: dict[str, Any]) -> Call:
    asked = operation.get("requestBody", {}).get("content", {})
    answered = [
        (status, answer.get("content", {}))
        for status, answer in operation["responses"].items()
        if status not in {"default", "304"}
    ]
    return Call(
        id=operation["operationId"],
        method=method.upper(),
        path=path,
        text=operation.get("description", ""),
        scope=next((scope for each in operation.get("security", []) for scope in each.get("bearer", [])), ""),
        parameters=[_parameter(each) for each in operation.get("parameters", [])],
        asks=_kind_of_body(asked),
        answers=[(status, _kind_of_body(content)) for status, content in answered],
        examples=[
            *_examples(asked, "Sent"),
            *(each for status, content in answered for each in _examples(content, f"Answered {status}")),
        ],
        is_deprecated=operation.get("deprecated", False),
    )


def _parameter(said: dict[str, Any]) -> Field:
    return Field(
        name=said["name"],
        kind=kind_of(said["schema"]),
        is_required=said.get("required", False),
        text=said.get("description", ""),
        place=said["in"],
    )


def _kind_of_body(content: dict[str, Any]) -> Kind | None:
    """The first media type of ours; a file says what it is."""
    for media_type, body in content.items():
        return kind_of(body["schema"]) if "json" in media_type else Kind(words=media_type)
    return None


def _examples(content: dict[str, Any], way: str) -> Iterator[Example]:
    for body in content.values():
        for name, example in body.get("examples", {}).items():
            text = json.dumps(example["value"], indent=2, ensure_ascii=False)
            yield Example(title=f"{way}: {example.get('summary', name)}", text=text)


def kind_of(schema: dict[str, Any]) -> Kind:
    """In words, as of OpenAPI 3.1."""
    if "$ref" in schema:
        name = schema["$ref"].removeprefix(SHAPES)
        return Kind(words=name, shape=name)
    for several in ("allOf", "oneOf", "anyOf"):
        if several in schema:
            return _of_several(schema[several])
    if schema.get("type") == "array":
        inner = kind_of(schema["items"])
        return Kind(words=f"list of {inner.words}", shape=inner.shape)
    return Kind(words=_plain(schema))


def _of_several(schemas: list[dict[str, Any]]) -> Kind:
    kinds = [kind_of(each) for each in schemas]
    words = " or ".join(dict.fromkeys(kind.words for kind in kinds if kind.words))
    return Kind(words=words, shape=next((kind.shape for kind in kinds if kind.shape), ""))


def _plain(schema: dict[str, Any]) -> str:
    types = schema.get("type", "anything")
    words = " or ".join(types) if isinstance(types, list) else types
    if "format" in schema:
        words = f"{words} ({schema['format']})"
    if "enum" in schema:
        words = ", ".join("null" if value is None else str(value) or "empty" for value in schema["enum"])
    return words


def _shapes(operations: list[dict[str, Any]], known: dict[str, Any]) -> list[Shape]:
    """All that the calls name, and what these name, each once."""
    names: dict[str, None] = {}
    waiting = list(dict.fromkeys(_named(operations)))
    while waiting:
        name = waiting.pop(0)
        if name not in names and name != "Problem" and name != "Fault":
            names[name] = None
            waiting += _named(known[name])
    return [_shape(name, known[name]) for name in names if "properties" in known[name] or "enum" in known[name]]


def _named(said: Any) -> Iterator[str]:
    if isinstance(said, dict):
        if isinstance(said.get("$ref"), str):
            yield said["$ref"].removeprefix(SHAPES)
        for key, value in said.items():
            # An example may hold anything.
            if key != "examples":
                yield from _named(value)
    elif isinstance(said, list):
        for value in said:
            yield from _named(value)


def _shape(name: str, schema: dict[str, Any]) -> Shape:
    required = set(schema.get("required", []))
    fields = [
        Field(name=each, kind=kind_of(said), is_required=each in required, text=said.get("description", ""))
        for each, said in schema.get("properties", {}).items()
    ]
    text = schema.get("description", "") or (_plain(schema) if "enum" in schema else "")
    return Shape(name=name, text=text, fields=fields)
