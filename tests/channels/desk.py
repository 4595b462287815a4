"""A scripted Bot API behind the real request, library and channel; answers as laid out and notes what was asked."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from bot.channels.telegram import InProcessRequest, TelegramBot, connect

TOKEN = "123456:SECRET-part_of-the-token"
NOON = datetime(2026, 6, 10, 12, tzinfo=UTC)
ME = {"id": 42, "is_bot": True, "first_name": "Bot", "username": "imh_test_bot"}


def ok(result: object = True) -> tuple[int, bytes]:
    return 200, json.dumps({"ok": True, "result": result}).encode()


def refusal(status: int, description: str, **parameters: Any) -> tuple[int, bytes]:
    body: dict[str, Any] = {"ok": False, "error_code": status, "description": description}
    if parameters:
        body["parameters"] = parameters
    return status, json.dumps(body).encode()


class Desk:
    """Each method answers its laid-out answers in turn, then as a friendly server would; exceptions are raised."""

    def __init__(self) -> None:
        self.answers: dict[str, list[tuple[int, bytes] | Exception]] = {"getMe": [ok(ME)]}
        self.asked: list[tuple[str, dict[str, Any]]] = []
        self.slept: list[float] = []
        self._message_id = 100

    def lay_out(self, method: str, *answers: tuple[int, bytes] | Exception) -> None:
        self.answers[method] = list(answers)

    async def call(self, method: str, params: Mapping[str, object], files: Mapping[str, bytes]) -> tuple[int, bytes]:
        self.asked.append((method, {name: _value(value) for name, value in params.items()}))
        if self.answers.get(method):
            answer = self.answers[method].pop(0)
            if isinstance(answer, Exception):
                raise answer
            return answer
        if method != "sendMessage":
            return ok()
        self._message_id += 1
        return ok({"message_id": self._message_id})

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)

    async def bot(self, **more: Any) -> TelegramBot:
        return await connect(
            TOKEN,
            request_factory=lambda lane: InProcessRequest(self.call),
            sleep=self.sleep,
            clock=lambda: NOON,
            **more,
        )

    def methods(self) -> list[str]:
        return [method for method, _ in self.asked if method != "getMe"]


def _value(value: object) -> object:
    try:
        return json.loads(value) if isinstance(value, str) and value[:1] in "[{" else value
    except ValueError:
        return value
