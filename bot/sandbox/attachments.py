"""What people send besides text: small lifelike contents for every kind of message. Used by `World.sends`.

Telephone numbers are from the range that Ofcom reserves for drama; the place is the Royal Observatory's meridian line.
"""

from collections.abc import Callable
from typing import Any

from bot.sandbox.chats import Person
from bot.sandbox.entities import detect
from bot.sandbox.files import Upload
from bot.sandbox.media import BUILDERS, content_of
from bot.sandbox.stage import Stage

JSON = dict[str, Any]
FILENAMES = {
    "photo": "photo.jpg",
    "document": "notes.pdf",
    "animation": "wave.mp4",
    "video": "video.mp4",
    "video_note": "round.mp4",
    "voice": "voice.ogg",
    "audio": "lullaby.mp3",
    "sticker": "sticker.webp",
}
CAPTIONED = frozenset({"animation", "audio", "document", "live_photo", "paid_media", "photo", "video", "voice"})
PLACE: JSON = {"latitude": 51.4779, "longitude": -0.0015}


def attachment(kind: str, stage: Stage, person: Person, caption: str | None) -> JSON:
    """`Message` fields of one message of `kind`; raises `ValueError` for a kind or a caption that cannot be."""
    if kind not in KINDS:
        raise ValueError(f"nobody can send a {kind}; known are {', '.join(sorted(KINDS))}")
    if caption and kind not in CAPTIONED:
        raise ValueError(f"a {kind} has no caption")
    content = _file(kind, stage) if kind in BUILDERS else OTHERS[kind](stage, person)
    if caption:
        content["caption"] = caption
        if entities := detect(caption):
            content["caption_entities"] = entities
    return content


def _file(kind: str, stage: Stage) -> JSON:
    upload = Upload(f"a pretend {kind}".encode(), FILENAMES[kind])
    file = stage.files.add(kind, upload, width=640, height=480)
    return content_of(kind, file, {"emoji": "🙂"} if kind == "sticker" else {})


def _live_photo(stage: Stage, _person: Person) -> JSON:
    file = stage.files.add("live_photo", Upload(b"a pretend live photo", "live.mov"))
    size = {"file_id": file.id, "file_unique_id": file.unique_id, "width": 640, "height": 480}
    return {"live_photo": {**size, "duration": 2}}


def _location(_stage: Stage, _person: Person) -> JSON:
    return {"location": dict(PLACE)}


def _venue(_stage: Stage, _person: Person) -> JSON:
    venue = {"location": dict(PLACE), "title": "Royal Observatory", "address": "Blackheath Avenue, London"}
    return {"venue": venue, "location": dict(PLACE)}


def _contact(_stage: Stage, person: Person) -> JSON:
    return {"contact": {"phone_number": "+447700900123", "first_name": person.name, "user_id": person.id}}


def _dice(_stage: Stage, _person: Person) -> JSON:
    return {"dice": {"emoji": "🎲", "value": 4}}


def _poll(stage: Stage, _person: Person) -> JSON:
    options = [
        {"persistent_id": str(index), "text": text, "voter_count": 0} for index, text in enumerate(("Yes", "No"))
    ]
    poll = {
        "id": str(6_000_000_000_000_000_001 + stage.stream.latest),
        "question": "Shall we meet on Monday?",
        "options": options,
        "total_voter_count": 0,
        "is_closed": False,
        "is_anonymous": True,
        "type": "regular",
        "allows_multiple_answers": False,
        "allows_revoting": True,
        "members_only": False,
    }
    return {"poll": poll}


def _story(stage: Stage, person: Person) -> JSON:
    return {"story": {"chat": stage.chats[person.id].brief(), "id": 1}}


def _game(_stage: Stage, _person: Person) -> JSON:
    size = {"file_id": "SANDBOX-game-photo", "file_unique_id": "SANDBOX-game", "width": 64, "height": 64}
    return {"game": {"title": "Peekaboo", "description": "A game for two", "photo": [size]}}


def _checklist(_stage: Stage, _person: Person) -> JSON:
    tasks = [{"id": 1, "text": "Nappies"}, {"id": 2, "text": "Blanket"}]
    return {"checklist": {"title": "To pack", "tasks": tasks}}


def _paid_media(_stage: Stage, _person: Person) -> JSON:
    return {"paid_media": {"star_count": 1, "paid_media": [{"type": "preview", "width": 640, "height": 480}]}}


OTHERS: dict[str, Callable[[Stage, Person], JSON]] = {
    "live_photo": _live_photo,
    "location": _location,
    "venue": _venue,
    "contact": _contact,
    "dice": _dice,
    "poll": _poll,
    "story": _story,
    "game": _game,
    "checklist": _checklist,
    "paid_media": _paid_media,
}
KINDS = frozenset(BUILDERS) | frozenset(OTHERS)
"""Every kind of message that `World.sends` knows, by its Bot API field name."""
