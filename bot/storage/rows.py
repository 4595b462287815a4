"""Contacts and conversations as rows and back. Only `store` calls it."""

from collections.abc import Mapping
from dataclasses import fields
from datetime import UTC, datetime
from typing import Any

from bot.conversation.model import Conversation
from bot.messaging import Contact

_LISTS = ("roles", "offered")


def conversation_values(conversation: Conversation) -> dict[str, Any]:
    """Column values of a conversation, its version left out."""
    values = {name: getattr(conversation, name) for name in _CONVERSATION if name != "version"}
    return values | {"recent_incoming": [list(pair) for pair in conversation.recent_incoming]} | _as_lists(values)


def conversation_of(row: Mapping[str, Any]) -> Conversation:
    recent = tuple((str(update), bool(answered)) for update, answered in row["recent_incoming"])
    values = {name: row[name] for name in _CONVERSATION}
    return Conversation(**values | {"recent_incoming": recent} | _as_tuples(values))


def contact_values(contact: Contact) -> dict[str, Any]:
    """Column values of a contact; id and version belong to the table. Raises ValueError for a naive consent time."""
    values = {name: getattr(contact, name) for name in _CONTACT}
    return values | {"consents": [[what, _as_text(when)] for what, when in contact.consents]} | _as_lists(values)


def contact_of(row: Mapping[str, Any]) -> Contact:
    consents = tuple((str(what), datetime.fromisoformat(when)) for what, when in row["consents"])
    values = {name: row[name] for name in _CONTACT}
    return Contact(**values | {"consents": consents} | _as_tuples(values))


def readable(values: Mapping[str, Any]) -> dict[str, Any]:
    """The same values as JSON can hold them, for somebody who asks what is stored about them."""
    return {name: _as_text(value) if isinstance(value, datetime) else value for name, value in values.items()}


_CONVERSATION = tuple(field.name for field in fields(Conversation))
_CONTACT = tuple(field.name for field in fields(Contact))


def _as_lists(values: Mapping[str, Any]) -> dict[str, list[str]]:
    return {name: list(values[name]) for name in _LISTS if name in values}


def _as_tuples(values: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    return {name: tuple(values[name]) for name in _LISTS if name in values}


def _as_text(when: datetime) -> str:
    if when.utcoffset() is None:
        raise ValueError("a stored time needs its zone")
    return when.astimezone(UTC).isoformat()
