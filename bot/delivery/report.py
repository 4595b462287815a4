"""What became of an announcement, reader by reader: as values for JSON and as CSV. The commands print it."""

import csv
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from typing import IO

from bot.broadcast.announcement import Announcement, audience_values
from bot.broadcast.broadcast import Counted, Recipient
from bot.broadcast.marked_text import plain_lines
from bot.delivery.desk import Standing, left_out

COLUMNS = ("chat_id", "state", "attempts", "error")


def line_of(one: Recipient) -> dict[str, object]:
    """`chat_id` is None once its contact is erased."""
    return {"chat_id": one.chat_id, "state": one.state.value, "attempts": one.attempts, "error": one.error}


def write_csv(recipients: Iterable[Recipient], file: IO[str]) -> int:
    """Writes one line a delivery; returns how many."""
    lines = csv.DictWriter(file, COLUMNS, lineterminator="\n")
    lines.writeheader()
    number = 0
    for number, one in enumerate(recipients, start=1):  # noqa: B007 - the count is the result
        lines.writerow(line_of(one))
    return number


def plain(standing: Standing) -> str:
    """One line: which, how it stands, and how many deliveries are in which state."""
    one = standing.broadcast
    counts = ", ".join(f"{number} {state.value}" for state, number in standing.tally.items() if number)
    parts = [f"{one.id}: {one.state.value}", counts, f"rehearsal={str(one.rehearsal).lower()}" if one.rehearsal else ""]
    if one.announcement.starts_at is not None:
        parts.append(f"begins {one.announcement.starts_at:%Y-%m-%d %H:%M} UTC")
    if one.undo_until is not None:
        parts.append(f"not before {one.undo_until:%Y-%m-%d %H:%M} UTC")
    if one.paused_because:
        parts.append(one.paused_because)
    return "; ".join(part for part in parts if part)


def preview(announcement: Announcement, counted: Counted) -> dict[str, object]:
    """What an approval covers, and who would read it."""
    content = announcement.content
    return {
        "hash": announcement.hash,
        "text": content.text,
        "entities": [dict(one) for one in content.entities],
        "media": [one.kind.value for one in content.media],
        "audience": audience_values(announcement.audience),
        "zone": announcement.zone,
        "would_reach": counted.total,
        "left_out": {name: number for name, number in asdict(counted).items() if name != "total"},
    }


def preview_lines(announcement: Announcement, counted: Counted) -> Iterator[str]:
    """The same for a terminal."""
    content, audience = announcement.content, announcement.audience
    yield from plain_lines(content.text, content.entities)
    if content.media:
        yield f"[{', '.join(one.kind.value for one in content.media)}]"
    yield "—"
    sets = {"roles": audience.roles, "regions": audience.regions, "languages": audience.languages}
    narrowed = "; ".join(f"{name}: {', '.join(sorted(wanted))}" for name, wanted in sets.items() if wanted)
    whom = f"{narrowed or 'everyone'}; kind: {audience.kind.name.lower()}"
    yield f"To {counted.total} readers ({whom}). {left_out(counted)}"
    yield f"Hash: {announcement.hash}"
