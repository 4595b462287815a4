"""The try-out's desk: its organisers may announce, and its recipients are readers of every role."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot import assembly
from bot.assembly import pretending
from bot.sandbox.chats import Person
from bot.sandbox.personas import BLOCKED_RECIPIENTS, RECIPIENTS, Cast
from bot.sandbox.terminal import until_confirmed
from bot.sandbox.world import World
from bot.settings import Permission, Settings, load_settings
from tests.minds import sample_mind

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


def test_the_pretend_readers_are_of_every_role_and_agreed_to_be_told() -> None:
    knowledge = sample_mind().knowledge
    readers = list(pretending.readers(Cast(World()), knowledge, "telegram", NOW))
    assert len({reader.address for reader in readers}) == RECIPIENTS
    assert {role for reader in readers for role in reader.roles} == set(knowledge.roles)
    assert all("announcements" in dict(reader.consents) for reader in readers)


def test_everybody_who_plays_an_organiser_may_do_everything() -> None:
    cast = Cast(World())
    rights = pretending.organisers(cast)
    assert rights == {person.id: frozenset(Permission) for person in cast.organisers()}
    assert Settings(organisers=rights).organisers == rights


async def test_an_announcement_is_made_and_approved_in_the_try_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    async with assembly.try_out(load_settings()) as world:
        cast, settle = Cast(world), until_confirmed(world)
        kit, lee = cast.organisers()

        async def press(person: Person, payload: str) -> None:
            shown = [
                (message.id, str(button["callback_data"]))
                for message in world.sees(person)
                for row in message.buttons
                for button in row
                if str(button.get("callback_data")).startswith(payload)
            ]
            world.press(person, *shown[-1])
            await settle()

        await world.says(kit, "/announce")
        await settle()
        await press(kit, "desk:new")
        await world.says(kit, "Hello everybody")
        await settle()
        await press(kit, "desk:submit:1")
        await press(lee, "desk:approve:1")
        assert str(RECIPIENTS - len(BLOCKED_RECIPIENTS)) in world.sees(kit)[-2].text
        assert "desk:return:1:4" in [button["callback_data"] for row in world.sees(lee)[-1].buttons for button in row]
