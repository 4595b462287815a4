"""What the tests of the stand-in share: a frozen clock, and a bot that asks and reads the answer."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.sandbox.chats import Person
from bot.sandbox.files import Upload
from bot.sandbox.world import World

PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + (64).to_bytes(4, "big") + (48).to_bytes(4, "big")
"""As much of a 64 × 48 picture as the stand-in reads."""


class Clock:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.now = datetime(2025, 6, 10, 3, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **span: float) -> None:
        self.now += timedelta(**span)


def world_with_ann(**options: Any) -> tuple[World, Person]:
    """A world on a frozen clock in which Ann has pressed Start and the bot has heard it."""
    world = World(**({"clock": Clock()} | options))
    return world, world.add_person("Ann", has_written=True)


async def answer(
    world: World, method: str, params: Mapping[str, object], files: Mapping[str, Upload | bytes] | None = None
) -> tuple[int, dict[str, Any]]:
    status, body = await world.call(method, params, files)
    read: dict[str, Any] = json.loads(body)
    return status, read


async def ask(world: World, method: str, files: Mapping[str, Upload | bytes] | None = None, /, **params: object) -> Any:
    """The `result` of a call that must succeed."""
    status, read = await answer(world, method, params, files)
    assert status == 200, read
    assert read["ok"] is True
    return read["result"]


async def refused(
    world: World, method: str, files: Mapping[str, Upload | bytes] | None = None, /, **params: object
) -> tuple[int, str]:
    """Code and description of a call that must fail; the body's code is the HTTP status."""
    status, read = await answer(world, method, params, files)
    assert read["ok"] is False, read
    assert read["error_code"] == status
    return status, read["description"]


async def heard(world: World) -> list[dict[str, Any]]:
    """The updates that wait, confirmed at once."""
    updates: list[dict[str, Any]] = await ask(world, "getUpdates", timeout=0)
    if updates:
        await ask(world, "getUpdates", offset=updates[-1]["update_id"] + 1, timeout=0)
    return updates


def keyboard(**button: object) -> dict[str, Any]:
    """An inline keyboard with one button."""
    return {"inline_keyboard": [[{"text": "Press", **button}]]}
