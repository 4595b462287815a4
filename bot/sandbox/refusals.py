"""How the stand-in says no: the errors that a Bot API answer carries, and the wordings shared by several methods.

Raised by everything that a method runs; `World.call` turns one into `{"ok": false, …}` with its HTTP status.
"""

from collections.abc import Mapping
from typing import Any


class Refusal(Exception):
    """An unsuccessful Bot API answer: `code` is both `error_code` and the HTTP status."""

    def __init__(self, code: int, description: str, parameters: Mapping[str, Any] | None = None) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = dict(parameters or {})

    def body(self) -> dict[str, Any]:
        answer: dict[str, Any] = {"ok": False, "error_code": self.code, "description": self.description}
        if self.parameters:
            answer["parameters"] = self.parameters
        return answer


def bad_request(reason: str) -> Refusal:
    """400 in Telegram's form, `Bad Request: <reason>`."""
    return Refusal(400, f"Bad Request: {reason}")


def forbidden(reason: str) -> Refusal:
    return Refusal(403, f"Forbidden: {reason}")


def conflict(reason: str) -> Refusal:
    return Refusal(409, f"Conflict: {reason}")


def too_many_requests(retry_after_s: int) -> Refusal:
    return Refusal(429, f"Too Many Requests: retry after {retry_after_s}", {"retry_after": retry_after_s})
