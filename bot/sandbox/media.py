"""Methods that send files, albums, polls and places. Listed in methods.py; shapes as in messages.py."""

import mimetypes
import struct
from collections.abc import Callable, Mapping
from typing import Any

from bot.sandbox.description import Request
from bot.sandbox.entities import read_text
from bot.sandbox.files import UPLOAD_LIMIT, StoredFile, Upload
from bot.sandbox.html_markup import utf16_length
from bot.sandbox.messages import caption_content, shared_content
from bot.sandbox.refusals import Refusal, bad_request
from bot.sandbox.stage import Stage

JSON = dict[str, Any]
PHOTO_LIMIT = 10 * 1024 * 1024
PHOTO_SIDES = 10_000
"""Most pixels of a photo's width and height together (Bot API, sendPhoto)."""
QUESTION_LIMIT = 300
OPTION_LIMIT = 100
"""Most UTF-16 code units of a poll's question and of an option."""
ATTACHED = "attach://"


def content_of(kind: str, file: StoredFile, values: Mapping[str, Any]) -> JSON:
    """The `Message` fields for a file sent as `kind` (`photo`, `document` …)."""
    return BUILDERS[kind](file, values)


def _photo(file: StoredFile, values: Mapping[str, Any]) -> JSON:
    size = {**_identity(file), "width": file.width, "height": file.height}
    return {"photo": [size]} | ({"has_media_spoiler": True} if values.get("has_spoiler") else {})


def _document(file: StoredFile, _values: Mapping[str, Any]) -> JSON:
    return {"document": _identity(file) | _named(file)}


def _animation(file: StoredFile, values: Mapping[str, Any]) -> JSON:
    moving = _moving(file, values) | _named(file)
    return {"animation": moving, "document": _identity(file) | _named(file)}


def _video(file: StoredFile, values: Mapping[str, Any]) -> JSON:
    return {"video": _moving(file, values) | _named(file)}


def _video_note(file: StoredFile, values: Mapping[str, Any]) -> JSON:
    length = values.get("length", 240)
    return {"video_note": {**_identity(file), "length": length, "duration": values.get("duration", 1)}}


def _voice(file: StoredFile, values: Mapping[str, Any]) -> JSON:
    return {"voice": {**_identity(file), "duration": values.get("duration", 1), "mime_type": "audio/ogg"}}


def _audio(file: StoredFile, values: Mapping[str, Any]) -> JSON:
    told = {key: values[key] for key in ("performer", "title") if values.get(key)}
    return {"audio": {**_identity(file), "duration": values.get("duration", 1), **told, **_named(file)}}


def _sticker(file: StoredFile, values: Mapping[str, Any]) -> JSON:
    sticker = {
        **_identity(file),
        "type": "regular",
        "width": 512,
        "height": 512,
        "is_animated": False,
        "is_video": False,
    }
    return {"sticker": sticker | ({"emoji": values["emoji"]} if values.get("emoji") else {})}


def _moving(file: StoredFile, values: Mapping[str, Any]) -> JSON:
    shape = {key: values.get(key, default) for key, default in (("width", 320), ("height", 240), ("duration", 1))}
    return _identity(file) | shape


def _identity(file: StoredFile) -> JSON:
    return {"file_id": file.id, "file_unique_id": file.unique_id, "file_size": len(file.content)}


def _named(file: StoredFile) -> JSON:
    guessed = mimetypes.guess_type(file.filename)[0] or "application/octet-stream"
    return {"file_name": file.filename, "mime_type": guessed}


BUILDERS: dict[str, Callable[[StoredFile, Mapping[str, Any]], JSON]] = {
    "photo": _photo,
    "document": _document,
    "animation": _animation,
    "video": _video,
    "video_note": _video_note,
    "voice": _voice,
    "audio": _audio,
    "sticker": _sticker,
}
KIND_BY_METHOD = {
    "sendPhoto": "photo",
    "sendDocument": "document",
    "sendAnimation": "animation",
    "sendVideo": "video",
    "sendVideoNote": "video_note",
    "sendVoice": "voice",
    "sendAudio": "audio",
    "sendSticker": "sticker",
}


async def send_file(stage: Stage, request: Request) -> JSON:
    """`sendPhoto`, `sendDocument` and the others of `KIND_BY_METHOD`."""
    kind = KIND_BY_METHOD[request.method]
    caption = caption_content(request.values)
    chat = stage.writable(request.values["chat_id"])
    shared = shared_content(chat, request.values)
    file = _taken(stage, kind, request.values.get(kind), request.files, kind)
    return stage.post(request.method, chat, content_of(kind, file, request.values) | caption | shared).raw


async def send_media_group(stage: Stage, request: Request) -> list[JSON]:
    """An album: photos and videos together, documents or audio each among themselves."""
    items = request.values["media"]
    kinds = {item["type"] for item in items}
    if len(kinds) > 1 and not kinds <= {"photo", "video", "live_photo"}:
        raise bad_request("documents and audio files can't be mixed with other media types in an album")
    if not kinds <= BUILDERS.keys():
        raise bad_request("the stand-in has no behaviour for live photos")
    chat = stage.writable(request.values["chat_id"])
    shared = shared_content(chat, request.values)
    contents = [_item(stage, item, request.files) | shared for item in items]
    group = {"media_group_id": str(1_000_000 + len(stage.deliveries))}
    posted = stage.post_all(request.method, chat, [content | group for content in contents])
    return [message.raw for message in posted]


def edited_media(stage: Stage, request: Request) -> JSON:
    """What `editMessageMedia` puts in the place of the old media and caption."""
    media = request.values["media"]
    if media["type"] not in BUILDERS:
        raise bad_request(f"the stand-in has no behaviour for media of type {media['type']}")
    return _item(stage, media, request.files)


def _item(stage: Stage, item: Mapping[str, Any], files: Mapping[str, Upload]) -> JSON:
    caption = caption_content(item)
    file = _taken(stage, item["type"], item["media"], files, "media")
    return content_of(item["type"], file, item) | caption


def _taken(stage: Stage, kind: str, given: str | None, files: Mapping[str, Upload], part: str) -> StoredFile:
    """The file meant by a parameter: uploaded in its own part or an attached one, or known by its id."""
    if given is None:
        return _stored(stage, kind, files[part])
    if given.startswith(ATTACHED):
        upload = files.get(given.removeprefix(ATTACHED))
        if upload is None:
            raise bad_request("wrong file identifier/HTTP URL specified")
        return _stored(stage, kind, upload)
    file = stage.files.get(given)
    if file is not None:
        if file.kind != kind:
            raise bad_request(f"can't use file of type {file.kind.capitalize()} as {kind.capitalize()}")
        return file
    if given.startswith(("http://", "https://")):
        raise bad_request("failed to get HTTP URL content")
    raise bad_request("wrong file identifier/HTTP URL specified")


def _stored(stage: Stage, kind: str, upload: Upload) -> StoredFile:
    if not upload.content:
        raise bad_request("file must be non-empty")
    if len(upload.content) > (PHOTO_LIMIT if kind == "photo" else UPLOAD_LIMIT):
        raise Refusal(413, "Request Entity Too Large")
    if kind != "photo":
        return stage.files.add(kind, upload)
    width, height = image_size(upload.content)
    if width == 0 or height == 0:
        raise bad_request("IMAGE_PROCESS_FAILED")
    if width + height > PHOTO_SIDES or max(width, height) > 20 * min(width, height):
        raise bad_request("PHOTO_INVALID_DIMENSIONS")
    return stage.files.add(kind, upload, width=width, height=height)


def image_size(content: bytes) -> tuple[int, int]:
    """Width and height in pixels of a PNG, GIF or JPEG, read from its header; (0, 0) for anything else."""
    if content.startswith(b"\x89PNG\r\n\x1a\n") and len(content) >= 24:
        width, height = struct.unpack(">II", content[16:24])
        return int(width), int(height)
    if content[:6] in (b"GIF87a", b"GIF89a") and len(content) >= 10:
        width, height = struct.unpack("<HH", content[6:10])
        return int(width), int(height)
    return _jpeg_size(content) if content.startswith(b"\xff\xd8") else (0, 0)


def _jpeg_size(content: bytes) -> tuple[int, int]:
    """From the first start-of-frame segment (ITU-T T.81, B.2.2)."""
    at = 2
    while at + 9 <= len(content) and content[at] == 0xFF:
        marker = content[at + 1]
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            height, width = struct.unpack(">HH", content[at + 5 : at + 9])
            return int(width), int(height)
        at += 2 + int(struct.unpack(">H", content[at + 2 : at + 4])[0])
    return 0, 0


async def send_location(stage: Stage, request: Request) -> JSON:
    values = request.values
    place = _place(values)
    chat = stage.writable(values["chat_id"])
    return stage.post(request.method, chat, {"location": place} | shared_content(chat, values)).raw


async def send_venue(stage: Stage, request: Request) -> JSON:
    values = request.values
    place = _place(values)
    chat = stage.writable(values["chat_id"])
    venue = {"location": place, "title": values["title"], "address": values["address"]}
    return stage.post(request.method, chat, {"venue": venue, "location": place} | shared_content(chat, values)).raw


async def send_contact(stage: Stage, request: Request) -> JSON:
    values = request.values
    chat = stage.writable(values["chat_id"])
    told = {key: values[key] for key in ("phone_number", "first_name", "last_name", "vcard") if values.get(key)}
    if told.keys() < {"phone_number", "first_name"}:
        raise bad_request("contact phone number or first name must be non-empty")
    return stage.post(request.method, chat, {"contact": told} | shared_content(chat, values)).raw


def _place(values: Mapping[str, Any]) -> JSON:
    if not (-90 <= values["latitude"] <= 90 and -180 <= values["longitude"] <= 180):
        raise bad_request("wrong latitude or longitude specified")
    return {"latitude": values["latitude"], "longitude": values["longitude"]}


async def send_poll(stage: Stage, request: Request) -> JSON:
    values = request.values
    poll = _poll(stage, values)
    chat = stage.writable(values["chat_id"])
    return stage.post(request.method, chat, {"poll": poll} | shared_content(chat, values)).raw


def _poll(stage: Stage, values: Mapping[str, Any]) -> JSON:
    kind = values.get("type", "regular")
    if kind not in ("regular", "quiz"):
        raise bad_request("unsupported poll type specified")
    correct = values.get("correct_option_ids", [])
    if kind == "quiz" and (not correct or not all(0 <= index < len(values["options"]) for index in correct)):
        raise bad_request("wrong correct option identifiers specified")
    question = read_text(
        {"caption": values["question"], "parse_mode": values.get("question_parse_mode")}, QUESTION_LIMIT, "caption"
    )
    if not question.text:
        raise bad_request("poll question must be non-empty")
    return {
        "id": str(5_000_000_000_000_000_001 + len(stage.deliveries)),
        "question": question.text,
        "options": [_option(index, option) for index, option in enumerate(values["options"])],
        "total_voter_count": 0,
        "is_closed": values.get("is_closed", False),
        "is_anonymous": values.get("is_anonymous", True),
        "type": kind,
        "allows_multiple_answers": values.get("allows_multiple_answers", False),
        "allows_revoting": values.get("allows_revoting", kind == "regular"),
        "members_only": values.get("members_only", False),
    } | ({"correct_option_ids": correct} if correct else {})


def _option(index: int, option: Mapping[str, Any]) -> JSON:
    text = option["text"].strip()
    if not text or utf16_length(text) > OPTION_LIMIT:
        raise bad_request("poll option must be non-empty and at most 100 characters long")
    return {"persistent_id": str(index), "text": text, "voter_count": 0}
