"""Methods that change or remove what stands in a chat already. Listed in methods.py; shapes as in messages.py."""

from datetime import timedelta
from typing import Any

from bot.sandbox.chats import Chat, Message
from bot.sandbox.description import Request
from bot.sandbox.markup import check_markup
from bot.sandbox.media import edited_media
from bot.sandbox.messages import caption_content, message_in, text_content
from bot.sandbox.refusals import bad_request
from bot.sandbox.stage import Stage

JSON = dict[str, Any]
DELETABLE_FOR = timedelta(hours=48)
NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same as a current content "
    "and reply markup of the message"
)
WORDS = frozenset({"text", "entities", "link_preview_options"})
CAPTION = frozenset({"caption", "caption_entities", "show_caption_above_media"})
CAPTIONED = frozenset({"animation", "audio", "document", "photo", "video", "voice"})
"""Kinds of message that can have a caption."""
MEDIA = frozenset({"animation", "audio", "document", "photo", "video"})


async def edit_message_text(stage: Stage, request: Request) -> JSON:
    if "rich_message" in request.values:
        raise bad_request("the stand-in has no behaviour for rich messages")
    text = text_content(request.values)
    message = _editable(stage, request)
    if message.kind != "text":
        raise bad_request("there is no text in the message to edit")
    return _replace(stage, request, message, WORDS, text)


async def edit_message_caption(stage: Stage, request: Request) -> JSON:
    caption = caption_content(request.values)
    message = _editable(stage, request)
    if message.kind not in CAPTIONED:
        raise bad_request("there is no caption in the message to edit")
    return _replace(stage, request, message, CAPTION, caption)


async def edit_message_reply_markup(stage: Stage, request: Request) -> JSON:
    message = _editable(stage, request)
    return _replace(stage, request, message, frozenset(), {})


async def edit_message_media(stage: Stage, request: Request) -> JSON:
    message = _editable(stage, request)
    if message.kind not in MEDIA | {"text"}:
        raise bad_request("message can't be edited")
    return _replace(stage, request, message, WORDS | CAPTION | MEDIA, edited_media(stage, request))


async def stop_poll(stage: Stage, request: Request) -> JSON:
    chat = stage.chat_named(request.values["chat_id"])
    message = message_in(chat, request.values["message_id"], "message with poll to stop not found")
    if "poll" not in message.raw or not message.from_bot:
        raise bad_request("message with poll to stop not found")
    if message.raw["poll"]["is_closed"]:
        raise bad_request("poll has already been closed")
    poll: JSON = message.raw["poll"] | {"is_closed": True}
    _replace(stage, request, message, frozenset({"poll"}), {"poll": poll})
    return poll


def _editable(stage: Stage, request: Request) -> Message:
    values = request.values
    if "inline_message_id" in values:
        raise bad_request("MESSAGE_ID_INVALID")
    if "chat_id" not in values:
        raise bad_request("chat_id is empty")
    if "message_id" not in values:
        raise bad_request("message identifier is not specified")
    chat = stage.writable(values["chat_id"])
    message = message_in(chat, values["message_id"], "message to edit not found")
    if not message.from_bot:
        raise bad_request("message can't be edited")
    return message


def _replace(stage: Stage, request: Request, message: Message, gone: frozenset[str], content: JSON) -> JSON:
    """The message with `gone` replaced by `content`, the keyboard by the request's; 400 when that changes nothing."""
    markup = check_markup(request.values.get("reply_markup"))
    kept = {key: value for key, value in message.raw.items() if key not in gone | {"reply_markup"}}
    raw = kept | content | ({"reply_markup": markup} if markup else {})
    if raw == message.raw:
        raise bad_request(NOT_MODIFIED)
    message.raw = raw | {"edit_date": stage.timestamp()}
    stage.stream.publish("edit", message.chat_id, message_id=message.id, message=message.raw, from_bot=True)
    return message.raw


async def delete_message(stage: Stage, request: Request) -> bool:
    chat = stage.writable(request.values["chat_id"])
    message = message_in(chat, request.values["message_id"], "message to delete not found")
    if not _deletable(stage, chat, message):
        raise bad_request("message can't be deleted for everyone")
    _delete(stage, chat, message.id)
    return True


async def delete_messages(stage: Stage, request: Request) -> bool:
    chat = stage.writable(request.values["chat_id"])
    for message_id in request.values["message_ids"]:
        message = chat.messages.get(message_id)
        if message is not None and _deletable(stage, chat, message):
            _delete(stage, chat, message_id)
    return True


def _deletable(stage: Stage, chat: Chat, message: Message) -> bool:
    """Within 48 hours: the bot's own, anything in a private chat, and anyone's where the bot is an administrator."""
    if stage.clock() - message.at > DELETABLE_FOR:
        return False
    return message.from_bot or chat.id > 0 or chat.bot_status == "administrator"


def _delete(stage: Stage, chat: Chat, message_id: int) -> None:
    del chat.messages[message_id]
    if message_id in chat.pinned:
        chat.pinned.remove(message_id)
    stage.stream.publish("delete", chat.id, message_id=message_id)
