"""What a broken shape is called in plain words. Called by `files`, once for each error that pydantic finds.

An editor need not know what a tuple or a pattern is: each kind of error has one sentence in `SENTENCES`, each form an
id or address must have one in `FORMS`.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from bot.knowledge.model import basics
from bot.knowledge.yaml_reader import Document, Problem, Steps, shortened

Suggest = Callable[[str, Collection[str]], str]
"""The end of a message: the known name nearest to the wanted one, or nothing."""

_DAY = "must be a day written like 2026-11-20"
_GROUP = 'must be a group of lines such as "name: words"'
_LIST = 'must be a list: each entry on a line of its own that begins with "- "'
_NUMBER = "must be a whole number"
_WORDS = "must be words, not a list or a group"

SENTENCES: Mapping[str, str] = {
    "too_short": "needs at least {min_length}, has {actual_length}",
    "too_long": "takes at most {max_length}, has {actual_length}",
    "string_too_short": "is empty: write something, or leave the line out",
    "string_too_long": "is longer than {max_length} characters",
    "model_type": _GROUP,
    "dict_type": _GROUP,
    "mapping_type": _GROUP,
    "tuple_type": _LIST,
    "string_type": _WORDS,
    "bool_parsing": "must be true or false",
    "bool_type": "must be true or false",
    "int_parsing": _NUMBER,
    "int_parsing_size": _NUMBER,
    "int_from_float": _NUMBER,
    "int_type": _NUMBER,
    "float_parsing": "must be a number such as 6 or 7.5",
    "float_type": "must be a number such as 6 or 7.5",
    "greater_than": "must be more than {gt}",
    "greater_than_equal": "must be {ge} or more",
    "less_than_equal": "must be {le} or less",
    "date_type": _DAY,
    "date_from_datetime_parsing": _DAY,
    "date_from_datetime_inexact": _DAY,
    "date_parsing": _DAY,
    basics.NOT_A_DAY: _DAY,
}
"""The sentence for each type of pydantic error; the gaps are filled from the error's own context."""

FORMS: Mapping[str, str] = {
    basics.SLUG: "must be small letters, digits and single hyphens, such as safe-sleep",
    basics.HELPLINE_ID: "must be capitals and hyphens that begin with two letters, such as UK-SAM",
    basics.RESOURCE_ID: "must be the publisher and the link with a full stop between, such as icon.babies-cry",
    basics.LANGUAGE_ID: "must be a language's two or three small letters, such as en",
    basics.ONE_LINE: "must be one line without spaces at its ends",
    basics.WEB_ADDRESS: "must be a web address that begins with https:// or http://",
    basics.HTTPS_ADDRESS: "must be a web address that begins with https://",
    basics.INTERNATIONAL: "must be + and digits with single spaces, such as +44 1632 960001",
    basics.DIGITS: "must be 1 to 4 digits, such as 44",
    basics.HASHTAG: "must be # and one word",
    basics.ZONE: "must be a time zone such as Europe/London",
}
"""The sentence for text that has not the form its place asks for, by the form's pattern."""


def explain(
    file: str, document: Document, error: ValidationError, shape: type[BaseModel], suggest: Suggest
) -> Iterator[Problem]:
    """One sentence an error; pydantic's location becomes a line."""
    found = [(_path(detail), detail) for detail in error.errors(include_url=False)]
    for path, detail in found:
        # A list with a broken entry seems one short to pydantic, which is not what an editor has to put right.
        counted_short = detail["type"] == "too_short" and any(path == other[: len(path)] != other for other, _ in found)
        if not counted_short:
            yield Problem(file, document.line(path), _sentence(detail, path, shape, suggest))


def _path(detail: ErrorDetails) -> Steps:
    return tuple(step for step in detail["loc"] if step != "[key]")


def _sentence(detail: ErrorDetails, path: Steps, shape: type[BaseModel], suggest: Suggest) -> str:
    kind, context = detail["type"], detail.get("ctx", {})
    name = shortened(str(path[-1])) if path else ""
    if kind == "extra_forbidden":
        return f'"{name}" is not a key here{suggest(name, _keys(shape, path[:-1]))}'
    if kind == "missing":
        return f"{_place(path[:-1])}{name} is missing"
    if kind == "string_pattern_mismatch":
        return f"{_place(path)}{FORMS.get(context['pattern'], 'has not the right form')}"
    if kind in {"enum", "literal_error"}:
        return f"{_place(path)}{_choice(detail['input'], str(context['expected']), suggest)}"
    sentence = SENTENCES.get(kind)
    return f"{_place(path)}{sentence.format(**context) if sentence else detail['msg']}"


def _place(path: Steps) -> str:
    """Where an error stands, in the words of the file: "answers.everyone.pointers: "; entries of lists count from 1."""
    steps = (str(step + 1) if isinstance(step, int) else shortened(step) for step in path)
    return f"{'.'.join(steps)}: " if path else ""


def _choice(given: object, expected: str, suggest: Suggest) -> str:
    choices = [part.strip("'") for part in expected.replace(" or ", ", ").split(", ")]
    allowed = ", ".join(choices)
    if not isinstance(given, str):
        return f"must be one of {allowed}"
    return f'"{shortened(given)}" is none of {allowed}{suggest(given, choices)}'


def _keys(shape: type[BaseModel], path: Steps) -> Collection[str]:
    """The keys that may stand at `path` of a file of this shape."""
    at: Any = shape
    for step in path:
        at = _inside(at, step)
    model = _model(at)
    return sorted(model.model_fields) if model else ()


def _inside(annotation: Any, step: str | int) -> Any:
    """The type one step below: a field of a model, an element of a list, a value of a mapping."""
    model = _model(annotation) if isinstance(step, str) else None
    if model is not None:
        return model.model_fields[step].annotation if step in model.model_fields else None
    for candidate in (annotation, *get_args(annotation)):
        arguments = [argument for argument in get_args(candidate) if argument is not Ellipsis]
        if arguments and _container(candidate):
            return arguments[-1]
    return None


def _container(annotation: Any) -> bool:
    origin = getattr(annotation, "__origin__", None)
    return origin is tuple or (isinstance(origin, type) and issubclass(origin, Mapping))


def _model(annotation: Any) -> type[BaseModel] | None:
    """The model that an annotation names, itself or as one choice of a union; never one inside a list or mapping."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    if _container(annotation):
        return None
    return next((found for part in get_args(annotation) if (found := _model(part))), None)
