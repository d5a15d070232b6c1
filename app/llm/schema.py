"""One JSON Schema for servers that understand different parts of it: references written out, keywords taken away."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, Final

from app.errors import ProviderError

DEEPEST: Final = 32


def inlined(schema: Mapping[str, Any]) -> dict[str, Any]:
    """The schema without `$defs`: each reference replaced by what it names. Raises ProviderError for one that recurs."""
    found: dict[str, Any] = _walked(schema, schema.get("$defs", {}), 0)
    found.pop("$defs", None)
    return found


def _walked(node: Any, named: Mapping[str, Any], depth: int) -> Any:
    if depth > DEEPEST:
        raise ProviderError("the schema refers to itself", "request")
    if isinstance(node, Mapping):
        if "$ref" in node:
            return _walked(named[str(node["$ref"]).rpartition("/")[2]], named, depth + 1)
        return {key: _walked(value, named, depth + 1) for key, value in node.items() if key != "$defs"}
    return [_walked(value, named, depth + 1) for value in node] if isinstance(node, list | tuple) else node


def without(schema: Any, keywords: Collection[str]) -> Any:
    """The schema without these keywords; properties of such a name stay."""
    if isinstance(schema, Mapping):
        return {
            key: {name: without(value, keywords) for name, value in node.items()}
            if key == "properties" and isinstance(node, Mapping)
            else without(node, keywords)
            for key, node in schema.items()
            if key not in keywords
        }
    return [without(node, keywords) for node in schema] if isinstance(schema, list) else schema


def as_proto(schema: Mapping[str, Any]) -> dict[str, Any]:
    """The schema as the first Gemini library takes it: no integer enums, `min_items`, `nullable` for an anyOf with null."""
    options = [dict(option) for option in schema.get("anyOf", ()) if option.get("type") != "null"]
    if options:
        return {**as_proto(options[0]), "nullable": len(options) < len(schema["anyOf"])}
    made: dict[str, Any] = {"type": schema.get("type", "string")}
    if made["type"] == "string" and "enum" in schema:
        made |= {"enum": list(schema["enum"]), "format": "enum"}
    for ours, theirs in (("minItems", "min_items"), ("maxItems", "max_items")):
        made |= {theirs: schema[ours]} if ours in schema else {}
    if "items" in schema:
        made["items"] = as_proto(schema["items"])
    if "properties" in schema:
        made["properties"] = {name: as_proto(node) for name, node in schema["properties"].items()}
        made["required"] = list(schema.get("required", ()))
    return made
