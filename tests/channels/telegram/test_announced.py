"""Whether an update is about an announcement is told by its Stop, whatever else stands in the update."""

from typing import Any

import pytest

from bot.channels.telegram.announced import announcement_of
from bot.conversation.payloads import ANNOUNCEMENT_STOP, ANNOUNCEMENT_STOP_LINK

LINK = f"https://t.me/a_bot?start={ANNOUNCEMENT_STOP_LINK}"


def with_buttons(*payloads: str) -> dict[str, Any]:
    rows = [[{"text": "x", "url": "https://example.org"}], *([{"text": "x", "callback_data": one}] for one in payloads)]
    return {"message_id": 5, "reply_markup": {"inline_keyboard": rows}}


def album(url: str = LINK, *, is_bot: bool = True) -> dict[str, Any]:
    entities = [{"type": "bold", "offset": 0, "length": 1}, {"type": "text_link", "url": url, "offset": 0, "length": 4}]
    return {"message_id": 5, "from": {"is_bot": is_bot}, "caption_entities": entities}


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        ({"data": ANNOUNCEMENT_STOP, "message": {"message_id": 5, "date": 0}}, "5"),
        ({"data": "menu", "message": with_buttons("menu")}, None),
        ({"data": "poll:1", "message": with_buttons("poll:1", ANNOUNCEMENT_STOP)}, "5"),
        ({"data": "action:opt-out", "message": with_buttons("action:opt-out")}, None),
        ({"text": "thanks", "reply_to_message": with_buttons(ANNOUNCEMENT_STOP)}, "5"),
        ({"text": "thanks", "reply_to_message": {"message_id": 5, "text": "Hello"}}, None),
        ({"text": "thanks", "reply_to_message": album()}, "5"),
        ({"text": "thanks", "reply_to_message": album(is_bot=False)}, None),
        ({"text": "thanks", "reply_to_message": album("https://example.org")}, None),
        ({"text": "hello"}, None),
        ({"data": ANNOUNCEMENT_STOP, "message": {"date": 0}}, None),
        ({"data": ANNOUNCEMENT_STOP, "message": {"message_id": None}}, None),
        ({"reply_to_message": {"message_id": 5, "reply_markup": {"inline_keyboard": [["x"]]}}}, None),
        ({"reply_to_message": "x"}, None),
    ],
)
def test_an_announcement_is_known_by_its_stop(event: dict[str, Any], expected: str | None) -> None:
    assert announcement_of(event) == expected
