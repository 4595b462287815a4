"""One chat as the storage tests know it, and short ways to load and save it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

from bot.conversation.model import Conversation
from bot.messaging import Contact
from bot.storage import Store

NOW = datetime(2026, 6, 10, 3, 12, 45, 678901, tzinfo=UTC)
CHANNEL = "telegram"
ADDRESS = "7700900123"
ANNA = Contact(CHANNEL, ADDRESS, language="en", roles=("parent",), consents=(("role", NOW),), opted_in_at=NOW)


def conversation_of(store: Store, now: datetime = NOW, address: str = ADDRESS) -> Conversation:
    with store.turn(CHANNEL, address, now) as turn:
        return turn.conversation


def contact_of(store: Store, address: str = ADDRESS) -> Contact | None:
    with store.turn(CHANNEL, address, NOW) as turn:
        return turn.contact


def save(store: Store, *, contact: Contact | None = None, now: datetime = NOW, **changes: object) -> None:
    with store.turn(CHANNEL, ADDRESS, now) as turn:
        turn.save(contact=contact, conversation=replace(turn.conversation, **changes))  # type: ignore[arg-type]


def save_with(store: Store, meanwhile: Callable[[], None], contact: Contact | None = None) -> None:
    """A turn during which something else happens."""
    with store.turn(CHANNEL, ADDRESS, NOW) as turn:
        meanwhile()
        turn.save(contact=contact, conversation=turn.conversation.with_incoming("82"))
