"""What the bot says about itself: commands by scope and language, name, descriptions, menu button.

Held by `Stage`; the methods are listed in methods.py. Fixed wordings are Telegram's.
"""

import json
import re
from collections.abc import Mapping
from typing import Any

from bot.sandbox.refusals import bad_request

JSON = dict[str, Any]
COMMAND = re.compile(r"[a-z0-9_]{1,32}")
LANGUAGE = re.compile(r"[a-z]{2}")


class Profile:
    """Settings made by the bot, by what they are for and in which language."""

    def __init__(self) -> None:
        self._commands: dict[tuple[str, str], list[JSON]] = {}
        self._words: dict[tuple[str, str], str] = {}
        self._menu_buttons: dict[int | None, JSON] = {}

    def set_commands(self, values: Mapping[str, Any]) -> bool:
        key = _scope(values), _language(values)
        commands = values["commands"]
        for command in commands:
            if not COMMAND.fullmatch(command["command"].removeprefix("/")):
                raise bad_request("BOT_COMMAND_INVALID")
            if not command["description"].strip():
                raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
        cleaned = [command | {"command": command["command"].removeprefix("/")} for command in commands]
        if cleaned:
            self._commands[key] = cleaned
        else:
            self._commands.pop(key, None)
        return True

    def get_commands(self, values: Mapping[str, Any]) -> list[JSON]:
        return self._commands.get((_scope(values), _language(values)), [])

    def delete_commands(self, values: Mapping[str, Any]) -> bool:
        self._commands.pop((_scope(values), _language(values)), None)
        return True

    def commands_for(self, language: str | None) -> list[JSON]:
        """The commands that a person with this app language is offered in a private chat (for the faces)."""
        for scope in ('{"type": "all_private_chats"}', '{"type": "default"}'):
            for code in ((language or "")[:2], ""):
                if found := self._commands.get((scope, code)):
                    return found
        return []

    def set_words(self, field: str, values: Mapping[str, Any]) -> bool:
        """`setMyName`, `setMyDescription`, `setMyShortDescription`; empty words remove what was set."""
        key, words = (field, _language(values)), (values.get(field) or "").strip()
        if words:
            self._words[key] = words
        else:
            self._words.pop(key, None)
        return True

    def get_words(self, field: str, values: Mapping[str, Any], otherwise: str = "") -> JSON:
        words = self._words.get((field, _language(values))) or self._words.get((field, ""), otherwise)
        return {field: words}

    def set_menu_button(self, values: Mapping[str, Any]) -> bool:
        self._menu_buttons[values.get("chat_id")] = values.get("menu_button") or {"type": "default"}
        return True

    def get_menu_button(self, values: Mapping[str, Any]) -> JSON:
        default = self._menu_buttons.get(None, {"type": "commands"})
        button = self._menu_buttons.get(values.get("chat_id"), default)
        return default if button["type"] == "default" and default["type"] != "default" else button


def _scope(values: Mapping[str, Any]) -> str:
    scope = values.get("scope") or {"type": "default"}
    return json.dumps(scope, sort_keys=True)


def _language(values: Mapping[str, Any]) -> str:
    language = str(values.get("language_code") or "")
    if language and not LANGUAGE.fullmatch(language):
        raise bad_request("LANG_CODE_INVALID")
    return language
