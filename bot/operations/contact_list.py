"""Readers as a CSV file: moving them from an older bot with the same token, and away. The commands call it.

Columns: chat_id (digits), roles (ids with semicolons between them), region, language, opted_in_at (ISO 8601; without a
zone it is UTC). A file is taken whole or not at all, and every line that is wrong is named.
"""

import csv
import io
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from bot.broadcast.announcement import Kind
from bot.errors import UsageError
from bot.knowledge.files import suggestion
from bot.knowledge.model import Knowledge
from bot.messaging import Contact

COLUMNS = ("chat_id", "roles", "region", "language", "opted_in_at")
LARGEST_BYTES = 10 * 1024 * 1024
LONGEST_CHAT_ID = 2**52
"""Telegram's ids have at most 52 significant bits (Bot API, User.id)."""
MOST_TOLD = 20
_CHAT_ID = re.compile(r"[1-9][0-9]{0,15}")
_BETWEEN = re.compile(r"[;,|+\s]+")


class Wrong(ValueError):
    """A field that cannot be read; the message says why."""


def read(path: Path, knowledge: Knowledge, channel: str, now: datetime) -> list[Contact]:
    """All contacts of a file. Raises UsageError with a line for each that is wrong."""
    try:
        size = path.stat().st_size
        if size > LARGEST_BYTES:
            raise UsageError(f"{path} has {size >> 20} MB; the most is {LARGEST_BYTES >> 20} MB: divide it.")
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}.") from None
    except UnicodeDecodeError:
        raise UsageError(f"{path} is not UTF-8 text.") from None
    reading = _Reading(knowledge, channel, now)
    contacts = list(reading.contacts(text))
    if reading.wrong:
        told = [f"{path}:{line}: {why}" for line, why in reading.wrong[:MOST_TOLD]]
        more = len(reading.wrong) - MOST_TOLD
        raise UsageError("\n".join([*told, *([f"… and {more} more."] if more > 0 else []), "Nothing was imported."]))
    return contacts


def write(contacts: Iterable[Contact], file: IO[str]) -> int:
    """Writes what `read` takes; returns how many lines."""
    lines = csv.writer(file, lineterminator="\n")
    lines.writerow(COLUMNS)
    number = 0
    for one in contacts:
        agreed_at = one.opted_in_at or min(at for what, at in one.consents if what in set(Kind))
        roles = ";".join(one.roles)
        lines.writerow([one.address, roles, one.region or "", one.language or "", agreed_at.isoformat()])
        number += 1
    return number


@dataclass(slots=True)
class _Reading:
    """One file, line by line."""

    knowledge: Knowledge
    channel: str
    now: datetime
    wrong: list[tuple[int, str]] = field(default_factory=list)

    def contacts(self, text: str) -> Iterator[Contact]:
        lines = csv.reader(io.StringIO(text, newline=""), strict=True)
        first_seen: dict[str, int] = {}
        started = False
        try:
            for fields in lines:
                if not started:
                    started = True
                    if not self._header(fields):
                        return
                elif fields:
                    contact = self._contact(fields, lines.line_num)
                    if contact is not None and contact.address in first_seen:
                        first = first_seen[contact.address]
                        self.wrong.append((lines.line_num, f"this chat_id stands in line {first} already"))
                    elif contact is not None:
                        first_seen[contact.address] = lines.line_num
                        yield contact
        except csv.Error as error:
            self.wrong.append((lines.line_num, f"is not CSV: {error}"))
        if not started:
            self.wrong.append((1, f"the first line names the columns: {','.join(COLUMNS)}"))

    def _header(self, fields: list[str]) -> bool:
        if tuple(name.strip().lower() for name in fields) == COLUMNS:
            return True
        self.wrong.append((1, f"the first line names the columns: {','.join(COLUMNS)}"))
        return False

    def _contact(self, fields: list[str], line: int) -> Contact | None:
        if len(fields) != len(COLUMNS):
            self.wrong.append((line, f"has {len(fields)} fields instead of {len(COLUMNS)}"))
            return None
        given = dict(zip(COLUMNS, (one.strip() for one in fields), strict=True))
        read: dict[str, object] = {}
        for column, reads in self._readers().items():
            try:
                read[column] = reads(given[column])
            except Wrong as error:
                self.wrong.append((line, f"{column}: {error}"))
        return _made(self.channel, read) if len(read) == len(COLUMNS) else None

    def _readers(self) -> Mapping[str, Callable[[str], object]]:
        return {
            "chat_id": _chat_id,
            "roles": lambda text: tuple(
                dict.fromkeys(_known("role", id, self.knowledge.roles) for id in _BETWEEN.split(text.lower()) if id)
            ),
            "region": lambda text: _known("region", text.lower(), self.knowledge.regions) if text else None,
            # Apps report "en-GB"; what an announcement is addressed by is the language alone.
            "language": lambda text: (
                _known("language", re.split("[-_]", text.lower())[0], self.knowledge.languages) if text else None
            ),
            "opted_in_at": self._when,
        }

    def _when(self, text: str) -> datetime:
        if not text:
            raise Wrong("is empty: whoever never agreed is not written to")
        try:
            when = datetime.fromisoformat(text)
            when = (when if when.tzinfo else when.replace(tzinfo=UTC)).astimezone(UTC)
        except (ValueError, OverflowError):
            raise Wrong("is not a time such as 2025-06-09T10:00:00Z") from None
        if when > self.now:
            raise Wrong("is in the future")
        return when


def _made(channel: str, read: Mapping[str, object]) -> Contact:
    when = read["opted_in_at"]
    roles, region, language = read["roles"], read["region"], read["language"]
    assert isinstance(when, datetime)
    assert isinstance(roles, tuple)
    consents = {Kind.WEEK.value: when}
    # What an older bot was told with a yes is remembered with the same yes.
    consents |= {what: when for what, value in (("role", roles), ("region", region)) if value}
    return Contact(
        channel,
        str(read["chat_id"]),
        language=None if language is None else str(language),
        roles=roles,
        region=None if region is None else str(region),
        consents=tuple(sorted(consents.items())),
        opted_in_at=when,
    )


def _chat_id(text: str) -> str:
    if not _CHAT_ID.fullmatch(text) or int(text) >= LONGEST_CHAT_ID:
        raise Wrong("is not the number of a private chat")
    return text


def _known(what: str, id: str, there_are: Collection[str]) -> str:
    if id not in there_are:
        raise Wrong(f'there is no {what} "{id[:40]}"{suggestion(id, there_are)}')
    return id
