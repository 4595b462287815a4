"""The contract of a turn: state first, replies then; nothing twice, nobody in danger missed, nobody's words kept."""

import asyncio
import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, NoReturn

import pytest

from bot.conversation.model import Conversation
from bot.conversation.scene import Mind, Turn
from bot.language.reading import Reading
from bot.matching.matcher import Match
from bot.messaging import (
    ChatKind,
    Command,
    Content,
    Incoming,
    Media,
    Notice,
    Outgoing,
    Press,
    Reply,
    Sender,
    Text,
)
from bot.service import Service
from bot.storage import StorageUnavailable, Store, StoredTurn, VersionConflict, open_store
from tests.minds import real_mind
from tests.talk import NOON, Clock

DANGER = "i want to kill myself"
SENDER = Sender("telegram", "4000000000000001", person="4000000000000001")


class Desk:
    """A service on a real database, and what came out of it."""

    def __init__(self, folder: Path, mind: Callable[[], Mind] = real_mind) -> None:
        self.file = folder / "bot.db"
        self.store: Store = open_store(f"sqlite:///{self.file}", folder / "secret.key")
        self.clock = Clock()
        self.mind = mind
        self.noted: list[Turn] = []
        self.service = Service(
            self.store,
            lambda: self.mind(),  # noqa: PLW0108 - tests change it
            self.clock,
            bot_link=lambda: "https://t.me/pretend_bot",
            noted=self.noted.append,
        )

    def incoming(self, id: int, content: Content | str, sender: Sender = SENDER) -> Incoming:
        return Incoming(str(id), sender, self.clock(), Text(content) if isinstance(content, str) else content)

    async def hears(self, id: int, content: Content | str, sender: Sender = SENDER) -> Sequence[Outgoing]:
        """An update that is handled, its replies not attempted yet."""
        return await self.service.handle(self.incoming(id, content, sender))

    async def answers(self, id: int, content: Content | str) -> Sequence[Outgoing]:
        outgoing = await self.hears(id, content)
        await self.service.answered(self.incoming(id, content))
        return outgoing

    def conversation(self) -> dict[str, Any] | None:
        found: dict[str, Any] | None = self.store.export("telegram", SENDER.address)["conversation"]
        return found


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    one = Desk(tmp_path)
    yield one
    one.store.close()


def words(outgoing: Sequence[Outgoing]) -> str:
    return "\n".join(one.text for one in outgoing if isinstance(one, Reply | Notice))


async def test_state_is_committed_before_anything_is_sent(desk: Desk) -> None:
    replies = await desk.hears(1, "how do i bond with my baby")
    assert replies
    stored = desk.conversation()
    assert stored is not None
    assert stored["last_target"] == "topic:bonding"
    assert desk.noted[0].replies == tuple(replies)


REPEATED: list[list[Content | str]] = [
    ["how do i bond with my baby", "what else?"],
    ["how do i bond with my baby", "what else?", "what else?", "what else?", "what else?"],
    ["how do i bond with my baby", "not that, the other one"],
    ["how do i bond with my baby", "not that", "not that"],
    ["how do i bond with my baby", "send me that link again"],
    ["how do i bond with my baby", "and in Scotland?"],
    ["I'm a nursery manager", Press("keep:role:childcare")],
    ["how do i bond with my baby", Press("rate:helpful:bonding")],
    ["how do i bond with my baby", Press("more:bonding:1", "7")],
    [Command("forget"), "no"],
    [DANGER, "yes"],
    [Command("start", "role_employer")],
    [Media("photo", "how do i bond with my baby")],
    ["when is the week"],
    ["qwertz uiop asdf"],
]


@pytest.mark.parametrize("said", REPEATED, ids=str)
async def test_a_repeated_update_is_worded_again_and_applies_nothing_twice(
    desk: Desk, said: list[Content | str]
) -> None:
    *before, last = said
    for id, content in enumerate(before):
        await desk.answers(id, content)
    first = await desk.hears(99, last)
    state, counted = desk.conversation(), len(desk.noted)
    for _ in range(3):
        again = await desk.hears(99, last)
        if last != "no":  # the question is settled; only its answer's wording differs
            assert [one for one in again if not _asks_to_keep(one)] == [one for one in first if not _asks_to_keep(one)]
        assert again
    assert desk.conversation() == state
    assert len(desk.noted) == counted


def _asks_to_keep(one: Outgoing) -> bool:
    return isinstance(one, Reply) and any(
        (button.payload or "").startswith("keep:") for row in one.buttons for button in row
    )


async def test_a_rating_is_counted_once(desk: Desk) -> None:
    for person in range(8):
        sender = Sender("telegram", str(4_000_000_000_000_100 + person))
        for _ in range(3):
            await desk.hears(person, Press("rate:helpful:bonding"), sender)
    assert list(desk.store.feedback_counts().values()) == [8]


async def test_an_answered_update_is_dropped_unless_it_raises_an_alarm(desk: Desk) -> None:
    await desk.answers(1, "how do i bond with my baby")
    assert await desk.hears(1, "how do i bond with my baby") == ()
    card = await desk.answers(2, DANGER)
    assert words(await desk.hears(2, DANGER)) == words(card)


async def test_a_version_conflict_reruns_the_turn_once(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    conflicts = iter([True, False])
    turn = desk.store.turn

    @contextmanager
    def contested(channel: str, address: str, now: datetime) -> Iterator[StoredTurn]:
        with turn(channel, address, now) as stored:
            yield stored
            if next(conflicts):
                raise VersionConflict

    monkeypatch.setattr(desk.store, "turn", contested)
    assert await desk.hears(1, "how do i bond with my baby")
    assert len(desk.noted) == 1
    conflicts = iter([True, True])
    with pytest.raises(VersionConflict):
        await desk.hears(2, "what else?")
    stored = desk.conversation()
    assert stored is not None
    assert stored["last_page"] == 0


async def test_one_chat_at_once_from_two_sides_ends_in_one_state(desk: Desk) -> None:
    await desk.answers(1, "how do i bond with my baby")
    both = await asyncio.gather(desk.hears(2, "Scotland"), desk.hears(3, "what else?"), return_exceptions=True)
    assert any(not isinstance(one, BaseException) for one in both)
    for one in both:
        assert not isinstance(one, BaseException) or isinstance(one, VersionConflict)


@pytest.fixture
def unreachable(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Desk:
    @contextmanager
    def turn(*_: object) -> Iterator[StoredTurn]:
        raise StorageUnavailable("The database cannot be reached.")
        yield

    monkeypatch.setattr(desk.store, "turn", turn)
    return desk


async def test_a_press_is_answered_though_the_arrival_of_its_announcement_cannot_be_noted(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def ledger(_channel: str) -> NoReturn:
        raise StorageUnavailable("The database cannot be reached.")

    monkeypatch.setattr(desk.store, "ledger", ledger)
    assert await desk.service.handle(replace(desk.incoming(1, Press("menu")), announcement="7"))
    assert "could not be noted" in caplog.text


@pytest.mark.parametrize("content", [Text(DANGER), Media("photo", DANGER), Command("start", DANGER)], ids=str)
async def test_an_alarm_is_answered_without_a_database(unreachable: Desk, content: Content) -> None:
    assert "116 123" in words(await unreachable.hears(1, content))
    assert not unreachable.noted


@pytest.mark.parametrize(
    "content", ["how do i bond with my baby", Press("menu"), Media("photo"), Command("start")], ids=str
)
async def test_anything_else_waits_for_the_database(unreachable: Desk, content: Content | str) -> None:
    with pytest.raises(StorageUnavailable):
        await unreachable.hears(1, content)


class Failing(Exception):
    pass


class Matching:
    def match(self, reading: Reading, *, role: str | None = None) -> Match:
        raise Failing


def broken_reading(_: str) -> Reading:
    raise Failing


@pytest.fixture(params=["encoder", "matcher"])
def broken(desk: Desk, request: pytest.FixtureRequest) -> Desk:
    whole = real_mind()
    mind = replace(whole, matcher=Matching()) if request.param == "matcher" else replace(whole, read=broken_reading)
    desk.mind = lambda: mind
    return desk


async def test_an_alarm_is_raised_by_rules_when_reading_or_matching_fails(broken: Desk) -> None:
    assert "116 123" in words(await broken.hears(1, DANGER))
    assert broken.noted[-1].alarm is not None


async def test_a_failing_turn_is_raised_and_leaves_no_trace(broken: Desk) -> None:
    with pytest.raises(Failing):
        await broken.hears(1, "how do i bond with my baby")
    assert broken.conversation() is None


async def test_the_apology_carries_the_emergency_numbers_or_the_card(broken: Desk) -> None:
    sorry = words(broken.service.apologise(broken.incoming(1, "how do i bond with my baby")))
    assert all(number in sorry for number in ("999", "112", "911"))
    assert "116 123" in words(broken.service.apologise(broken.incoming(1, DANGER)))
    assert "116 123" in words(broken.service.apologise(broken.incoming(1, Command("i", "want to kill myself"))))
    assert "999" in words(broken.service.apologise(broken.incoming(1, Press("menu"))))
    assert "999" in words(broken.service.apologise(broken.incoming(1, Media("voice"))))


def everything_in(folder: Path) -> bytes:
    return b"".join(file.read_bytes() for file in sorted(folder.iterdir()))


async def test_nobodys_words_reach_the_log_or_the_database(
    broken: Desk, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    secret = "zebedee"
    for id, text in enumerate([f"{DANGER}, says {secret}", f"{secret} cries all evening"]):
        try:
            await broken.answers(id, text)
        except Failing:
            broken.service.apologise(broken.incoming(id, text))
    broken.mind = real_mind
    said: list[Content] = [
        Text(f"{secret} cries all evening"),
        Media("photo", f"a picture of {secret}"),
        Command(secret, secret),
        Press(f"topic:{secret}"),
        Press("keep:role:parent"),
    ]
    for id, content in enumerate(said, start=10):
        await broken.answers(id, content)
    assert secret not in caplog.text
    assert SENDER.address not in caplog.text
    broken.store.close()
    stored = everything_in(tmp_path)
    assert secret.encode() not in stored
    assert b"kill myself" not in stored
    assert SENDER.address.encode() in stored, "kept after a yes, so the search would have found the rest"


async def test_after_forget_nothing_is_left_even_of_that_turn(desk: Desk) -> None:
    await desk.answers(1, "how do i bond with my baby")
    await desk.answers(2, Press("keep:region:gb-sct"))
    await desk.answers(3, Command("forget"))
    await desk.answers(4, Press("forget:yes"))
    assert desk.store.holds_anything("telegram", SENDER.address) == []
    assert await desk.hears(4, Press("forget:yes")), "a repeat deletes nothing more and says so again"
    assert desk.store.holds_anything("telegram", SENDER.address) == []


async def test_groups_get_the_private_link(desk: Desk) -> None:
    group = Sender("telegram", "-1002147483649", ChatKind.GROUP)
    replies = await desk.hears(1, DANGER, group)
    assert "https://t.me/pretend_bot" in str(replies)
    assert await desk.hears(2, Press("menu"), group) == ()
    assert await desk.hears(3, Media("photo"), group) == ()


async def test_the_language_of_a_day_ends_with_it(desk: Desk) -> None:
    await desk.answers(1, "I live in Scotland. how do i bond with my baby")
    desk.clock.now = NOON + timedelta(days=2)
    await desk.answers(2, "how do i bond with my baby")
    stored = desk.conversation()
    assert stored is not None
    assert stored["region"] is None


def test_a_conversation_remembers_eight_updates() -> None:
    talk = Conversation("", NOON)
    for id in range(20):
        talk = talk.with_incoming(str(id)).with_answered(str(id))
    assert talk.remembers("11") is None
    assert talk.remembers("12") is True
