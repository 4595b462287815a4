"""Which method calls which function: the table that `World.call` dispatches by.

A method of the Bot API that is missing here is checked like any other and then refused: the stand-in never pretends to
have done something.
"""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from bot.sandbox import editing, media, members, messages
from bot.sandbox.description import Request, bot_api, read_request
from bot.sandbox.files import Upload
from bot.sandbox.refusals import bad_request
from bot.sandbox.stage import Stage
from bot.sandbox.updates import LIMIT

Method = Callable[[Stage, Request], Awaitable[Any]]


async def get_me(stage: Stage, _request: Request) -> dict[str, Any]:
    abilities = {
        "can_join_groups": True,
        "can_read_all_group_messages": stage.reads_all_group_messages,
        "supports_inline_queries": True,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }
    return stage.me | abilities


async def get_updates(stage: Stage, request: Request) -> list[dict[str, Any]]:
    stage.webhook.check_polling()
    values = request.values
    if "allowed_updates" in values:
        stage.updates.allow(_known_kinds(values["allowed_updates"]))
    return await stage.updates.poll(values.get("offset"), values.get("limit", LIMIT), values.get("timeout", 0))


async def set_webhook(stage: Stage, request: Request) -> bool:
    _known_kinds(request.values.get("allowed_updates", []))

    async def call_back(method: str, params: Mapping[str, object]) -> object:
        return await run(stage, method, params, {})

    stage.webhook.call_back = call_back
    return stage.webhook.set(request.values)


def _known_kinds(kinds: list[str]) -> list[str]:
    known = bot_api()["types"]["Update"]["fields"].keys() - {"update_id"}
    if not set(kinds) <= known:
        raise bad_request("allowed_updates names a kind of update that does not exist")
    return kinds


async def answer_callback_query(stage: Stage, request: Request) -> bool:
    values = request.values
    answer = {key: values[key] for key in ("text", "show_alert", "url") if values.get(key)}
    query = stage.callbacks.answer(values["callback_query_id"], answer)
    stage.stream.publish(
        "answer",
        query.chat_id,
        message_id=query.message_id,
        query_id=query.id,
        text=query.text,
        show_alert=bool(answer.get("show_alert")),
    )
    return True


async def answer_inline_query(stage: Stage, request: Request) -> bool:
    query = stage.inline.answer(request.values["inline_query_id"], request.values["results"])
    stage.stream.publish("inline_answer", None, query_id=query.id, results=query.results)
    return True


async def get_file(stage: Stage, request: Request) -> dict[str, object]:
    return stage.files.describe(request.values["file_id"])


def _of_values(call: Callable[[Stage], Callable[..., Any]], *first: str) -> Method:
    """A method that needs nothing but its parameters, answered by one of the stage's own things."""

    async def method(stage: Stage, request: Request) -> Any:
        return call(stage)(*first, request.values)

    return method


async def get_my_name(stage: Stage, request: Request) -> dict[str, Any]:
    return stage.profile.get_words("name", request.values, otherwise=stage.me["first_name"])


async def get_webhook_info(stage: Stage, _request: Request) -> dict[str, Any]:
    return stage.webhook.info()


async def no_behaviour(_stage: Stage, request: Request) -> Any:
    """Said of everything that is described but not played."""
    raise bad_request(f"the stand-in has no behaviour for {request.method}")


BEHAVIOUR: dict[str, Method] = {
    "getMe": get_me,
    "getUpdates": get_updates,
    "setWebhook": set_webhook,
    "deleteWebhook": _of_values(lambda stage: stage.webhook.delete),
    "getWebhookInfo": get_webhook_info,
    "sendMessage": messages.send_message,
    "sendChatAction": messages.send_chat_action,
    "forwardMessage": messages.forward_message,
    "forwardMessages": messages.forward_messages,
    "copyMessage": messages.copy_message,
    "copyMessages": messages.copy_messages,
    "setMessageReaction": messages.set_message_reaction,
    "pinChatMessage": messages.pin_chat_message,
    "unpinChatMessage": messages.unpin_chat_message,
    "unpinAllChatMessages": messages.unpin_all_chat_messages,
    **dict.fromkeys(media.KIND_BY_METHOD, media.send_file),
    "sendMediaGroup": media.send_media_group,
    "sendLocation": media.send_location,
    "sendVenue": media.send_venue,
    "sendContact": media.send_contact,
    "sendPoll": media.send_poll,
    "editMessageText": editing.edit_message_text,
    "editMessageCaption": editing.edit_message_caption,
    "editMessageReplyMarkup": editing.edit_message_reply_markup,
    "editMessageMedia": editing.edit_message_media,
    "stopPoll": editing.stop_poll,
    "deleteMessage": editing.delete_message,
    "deleteMessages": editing.delete_messages,
    "answerCallbackQuery": answer_callback_query,
    "answerInlineQuery": answer_inline_query,
    "getFile": get_file,
    "getChat": members.get_chat,
    "getChatMember": members.get_chat_member,
    "getChatMemberCount": members.get_chat_member_count,
    "getChatAdministrators": members.get_chat_administrators,
    "leaveChat": members.leave_chat,
    "getUserProfilePhotos": members.get_user_profile_photos,
    "setMyCommands": _of_values(lambda stage: stage.profile.set_commands),
    "getMyCommands": _of_values(lambda stage: stage.profile.get_commands),
    "deleteMyCommands": _of_values(lambda stage: stage.profile.delete_commands),
    "setMyName": _of_values(lambda stage: stage.profile.set_words, "name"),
    "getMyName": get_my_name,
    "setMyDescription": _of_values(lambda stage: stage.profile.set_words, "description"),
    "getMyDescription": _of_values(lambda stage: stage.profile.get_words, "description"),
    "setMyShortDescription": _of_values(lambda stage: stage.profile.set_words, "short_description"),
    "getMyShortDescription": _of_values(lambda stage: stage.profile.get_words, "short_description"),
    "setChatMenuButton": _of_values(lambda stage: stage.profile.set_menu_button),
    "getChatMenuButton": _of_values(lambda stage: stage.profile.get_menu_button),
}


async def run(stage: Stage, method: str, params: Mapping[str, object], files: Mapping[str, Upload | bytes]) -> Any:
    """Checks one call and carries it out; returns the JSON value of `result`, raises `Refusal`."""
    request = read_request(method, params, files)
    return await BEHAVIOUR.get(request.method, no_behaviour)(stage, request)
