"""What waits for the bot's answer: button presses (callback queries) and inline queries.

`World.presses` and `World.asks_inline` open one; `answerCallbackQuery` and `answerInlineQuery` close it, once, in time.
"""

import asyncio
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from bot.sandbox.entities import CAPTION_LIMIT, TEXT_LIMIT, read_text
from bot.sandbox.markup import check_markup
from bot.sandbox.refusals import bad_request
from bot.sandbox.updates import Clock

PRESS_LIFETIME = timedelta(seconds=150)
"""How long Telegram accepts an answer to a press."""
INLINE_LIFETIME = timedelta(seconds=30)
"""How long Telegram accepts results for an inline query."""
TOO_OLD = "query is too old and response timeout expired or query ID is invalid"


@dataclass(slots=True)
class Query:
    """One press. `answer` holds what `answerCallbackQuery` said, once it did."""

    id: str
    chat_id: int
    person_id: int
    message_id: int
    data: str
    asked_at: datetime
    closed: asyncio.Event
    answer: dict[str, Any] | None = None

    @property
    def text(self) -> str | None:
        """What the person was shown, None while unanswered or answered without words."""
        return None if self.answer is None else self.answer.get("text") or None


class Callbacks:
    """Every press so far, by query id."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._queries: dict[str, Query] = {}

    def open(self, chat_id: int, person_id: int, message_id: int, data: str) -> Query:
        query_id = str(8_000_000_000_000_000_001 + len(self._queries))
        query = Query(query_id, chat_id, person_id, message_id, data, self._clock(), asyncio.Event())
        self._queries[query_id] = query
        return query

    def answer(self, query_id: str, answer: dict[str, Any]) -> Query:
        """Closes the press; 400 when it is unknown, answered already or older than `PRESS_LIFETIME`."""
        query = self._queries.get(query_id)
        if query is None or query.answer is not None or self._clock() - query.asked_at > PRESS_LIFETIME:
            raise bad_request(TOO_OLD)
        query.answer = answer
        query.closed.set()
        return query

    def all(self) -> list[Query]:
        """Presses in the order they were made."""
        return list(self._queries.values())


@dataclass(slots=True)
class InlineQuery:
    """One query and, once answered, the `InlineQueryResult` objects given for it."""

    id: str
    person_id: int
    words: str
    asked_at: datetime
    closed: asyncio.Event
    results: list[dict[str, Any]] = field(default_factory=list)


class InlineQueries:
    """Every inline query so far, by id."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._queries: dict[str, InlineQuery] = {}

    def open(self, person_id: int, words: str) -> InlineQuery:
        query_id = str(7_000_000_000_000_000_001 + len(self._queries))
        query = InlineQuery(query_id, person_id, words, self._clock(), asyncio.Event())
        self._queries[query_id] = query
        return query

    def answer(self, query_id: str, results: list[dict[str, Any]]) -> InlineQuery:
        """Closes the query; 400 when it is unknown, answered or too old, or when results are malformed."""
        query = self._queries.get(query_id)
        if query is None or query.closed.is_set() or self._clock() - query.asked_at > INLINE_LIFETIME:
            raise bad_request(TOO_OLD)
        ids = [result["id"] for result in results]
        if len(set(ids)) < len(ids):
            raise bad_request("RESULT_ID_DUPLICATE")
        for result in results:
            check_markup(result.get("reply_markup"))
            content = result.get("input_message_content") or {}
            if "message_text" in content:
                words = {"text": content["message_text"], **content}
                read_text(words, TEXT_LIMIT)
            if "caption" in result:
                read_text(result, CAPTION_LIMIT, "caption")
        query.results = results
        query.closed.set()
        return query
