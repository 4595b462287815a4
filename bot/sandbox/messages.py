"""Methods that put words into a chat, and what every sending method shares. Listed in methods.py.

Each function is `async (stage, request) -> JSON result` and raises `Refusal` in Telegram's words.
"""

from collections.abc import Mapping
from typing import Any

from bot.sandbox.chats import PRIVATE, Chat, Message
from bot.sandbox.description import Request
from bot.sandbox.entities import CAPTION_LIMIT, TEXT_LIMIT, read_text
from bot.sandbox.html_markup import whole_url
from bot.sandbox.markup import check_markup
from bot.sandbox.refusals import bad_request
from bot.sandbox.stage import Stage

JSON = dict[str, Any]

ACTIONS = frozenset(
    {
        "typing",
        "upload_photo",
        "record_video",
        "upload_video",
        "record_voice",
        "upload_voice",
        "upload_document",
        "choose_sticker",
        "find_location",
        "record_video_note",
        "upload_video_note",
    }
)
NOT_COPIED = frozenset({"message_id", "from", "chat", "date", "edit_date", "reply_markup", "reply_to_message"})
"""What belongs to a message and not to its contents."""
SERVICE = frozenset({"new_chat_members", "left_chat_member", "pinned_message"})
"""Messages that Telegram wrote by itself; they can be neither copied nor forwarded."""


def shared_content(chat: Chat, values: Mapping[str, Any]) -> JSON:
    """What any message may carry: reply, inline keyboard, protection."""
    content: JSON = {}
    markup = check_markup(values.get("reply_markup"))
    if reply := _replied_to(chat, values.get("reply_parameters")):
        content["reply_to_message"] = reply
    if values.get("protect_content"):
        content["has_protected_content"] = True
    if markup:
        content["reply_markup"] = markup
    return content


def _replied_to(chat: Chat, parameters: Mapping[str, Any] | None) -> JSON | None:
    if not parameters or "message_id" not in parameters:
        return None
    message = chat.messages.get(parameters["message_id"])
    if message is not None:
        return {key: value for key, value in message.raw.items() if key != "reply_to_message"}
    if parameters.get("allow_sending_without_reply"):
        return None
    raise bad_request("message to be replied not found")


def text_content(values: Mapping[str, Any]) -> JSON:
    """The `text` and `entities` of a message, with the link preview that was asked for."""
    formatted = read_text(values, TEXT_LIMIT)
    content: JSON = {"text": formatted.text}
    if formatted.entities:
        content["entities"] = formatted.entities
    if preview := values.get("link_preview_options"):
        content["link_preview_options"] = preview | ({"url": whole_url(preview["url"])} if preview.get("url") else {})
    return content


def caption_content(values: Mapping[str, Any]) -> JSON:
    """The `caption` and its entities; empty when there is none."""
    formatted = read_text(values, CAPTION_LIMIT, "caption")
    content: JSON = {"caption": formatted.text} if formatted.text else {}
    if formatted.entities:
        content["caption_entities"] = formatted.entities
    if formatted.text and values.get("show_caption_above_media"):
        content["show_caption_above_media"] = True
    return content


async def send_message(stage: Stage, request: Request) -> JSON:
    text = text_content(request.values)
    chat = stage.writable(request.values["chat_id"])
    return stage.post(request.method, chat, text | shared_content(chat, request.values)).raw


async def send_chat_action(stage: Stage, request: Request) -> bool:
    action = request.values["action"]
    if action not in ACTIONS:
        raise bad_request("wrong parameter action in request")
    chat = stage.writable(request.values["chat_id"])
    stage.stream.publish("typing", chat.id, action=action)
    return True


def message_in(chat: Chat, message_id: int, otherwise: str) -> Message:
    """The message with this id, else 400 with the words `otherwise`."""
    message = chat.messages.get(message_id)
    if message is None:
        raise bad_request(otherwise)
    return message


async def forward_message(stage: Stage, request: Request) -> JSON:
    source, chat = _source_and_target(stage, request)
    message = _movable(source, request.values["message_id"], "message to forward not found", "be forwarded")
    return _forward(stage, request, message, chat)


async def forward_messages(stage: Stage, request: Request) -> list[JSON]:
    source, chat = _source_and_target(stage, request)
    found = _movable_ones(source, request.values["message_ids"])
    return [{"message_id": _forward(stage, request, message, chat)["message_id"]} for message in found]


async def copy_message(stage: Stage, request: Request) -> JSON:
    source, chat = _source_and_target(stage, request)
    message = _movable(source, request.values["message_id"], "message to copy not found", "be copied")
    return {"message_id": _copy(stage, request, message, chat)}


async def copy_messages(stage: Stage, request: Request) -> list[JSON]:
    source, chat = _source_and_target(stage, request)
    found = _movable_ones(source, request.values["message_ids"])
    return [{"message_id": _copy(stage, request, message, chat)} for message in found]


def _source_and_target(stage: Stage, request: Request) -> tuple[Chat, Chat]:
    source = stage.chat_named(request.values["from_chat_id"])
    return source, stage.writable(request.values["chat_id"])


def _movable(source: Chat, message_id: int, otherwise: str, verb: str) -> Message:
    message = message_in(source, message_id, otherwise)
    if message.raw.get("has_protected_content") or SERVICE & message.raw.keys():
        raise bad_request(f"the message can't {verb}")
    return message


def _movable_ones(source: Chat, message_ids: list[int]) -> list[Message]:
    if message_ids != sorted(set(message_ids)):
        raise bad_request("message identifiers must be in a strictly increasing order")
    found = [message for message_id in message_ids if (message := source.messages.get(message_id))]
    movable = [
        message for message in found if not (message.raw.get("has_protected_content") or SERVICE & message.raw.keys())
    ]
    if not movable:
        raise bad_request("there are no messages to forward")
    return movable


def _forward(stage: Stage, request: Request, message: Message, chat: Chat) -> JSON:
    content = {key: value for key, value in message.raw.items() if key not in NOT_COPIED}
    content.setdefault(
        "forward_origin",
        {"type": "user", "sender_user": message.raw["from"], "date": message.raw["date"]},
    )
    return stage.post(request.method, chat, content).raw


def _copy(stage: Stage, request: Request, message: Message, chat: Chat) -> int:
    values = request.values
    content = {key: value for key, value in message.raw.items() if key not in NOT_COPIED | {"forward_origin"}}
    if "caption" in values and "text" not in content:
        content = {key: value for key, value in content.items() if key not in ("caption", "caption_entities")}
        content |= caption_content(values)
    return stage.post(request.method, chat, content | shared_content(chat, values)).id


async def set_message_reaction(stage: Stage, request: Request) -> bool:
    chat = stage.writable(request.values["chat_id"])
    message = message_in(chat, request.values["message_id"], "message to react not found")
    reactions = request.values.get("reaction") or []
    if len(reactions) > 1:
        raise bad_request("REACTIONS_TOO_MANY")
    if any(reaction["type"] == "paid" for reaction in reactions):
        raise bad_request("REACTION_INVALID")
    message.reactions[stage.me["id"]] = reactions
    stage.stream.publish("reaction", chat.id, message_id=message.id, reaction=reactions)
    return True


async def pin_chat_message(stage: Stage, request: Request) -> bool:
    chat = _pinnable(stage, request)
    message = message_in(chat, request.values["message_id"], "message to pin not found")
    if message.id not in chat.pinned:
        chat.pinned.append(message.id)
        stage.stream.publish("pin", chat.id, message_id=message.id)
    return True


async def unpin_chat_message(stage: Stage, request: Request) -> bool:
    chat = _pinnable(stage, request)
    message_id = request.values.get("message_id", chat.pinned[-1] if chat.pinned else 0)
    if message_id not in chat.pinned:
        raise bad_request("message to unpin not found")
    chat.pinned.remove(message_id)
    stage.stream.publish("unpin", chat.id, message_id=message_id)
    return True


async def unpin_all_chat_messages(stage: Stage, request: Request) -> bool:
    chat = _pinnable(stage, request)
    for message_id in chat.pinned:
        stage.stream.publish("unpin", chat.id, message_id=message_id)
    chat.pinned.clear()
    return True


def _pinnable(stage: Stage, request: Request) -> Chat:
    chat = stage.writable(request.values["chat_id"])
    if chat.kind != PRIVATE and chat.bot_status != "administrator":
        raise bad_request("not enough rights to manage pinned messages in the chat")
    return chat
