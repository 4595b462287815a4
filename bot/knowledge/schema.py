"""The shapes of the knowledge files as JSON Schema, so that an editor's program can complete and check while typing.

Called by the command `schema`. To the loader every plain value is text; programs that read YAML take `true`, `6` or
`"1"` for other things. So a value that the loader would read either way may stand either way here.
"""

from collections.abc import Mapping
from typing import Any

from pydantic.json_schema import models_json_schema

from bot.knowledge.files import SHAPES

DIALECT = "https://json-schema.org/draft/2020-12/schema"
PLACES = "x-files"
"""The keyword under which the pattern of each file leads to its definition."""

_LOOSENED: Mapping[str, Mapping[str, Any]] = {
    "boolean": {"enum": [True, False, "true", "false", "yes", "no", "on", "off"]},
    "integer": {"type": ["integer", "string"], "pattern": r"^-?[0-9]+$"},
    "number": {"type": ["number", "string"], "pattern": r"^[0-9]+(?:\.[0-9]+)?$"},
    "date": {"type": "string", "pattern": r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"},
    "string": {"type": ["string", "number", "boolean"]},
}
"""What takes the place of each type of plain value."""


def schema() -> dict[str, Any]:
    """One document (draft 2020-12): each shape's definition under `$defs`, and under `x-files` which files have it.

    Patterns are those of `files.SHAPES`, relative to the knowledge folder.
    """
    shapes = list(dict.fromkeys(SHAPES.values()))
    references, document = models_json_schema(
        [(shape, "validation") for shape in shapes], ref_template="#/$defs/{model}"
    )
    return {
        "$schema": DIALECT,
        "title": "Files of the knowledge base",
        "$defs": {name: _as_written(definition) for name, definition in document["$defs"].items()},
        PLACES: {pattern: references[shape, "validation"] for pattern, shape in SHAPES.items()},
    }


def schema_for(pattern: str) -> dict[str, Any]:
    """The same for one kind of file, to be named in it: `# yaml-language-server: $schema=…`.

    Raises KeyError for a pattern that is not in `files.SHAPES`.
    """
    whole = schema()
    return {"$schema": DIALECT, **whole[PLACES][pattern], "$defs": whole["$defs"]}


def _as_written(definition: Any) -> Any:
    """A definition for values as they stand in YAML, where absent is left out and never `null`."""
    if isinstance(definition, list):
        return [_as_written(each) for each in definition]
    if not isinstance(definition, Mapping):
        return definition
    written = {key: _as_written(value) for key, value in definition.items() if key not in {"title", "default"}}
    if isinstance(definition.get("properties"), Mapping):
        written["properties"] = {key: _as_written(value) for key, value in definition["properties"].items()}
    if "anyOf" in written:
        written = _without_null(written)
    return _either_form(written)


def _without_null(written: dict[str, Any]) -> dict[str, Any]:
    choices = [choice for choice in written.pop("anyOf") if choice != {"type": "null"}]
    return {**choices[0], **written} if len(choices) == 1 else {"anyOf": choices, **written}


def _either_form(written: dict[str, Any]) -> dict[str, Any]:
    """Loosens what YAML may have typed; closes mappings whose keys have a form."""
    if "enum" in written or "const" in written:
        return _numbers_too(written)
    kind = "date" if written.get("format") == "date" else written.get("type")
    if isinstance(kind, str) and kind in _LOOSENED:
        kept = {key: value for key, value in written.items() if key not in {"type", "format"}}
        return {**kept, **_LOOSENED[kind]}
    return {**written, "additionalProperties": False} if "patternProperties" in written else written


def _numbers_too(written: dict[str, Any]) -> dict[str, Any]:
    """A choice among texts such as "1" may be written as the number 1."""
    choices = written.get("enum", [written.get("const")])
    numbers = [int(choice) for choice in choices if isinstance(choice, str) and choice.isdecimal()]
    rest = {key: value for key, value in written.items() if key not in {"enum", "const", "type"}}
    return {**rest, "enum": [*choices, *numbers]}
