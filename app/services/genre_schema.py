"""JSON Schemas of a genre's files for editors, from the table of fields; `python -m app.services.genre_schema` writes them."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from app.services.genre_fields import GENRE_FIELDS, GROOVE_FIELDS, HARMONY_FIELDS, Field

Json = dict[str, Any]

FILES: Final = MappingProxyType(
    {"genre.schema.json": GENRE_FIELDS, "groove.schema.json": GROOVE_FIELDS, "harmony.schema.json": HARMONY_FIELDS}
)
_ROW: Final = {"type": "string"}
_TEXTS: Final = {"type": "array", "items": {"type": "string"}}
SHAPES: Final[Mapping[str, Json]] = MappingProxyType(
    {
        "text": {"type": "string"},
        "texts": _TEXTS,
        "text or texts": {"anyOf": [{"type": "string"}, _TEXTS]},
        "number": {"type": "number"},
        "whole": {"type": "integer"},
        "yes or no": {"type": "boolean"},
        "table": {"type": "object"},
        "tables": {"type": "array"},
        "pitches": {"type": "array", "items": {"type": "string"}, "minItems": 2, "maxItems": 2},
        "span": {"type": "array", "items": {"type": "number"}, "minItems": 2, "maxItems": 2},
        "levels": {"type": "array", "items": {"type": "number"}, "minItems": 3, "maxItems": 3},
        "milliseconds": {"type": "array", "items": {"type": "number"}, "minItems": 2, "maxItems": 8},
        "ratio": {
            "anyOf": [
                {"type": "number"},
                {"type": "array", "items": {"type": "array", "items": {"type": "number"}, "minItems": 2, "maxItems": 2}},
            ]
        },
        "rows": {
            "anyOf": [
                _ROW,
                {"type": "array", "items": {"anyOf": [_ROW, {"type": "array", "minItems": 2, "maxItems": 2}]}},
            ]
        },
        "any": {},
    }
)


def schema_of(fields: tuple[Field, ...]) -> Json:
    """The JSON Schema of a file with these fields."""
    shapes = {"rows": SHAPES["rows"]} if any(field.kind == "rows" for field in fields) else {}
    return {"$schema": "http://json-schema.org/draft-07/schema#", "definitions": shapes} | _table("", fields, ())


def text_of(file: str) -> str:
    """What the schema file of that name must hold."""
    return json.dumps(schema_of(FILES[file]), indent=1, ensure_ascii=False) + "\n"


def _table(path: str, fields: tuple[Field, ...], names: tuple[str, ...]) -> Json:
    """A table's schema: its fields, any name where there is a `*`, only `names` where they are given."""
    prefix = f"{path}." if path else ""
    here = [field for field in fields if field.path.startswith(prefix) and "." not in field.path[len(prefix) :]]
    own = {field.path[len(prefix) :]: field for field in here if not field.path.endswith("[]")}
    star = own.pop("*", None)
    made: Json = {"type": "object", "additionalProperties": False}
    properties = {name: _field(field, fields) for name, field in own.items()}
    if star:
        made["additionalProperties"] = _field(star, fields)
    if names:
        made["propertyNames"] = {"enum": list(names)}
    made["properties"] = properties
    required = [name for name, field in own.items() if field.required]
    return made | ({"required": required} if required else {})


def _field(field: Field, fields: tuple[Field, ...]) -> Json:
    if field.kind == "table":
        return _table(field.path, fields, field.among) | {"description": field.about}
    if field.kind == "tables":
        row = next(other for other in fields if other.path == f"{field.path}[]")
        return {"type": "array", "description": field.about, "items": _table(row.path, fields, row.among)}
    if field.kind == "rows":
        return {"description": field.about, "allOf": [{"$ref": "#/definitions/rows"}]}
    made = dict(SHAPES[field.kind]) | {"description": field.about}
    if field.among and field.kind == "text":
        made["enum"] = list(field.among)
    if field.among and field.kind == "texts":
        made["items"] = {"type": "string", "enum": list(field.among)}
    if field.kind in ("number", "whole") and field.least is not None:
        made |= {"minimum": field.least, "maximum": field.most}
    return made


def write_schemas(folder: str) -> None:
    """Write every schema file into a folder."""
    for file in FILES:
        with open(os.path.join(folder, file), "w", encoding="utf-8") as opened:
            opened.write(text_of(file))


if __name__ == "__main__":
    write_schemas(sys.argv[1] if len(sys.argv) > 1 else "schemas")
