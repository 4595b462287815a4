"""Whether a press or a reply is about an announcement: only announcements carry Stop. Called by `updates`."""

from collections.abc import Mapping
from typing import Any

from bot.conversation.payloads import ANNOUNCEMENT_STOP, ANNOUNCEMENT_STOP_LINK

MALFORMED = (AttributeError, LookupError, TypeError, ValueError)


def announcement_of(event: Mapping[str, Any]) -> str | None:
    """Id of the announcement's message that a callback query or a message refers to; None for any other. Never raises.

    A message too old for Telegram to show is known by the Stop that was pressed; in an album, only the first picture
    carries it.
    """
    try:
        message = event.get("message") or event.get("reply_to_message") or {}
        carries = event.get("data") == ANNOUNCEMENT_STOP or _stop_button(message) or _stop_link(message)
        return str(int(message["message_id"])) if carries else None
    except MALFORMED:
        return None


def _stop_button(message: Mapping[str, Any]) -> bool:
    rows = message.get("reply_markup", {}).get("inline_keyboard", ())
    return any(button.get("callback_data") == ANNOUNCEMENT_STOP for row in rows for button in row)


def _stop_link(message: Mapping[str, Any]) -> bool:
    links = [one.get("url") or "" for one in message.get("caption_entities", ())]
    ours = "from" in message and message["from"].get("is_bot") is True
    return ours and any(link.endswith(f"?start={ANNOUNCEMENT_STOP_LINK}") for link in links)
