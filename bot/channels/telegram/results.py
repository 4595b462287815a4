"""What is known after a request failed: the table of results, and the sentences for whoever runs the bot. Pure.

`classify` is for sends (used by the channel and the broadcast sender), `spoken` for asking (fetching, first contact).
"""

import asyncio

from telegram.error import BadRequest, ChatMigrated, Conflict, Forbidden, InvalidToken, TelegramError

from bot.channels.telegram.request import NotSent, Throttled
from bot.errors import BotError, ChannelError, Unreachable
from bot.messaging import Delivered, SendResult

TOKEN_REFUSED = "the server does not accept the bot's token"  # noqa: S105 - a sentence about tokens
CHECK_TOKEN = (
    "The server does not accept the bot's token: check IMH_TOKEN (or IMH_TOKEN_FILE) and IMH_API_BASE_URL, "  # noqa: S105
    "or ask @BotFather for the token again."
)
ANOTHER_COPY = (
    "Another copy of this bot is fetching its messages, or a webhook is set: only one may run, so stop the other one."
)

OUTCOMES: tuple[tuple[type[BaseException], Delivered], ...] = (
    (NotSent, Delivered.UNSENT),
    (Throttled, Delivered.UNSENT),
    (InvalidToken, Delivered.UNSENT),
    (ChatMigrated, Delivered.UNSENT),
    (Forbidden, Delivered.BLOCKED),
    (BadRequest, Delivered.FAILED),
)
"""Everything else is uncertain: 5xx, lost and unreadable answers, cancelled requests, what nobody thought of."""


def classify(error: BaseException) -> SendResult:
    """The class of a failed send, by the type of its cause. What is not known to be unsent is uncertain."""
    return SendResult(
        next((outcome for kind, outcome in OUTCOMES if isinstance(error, kind)), Delivered.UNCERTAIN),
        retry_after_s=error.retry_after_s if isinstance(error, Throttled) else None,
        migrated_to=str(error.new_chat_id) if isinstance(error, ChatMigrated) else None,
        error=_reason(error),
    )


def _reason(error: BaseException) -> str:
    """Why, in words without token, address or text: the library's own wordings may hold the first two."""
    match error:
        case InvalidToken():
            return TOKEN_REFUSED
        case ChatMigrated():
            return "the chat has a new id"
        case asyncio.CancelledError():
            return "stopped while sending"
        case TelegramError():
            return error.message
        case _:
            return type(error).__name__


def spoken(error: TelegramError) -> BotError:
    """One clear sentence for the operator: `ChannelError` when only they can mend it, else `Unreachable`."""
    match error:
        case InvalidToken():
            return ChannelError(CHECK_TOKEN)
        case Conflict():
            return Unreachable(ANOTHER_COPY)
        case Throttled():
            return Unreachable(f"Telegram: {error.message}.", error.retry_after_s)
        case Forbidden() | BadRequest():
            return ChannelError(f"Telegram refuses: {error.message}")
        case NotSent():
            return Unreachable(f"Telegram cannot be reached: {error.message}.")
        case _:
            return Unreachable(f"Telegram does not answer properly: {error.message}.")
