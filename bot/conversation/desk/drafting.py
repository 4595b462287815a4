"""The organiser's own message as the content of an announcement, or why it cannot be one. Pure."""

from bot.broadcast.announcement import CAPTION_UNITS, TEXT_UNITS, Content, MediaKind, Medium, Poll
from bot.knowledge.desk_phrases import DeskPhrase
from bot.messaging import Original

ROOM_FOR_STOP = 60
"""UTF-16 units that the first caption of an album needs for the way to stop: albums have no buttons."""


class NotDrafted(Exception):
    """The message cannot be an announcement; `phrase` says why, `most` how long it may be."""

    def __init__(self, phrase: DeskPhrase, most: int | None = None) -> None:
        super().__init__(phrase.value)
        self.phrase = phrase
        self.most = most


def content_from(original: Original) -> Content:
    """Raises NotDrafted."""
    if original.kind == "poll":
        if original.poll is None:
            raise NotDrafted(DeskPhrase.NO_QUIZ)
        return Content(poll=Poll(**original.poll))
    if original.kind == "text":
        return _fitting(Content(original.text, original.entities), TEXT_UNITS)
    if original.file_id is None or original.kind not in set(MediaKind):
        raise NotDrafted(DeskPhrase.CANNOT_CARRY)
    medium = Medium(MediaKind(original.kind), original.file_id)
    most = CAPTION_UNITS - ROOM_FOR_STOP if original.album else CAPTION_UNITS
    return _fitting(Content(original.text, original.entities, (medium,)), most)


def _fitting(content: Content, most: int) -> Content:
    if content.units > most:
        raise NotDrafted(DeskPhrase.TOO_LONG, most)
    return content
