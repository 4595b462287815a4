"""Raw updates of every kind that the Bot API knows, whole, broken and random: answered or passed, never a crash.

They are built from the description that ships with the stand-in (`bot/sandbox/bot_api.json`), with right and wrong
types, and go the whole way: channel, service, database, replies.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.sandbox.attachments import KINDS
from bot.sandbox.chats import Person
from bot.sandbox.description import bot_api
from tests.minds import real_mind
from tests.talk import Clock, Talk, Town, town

ARRAY = "Array of "
UPDATE = bot_api()["types"]["Update"]["fields"]
UPDATE_KINDS = sorted(UPDATE.keys() - {"update_id"})
MESSAGE_FIELDS = sorted(bot_api()["types"]["Message"]["fields"].keys() - {"message_id", "date", "chat", "from"})
DEEPEST = 3

HOSTILE = {
    "a megabyte": "crying all evening " * 55_000,
    "half a surrogate pair": "crying \ud83d all evening",
    "NUL": "cry\x00ing all\x00 evening",
    "only pictures": "😭🍼👶" * 20,
    "right to left": "\u202egnineve lla gniyrc\u202c \u200f",
    "control characters": "".join(map(chr, range(32))),
    "only zero width": "\u200b\u200d\ufeff" * 9,
    "stacked marks": "c" + "\u0301" * 3000,
    "blanks": "   \n\t  ",
    "a letter": "x",
    "a slash": "/",
    "markup": "<b>crying</b> &amp; *evening* [x](tg://user?id=1)",
    "braces": "{number} {0} %s {self.__class__}",
    "tag characters": "".join(chr(0xE0020 + number) for number in range(90)),
    "private use": "\ue000\uf8ff" * 50,
}


class Crowd:
    """One installation on a loop of its own, so that a thousand examples share it."""

    def __init__(self, folder: Path) -> None:
        self._runner = asyncio.Runner()
        self._stack = AsyncExitStack()
        self.town: Town = self._runner.run(self._open(folder))
        self.left: list[dict[str, Any]] = []
        """What was not acknowledged in the end."""
        self.person: Person = self.town.world.add_person("Robin Pretend", has_written=True)

    async def _open(self, folder: Path) -> Town:
        return await self._stack.enter_async_context(town(real_mind, folder))

    def deliver(self, update: Mapping[str, Any]) -> None:
        """Queues the update and lets it be handled to the end."""

        async def act() -> None:
            for kind, content in update.items():
                self.town.world.updates.push(kind, content)
            try:
                await self.town.deliver()
            finally:
                self.left = self.town.world.updates.pending()
                self.town.world.updates.drop()

        self._runner.run(act())

    def close(self) -> None:
        self._runner.run(self._stack.aclose())
        self._runner.close()


@pytest.fixture(scope="module")
def crowd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Crowd]:
    one = Crowd(tmp_path_factory.mktemp("crowd"))
    yield one
    one.close()


@pytest.fixture
async def talk(tmp_path: Path) -> AsyncIterator[Talk]:
    async with town(real_mind, tmp_path, Clock()) as one:
        yield one.talk()


WRONG = st.one_of(
    st.none(), st.booleans(), st.integers(), st.text(max_size=5), st.just([]), st.just({}), st.just([[1]])
)
TEXTS = st.one_of(
    st.text(max_size=40),
    st.sampled_from([*list(HOSTILE.values())[1:], "/start", "/forget", "i want to kill myself", "what else?", "menu"]),
)
NUMBERS = st.sampled_from([0, 1, -1, 2**31, 2**52, 2**63, -(2**63), 4_000_000_000_000_001])
SCALARS: Mapping[str, st.SearchStrategy[Any]] = {
    "String": TEXTS,
    "Integer": NUMBERS,
    "Float": st.floats(allow_nan=False, allow_infinity=False),
    "Boolean": st.booleans(),
    "True": st.just(True),
}


@st.composite
def value(draw: st.DrawFn, type_name: str, depth: int) -> Any:
    """A value of a Bot API type, sometimes of a wrong one."""
    if draw(st.integers(0, 19)) == 0:
        return draw(WRONG)
    if type_name.startswith(ARRAY):
        inner = type_name.removeprefix(ARRAY)
        return [draw(value(inner, depth)) for _ in range(draw(st.integers(0, 2)))]
    if type_name in SCALARS:
        return draw(SCALARS[type_name])
    described = bot_api()["types"].get(type_name, {})
    if described.get("subtypes"):
        return draw(value(draw(st.sampled_from(described["subtypes"])), depth))
    fields = described.get("fields", {})
    wanted = {name for name, field in fields.items() if field.get("required")}
    optional = sorted(fields.keys() - wanted)
    if optional and depth < DEEPEST:
        wanted |= set(draw(st.lists(st.sampled_from(optional), max_size=3)))
    if depth >= DEEPEST:
        wanted = {name for name in wanted if fields[name]["types"][0] in SCALARS}
    return {name: draw(value(draw(st.sampled_from(fields[name]["types"])), depth + 1)) for name in sorted(wanted)}


@st.composite
def updates(draw: st.DrawFn) -> dict[str, Any]:
    common = ["message", "edited_message", "callback_query", "my_chat_member"]
    kind = draw(st.one_of(st.sampled_from(common), st.sampled_from(UPDATE_KINDS)))
    content = draw(value(UPDATE[kind]["types"][0], 0))
    person = {"id": 4_000_000_000_000_001, "type": "private", "first_name": "Robin Pretend"}
    if isinstance(content, dict) and draw(st.booleans()):
        content["chat"] = person
        if draw(st.booleans()):
            content["text"] = draw(TEXTS)
    return {kind: content}


def troubles(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.getMessage() for record in caplog.records if "failed, try" in record.getMessage()]


@settings(max_examples=1000, deadline=None, suppress_health_check=list(HealthCheck))
@given(update=updates())
def test_a_thousand_random_updates_are_all_handled(
    crowd: Crowd, caplog: pytest.LogCaptureFixture, update: dict[str, Any]
) -> None:
    caplog.clear()
    caplog.set_level(logging.WARNING)
    crowd.deliver(update)
    assert crowd.left == []
    assert troubles(caplog) == []


@pytest.mark.parametrize("kind", UPDATE_KINDS)
@pytest.mark.parametrize("content", [{}, None, [], "words", 7, {"chat": None}, {"chat": {"id": "x"}}, {"message": {}}])
def test_a_malformed_update_of_each_kind_is_passed(
    crowd: Crowd, caplog: pytest.LogCaptureFixture, kind: str, content: Any
) -> None:
    crowd.deliver({kind: content})
    assert crowd.left == []
    assert troubles(caplog) == []


@pytest.mark.parametrize("field", MESSAGE_FIELDS)
def test_a_message_with_each_field_is_answered_or_passed(
    crowd: Crowd, caplog: pytest.LogCaptureFixture, field: str
) -> None:
    chat = {"id": crowd.person.id, "type": "private", "first_name": "Robin Pretend"}
    types = bot_api()["types"]["Message"]["fields"][field]["types"]
    example = {"String": "words", "Integer": 1, "Boolean": True, "True": True}.get(types[0], {})
    message = {"message_id": 1, "date": 1, "chat": chat, "from": crowd.person.user(), field: example}
    crowd.deliver({"message": message})
    crowd.deliver({"edited_message": {**message, "edit_date": 2}})
    assert crowd.left == []
    assert troubles(caplog) == []


@pytest.mark.parametrize("kind", sorted(KINDS))
async def test_each_kind_of_media_gets_one_kind_sentence(talk: Talk, kind: str) -> None:
    await talk.sends(kind)
    assert len(talk.sees().splitlines()) == 1
    assert talk.buttons()


@pytest.mark.parametrize("said", HOSTILE.values(), ids=HOSTILE.keys())
async def test_hostile_text_gets_an_answer_or_one_kind_sentence(
    talk: Talk, caplog: pytest.LogCaptureFixture, said: str
) -> None:
    await talk.says("hello")
    talk.look_back()
    message = {**talk.all()[0].raw, "text": said}
    message.pop("entities", None)
    talk.town.world.inject({"message": message})
    await talk.town.deliver()
    assert talk.sees()
    assert talk.outcome in {"answer", "offer", "decline", "settled"}
    assert troubles(caplog) == []
    await talk.says("how do i bond with my baby")
    assert talk.target == "topic:bonding", "the talk goes on"


@pytest.mark.parametrize("around", ["\x00", "\u202e", "\u200b", "\ud800", "🍼" * 50, "\n" * 500])
async def test_danger_is_heard_through_strange_characters(talk: Talk, around: str) -> None:
    await talk.says("hello")
    message = {**talk.all()[0].raw, "text": f"{around}i want to kill myself{around}"}
    message.pop("entities", None)
    talk.town.world.inject({"message": message})
    await talk.town.deliver()
    assert talk.outcome == "alarm"
