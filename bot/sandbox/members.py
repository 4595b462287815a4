"""Methods about chats and who is in them. Listed in methods.py; shapes as in messages.py."""

from collections.abc import Mapping
from typing import Any

from bot.sandbox.chats import PRIVATE, Chat
from bot.sandbox.description import Request
from bot.sandbox.refusals import bad_request
from bot.sandbox.stage import Stage

JSON = dict[str, Any]
ADMINISTRATOR_RIGHTS = {
    "can_be_edited": False,
    "is_anonymous": False,
    "can_manage_chat": True,
    "can_delete_messages": True,
    "can_manage_video_chats": False,
    "can_restrict_members": False,
    "can_promote_members": False,
    "can_change_info": False,
    "can_invite_users": True,
    "can_post_stories": False,
    "can_edit_stories": False,
    "can_delete_stories": False,
    "can_pin_messages": True,
}
DETAILS: dict[str, JSON] = {
    "creator": {"is_anonymous": False},
    "administrator": ADMINISTRATOR_RIGHTS,
    "kicked": {"until_date": 0},
}
"""What a `ChatMember` of this status carries besides user and status."""
NO_GIFTS = {
    "unlimited_gifts": False,
    "limited_gifts": False,
    "unique_gifts": False,
    "premium_subscription": False,
    "gifts_from_channels": False,
}


def member_of(user: Mapping[str, Any], status: str) -> JSON:
    """The Bot API's `ChatMember` for a user with this status."""
    return {"status": status, "user": dict(user), **DETAILS.get(status, {})}


async def get_chat(stage: Stage, request: Request) -> JSON:
    chat = stage.chat_named(request.values["chat_id"])
    full = chat.brief() | {"accent_color_id": 0, "max_reaction_count": 11, "accepted_gift_types": NO_GIFTS}
    if chat.pinned:
        full["pinned_message"] = chat.messages[chat.pinned[-1]].raw
    return full


async def get_chat_member(stage: Stage, request: Request) -> JSON:
    chat = _entered(stage, request.values["chat_id"])
    user_id = request.values["user_id"]
    if user_id == stage.me["id"]:
        return member_of(stage.me, chat.bot_status)
    person = stage.people.get(user_id)
    if person is None or (chat.kind == PRIVATE and user_id != chat.id):
        raise bad_request("user not found" if person is None else "member not found")
    return member_of(person.user(), chat.members.get(user_id, "left"))


async def get_chat_member_count(stage: Stage, request: Request) -> int:
    chat = _entered(stage, request.values["chat_id"])
    return sum(status not in ("left", "kicked") for status in chat.members.values()) + 1


async def get_chat_administrators(stage: Stage, request: Request) -> list[JSON]:
    chat = _entered(stage, request.values["chat_id"])
    if chat.kind == PRIVATE:
        raise bad_request("there are no administrators in the private chat")
    leading = ("creator", "administrator")
    people = [
        member_of(stage.people[user_id].user(), status) for user_id, status in chat.members.items() if status in leading
    ]
    return [*people, member_of(stage.me, chat.bot_status)] if chat.bot_status in leading else people


async def leave_chat(stage: Stage, request: Request) -> bool:
    chat = _entered(stage, request.values["chat_id"])
    if chat.kind == PRIVATE:
        raise bad_request("chat member status can't be changed in private chats")
    chat.bot_status = "left"
    stage.stream.publish("member", chat.id, status="left")
    return True


def _entered(stage: Stage, chat_id: int | str) -> Chat:
    chat = stage.chat_named(chat_id)
    stage.check_entered(chat)
    return chat


async def get_user_profile_photos(stage: Stage, request: Request) -> JSON:
    if request.values["user_id"] not in stage.people:
        raise bad_request("user not found")
    return {"total_count": 0, "photos": []}
