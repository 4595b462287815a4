"""The object of `ask --json`, every field always there, whatever was asked."""

import json
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import UsageError
from bot.review import asked
from tests.minds import real_mind
from tests.talk import NOON

FIELDS: Mapping[str, type | tuple[type, ...]] = {
    "text": str,
    "outcome": str,
    "alarm": (dict, type(None)),
    "target": (str, type(None)),
    "part_of": (str, type(None)),
    "offered": list,
    "role": (str, type(None)),
    "region": (str, type(None)),
    "language": str,
    "reply": list,
    "why": list,
}
KINDS = ("topic:", "role:", "week:", "action:")


def ask(text: str, **given: Any) -> dict[str, Any]:
    return asked.ask(real_mind(), text, NOON, **given)


def is_sound(result: dict[str, Any]) -> None:
    assert list(result) == list(FIELDS)
    for name, type_ in FIELDS.items():
        assert isinstance(result[name], type_), name
    assert result["outcome"] in {"alarm", "answer", "offer", "decline"}
    assert (result["target"] is not None) == (result["outcome"] == "answer")
    assert result["target"] not in result["offered"]
    assert len(result["offered"]) <= {"answer": 2, "offer": 3}.get(result["outcome"], 0)
    assert bool(result["offered"]) or result["outcome"] != "offer"
    for target in (*result["offered"], *filter(None, [result["target"], result["part_of"]])):
        assert target.startswith(KINDS)
    if result["outcome"] == "alarm":
        assert result["alarm"]["tier"] in {1, 2}
    elif result["alarm"] is not None:
        assert result["alarm"]["tier"] == 3
    assert result["reply"]
    assert all(isinstance(line, str) and line.strip() and "\n" not in line for line in result["reply"])
    json.dumps(result, ensure_ascii=False)


@pytest.mark.parametrize(
    ("text", "outcome"),
    [
        ("how do i bond with my baby", "answer"),
        ("i want to kill myself", "alarm"),
        ("what is the capital of france", "decline"),
        ("hello", "decline"),
        ("thanks", "decline"),
        ("", "decline"),
        ("🍼", "decline"),
        ("delete everything about me", "decline"),
        ("x" * 20_000, "decline"),
    ],
)
def test_each_outcome_has_every_field(text: str, outcome: str) -> None:
    result = ask(text)
    is_sound(result)
    assert result["outcome"] == outcome
    assert result["text"] == text
    assert result["why"] == []


@given(st.text(max_size=60))
def test_any_text_gives_a_sound_object(text: str) -> None:
    is_sound(ask(text))


@pytest.mark.parametrize(
    ("text", "given", "role", "region"),
    [
        ("how do i bond with my baby", {}, None, None),
        ("how do i bond with my baby", {"role": "parent", "region": "gb-sct"}, "parent", "gb-sct"),
        ("I'm a nursery manager. how do babies settle in", {"role": "parent"}, "childcare", None),
        ("how do i bond with my baby", {"region": "us"}, None, "us"),
        ("how do i bond with my baby", {"region": "gb"}, None, "gb"),
        ("I live in Scotland. how do i bond with my baby", {"region": "us"}, None, "gb-sct"),
    ],
)
def test_role_and_region_are_those_said_else_those_given(
    text: str, given: dict[str, str], role: str | None, region: str | None
) -> None:
    result = ask(text, **given)
    is_sound(result)
    assert (result["role"], result["region"]) == (role, region)


def test_capabilities_are_actions_and_editions_are_weeks() -> None:
    assert ask("unsubscribe me please")["target"] == "action:opt-out"
    assert ask("when was infant mental health awareness week 2024")["target"] == "week:imhaw-2024"
    assert ask("I'm a nursery manager")["target"] == "role:childcare"


def test_why_says_what_was_near() -> None:
    assert ask("how do i bond with my baby", why=True)["why"]
    assert ask("i want to kill myself", why=True)["why"]


def test_links_and_buttons_stand_in_the_plain_reply() -> None:
    lines = ask("how do i bond with my baby")["reply"]
    assert any(line.startswith("[") and line.endswith("]") for line in lines)
    assert any("https://" in line for line in lines)
    assert "outcome: answer" in asked.plain(ask("how do i bond with my baby"))


@pytest.mark.parametrize(("given", "named"), [({"role": "wizard"}, "wizard"), ({"region": "mars"}, "mars")])
def test_an_unknown_role_or_region_is_one_sentence_with_the_known(given: dict[str, str], named: str) -> None:
    with pytest.raises(UsageError, match=named) as refused:
        ask("hello", **given)
    assert "parent" in str(refused.value) or "gb-sct" in str(refused.value)


def test_bad_lines_stand_in_their_place() -> None:
    lines = [
        b'{"text": "how do i bond with my baby", "role": "parent", "region": "gb", "language": "en"}',
        b"not json",
        b"",
        b"[1, 2]",
        b'{"role": "parent"}',
        b'{"text": 7}',
        b'{"text": "hello", "role": "wizard"}',
        b'{"text": "hello", "region": ["gb"]}',
        b'{"text": "hello", "language": "xx"}',
        b'{"text": "\xff"}',
        b"[" * 100_000,
        b'{"text": "' + b"x" * (4 * 1024 * 1024) + b'"}',
        b'\xef\xbb\xbf{"text": "hello", "more": 1}',
        b'{"text": null}',
    ]
    written: list[str] = []
    bad = asked.ask_lines(real_mind(), lines, NOON, why=False, write=written.append)
    results = [json.loads(line) for line in written]
    assert bad == 11
    assert [result.get("line") for result in results] == [None, 2, 4, 5, 6, 7, 8, 9, 10, 11, 12, None, 14]
    for result in results:
        if "line" in result:
            assert set(result) == {"line", "error"}
            assert result["error"]
        else:
            is_sound(result)
