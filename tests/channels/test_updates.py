"""What updates say: every kind, every medium, every malformation."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import sandbox
from bot.channels.telegram.updates import ALLOWED_UPDATES, MEDIA, UpdateReader
from bot.messaging import ChatKind, Command, Content, Incoming, Media, Membership, Press, Sender, Text
from tests.channels.desk import NOON

DESCRIPTION = json.loads((Path(str(sandbox.__file__)).parent / "bot_api.json").read_text(encoding="utf-8"))
TYPES: dict[str, Any] = DESCRIPTION["types"]
UPDATE_KINDS = [kind for kind in TYPES["Update"]["fields"] if kind != "update_id"]
READER = UpdateReader("imh_test_bot", lambda: NOON)
MONDAY = datetime(2026, 6, 8, tzinfo=UTC)
DATE = int(MONDAY.timestamp())
ANN = {"id": 5, "is_bot": False, "first_name": "Ann", "language_code": "en-GB"}
PRIVATE = {"id": 5, "type": "private", "first_name": "Ann"}
GROUP = {"id": -1009, "type": "supergroup", "title": "Parents"}


def message(chat: dict[str, Any] = PRIVATE, **fields: Any) -> dict[str, Any]:
    return {"message_id": 9, "date": DATE, "chat": chat, "from": ANN, **fields}


def read(kind: str, payload: object) -> Incoming | None:
    return READER.read({"update_id": 77, kind: payload})


def content(kind: str, payload: object) -> Content | None:
    incoming = read(kind, payload)
    return incoming.content if incoming else None


def minimal(type_name: str, depth: int = 0) -> Any:
    """The least that the Bot API's description allows for a type."""
    if type_name.startswith("Array of "):
        return [minimal(type_name.removeprefix("Array of "), depth + 1)]
    plain = {"Integer": 1, "String": "text", "Boolean": True, "True": True, "Float": 1.0}
    if type_name in plain:
        return plain[type_name]
    described = TYPES.get(type_name)
    if described is None or depth > 6:
        return {}
    if "subtypes" in described and not described.get("fields"):
        return minimal(described["subtypes"][0], depth + 1)
    fields = described.get("fields", {})
    return {name: minimal(field["types"][0], depth + 1) for name, field in fields.items() if field.get("required")}


def test_a_private_message_says_who_when_and_what() -> None:
    assert read("message", message(text="Hello", brand_new_field={"a": 1})) == Incoming(
        "77", Sender("telegram", "5", ChatKind.PRIVATE, "en-GB", "5"), MONDAY, Text("Hello")
    )


@pytest.mark.parametrize("kind", UPDATE_KINDS)
def test_every_kind_of_update_is_read_or_ignored(kind: str) -> None:
    payload = minimal(TYPES["Update"]["fields"][kind]["types"][0])
    assert read(kind, payload) is None
    if kind not in ALLOWED_UPDATES:
        full = {**message(text="Help me"), "id": "1", "data": "x", "message": message(), "new_chat_member": {}}
        assert read(kind, full) is None


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("/start", Command("start")),
        ("/start role-parent", Command("start", "role-parent")),
        ("/START@IMH_Test_Bot  x y ", Command("start", "x y")),
        ("/help I want to die\nnow", Command("help", "I want to die\nnow")),
        ("/help@other_bot", Text("/help@other_bot")),
        ("/", Text("/")),
        ("/ help", Text("/ help")),
        ("/päuse", Text("/päuse")),
        ("and/or", Text("and/or")),
        ("half \ud83d a pair", Text("half \ufffd a pair")),
    ],
)
def test_words_are_a_text_or_a_command(words: str, told: Content) -> None:
    assert content("message", message(text=words)) == told


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("/help", Command("help")),
        ("/help@imh_test_bot", Command("help")),
        ("/help@other_bot", None),
        ("/help@other_bot I want to die", Text("/help@other_bot I want to die")),
    ],
)
def test_in_a_group_another_bots_command_is_not_ours_but_its_words_are_screened(words: str, told: object) -> None:
    assert content("message", message(GROUP, text=words)) == told


def test_a_group_is_the_address_and_the_person_is_the_one_who_wrote() -> None:
    incoming = read("message", message({**GROUP, "type": "group"}, text="Hello"))
    assert incoming is not None
    assert incoming.sender == Sender("telegram", "-1009", ChatKind.GROUP, "en-GB", "5")


@pytest.mark.parametrize(
    "changes",
    [
        {"from": None},
        {"sender_chat": GROUP, "from": {"id": 1087968824, "is_bot": True, "first_name": "Group"}},
    ],
)
def test_an_anonymous_admin_is_heard_but_is_nobody(changes: dict[str, Any]) -> None:
    incoming = read("message", {**message(GROUP, text="Hello"), **changes})
    assert incoming is not None
    assert incoming.sender.person is None
    assert incoming.content == Text("Hello")


def test_a_private_message_without_a_sender_is_from_its_chat() -> None:
    incoming = read("message", {**message(text="Hello"), "from": None})
    assert incoming is not None
    assert incoming.sender.person == "5"


@pytest.mark.parametrize(
    "ignored",
    [
        message({"id": -1, "type": "channel", "title": "C"}, text="Post"),
        message(GROUP, text="Post", is_automatic_forward=True, sender_chat={"id": -1, "type": "channel"}),
        message(GROUP, text="Beep", **{"from": {"id": 6, "is_bot": True, "first_name": "Other"}}),
        message(text=""),
        message(text=5),
        message(),
    ],
)
def test_what_nobody_said_to_us_is_ignored(ignored: dict[str, Any]) -> None:
    assert read("message", ignored) is None


def test_an_edited_message_is_read_with_its_new_words_and_time() -> None:
    incoming = read("edited_message", message(text="Now", edit_date=DATE + 60))
    assert incoming is not None
    assert incoming.content == Text("Now", edited=True)
    assert (incoming.at - MONDAY).total_seconds() == 60
    assert content("edited_message", message(photo=[{}], caption="c", edit_date=DATE)) == Media("photo", "c", True)


@pytest.mark.parametrize("kind", MEDIA)
def test_every_medium_keeps_its_name_and_caption(kind: str) -> None:
    assert kind in TYPES["Message"]["fields"]
    value = minimal(TYPES["Message"]["fields"][kind]["types"][0])
    assert content("message", message(**{kind: value}, caption="Look")) == Media(kind, "Look")


@pytest.mark.parametrize(
    ("fields", "kind"),
    [
        ({"document": {}, "animation": {}}, "animation"),
        ({"photo": [], "live_photo": {}}, "live_photo"),
        ({"location": {}, "venue": {}}, "venue"),
    ],
)
def test_a_medium_that_fills_two_fields_is_named_by_the_narrower(fields: dict[str, Any], kind: str) -> None:
    assert content("message", message(**fields)) == Media(kind)


def test_the_caption_of_an_unknown_medium_is_still_read() -> None:
    assert content("message", message(hologram={}, caption="I cannot go on")) == Media("unknown", "I cannot go on")
    assert read("message", message(hologram={})) is None


def test_service_messages_are_ignored() -> None:
    spoken = {"text", "caption", "rich_message", *MEDIA}
    fields = TYPES["Message"]["fields"]
    optional = [name for name in fields if not fields[name].get("required") and name not in spoken and name != "from"]
    assert {"new_chat_members", "pinned_message", "left_chat_member"} <= set(optional)
    for name in optional:
        value = minimal(fields[name]["types"][0])
        assert read("message", {**message(), name: value}) is None, name


def test_a_rich_message_is_read_as_text() -> None:
    blocks = [
        {"type": "paragraph", "text": ["I ", {"type": "bold", "text": "cannot"}, " go on"]},
        {"type": "list", "items": [{"label": "1", "blocks": [{"type": "paragraph", "text": "help"}]}]},
        {"type": "details", "summary": "more", "blocks": []},
        {"type": "table", "cells": [[{"text": "a"}, {"text": "b"}]]},
        {"type": "photo", "photo": [], "caption": {"text": "see", "credit": "me"}},
    ]
    told = content("message", message(rich_message={"blocks": blocks}))
    assert isinstance(told, Text)
    assert told.words.split() == ["I", "cannot", "go", "on", "help", "more", "a", "b", "see", "me"]
    assert "cannot go on\n" in told.words.replace("  ", " ")


def test_a_press_names_its_payload_card_and_query() -> None:
    query = {"id": "900", "from": ANN, "chat_instance": "1", "data": "role:parent", "message": message(GROUP)}
    incoming = read("callback_query", query)
    assert incoming is not None
    assert incoming.content == Press("role:parent", "9", "900")
    assert incoming.sender == Sender("telegram", "-1009", ChatKind.GROUP, "en-GB", "5")
    assert incoming.at == NOON


def test_a_press_on_a_message_too_old_to_edit_has_no_card() -> None:
    old = {"message_id": 9, "date": 0, "chat": PRIVATE}
    assert content("callback_query", {"id": "900", "from": ANN, "data": "x", "message": old}) == Press("x", None, "900")


@pytest.mark.parametrize(
    "lacking", [{"message": None}, {"data": None}, {"message": message({"id": -1, "type": "channel"})}]
)
def test_a_press_without_a_chat_or_a_payload_is_ignored(lacking: dict[str, Any]) -> None:
    assert read("callback_query", {"id": "1", "from": ANN, "data": "x", "message": message(), **lacking}) is None


@pytest.mark.parametrize(
    ("member", "reachable"),
    [
        ({"status": "member"}, True),
        ({"status": "administrator"}, True),
        ({"status": "creator"}, True),
        ({"status": "restricted", "is_member": True}, True),
        ({"status": "restricted", "is_member": False}, False),
        ({"status": "left"}, False),
        ({"status": "kicked"}, False),
    ],
)
@pytest.mark.parametrize("chat", [PRIVATE, GROUP])
def test_membership_says_whether_we_can_be_heard(chat: dict[str, Any], member: dict[str, Any], reachable: bool) -> None:
    change = {"chat": chat, "from": ANN, "date": DATE, "old_chat_member": {}, "new_chat_member": member}
    incoming = read("my_chat_member", change)
    assert incoming is not None
    assert incoming.content == Membership(reachable)
    assert incoming.at == MONDAY
    assert read("my_chat_member", {**change, "chat": {"id": -1, "type": "channel"}}) is None


@pytest.mark.parametrize("date", [None, "soon", -5, 10**18, 10**400, 1.5])
def test_a_broken_date_does_not_cost_the_words(date: object) -> None:
    incoming = read("message", {**message(text="Help"), "date": date})
    assert incoming is not None
    assert incoming.at == NOON


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["chat", "from", "id", "type", "text", "message", "data", "status", "new_chat_member", "caption"]
            ),
            inner | st.sampled_from(["private", "member", "group"]),
            max_size=6,
        )
    ),
    max_leaves=25,
)


@given(st.dictionaries(st.sampled_from([*ALLOWED_UPDATES, "update_id", "poll"]), JUNK))
def test_no_malformed_update_raises(raw: dict[str, Any]) -> None:
    incoming = READER.read(raw)
    assert incoming is None or incoming.id.lstrip("-").isdigit()
