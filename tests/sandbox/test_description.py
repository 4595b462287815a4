"""The description as data: complete, licensed, and able to check answers as well as requests."""

from typing import Any

import pytest

from bot.sandbox.description import bot_api, check_value, read_request
from bot.sandbox.files import Upload
from bot.sandbox.methods import BEHAVIOUR
from bot.sandbox.refusals import Refusal


def test_the_description_is_whole() -> None:
    described = bot_api()
    assert described["version"] == "Bot API 10.1"
    assert "Permission is hereby granted" in described["licence"]["text"]
    assert BEHAVIOUR.keys() <= described["methods"].keys()
    known = described["types"].keys() | {"String", "Integer", "Float", "Boolean", "InputFile"}
    owners = [*described["methods"].values(), *described["types"].values()]
    named = {name for owner in owners for spec in owner.get("fields", {}).values() for name in spec["types"]}
    assert {name.rpartition("Array of ")[2] for name in named} <= known


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"chat_id": "7"}, {"chat_id": 7}),
        ({"chat_id": "@name"}, {"chat_id": "@name"}),
        ({"text": 7}, {"text": "7"}),
        ({"disable_notification": "True"}, {"disable_notification": True}),
        ({"disable_notification": "0"}, {"disable_notification": False}),
        ({"reply_markup": None}, {}),
        ({"entities": "[]"}, {"entities": []}),
    ],
)
def test_form_strings_become_what_they_stand_for(given: dict[str, Any], expected: dict[str, Any]) -> None:
    request = read_request("SENDMESSAGE", {"chat_id": 1, "text": "x", **given}, {})
    assert request.method == "sendMessage"
    assert expected.items() <= request.values.items()
    assert all(request.values.get(name) is not None for name in request.values)


def test_uploads_stand_for_their_parameter() -> None:
    request = read_request("sendPhoto", {"chat_id": 1}, {"photo": b"x"})
    assert request.files == {"photo": Upload(b"x")}


@pytest.mark.parametrize(
    ("type_name", "value", "words"),
    [
        ("User", {"id": 1, "is_bot": 0, "first_name": "A"}, "User.is_bot must be of type Boolean"),
        ("User", {"id": True, "is_bot": False, "first_name": "A"}, "User.id must be of type Integer"),
        ("User", {"id": 2**63, "is_bot": False, "first_name": "A"}, "User.id must be of type Integer"),
        ("User", {"id": 1, "is_bot": False}, 'Can\'t find field "first_name"'),
        ("User", {"id": 1, "is_bot": False, "first_name": "A", "x y": 1}, "unknown field with an odd name"),
        ("Location", {"latitude": float("inf"), "longitude": 0}, "Location.latitude must be of type Float"),
        ("ChatMember", {"status": "asleep", "user": {}}, "fixed values"),
    ],
)
def test_values_that_do_not_fit(type_name: str, value: Any, words: str) -> None:
    with pytest.raises(Refusal) as refusal:
        check_value(type_name, value)
    assert words in refusal.value.description


def test_a_value_without_its_empty_fields_comes_back() -> None:
    user = {"id": 1, "is_bot": False, "first_name": "A", "username": None}
    assert check_value("User", user) == {"id": 1, "is_bot": False, "first_name": "A"}
