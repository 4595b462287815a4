"""The world that stands in for Telegram: `call` is the bot's side, all else is the people's side.

`call` answers as Telegram's HTTP server does, with a status and a JSON body; http.py serves it on a socket, the
channel's in-process transport and the tests call it directly. Faces and tests act for people (`says`, `presses` …),
look at a chat as its owner sees it (`sees`) and follow what happens (`events`).

    world = World()
    ann = world.add_person("Ann")
    await world.says(ann, "/start")
    status, body = await world.call("getUpdates", {"timeout": 0})
    await world.call("sendMessage", {"chat_id": ann.id, "text": "Hello"})
    assert world.sees(ann)[-1].text == "Hello"
"""

import asyncio
import json
import re
from collections.abc import AsyncIterator, Mapping
from typing import Any

from bot.sandbox.attachments import attachment
from bot.sandbox.chats import (
    FIRST_GROUP,
    FIRST_PERSON,
    FIRST_SUPERGROUP,
    GROUP,
    PRIVATE,
    SUPERGROUP,
    Chat,
    Message,
    Person,
)
from bot.sandbox.description import check_token
from bot.sandbox.entities import TEXT_LIMIT, detect
from bot.sandbox.events import Event
from bot.sandbox.faults import Fault, FaultDropped, FaultKind, FaultTimeout
from bot.sandbox.files import Upload
from bot.sandbox.html_markup import utf16_length
from bot.sandbox.members import member_of
from bot.sandbox.methods import run
from bot.sandbox.queries import Query
from bot.sandbox.refusals import Refusal, too_many_requests
from bot.sandbox.stage import Stage

JSON = dict[str, Any]
UNREADABLE = b"<html><body>not the answer you hoped for</body></html>"


class World(Stage):
    """Pretend people and chats behind a strict Bot API.

    Keyword arguments (all optional): `clock` () -> aware UTC datetime; `sleep` (seconds) awaitable, used by long polls
    and slow answers; `token`; `bot_name`, `bot_username`; `faults`; `limits` (pace.TELEGRAM for Telegram's own);
    `reads_all_group_messages` (privacy mode off).
    One world belongs to one event loop.
    """

    async def call(
        self,
        method: str,
        params: Mapping[str, object],
        files: Mapping[str, Upload | bytes] | None = None,
        *,
        token: str | None = None,
    ) -> tuple[int, bytes]:
        """One Bot API request; returns (HTTP status, JSON body as UTF-8).

        `params` values are form strings or JSON values; `files` maps the parameter's name, or the name after
        `attach://`, to the bytes. `token` None means the world's own bot. Raises `FaultTimeout` and `FaultDropped`,
        and these only, where a fault asks for a lost answer.
        """
        try:
            return 200, _encode({"ok": True, "result": await self._answer(method, params, files or {}, token)})
        except Refusal as refusal:
            return refusal.code, _encode(refusal.body())
        except _UnreadableAnswer:
            return 200, UNREADABLE

    async def _answer(
        self, method: str, params: Mapping[str, object], files: Mapping[str, Upload | bytes], token: str | None
    ) -> Any:
        check_token(token, self.token)
        fault = self.faults.pick(method, _chat_of(params))
        if fault is not None:
            await self._strike_before(fault)
        result = await run(self, method, params, files)
        if fault is not None:
            _strike_after(fault)
        return result

    async def _strike_before(self, fault: Fault) -> None:
        match fault.kind:
            case FaultKind.TOO_MANY_REQUESTS:
                raise too_many_requests(fault.retry_after_s)
            case FaultKind.SERVER_ERROR:
                raise Refusal(fault.status, "Internal Server Error" if fault.status == 500 else "Bad Gateway")
            case FaultKind.TIMEOUT_BEFORE:
                raise FaultTimeout(fault.release)
            case FaultKind.DROPPED_BEFORE:
                raise FaultDropped
            case FaultKind.SLOW:
                await (fault.release.wait() if fault.release else self.sleep(fault.delay_s))

    async def close(self) -> None:
        """Stops pushing updates to a webhook. Needed only where one was set."""
        await self.webhook.close()

    # The people's side

    def add_person(
        self,
        name: str,
        language_code: str | None = "en",
        organiser: bool = False,
        *,
        has_written: bool = False,
        username: str | None = None,
    ) -> Person:
        """Someone new with a private chat; the bot may write to them once they wrote (or `has_written` says so)."""
        person = Person(FIRST_PERSON + len(self.people), name, language_code, organiser, username)
        self.people[person.id] = person
        self.chats[person.id] = Chat(person.id, PRIVATE, name, username, {person.id: "member"}, has_written=has_written)
        return person

    def add_group(
        self,
        title: str,
        *people: Person,
        supergroup: bool = True,
        username: str | None = None,
        bot_is_admin: bool = False,
    ) -> Chat:
        """A group with the bot and these people in it; the first person owns it. Queues `my_chat_member`."""
        first, kind = (FIRST_SUPERGROUP, SUPERGROUP) if supergroup else (FIRST_GROUP, GROUP)
        chat_id = first - sum(chat.kind == kind for chat in self.chats.values())
        members = {person.id: "member" for person in people}
        if people:
            members[people[0].id] = "creator"
        chat = Chat(chat_id, kind, title, username, members, bot_status="left", has_written=True)
        self.chats[chat_id] = chat
        if people:
            self._change_membership(chat, people[0], "administrator" if bot_is_admin else "member")
        else:
            chat.bot_status = "administrator" if bot_is_admin else "member"
        return chat

    async def says(
        self, person: Person, text: str, reply_to: int | None = None, chat: Chat | int | None = None
    ) -> Message:
        """The person types `text`; over 4,096 UTF-16 units it goes out in parts, as the app does. Returns the last."""
        words = text.strip()
        if not words:
            raise ValueError("Telegram's app does not send an empty message")
        where = self._entered(person, chat)
        for part in _parts(words):
            content: JSON = {"text": part}
            if entities := detect(part):
                content["entities"] = entities
            if reply_to is not None and reply_to in where.messages:
                content["reply_to_message"] = _without_reply(where.messages[reply_to].raw)
            message = self.hear(where, person, content)
        return message

    async def sends(
        self, person: Person, kind: str, caption: str | None = None, chat: Chat | int | None = None
    ) -> Message:
        """The person sends something that is not text: `photo`, `voice`, `location` … (attachments.KINDS)."""
        where = self._entered(person, chat)
        return self.hear(where, person, attachment(kind, self, person, caption))

    async def edits(self, person: Person, message_id: int, text: str, chat: Chat | int | None = None) -> Message:
        """The person changes their own message (its caption when it has one); queues `edited_message`."""
        where = self._chat_for(person, chat)
        message = where.messages[message_id]
        if message.author_id != person.id:
            raise ValueError("a person edits only their own messages")
        words, marks = ("text", "entities") if message.kind == "text" else ("caption", "caption_entities")
        raw = {key: value for key, value in message.raw.items() if key not in (words, marks)}
        raw |= {words: text, "edit_date": self.timestamp()}
        if entities := detect(text):
            raw[marks] = entities
        message.raw = raw
        if self.shown_to_bot(where, message):
            self.updates.push("edited_message", raw)
        self.stream.publish("edit", where.id, message_id=message_id, message=raw, from_bot=False)
        return message

    async def presses(
        self, person: Person, message_id: int, data: str, chat: Chat | int | None = None, *, wait_s: float = 10.0
    ) -> str | None:
        """The person presses the button with this callback data; returns the words of the bot's answer.

        Waits up to `wait_s` seconds (by the world's `sleep`) for the answer, 0 for not at all; None when no answer came
        or it had no words; `presses_made()` tells them apart. Raises `ValueError` when there is no such button.
        """
        query = self.press(person, message_id, data, chat)
        await self._wait(query.closed, wait_s)
        return query.text

    def press(self, person: Person, message_id: int, data: str, chat: Chat | int | None = None) -> Query:
        """As `presses`, without waiting; the `Query` tells later whether and how it was answered."""
        where = self._entered(person, chat)
        message = where.messages.get(message_id)
        shown = [button.get("callback_data") for row in message.buttons for button in row] if message else []
        if message is None or data not in shown:
            raise ValueError(f"message {message_id} shows no button with this callback data")
        query = self.callbacks.open(where.id, person.id, message_id, data)
        update = {
            "id": query.id,
            "from": person.user(),
            "message": message.raw,
            "chat_instance": str(abs(where.id)),
            "data": data,
        }
        self.updates.push("callback_query", update)
        self.stream.publish("press", where.id, message_id=message_id, query_id=query.id, data=data)
        return query

    def presses_made(self) -> list[Query]:
        """Every press so far with its answer, oldest first."""
        return self.callbacks.all()

    async def asks_inline(self, person: Person, words: str, *, wait_s: float = 10.0) -> list[JSON]:
        """The person types `@bot words` in some chat; returns the results that the bot offers, [] when none came."""
        query = self.inline.open(person.id, words)
        update = {"id": query.id, "from": person.user(), "query": words, "offset": "", "chat_type": "sender"}
        self.updates.push("inline_query", update)
        await self._wait(query.closed, wait_s)
        return query.results

    def blocks(self, person: Person) -> None:
        """The person blocks the bot; later sends get 403."""
        self._change_membership(self.chats[person.id], person, "kicked")

    def unblocks(self, person: Person) -> None:
        self._change_membership(self.chats[person.id], person, "member")

    def deactivates(self, person: Person) -> None:
        """The person deletes their Telegram account: no update comes, later sends get 403."""
        self.chats[person.id].deactivated = True

    def removes_bot(self, person: Person, chat: Chat) -> None:
        """The person throws the bot out of a group."""
        self._change_membership(chat, person, "kicked")

    def sees(self, person: Person, chat: Chat | int | None = None) -> list[Message]:
        """The chat as that person sees it now, oldest first: edited in place, deleted messages gone."""
        return list(self._chat_for(person, chat).messages.values())

    def inject(self, update: Mapping[str, Any]) -> int | None:
        """Queues a raw update of any type, `{"<kind>": {…}}`; returns its id, None when the bot did not ask for it."""
        kinds = [kind for kind in update if kind != "update_id"]
        if len(kinds) != 1:
            raise ValueError("an update carries exactly one kind")
        return self.updates.push(kinds[0], dict(update[kinds[0]]))

    def events(self, since: int | None = None) -> AsyncIterator[Event]:
        """What happens, for faces: dicts with `seq`, `type`, `chat_id` and the details of their type.

        message, edit: `message_id`, `message` (Bot API Message), `from_bot`; delete: `message_id`; press: `message_id`,
        `query_id`, `data`; answer: `message_id`, `query_id`, `text`, `show_alert`; typing: `action`; reaction, pin,
        unpin: `message_id`; member: `status`; inline_answer: `query_id`,
        `results`. `since` None means from now on, 0 from the beginning.
        """
        return self.stream.follow(self.stream.latest if since is None else since)

    def _chat_for(self, person: Person, chat: Chat | int | None) -> Chat:
        if chat is None:
            return self.chats[person.id]
        where = self.chats[chat] if isinstance(chat, int) else chat
        if person.id not in where.members:
            raise ValueError(f"{person.name} is not in this chat")
        return where

    def _entered(self, person: Person, chat: Chat | int | None) -> Chat:
        """The chat, opened for writing: Telegram's app makes a person start or unblock the bot first."""
        where = self._chat_for(person, chat)
        if where.kind == PRIVATE:
            self._change_membership(where, person, "member")
            where.has_written = True
        return where

    async def _wait(self, closed: asyncio.Event, seconds: float) -> None:
        """Until the event is set, at most so many seconds of the world's own time."""
        if seconds <= 0:
            return
        waiting: set[asyncio.Future[Any]] = {
            asyncio.ensure_future(closed.wait()),
            asyncio.ensure_future(self.sleep(seconds)),
        }
        try:
            await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in waiting:
                task.cancel()

    def _change_membership(self, chat: Chat, person: Person, status: str) -> None:
        if chat.bot_status == status:
            return
        old, chat.bot_status = chat.bot_status, status
        self.updates.push(
            "my_chat_member",
            {
                "chat": chat.brief(),
                "from": person.user(),
                "date": self.timestamp(),
                "old_chat_member": member_of(self.me, old),
                "new_chat_member": member_of(self.me, status),
            },
        )
        self.stream.publish("member", chat.id, status=status)


class _UnreadableAnswer(Exception):
    """The method ran; its answer is replaced by bytes that are not JSON."""


def _strike_after(fault: Fault) -> None:
    match fault.kind:
        case FaultKind.TIMEOUT_AFTER:
            raise FaultTimeout(fault.release)
        case FaultKind.DROPPED_AFTER:
            raise FaultDropped
        case FaultKind.UNREADABLE:
            raise _UnreadableAnswer


def _encode(answer: Mapping[str, Any]) -> bytes:
    # Escaped, because half a surrogate pair, which an update may hold, has no UTF-8.
    return json.dumps(answer, separators=(",", ":")).encode()


def _chat_of(params: Mapping[str, object]) -> int | None:
    chat_id = str(params.get("chat_id", ""))
    return int(chat_id) if re.fullmatch(r"-?[0-9]{1,20}", chat_id) else None


def _without_reply(raw: Mapping[str, Any]) -> JSON:
    return {key: value for key, value in raw.items() if key != "reply_to_message"}


def _parts(text: str) -> list[str]:
    parts, start, length = [], 0, 0
    for index, character in enumerate(text):
        width = utf16_length(character)
        if length + width > TEXT_LIMIT:
            parts.append(text[start:index])
            start, length = index, 0
        length += width
    return [*parts, text[start:]]
