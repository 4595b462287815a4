"""The organisers' desk and the list of readers, opened for one command beside a bot that may be serving."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO

from bot.assembly.announcing import CHANNEL
from bot.assembly.connecting import closing, utc_now
from bot.assembly.minds import library
from bot.broadcast.announcement import Announcement, Content, MediaKind, Medium
from bot.broadcast.marked_text import read_marked
from bot.broadcast.moment import read_moment, zone_of
from bot.channels.telegram.bodies import album_caption
from bot.channels.telegram.connect import connect
from bot.channels.telegram.uploading import checked, upload
from bot.delivery.addressing import audience
from bot.delivery.desk import Desk
from bot.errors import SettingsError, UsageError
from bot.knowledge.phrases import Phrase
from bot.operations import contact_list
from bot.settings import Settings
from bot.storage import Store, open_store
from bot.storage.contacts import Added

LARGEST_TEXT_BYTES = 64 * 1024
"""Far more than Telegram takes; what is larger was given by mistake."""


@dataclass(frozen=True, slots=True)
class Draft:
    """What `broadcast new` was given."""

    text: Path
    to: str
    photos: Sequence[Path] = ()
    documents: Sequence[Path] = ()
    regions: Sequence[str] = ()
    languages: Sequence[str] = ()
    kind: str = "week"
    at: str | None = None
    zone: str = "Europe/London"

    @property
    def files(self) -> list[tuple[MediaKind, Path]]:
        pairs = ((MediaKind.PHOTO, self.photos), (MediaKind.DOCUMENT, self.documents))
        return [(kind, path) for kind, paths in pairs for path in paths]


@contextmanager
def opened_store(settings: Settings) -> Iterator[Store]:
    store = open_store(settings.database_url, settings.key_file())
    try:
        yield store
    finally:
        store.close()


@contextmanager
def desk(settings: Settings) -> Iterator[Desk]:
    """Works while the bot serves: every change is one short transaction."""
    with opened_store(settings) as store:
        yield Desk(store.ledger(CHANNEL), settings.organisers, utc_now, lambda content: _units(settings, content))


def drafted(settings: Settings, draft: Draft) -> Announcement:
    """The announcement, its files not uploaded yet. Raises UsageError, and NoMoment for a time that is none."""
    text, entities = read_marked(_read(draft.text))
    if draft.photos and draft.documents:
        raise UsageError("Photos and documents do not stand in one album: give one or the other.")
    checked([path for _, path in draft.files])
    zone_of(draft.zone)
    moment = read_moment(draft.at, draft.zone, utc_now()) if draft.at else None
    media = tuple(Medium(kind, file=path.name) for kind, path in draft.files)
    whom = audience(library(settings).knowledge(), draft.to, draft.regions, draft.languages, draft.kind)
    return Announcement(Content(text, entities, media), whom, moment.at if moment else None, draft.zone)


async def uploaded(settings: Settings, draft: Draft, announcement: Announcement, by: int) -> Announcement:
    """The same with its files at Telegram: each is sent once to the organiser who composes."""
    if not draft.files:
        return announcement
    token = settings.secret_token()
    if token is None:
        raise SettingsError("Files are uploaded by sending them to you, which needs a token: set IMH_TOKEN.")
    async with closing(await connect(token, settings.api_base_url, once=True)) as bot:
        media = await upload(bot, str(by), draft.files)
    return replace(announcement, content=replace(announcement.content, media=media))


def _read(path: Path) -> str:
    try:
        if path.stat().st_size > LARGEST_TEXT_BYTES:
            raise UsageError(f"{path} is too large for the text of an announcement.")
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}.") from None
    except UnicodeDecodeError:
        raise UsageError(f"{path} is not UTF-8 text.") from None


def _units(settings: Settings, content: Content) -> int:
    """As it is sent: below the first caption of an album stands the line that stops announcements."""
    if not content.is_album:
        return content.units
    labels = [words.phrases[Phrase.BUTTON_STOP.value] for words in library(settings).knowledge().words.values()]
    return max(Content(album_caption(content, label, "https://t.me/")[0]).units for label in labels)


def import_contacts(settings: Settings, path: Path) -> Added:
    """Readers of another bot become ours. Raises UsageError, and then nobody was added."""
    contacts = contact_list.read(path, library(settings).knowledge(), CHANNEL, utc_now())
    with opened_store(settings) as store:
        return store.contacts(CHANNEL).add(contacts)


def export_contacts(settings: Settings, file: IO[str]) -> int:
    """Writes all readers; returns how many."""
    with opened_store(settings) as store:
        return contact_list.write(store.contacts(CHANNEL).readers(), file)
