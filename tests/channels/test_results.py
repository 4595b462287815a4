"""Every row of the table of results, by the exception that stands for it."""

import asyncio

import pytest
from telegram.error import BadRequest, ChatMigrated, Conflict, Forbidden, InvalidToken, NetworkError, TelegramError

from bot.channels.telegram.request import Ambiguous, NotSent, Reason, Throttled
from bot.channels.telegram.results import classify, spoken
from bot.errors import ChannelError, Unreachable
from bot.messaging import Delivered

ROWS = [
    *((NotSent(reason), Delivered.UNSENT) for reason in Reason),
    (Throttled(7), Delivered.UNSENT),
    (InvalidToken("Unauthorized"), Delivered.UNSENT),
    (ChatMigrated(-1007), Delivered.UNSENT),
    (BadRequest("chat not found"), Delivered.FAILED),
    (Forbidden("bot was blocked by the user"), Delivered.BLOCKED),
    (Ambiguous("the answer was lost"), Delivered.UNCERTAIN),
    (NetworkError("Moved Permanently (301)"), Delivered.UNCERTAIN),
    (asyncio.CancelledError(), Delivered.UNCERTAIN),
    (TelegramError("something new"), Delivered.UNCERTAIN),
    (ZeroDivisionError("private words"), Delivered.UNCERTAIN),
]


@pytest.mark.parametrize(("error", "outcome"), ROWS, ids=repr)
def test_each_cause_has_its_class_and_a_reason(error: BaseException, outcome: Delivered) -> None:
    result = classify(error)
    assert result.outcome is outcome
    assert result.error
    assert "private" not in result.error


def test_a_429_says_how_long_and_a_moved_chat_where() -> None:
    assert classify(Throttled(7)).retry_after_s == 7
    moved = classify(ChatMigrated(-1007))
    assert moved.migrated_to == "-1007"
    assert "-1007" not in str(moved.error)


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (InvalidToken(), ChannelError),
        (Forbidden("no"), ChannelError),
        (BadRequest("no"), ChannelError),
        (Conflict("terminated by other getUpdates request"), Unreachable),
        (Throttled(9), Unreachable),
        (NotSent(Reason.DNS), Unreachable),
        (Ambiguous("the server answered 502"), Unreachable),
        (NetworkError("Found (302)"), Unreachable),
    ],
)
def test_an_operator_hears_one_sentence(error: TelegramError, kind: type[Exception]) -> None:
    sentence = spoken(error)
    assert type(sentence) is kind
    assert "\n" not in str(sentence)
    assert getattr(sentence, "retry_after_s", None) == (9 if isinstance(error, Throttled) else None)
