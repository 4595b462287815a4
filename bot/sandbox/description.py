"""The machine-readable Bot API (bot_api.json), and the check of every request against it. Called by `World.call`.

bot_api.json is taken from PaulSonOfLars/telegram-bot-api-spec (MIT, text inside the file): names, types and what is
required as published, with fixed values and limits taken out of the descriptions, which were then left out, and with
plain strings allowed as reply keyboard buttons.
`read_request` is stricter than Telegram in one respect: an unknown parameter or field, which Telegram ignores, is
refused, because it is nearly always a slip.
"""

import json
import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.resources import files as package_files
from typing import Any

from bot.sandbox.files import Upload
from bot.sandbox.refusals import Refusal, bad_request

ARRAY = "Array of "
TOKEN = re.compile(r"[0-9]{1,20}:[A-Za-z0-9_-]{35}")
INTEGER = re.compile(r"-?[0-9]{1,19}")
FLAGS = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False, "": False}
SCALARS = frozenset({"String", "Integer", "Float", "Boolean", "InputFile"})

MISSING = {
    "chat_id": "chat_id is empty",
    "text": "message text is empty",
    "user_id": "invalid user_id specified",
    "message_id": "message identifier is not specified",
}
"""Telegram's words where a required parameter is missing; for files "there is no … in the request"."""

LIMIT_WORDS = {
    ("InlineKeyboardButton", "callback_data"): "BUTTON_DATA_INVALID",
    ("answerCallbackQuery", "text"): "MESSAGE_TOO_LONG",
    ("setMyCommands", "commands"): "BOT_COMMANDS_TOO_MUCH",
    ("BotCommand", "command"): "BOT_COMMAND_INVALID",
    ("BotCommand", "description"): "BOT_COMMAND_DESCRIPTION_INVALID",
}
"""Telegram's words where a length limit is broken, by owner and field."""


@dataclass(frozen=True, slots=True)
class Request:
    """One checked call: `values` are JSON values of the right types, `files` what was uploaded, by part name."""

    method: str
    values: Mapping[str, Any]
    files: Mapping[str, Upload] = field(default_factory=dict)


@lru_cache(maxsize=1)
def bot_api() -> dict[str, Any]:
    """The description as parsed JSON: `version`, `methods` and `types` by name."""
    text = package_files("bot.sandbox").joinpath("bot_api.json").read_text(encoding="utf-8")
    loaded: dict[str, Any] = json.loads(text)
    return loaded


@lru_cache(maxsize=1)
def _names() -> dict[str, str]:
    return {name.lower(): name for name in bot_api()["methods"]}


def check_token(token: str | None, own: str) -> None:
    """None is the world's own bot; a wrong token is 401, one that is no token at all 404."""
    if token is None or token == own:
        return
    if not TOKEN.fullmatch(token):
        raise Refusal(404, "Not Found")
    raise Refusal(401, "Unauthorized")


def read_request(method: str, params: Mapping[str, object], files: Mapping[str, Upload | bytes]) -> Request:
    """Checks names, types, limits and what is required; form strings become the values they stand for.

    Raises `Refusal` 404 for an unknown method and 400 for the first fault found.
    """
    name = _names().get(method.lower())
    if name is None:
        raise Refusal(404, "Not Found: method not found")
    fields = bot_api()["methods"][name]["fields"]
    uploads = {part: file if isinstance(file, Upload) else Upload(file) for part, file in files.items()}
    values: dict[str, Any] = {}
    for key, given in params.items():
        if key not in fields:
            raise bad_request(f"unknown parameter {_quoted(key)}")
        if given is not None:
            values[key] = _parameter(name, key, fields[key], given)
    for key, spec in fields.items():
        if spec.get("required") and key not in values and key not in uploads:
            raise bad_request(_missing(key, spec))
    _check_parts(fields, values, uploads)
    return Request(name, values, uploads)


def check_value(type_name: str, value: Any) -> Any:
    """Checks a JSON value against a type of the description (`Update`, `Message` …); 400 says what does not fit."""
    return _check((type_name,), value, type_name)


def _parameter(method: str, key: str, spec: Mapping[str, Any], given: object) -> Any:
    types = spec["types"]
    if isinstance(given, str) and not SCALARS.intersection(types):
        try:
            given = json.loads(given, parse_constant=_refuse_constant)
        except (ValueError, RecursionError):
            raise bad_request(f"can't parse {key} JSON object") from None
    value = _from_form(types, given) if isinstance(given, str | int | float) else given
    value = _check(types, value, key)
    _check_limits(method, key, spec, value, key)
    return value


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def _from_form(types: Iterable[str], given: str | float) -> Any:
    """A form string as the value it stands for; what cannot be read is left for the type check to refuse."""
    if not isinstance(given, str):
        return str(given) if "String" in types and "Integer" not in types and not isinstance(given, bool) else given
    if "Integer" in types and INTEGER.fullmatch(given):
        return int(given)
    if "Boolean" in types:
        return FLAGS.get(given.lower(), given)
    if "Float" in types:
        try:
            return float(given)
        except ValueError:
            return given
    return given


def _missing(key: str, spec: Mapping[str, Any]) -> str:
    if "InputFile" in spec["types"]:
        return f"there is no {key} in the request"
    return MISSING.get(key, f"parameter {_quoted(key)} is required")


def _check_parts(fields: Mapping[str, Any], values: Mapping[str, Any], uploads: Mapping[str, Upload]) -> None:
    if not uploads:
        return
    mentioned = json.dumps(dict(values))
    for part in uploads:
        takes_file = part in fields and "InputFile" in fields[part]["types"]
        if not takes_file and f"attach://{part}" not in mentioned:
            raise bad_request(f"unknown parameter {_quoted(part)}")


def _check(types: Iterable[str], value: Any, path: str) -> Any:
    """The value, if one of `types` fits it; `path` says in an error where it stands."""
    if isinstance(value, dict):
        return _check_object(_concrete(types), value, path)
    if isinstance(value, list):
        elements = [name.removeprefix(ARRAY) for name in types if name.startswith(ARRAY)]
        if not elements:
            raise bad_request(f"{path} must be of type {_listed(types)}, not an array")
        return [_check(elements, element, f"{path}[{index}]") for index, element in enumerate(value)]
    for name in _concrete(types):
        if name in SCALARS and _fits(name, value):
            return value
    raise bad_request(f"{path} must be of type {_listed(types)}")


def _fits(name: str, value: Any) -> bool:
    match name:
        case "Boolean":
            return isinstance(value, bool)
        case "Integer":
            return isinstance(value, int) and not isinstance(value, bool) and -(2**63) <= value < 2**63
        case "Float":
            return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
        case _:
            return isinstance(value, str) and _is_unicode(value)


def _is_unicode(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _concrete(types: Iterable[str]) -> list[str]:
    """Type names with every abstract type replaced by its subtypes."""
    found: list[str] = []
    for name in types:
        subtypes = bot_api()["types"].get(name, {}).get("subtypes")
        found.extend(_concrete(subtypes) if subtypes else [name])
    return found


def _check_object(names: Iterable[str], value: dict[str, Any], path: str) -> dict[str, Any]:
    known = bot_api()["types"]
    candidates = [name for name in names if name in known]
    if not candidates:
        raise bad_request(f"{path} must not be an object")
    fitting = [name for name in candidates if _fixed_values_match(known[name]["fields"], value)]
    if not fitting:
        raise bad_request(f"can't parse {path}: no type of object fits its fixed values")
    name = max(fitting, key=lambda candidate: _resemblance(known[candidate]["fields"], value))
    fields = known[name]["fields"]
    for key, spec in fields.items():
        if spec.get("required") and value.get(key) is None:
            raise bad_request(f"can't parse {path}: Can't find field \"{key}\"")
    checked: dict[str, Any] = {}
    for key, given in value.items():
        if key not in fields:
            raise bad_request(f"can't parse {path}: unknown field {_quoted(key)}")
        if given is not None:
            inner = f"{path}.{key}"
            checked[key] = _check(fields[key]["types"], given, inner)
            _check_limits(name, key, fields[key], given, inner)
    return checked


def _fixed_values_match(fields: Mapping[str, Any], value: Mapping[str, Any]) -> bool:
    return all(value.get(key) == spec["value"] for key, spec in fields.items() if "value" in spec)


def _resemblance(fields: Mapping[str, Any], value: Mapping[str, Any]) -> int:
    """How well a type suits the keys given: known keys count for it, unknown and missing ones against it."""
    known = sum(key in fields for key in value)
    missing = sum(bool(spec.get("required")) and key not in value for key, spec in fields.items())
    return 2 * known - len(value) - missing


def _check_limits(owner: str, key: str, spec: Mapping[str, Any], value: Any, path: str) -> None:
    if "range" in spec:
        low, high = spec["range"]
        if not low <= value <= high:
            raise bad_request(f"{path} must be from {low} to {high}")
    if "length" in spec:
        low, high = spec["length"]
        length = len(value.encode()) if spec["unit"] == "bytes" else len(value)
        if not low <= length <= high:
            raise bad_request(LIMIT_WORDS.get((owner, key), f"{path} must be {low}-{high} {spec['unit']} long"))
    if "items" in spec:
        low, high = spec["items"]
        if not low <= len(value) <= high:
            raise bad_request(LIMIT_WORDS.get((owner, key), f"{path} must have {low}-{high} items"))


def _listed(types: Iterable[str]) -> str:
    return " or ".join(types)


def _quoted(name: object) -> str:
    """A name in quotes if it looks like one; anything else might be someone's words or break the answer's encoding."""
    return f'"{name}"' if isinstance(name, str) and re.fullmatch(r"[A-Za-z0-9_]{1,64}", name) else "with an odd name"
